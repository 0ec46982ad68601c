import GraphTypes
import TestSupport
import Testing
import Tropa

/// How much of an index is read, and what the planner expects of it.
@Suite struct IndexReadingTests {
  private static let database = Result {
    let database = try Database.temporary()
    try database.query("CREATE INDEX FOR (n:A) ON (n.x)")
    try database.query("CREATE INDEX FOR (n:A) ON (n.flag)")
    try database.query("CREATE INDEX FOR ()-[r:T]-() ON (r.k)")
    // Skewed: a few values are far away.
    try database.query(
      """
      UNWIND range(0, 9999) AS i
      CREATE (n:A {x: CASE WHEN i % 1000 = 999 THEN i * 1000000 ELSE i END, flag: i % 10 = 0})
      CREATE (n)-[:T {k: i % 5}]->(n)
      """)
    try database.query("CREATE (:A), (:A {y: 1})")
    return database
  }

  /// The rows that the plan's lowest operator estimated, and in a profile gave.
  private func lowest(_ text: String) throws -> [Int] {
    let plan = try #require(try Self.database.get().query(text).plan)
    let line = try #require(plan.split(separator: "\n").last { $0.contains("Index") })
    // Columns follow the details, which end with the name of the index.
    let columns = line.split(separator: " ").reversed().prefix {
      Double($0) != nil || $0 == "ms"
    }
    return columns.reversed().compactMap { Int($0) }
  }

  @Test(arguments: [
    "MATCH (n:A) USING INDEX n:A(x) WHERE n.x >= 0 RETURN n LIMIT 10",
    "MATCH (n:A) USING INDEX n:A(flag) WHERE n.flag = false RETURN n LIMIT 10",
    "MATCH (n:A) RETURN n.x ORDER BY n.x LIMIT 10",
    "MATCH (n:A) RETURN n.x ORDER BY n.x DESC SKIP 5 LIMIT 10",
    "MATCH (n:A) WHERE n.x < 5000 RETURN n.x ORDER BY n.x DESC LIMIT 10",
    "MATCH ()-[r:T]->() USING INDEX r:T(k) WHERE r.k = 3 RETURN r.k LIMIT 10",
    "MATCH ()-[r:T]->() RETURN max(r.k)", "MATCH (n:A) RETURN min(n.x)",
  ])
  func fewEntriesAreReadForALimit(query: String) throws {
    let numbers = try lowest("PROFILE " + query)
    let rows = try #require(numbers.dropFirst().first)
    #expect(rows <= 64, "\(query): \(numbers)")
  }

  @Test(arguments: [
    ("n.x = 17", 1), ("n.x IN [1, 2, 3, 3, null]", 3), ("n.flag = true", 1000),
    ("n.x >= 100 AND n.x < 130", 30), ("n.x > 1000000", 10), ("n.x = 'a'", 0),
    ("date('2025-01-01') < n.x", 0),
  ])
  func estimatesAreExact(condition: String, count: Int) throws {
    let query = "EXPLAIN MATCH (n:A) USING INDEX n:A(\(condition.contains("flag") ? "flag" : "x"))"
    #expect(try lowest("\(query) WHERE \(condition) RETURN n") == [count], "\(condition)")
  }

  @Test func largeRangesAreEstimated() throws {
    for (condition, count) in [("n.x < 3000", 3000), ("n.x >= 2000 AND n.x < 9000", 7000)] {
      let estimate = try lowest(
        "EXPLAIN MATCH (n:A) USING INDEX n:A(x) WHERE \(condition) RETURN n")[0]
      #expect(estimate > count / 2 && estimate < count * 3 / 2, "\(condition): \(estimate)")
    }
  }
}
