import Foundation
import GraphStore

/// Large transactions at the store's interface, durable.
func batches(_ database: URL, folder: URL) throws {
  let copy = folder.appending(path: "batches.tropa")
  try FileManager.default.copyItem(at: database, to: copy)
  let store = try Store.open(copy.path)
  let writer = try ShopWriter(store)
  func measure(_ name: String, _ count: Int, _ body: () throws -> Void) throws {
    var times: [Double] = []
    for _ in 0..<9 { times.append(try seconds(body)) }
    row(
      name, text(seconds: times.median),
      "\(Int(Double(count) / times.median).formatted())/s")
  }
  say("\nlarge transactions, commit included\n")
  row("transaction", "median of 9", "rate")
  row("---", "---:", "---:")
  try measure("10,000 nodes with 6 properties", 10_000) { try writer.addClients(10_000) }
  try measure("one property of 100,000 nodes", 100_000) { try writer.updateClients(100_000) }
  store.close()
  try FileManager.default.removeItem(at: copy)
}
