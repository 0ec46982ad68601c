import Foundation
import TestSupport
import Testing
import Tropa

/// Two processes that change one database in turns: each goes on where the other has ended.
@Suite(.enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct TwoWritersTests {
  @Test func writersInTurns() throws {
    var random = SeededGenerator(seed: 11)
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      let database = try Database.open(path)
      let connection = database.connect()
      let child = try LineProcess(try #require(BuiltProducts.tropa).path, ["pipe", path])
      func number(_ query: String) throws -> Int {
        guard case .integer(let number)? = try connection.query(query).rows.first?.first else {
          return -1
        }
        return Int(number)
      }
      try connection.query("CREATE (:Counter {n: 0})")
      var (steps, links) = (0, 0)
      for round in 1...150 {
        // Small ones are recorded, large ones write the chunks.
        let size = round % 25 == 0 ? 9000 : Int.random(in: 1...4, using: &random)
        let name = "Name\(round % 40)"
        let statement =
          "MATCH (c:Counter) SET c.n = c.n + 1, c.`\(name)` = \(round) "
          + "WITH c UNWIND range(1, \(size)) AS i CREATE (:Step {n: i})"
          + (round % 3 == 0 ? "-[:OF]->(c)" : "")
        steps += size
        if round % 3 == 0 { links += size }
        if Bool.random(using: &random) {
          try connection.query(statement)
        } else {
          try child.send(#"{"query":"\#(statement)"}"#)
          let answer = try child.receive(timeout: .seconds(60))
          #expect(answer.contains("\"stats\""))
        }
        if round % 10 == 0 {
          // Nothing of a transaction that is rolled back stays in the way.
          try connection.begin()
          try connection.query("CREATE (:Other {x: 1}) WITH 1 AS a MATCH (c:Counter) SET c.n = -1")
          try connection.rollback()
        }
        if round % 5 == 0 {
          #expect(try number("MATCH (c:Counter) RETURN c.n") == round)
          #expect(try number("MATCH (s:Step) RETURN count(s)") == steps)
          #expect(try number("MATCH (:Step)-[r:OF]->(:Counter) RETURN count(r)") == links)
          #expect(try number("MATCH (c:Counter) RETURN c.`\(name)`") == round)
        }
      }
      #expect(try child.finish() == 0)
      database.close()
    }
  }
}
