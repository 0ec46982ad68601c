import Testing
import Tropa

@testable import Shell

@Suite struct ReadPrintLoopTests {
  private func run(_ lines: [String]) throws -> (output: String, errors: String, failed: Bool) {
    var rest = lines
    var output = ""
    var errors = ""
    let loop = ReadPrintLoop(
      try Database.temporary(),
      terminal: .init(
        readLine: { _ in rest.isEmpty ? nil : rest.removeFirst() }, write: { output += $0 },
        writeError: { errors += $0 }, width: { nil }),
      format: .csv, showsTime: false)
    try loop.run()
    return (output, errors, loop.hasFailed)
  }

  @Test func statementsMayTakeSeveralLines() throws {
    let result = try run([
      "CREATE (:A {x: 1});", "MATCH (a:A)", "RETURN a.x AS x;", "RETURN 2 AS y; RETURN ';' AS z;",
    ])
    #expect(result.output == "x\n1\ny\n2\nz\n;\n")
    #expect(!result.failed)
  }

  @Test func errorsShowThePlaceAndTheLoopGoesOn() throws {
    let result = try run(["RETURN y;", ":mdoe csv", "RETURN 1 AS x;"])
    #expect(result.output == "x\n1\n")
    #expect(
      result.errors.contains("line 1, column 8") && result.errors.contains("did you mean `:mode`?"))
    #expect(result.failed)
  }

  @Test func theOrderOfStringsIsChosen() throws {
    let query = "UNWIND ['я', 'ё', 'Е'] AS x RETURN x ORDER BY x;"
    let result = try run([query, ":collation unicode", query, ":collation klingon"])
    #expect(result.output == "x\nЕ\nя\nё\nx\nЕ\nё\nя\n")
    #expect(result.errors.contains("codePoints, unicode"))
  }

  @Test func settingsChangeHowStatementsRun() throws {
    let query = "EXPLAIN MATCH (a)-[:R]->() RETURN count(*) AS n;"
    let result = try run([
      "CREATE (:A)-[:R]->();", query, ":set rewrite.countStore=off",
      ":set rewrite.multiplicity = off",
      query, ":set",
    ])
    let plans = result.output
    #expect(
      plans.contains("CountFromCountStore") && plans.contains("+EagerAggregation"), "\(plans)")
    #expect(plans.contains("rewrite.countStore=off\n"))
    #expect(plans.contains("rewrite.hashJoin=on\n"))
    let refused = try run([
      ":set rewrite.hashjoin=off", ":set timeout=soon", ":set threads=0", ":set timeuot=1",
      ":set x",
      ":set timeout=0.001", "UNWIND range(1, 100000000) AS i RETURN sum(i % 7) AS s;",
    ])
    for text in [
      "`hashJoin`", "number of seconds", "above 0, or all", "`timeout`?", "rewrite.NAME=on|off",
      "longer than its limit",
    ] { #expect(refused.errors.contains(text), "\(refused.errors)") }
  }

  @Test func parametersAndTransactions() throws {
    let result = try run([
      ":param city = 'Казань'", "RETURN $city AS c;", ":begin", "CREATE (:A);", ":rollback",
      "MATCH (n) RETURN count(n) AS n;", ":quit", "RETURN 9;",
    ])
    #expect(result.output == "c\nКазань\nn\n0\n")
    let refused = try run([":begin read", "CREATE (:A);", ":rollback", ":begin wriet", ":commit"])
    #expect(
      refused.errors.contains("begun to read") && refused.errors.contains("automatic, read, write"))
  }
}
