import Foundation
import GraphStore

/// Transactions with one change that are dropped, each with the beginning of the next one, by how much
/// is recorded and not yet in the chunks. While somebody holds a reader of the dropped transaction,
/// the next one's state is made anew from the records, as it was after each before.
func aborts(_ database: URL, folder: URL) throws {
  say("one property set, dropped, and the beginning of the next transaction\n")
  row("recorded changes", "taken back", "made anew")
  row("---:", "---:", "---:")
  var options = StoreOptions()
  options.durability = .bulk
  for count in [0, 1000, 16_000] {
    let copy = folder.appending(path: "aborts-\(count).tropa")
    try FileManager.default.copyItem(at: database, to: copy)
    let store = try Store.open(copy.path, options: options)
    let writer = try ShopWriter(store)
    for _ in 0..<count { try writer.updateClient() }
    var medians: [String] = []
    for isRead in [false, true] {
      let times = try (0..<200).map { _ in
        try seconds { try writer.dropUpdate(whileRead: isRead) }
      }
      medians.append(text(seconds: times.median))
    }
    row("\(count)", medians[0], medians[1])
    store.close()
    try FileManager.default.removeItem(at: copy)
  }
}
