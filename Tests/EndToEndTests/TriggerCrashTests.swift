import Foundation
import TestSupport
import Testing

/// Runs of the triggers that are killed at any moment: each is remembered whole or not at all, and
/// the next one begins where that leaves it.
@Suite(.enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct TriggerCrashTests {
  private func tropa(_ arguments: [String], timeout: Duration = .seconds(120)) throws -> String {
    let done = try CompletedProcess.run(
      try #require(BuiltProducts.tropa).path, arguments, timeout: timeout)
    #expect(done.status == 0, "\(done.errorText)")
    return done.outputText
  }

  private func rows(_ database: String, _ query: String) throws -> [[Substring]] {
    try tropa(["query", database, "--format", "csv", query]).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  }

  @Test func killedRunsAreWholeOrNothing() throws {
    var random = SeededGenerator(seed: 8)
    try withTemporaryDirectory { folder in
      let database = folder.appendingPathComponent("shop.tropa").path
      let clients = 3000
      _ = try tropa([
        "query", database, "--create",
        "UNWIND range(1, \(clients)) AS i CREATE (:Client {id: i})",
      ])
      let rules = folder.appendingPathComponent("rules.yaml").path
      try """
      caps: {atMost: 1, days: 2}
      control: 0.2
      triggers:
        - {name: a, condition: c.id % 2 = 0, message: "A {id}", priority: 90, days: 3}
        - {name: b, condition: "true", message: "B {id}", channel: sms, days: 5}
      """.write(toFile: rules, atomically: true, encoding: .utf8)
      var killed = 0
      for day in 1...12 {
        let run =
          "CALL crm.triggers.run({file: '\(rules)', now: date({year: 2026, month: 11, day: \(day)})})"
        do {
          _ = try tropa(
            ["query", database, "--format", "csv", run],
            timeout: .milliseconds(5 + random.below(400)))
        } catch let error as ChildProcessError {
          #expect(error.reason == .timedOut)
          killed += 1
          // Whole or nothing: on the days on which anybody is due, everybody who is.
          let count =
            "MATCH ()-[a:ASSIGNED]->() WHERE date(a.at).day = \(day) RETURN count(a) AS n"
          let before = try rows(database, count)[0][0]
          _ = try tropa(["query", database, "--format", "csv", run])
          let after = try rows(database, count)
          #expect(before == "0" || before == after[0][0])
        }
      }
      #expect(killed > 0)
      for (window, scope) in [(2, "c"), (3, "c, a"), (5, "c, b")] {
        let trigger = scope == "c" ? "" : " {name: '\(scope.suffix(1))'}"
        let broken = try rows(
          database,
          """
          MATCH (c:Client)-[x:ASSIGNED]->(:Trigger\(trigger)), (c)-[y:ASSIGNED]->(:Trigger\(trigger))
          WHERE id(x) < id(y) AND
            abs(duration.inDays(date(x.sendAt), date(y.sendAt)).days) < \(window)
          RETURN count(*) AS n
          """)
        #expect(broken[0][0] == "0")
      }
      let unfaithful = try rows(
        database,
        """
        MATCH (c:Client)-[a:ASSIGNED]->(t:Trigger)
        WITH c, t, count(DISTINCT a.group) AS groups,
          count(CASE WHEN a.group = 'control' THEN a.text END) AS texts
        WHERE groups > 1 OR texts > 0 RETURN count(*) AS n
        """)
      #expect(unfaithful[0][0] == "0")
      let total = try rows(
        database, "MATCH ()-[a:ASSIGNED]->(:Trigger {name: 'a'}) RETURN count(a) AS n")
      // On days 1, 5, 8 and 12: on 4 and 11 the client got b the day before.
      #expect(total[0][0] == "\(4 * clients / 2)")
    }
  }
}
