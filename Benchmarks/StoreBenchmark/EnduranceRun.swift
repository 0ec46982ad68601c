import Foundation
import GraphStore

/// Random small transactions for a long time: size of the file and time of a commit must stay flat.
func endurance(_ database: URL, folder: URL, minutes: Int) throws {
  let copy = folder.appending(path: "endurance.tropa")
  try FileManager.default.copyItem(at: database, to: copy)
  let store = try Store.open(copy.path)
  let writer = try ShopWriter(store)
  say("\nrandom transactions for \(minutes) minutes, durable\n")
  row("minute", "commits", "median", "99 %", "slowest", "file", "free in it")
  row("---:", "---:", "---:", "---:", "---:", "---:", "---:")
  let clock = ContinuousClock()
  let start = clock.now
  for minute in 1...max(minutes, 1) {
    let end = start.advanced(by: .seconds(60 * minute))
    var times: [Double] = []
    while clock.now < end { times.append(try seconds(writer.mixed)) }
    let info = try store.storeInfo()
    func megabytes(_ bytes: Int) -> String { "\(bytes / 1_000_000) MB" }
    row(
      "\(minute)", times.count.formatted(), text(seconds: times.median),
      text(seconds: times.quantile(0.99)), text(seconds: times.quantile(1)),
      megabytes(info.fileSize), megabytes(info.freeBytes))
  }
  store.close()
  try FileManager.default.removeItem(at: copy)
}
