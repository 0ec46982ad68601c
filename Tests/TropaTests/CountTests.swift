import Testing
import Tropa

/// Counts that come from the store's own numbers equal those of real rows, also after deletions and
/// inside of a transaction that has changed something.
@Suite struct CountTests {
  private let patterns = [
    "()", "(:A)", "(:B)", "(:None)", "()-[:R]->()", "()-->()", "(:A)-[:R]->(:B)", "(:A)-[:R]->()",
    "()<-[:R]-(:A)", "(:A:B)-[:R]->(:B)", "(:A)-[:R|S]->(:A)", "()-[:None]->()", "(:A)-[:S]-(:B)",
    "(:B)<-[:S]-(:None)", "(:A)-[:R|R]->()",
  ]

  private func check(_ connection: Connection) throws {
    for pattern in patterns {
      let fast = try connection.query("MATCH \(pattern) RETURN count(*) AS n").integers("n")
      let rows = try connection.query("MATCH \(pattern) RETURN 1 AS x").count
      #expect(fast == [Int64(rows)], "\(pattern)")
      let more = try connection.query("MATCH \(pattern) RETURN count(*) AS n, count(*) + 1 AS m")
      #expect(try more.integers("n") == fast, "\(pattern)")
    }
  }

  @Test(arguments: [1, 2, 3]) func countsEqualRows(seed: Int) throws {
    let database = try Database.temporary()
    try database.query(
      """
      UNWIND range(0, 59) AS i
      CREATE (n {i: i})
      FOREACH (x IN CASE WHEN i % $seed = 0 THEN [1] ELSE [] END | SET n:A)
      FOREACH (x IN CASE WHEN i % 3 = 1 THEN [1] ELSE [] END | SET n:B)
      """, parameters: ["seed": .integer(Int64(seed + 1))])
    try database.query(
      """
      MATCH (a), (b) WHERE (a.i * 7 + b.i * 13) % 29 < 2
      CREATE (a)-[:R]->(b)
      FOREACH (x IN CASE WHEN a.i % 2 = 0 THEN [1] ELSE [] END | CREATE (b)-[:S]->(a))
      """)
    let connection = database.connect()
    try check(connection)
    try connection.begin()
    try connection.query("MATCH (a:A) WHERE a.i % 5 = 0 DETACH DELETE a")
    try connection.query("MATCH (a)-[r:R]->() WHERE a.i % 4 = 1 DELETE r")
    try check(connection)
    try connection.commit()
    try check(connection)
  }

  @Test func countsInsideOfOtherQueries() throws {
    let database = try Database.temporary()
    try database.query("UNWIND range(1, 3) AS i CREATE (:A)-[:R]->(:B)")
    let result = try database.query(
      "UNWIND [1, 2] AS x CALL { MATCH (n:A) RETURN count(n) AS c } RETURN x, c ORDER BY x")
    #expect(result.rows == [[.integer(1), .integer(3)], [.integer(2), .integer(3)]])
    let created = try database.query(
      "CREATE (:A) WITH count(*) AS k MATCH (n:A) RETURN k, count(n) AS c")
    #expect(created.rows == [[.integer(1), .integer(4)]])
    let counted = try database.query(
      "MATCH (n:A) WITH count(*) AS a MATCH (b:B) RETURN a, count(b) AS b")
    #expect(counted.rows == [[.integer(4), .integer(3)]])
  }
}
