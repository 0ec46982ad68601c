import Foundation
import TestSupport
import Testing
import Tropa

/// One writes, many read: processes that have the same database open.
@Suite(.serialized, .enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct ProcessSharingTests {
  private func child(_ database: String) throws -> LineProcess {
    try LineProcess(try #require(BuiltProducts.tropa).path, ["pipe", database])
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
