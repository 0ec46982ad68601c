import Foundation
import TestSupport
import Testing
import Tropa

/// A writing process that is killed at any moment loses nothing that it has acknowledged, and leaves
/// nothing half done. More rounds: `TROPA_CRASH_ROUNDS=1000`.
@Suite(.serialized, .enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct CrashTests {
  private func child(_ database: String) throws -> LineProcess {
    try LineProcess(try #require(BuiltProducts.tropa).path, ["pipe", database])
  }

  /// Transaction `number`: several statements' worth of changes in all structures.
  private func request(_ number: Int) -> String {
    """
    {"query":"MERGE (h:Hub) SET h.last = $n WITH h UNWIND range(1, 3) AS part \
    CREATE (t:Step {n: $n, part: part, text: 'шаг ' + $n})-[:OF {n: $n}]->(h) \
    WITH h, count(*) AS c OPTIONAL MATCH (old:Step {n: $n - 20})-[r:OF]->(h) \
    DELETE r","params":{"n":\(number)}}
    """
  }

  /// - Returns: the number of the last transaction.
  private func check(_ path: String, acknowledged: Int) throws -> Int {
    let database = try Database.open(path)
    defer { database.close() }
    func number(_ query: String) throws -> Int {
      guard case .integer(let number)? = try database.query(query).rows.first?.first else {
        return 0
      }
      return Int(number)
    }
    let last = try number("MATCH (h:Hub) RETURN h.last")
    // One more may have been stored just before the end.
    #expect(last == acknowledged || last == acknowledged + 1)
    #expect(try number("MATCH (h:Hub) RETURN count(h)") == min(last, 1))
    #expect(try number("MATCH (s:Step) RETURN count(s)") == 3 * last)
    #expect(try number("MATCH (s:Step) RETURN count(DISTINCT s.n)") == last)
    #expect(
      try number("MATCH (s:Step) WHERE s.text = 'шаг ' + s.n RETURN count(s)") == 3 * last)
    #expect(try number("MATCH ()-[r:OF]->() RETURN count(r)") == 3 * min(last, 20))
    #expect(
      try number("MATCH (s:Step)-[r:OF]->(h:Hub) WHERE r.n = s.n RETURN count(*)")
        == 3 * min(last, 20))
    return last
  }

  @Test func nothingAcknowledgedIsLost() throws {
    let rounds =
      ProcessInfo.processInfo.environment["TROPA_CRASH_ROUNDS"].flatMap { Int($0) } ?? 25
    var random = SeededGenerator(seed: .random(in: 0...UInt64.max))
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("граф").path
      var last = 0
      var total = 0
      for round in 0..<rounds {
        let process = try child(path)
        var acknowledged = last
        let first = last + 1
        // Enough to be busy when the end comes.
        for number in first..<(first + 120) { try process.send(request(number)) }
        let goal = Int.random(in: 0..<20, using: &random)
        let pause = UInt32.random(in: 0..<12_000, using: &random)
        do {
          while true {
            if acknowledged - last == goal {
              usleep(pause)
              process.kill()
            }
            let answer = try process.receive(timeout: .seconds(60))
            guard answer.contains("\"stats\"") else {
              Issue.record("round \(round): \(answer)")
              return
            }
            acknowledged += 1
          }
        } catch is ChildProcessError {}
        total += acknowledged - last
        last = try check(path, acknowledged: acknowledged)
      }
      #expect(total > rounds)
    }
  }

  @Test func aSecondWriterIsToldWhoHoldsTheLock() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      let process = try child(path)
      for request in ["{\"begin\":true}", "{\"query\":\"CREATE (:A)\"}"] {
        try process.send(request)
        let answer = try process.receive(timeout: .seconds(60))
        #expect(!answer.contains("error"), "\(answer)")
      }
      var options = DatabaseOptions()
      options.lockTimeout = .milliseconds(300)
      let database = try Database.open(path, options: options)
      // Readers are not held up.
      #expect(try database.query("MATCH (a) RETURN count(a)").rows == [[.integer(0)]])
      let error = try #require(throws: QueryError.self) {
        _ = try database.query("CREATE (:B)")
      }
      #expect(error.kind == .databaseLocked && error.hint != nil)
      #expect(error.message.contains("process \(process.identifier)"), "\(error.message)")
      // The lock ends with its process.
      process.kill()
      let deadline = ContinuousClock.now + .seconds(5)
      while process.isRunning, ContinuousClock.now < deadline { usleep(1000) }
      _ = try database.query("CREATE (:B)")
      #expect(try database.query("MATCH (a) RETURN labels(a)").rows.count == 1)
      database.close()
    }
  }

  /// A reader's state stays while another process commits.
  @Test func readersInAnotherProcessSeeOneState() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      let database = try Database.open(path)
      _ = try database.query("UNWIND range(1, 500) AS n CREATE (:A {n: n, round: 0})")
      let process = try child(path)
      for round in 1...10 {
        let ask = "{\"query\":\"MATCH (a:A) RETURN DISTINCT a.round\"}"
        for _ in 0..<5 { try process.send(ask) }
        _ = try database.query("MATCH (a:A) SET a.round = \(round)")
        for _ in 0..<5 {
          let answer = try process.receive(timeout: .seconds(60))
          // One of the two, and never both.
          let isWhole = [round - 1, round].contains { answer.contains("\"rows\": [[\($0)]]") }
          #expect(isWhole, "\(answer)")
        }
      }
      #expect(try process.finish() == 0)
      database.close()
    }
  }

  /// A reader that was killed keeps no pages for ever, also where nobody opens the file anew.
  @Test func killedReadersAreForgotten() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("graph")
      var options = DatabaseOptions()
      options.durability = .relaxed
      let database = try Database.open(file.path, options: options)
      _ = try database.query("UNWIND range(1, 2000) AS n CREATE (:A {n: n})")
      let process = try child(file.path)
      for request in ["{\"begin\":true}", "{\"query\":\"MATCH (a:A) RETURN count(a)\"}"] {
        try process.send(request)
        #expect(try !process.receive(timeout: .seconds(60)).contains("error"))
      }
      process.kill()
      let deadline = ContinuousClock.now + .seconds(5)
      while process.isRunning, ContinuousClock.now < deadline { usleep(1000) }
      func size(afterCommits count: Int) throws -> Int {
        for number in 0..<count {
          _ = try database.query("MATCH (a:A {n: \(number % 2000 + 1)}) SET a.x = \(number)")
        }
        return try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int ?? 0
      }
      let first = try size(afterCommits: 150)
      #expect(try size(afterCommits: 300) <= first + first / 10)
      database.close()
    }
  }
}
