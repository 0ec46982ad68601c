import Foundation
import GraphStore

/// Single small transactions against raw LMDB in the same sync mode, in turns, so that both meet the
/// same hours of the disk.
func commits(_ database: URL, folder: URL) throws {
  say("single transactions against raw LMDB (64 bytes into 200,000 records)\n")
  row("durability", "transaction", "median", "99 %", "slowest", "raw LMDB", "rate of raw")
  row("---", "---", "---:", "---:", "---:", "---:", "---:")
  for durability in [StoreOptions.Durability.full, .relaxed, .bulk] {
    let copy = folder.appending(path: "commits-\(durability.rawValue).tropa")
    try FileManager.default.copyItem(at: database, to: copy)
    var options = StoreOptions()
    options.durability = durability
    let store = try Store.open(copy.path, options: options)
    let writer = try ShopWriter(store)
    let raw = try RawLMDB(
      path: folder.appending(path: "raw-\(durability.rawValue)").path, durability: durability)
    let kinds: [(String, () throws -> Void)] = [
      ("node with 6 properties", { try writer.addClients(1) }),
      ("relationship with 1 property", writer.addView),
      ("one property", writer.updateClient),
    ]
    // The first sync writes the copy too.
    for (_, transaction) in kinds { try transaction() }
    for (name, transaction) in kinds {
      var (ours, theirs): ([Double], [Double]) = ([], [])
      // Enough for the changes to be put into the chunks more than once.
      var (co, ct) = (0.0, 0.0)
      func cpu() -> Double { var t = timespec(); clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return Double(t.tv_sec) + Double(t.tv_nsec) / 1e9 }
      for _ in 0..<200 {
        var c = cpu()
        for _ in 0..<50 { theirs.append(try seconds(raw.commit)) }
        ct += cpu() - c
        c = cpu()
        for _ in 0..<50 { ours.append(try seconds(transaction)) }
        co += cpu() - c
      }
      say("cpu ours \(co / 10000 * 1e6) theirs \(ct / 10000 * 1e6)")
      // Means, not medians: what every hundredth commit pays for the others counts.
      let ratio = theirs.reduce(0, +) / ours.reduce(0, +)
      row(
        durability.rawValue, name, text(seconds: ours.median),
        text(seconds: ours.quantile(0.99)), text(seconds: ours.quantile(1)),
        text(seconds: theirs.median),
        "\(Int((100 * ratio).rounded())) %")
    }
    store.close()
    try FileManager.default.removeItem(at: copy)
  }
}
