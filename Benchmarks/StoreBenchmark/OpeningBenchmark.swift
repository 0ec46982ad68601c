import Foundation
import GraphStore

/// Opening a database with as many recorded changes as there can be, until the first snapshot has
/// applied them all.
func opening(_ database: URL, folder: URL) throws {
  say("opening with all changes that are recorded before a fold\n")
  row("transactions", "median", "slowest")
  row("---", "---:", "---:")
  let path = folder.appending(path: "opening.tropa")
  var options = StoreOptions()
  options.durability = .bulk
  // Nearly 16,384 changes each.
  let kinds: [(String, Int, (ShopWriter) throws -> Void)] = [
    ("none", 0, { try $0.updateClient() }),
    ("nodes with 6 properties", 2340, { try $0.addClients(1) }),
    ("relationships with 1 property", 8191, { try $0.addView() }),
    ("one property", 16_383, { try $0.updateClient() }),
  ]
  for (name, count, transaction) in kinds {
    try FileManager.default.copyItem(at: database, to: path)
    let store = try Store.open(path.path, options: options)
    let writer = try ShopWriter(store)
    for _ in 0..<count { try transaction(writer) }
    store.close()
    var times: [Double] = []
    for _ in 0..<20 {
      let start = ContinuousClock.now
      let store = try Store.open(path.path)
      let nodes = try store.snapshot().nodeCount
      times.append((ContinuousClock.now - start).seconds)
      guard nodes > 0 else { throw Failure("the database has no nodes") }
      store.close()
    }
    row("\(count) × \(name)", text(seconds: times.median), text(seconds: times.quantile(1)))
    try FileManager.default.removeItem(at: path)
  }
}
