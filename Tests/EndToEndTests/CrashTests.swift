import Foundation
import TestSupport
import Testing
import Tropa

/// Writing processes that are killed at any moment lose nothing that they have acknowledged, and
/// leave nothing half done. `TROPA_CRASH_SECONDS=3600` makes it an hour.
@Suite(
  .serialized,
  .enabled(if: BuiltProducts.url("CrashWriter") != nil, "the writer was not built"))
struct CrashTests {
  private static let threads = 3
  private static var seconds: Int {
    ProcessInfo.processInfo.environment["TROPA_CRASH_SECONDS"].flatMap { Int($0) } ?? 60
  }

  @Test func nothingAcknowledgedIsLost() throws {
    var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("граф клиентов").path
      let end = ContinuousClock.now + .seconds(Self.seconds)
      var acknowledged = [Int](repeating: 0, count: Self.threads)
      var (kills, commits) = (0, 0)
      while ContinuousClock.now < end || kills < 3 {
        let before = acknowledged
        let milliseconds = Int.random(in: 0..<(kills % 5 == 0 ? 30 : 700), using: &random)
        try runAndKill(path, after: .milliseconds(milliseconds), &acknowledged)
        kills += 1
        commits += zip(acknowledged, before).reduce(0) { $0 + $1.0 - $1.1 }
        acknowledged = try check(path, acknowledged)
      }
      print("crash test: \(kills) kills survived, \(commits) transactions acknowledged")
      #expect(commits > kills)
    }
  }

  /// Starts a writer, kills it some time after its first acknowledgement, and reads all it wrote.
  private func runAndKill(
    _ path: String, after pause: Duration, _ acknowledged: inout [Int]
  ) throws {
    let writer = try #require(BuiltProducts.url("CrashWriter"))
    let process = try LineProcess(writer.path, [path, "\(Self.threads)"])
    var deadline: ContinuousClock.Instant?
    do {
      while true {
        if let deadline, ContinuousClock.now >= deadline { process.kill() }
        let line = try process.receive(timeout: .seconds(60))
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 2 else {
          Issue.record("the writer says: \(line)")
          throw CancellationError()
        }
        acknowledged[numbers[0]] = numbers[1]
        if deadline == nil { deadline = ContinuousClock.now + pause }
      }
    } catch is ChildProcessError {}
  }

  /// - Returns: each thread's last transaction: one more than acknowledged may have been stored just
  ///   before the end.
  private func check(_ path: String, _ acknowledged: [Int]) throws -> [Int] {
    let command = try #require(BuiltProducts.tropa)
    let check = try CompletedProcess.run(command.path, ["check", path])
    #expect(check.status == 0, "\(check.outputText)\(check.errorText)")
    let database = try Database.open(path)
    defer { database.close() }
    return try acknowledged.enumerated().map { thread, number in
      try self.check(ThreadState(database, thread), acknowledged: number)
    }
  }

  private func check(_ state: ThreadState, acknowledged: Int) throws -> Int {
    let last = try state.number("MATCH (h:Hub) WHERE h.thread = $thread RETURN h.last")
    #expect(last == acknowledged || last == acknowledged + 1)
    let kept = min(last, 20)
    let steps = "MATCH (s:Step) WHERE s.thread = $thread"
    #expect(try state.number("\(steps) RETURN count(s)") == 3 * kept)
    #expect(try state.number("\(steps) RETURN count(DISTINCT s.n)") == kept)
    #expect(try state.number("\(steps) RETURN min(s.n)") == (last == 0 ? 0 : last - kept + 1))
    #expect(
      try state.number(
        "\(steps) AND s.text = 'клиент ' + $thread + ' купил товар' + s.n "
          + "AND s.key = $thread * 100000000 + s.n * 10 + s.part RETURN count(s)") == 3 * kept)
    #expect(
      try state.number("\(steps) AND s:Seen AND s.seen = s.n + 5 RETURN count(s)")
        == 3 * max(0, kept - 5))
    #expect(
      try state.number(
        "MATCH (s:Step)-[r:OF]->(h:Hub {thread: $thread}) WHERE r.n = s.n RETURN count(r)")
        == 3 * kept)
    var bulk = last - last % 10
    if bulk % 3 == 0 { bulk -= 10 }
    #expect(
      try state.number(
        "MATCH (b:Bulk {thread: $thread, n: \(bulk)})-[r:OF]->() WHERE r.n = -\(bulk) "
          + "RETURN count(DISTINCT b)") == (bulk > 0 ? 1500 : 0))
    // By the indexes.
    #expect(
      try state.number("MATCH (s:Step {n: \(last)}) WHERE s.thread = $thread RETURN count(s)")
        == (last == 0 ? 0 : 3))
    #expect(
      try state.number("MATCH (s:Step {n: \(last - 20)}) WHERE s.thread = $thread RETURN count(s)")
        == 0)
    #expect(
      try state.number("MATCH (s:Step {key: $thread * 100000000 + \(last) * 10 + 2}) RETURN s.n")
        == last)
    #expect(
      try state.number(
        "CALL db.index.fulltext.queryNodes('step_text', 'товар\(last)') YIELD node "
          + "WHERE node.thread = $thread RETURN count(*)") == (last == 0 ? 0 : 3))
    return last
  }
}

/// Questions about what a thread of the writer has left.
private struct ThreadState {
  let database: Database
  let thread: Int
  init(_ database: Database, _ thread: Int) {
    self.database = database
    self.thread = thread
  }

  /// 0 for null and for no row.
  func number(_ query: String) throws -> Int {
    let result = try database.query(query, parameters: ["thread": .integer(Int64(thread))])
    guard case .integer(let number)? = result.rows.first?.first else { return 0 }
    return Int(number)
  }
}
