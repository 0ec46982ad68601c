import Testing
import Tropa

/// Queries that would take the process down end with an error instead.
@Suite struct LimitTests {
  private func failure(_ text: String) throws -> QueryError {
    let database = try Database.temporary()
    return try #require(throws: QueryError.self) {
      try database.query(text, options: QueryOptions(timeout: .seconds(20)))
    }
  }

  @Test func deepValues() throws {
    let nested = "reduce(l = [], x IN range(1, 100000) | [l])"
    #expect(try failure("RETURN size(\(nested)) AS n").detail == "NestingTooDeep")
    let maps = "reduce(l = {}, x IN range(1, 100000) | {a: l})"
    #expect(try failure("RETURN size(keys(\(maps))) AS n").detail == "NestingTooDeep")
    let fine = "RETURN reduce(l = [], x IN range(1, 900) | [l]) AS l"
    #expect(try Database.temporary().query(fine).count == 1)
  }

  @Test func longStatements() throws {
    let unions = Array(repeating: "RETURN 1 AS x", count: 10_000).joined(separator: " UNION ALL ")
    #expect(try failure(unions).detail == "NestingTooDeep")
    let withs = "WITH 1 AS x " + String(repeating: "WITH x + 1 AS x ", count: 10_000) + "RETURN x"
    #expect(try failure(withs).detail == "NestingTooDeep")
  }

  @Test func stringsAndListsThatDouble() throws {
    #expect(
      try failure("RETURN size(reduce(s = 'x', i IN range(1, 40) | s + s)) AS n").kind
        == .memoryLimit)
    #expect(try failure("RETURN range(1, 9000000000) AS l").kind == .memoryLimit)
    var options = QueryOptions()
    options.memoryLimit = 64 << 20
    let doubled = "RETURN size(reduce(l = [1], i IN range(1, 30) | l + l)) AS n"
    #expect(throws: QueryError.self) {
      try Database.temporary().query(doubled, options: options)
    }
  }

  @Test func endlessWalksTimeOutOrEnd() throws {
    let database = try Database.temporary()
    try database.query("CREATE (:A)-[:R]->(:A)")
    let walk = "MATCH (a)-[*9223372036854775807]-(b) RETURN count(*) AS n"
    #expect(try database.query(walk).integers("n") == [0])
  }
}
