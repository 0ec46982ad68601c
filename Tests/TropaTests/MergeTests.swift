import GraphTypes
import TestSupport
import Testing
import Tropa

/// MERGE of many rows at once leaves the graph that one statement for each row leaves.
@Suite struct MergeTests {
  private static let statements = [
    "MERGE (n:K {x: r.x})", "MERGE (n:K {x: r.x, y: r.y})",
    "MERGE (n:K {x: r.x}) ON CREATE SET n.n = 1 ON MATCH SET n.n = n.n + 1",
    "MERGE (n:K {x: r.x}) ON CREATE SET n.y = r.y ON MATCH SET n.z = r.y",
    "MERGE (n:K {x: r.x}) ON MATCH SET n.x = r.y",
    "MERGE (n:K {x: r.x}) ON CREATE SET n += r",
    "MERGE (n:K {x: r.x}) ON CREATE SET n:L ON MATCH SET n.seen = true",
    "MATCH (a:P {i: r.a}), (b:P {i: r.b}) MERGE (a)-[e:T]->(b) ON MATCH SET e.n = r.x",
    "MATCH (a:P {i: r.a}), (b:P {i: r.b}) MERGE (a)-[e:T {k: r.x}]->(b)",
    "MATCH (a:P {i: r.a}), (b:P {i: r.b}) MERGE (a)-[e:T]-(b) ON CREATE SET e.n = r.x",
    "MATCH (a:P {i: r.a}) MERGE (a)-[:T]->(b:K {x: r.x})",
    "MATCH (a:P {i: r.a}) MERGE (a)<-[:T]-(b:K {x: r.x}) ON CREATE SET b.y = r.y",
    "MERGE (a:K {x: r.x})-[:T]->(b:K {x: r.y})", "MERGE (a:K {x: r.x})-[:T]-(b:K {x: r.y})",
  ]

  private static let values: [Value] = [
    .integer(1), .integer(2), .float(1), .float(2.5), .float(.nan), .string("а"), .string("1"),
    .list([.integer(1)]), .list([.float(.nan)]),
  ]

  private func graph(_ database: Database) throws -> [[String]] {
    try [
      "MATCH (n) RETURN labels(n), n.i, n.x, n.y, n.z, n.n, n.seen",
      "MATCH (a)-[e]->(b) RETURN a.i, a.x, e.k, e.n, b.i, b.x",
    ].map { try database.query($0).map { "\($0.values)" }.sorted() }
  }

  @Test(arguments: statements, [false, true])
  func batchesAreAsGoodAsRows(statement: String, isIndexed: Bool) throws {
    var random = SeededGenerator(seed: UInt64(statement.utf8.count))
    for _ in 0..<3 {
      let (once, byRow) = (try Database.temporary(), try Database.temporary())
      for database in [once, byRow] {
        try database.query("UNWIND range(1, 4) AS i CREATE (:P {i: i})")
        try database.query("CREATE (:K {x: 2})-[:T]->(:K {x: 1.0}), (:K {x: 2, n: 10})")
        if isIndexed {
          try database.query("CREATE INDEX FOR (n:K) ON (n.x)")
          try database.query("CREATE INDEX FOR (n:P) ON (n.i)")
        }
      }
      let rows = (0..<40).map { _ -> Value in
        .map([
          "x": Self.values.randomElement(using: &random) ?? .null,
          "y": Self.values.randomElement(using: &random) ?? .null,
          "a": .integer(Int64.random(in: 1...4, using: &random)),
          "b": .integer(Int64.random(in: 1...4, using: &random)),
        ])
      }
      let whole = try once.query(
        "UNWIND $rows AS r \(statement) RETURN count(*) AS n", parameters: ["rows": .list(rows)])
      var count: Int64 = 0
      for row in rows {
        let result = try byRow.query(
          "UNWIND [$row] AS r \(statement) RETURN count(*) AS n", parameters: ["row": row])
        count += try result.integers("n")[0]
      }
      #expect(try whole.integers("n") == [count])
      #expect(try graph(once) == graph(byRow), "\(statement)")
    }
  }

  /// More rows than are matched at once.
  @Test(arguments: [false, true]) func keysOfManyBatchesAreMadeOnce(isIndexed: Bool) throws {
    let database = try Database.temporary()
    try database.query("UNWIND range(0, 999) AS i CREATE (:K {x: i, n: 0})")
    if isIndexed { try database.query("CREATE INDEX FOR (n:K) ON (n.x)") }
    for text in [
      "UNWIND range(0, 9999) AS i MERGE (n:K {x: i % 3000})",
      "UNWIND $list AS i MERGE (n:K {x: i % 3000})",
    ] {
      let result = try database.query(
        "\(text) ON CREATE SET n.n = 1 ON MATCH SET n.n = n.n + 1 RETURN count(n) AS n",
        parameters: ["list": .list((0..<10_000).map { .integer($0) })])
      #expect(try result.integers("n") == [10_000])
    }
    let counts = try database.query("MATCH (n:K) RETURN count(n) AS n, sum(n.n) AS sum")
    #expect(counts[0].values == [.integer(3000), .integer(20_000)])
  }

  @Test(arguments: [false, true]) func innerStatementsMergeAnew(isIndexed: Bool) throws {
    let database = try Database.temporary()
    if isIndexed { try database.query("CREATE INDEX FOR (n:K) ON (n.x)") }
    try database.query(
      """
      UNWIND [1, 2, 1] AS k
      CALL { WITH k UNWIND range(1, 5) AS i MERGE (:K {x: i + k}) }
      FOREACH (i IN [1, 1, 6, k] | MERGE (:K {x: i}))
      """)
    let found = try database.query("MATCH (n:K) RETURN n.x AS x ORDER BY x")
    #expect(try found.integers("x") == [1, 2, 3, 4, 5, 6, 7])
  }

  /// Rows that are nodes go one by one, others in batches; neither may miss what the other made.
  @Test func rowsThatAreNodes() throws {
    let database = try Database.temporary()
    try database.query("CREATE (:M {id: 1}), (:M {id: 1}), (:M {id: 2})")
    try database.query(
      """
      MATCH (m:M) WITH collect(m) AS ms
      UNWIND ms + [{id: 2}, {id: 3}, {id: 3}] AS row
      MERGE (c:Client {id: row.id}) ON CREATE SET c.name = row.name
      """)
    let found = try database.query("MATCH (c:Client) RETURN c.id ORDER BY c.id")
    #expect(found.rows == [[.integer(1)], [.integer(2)], [.integer(3)]])
  }

  @Test func aNullIsRefused() throws {
    let database = try Database.temporary()
    for rows: [Value] in [[.null], [.integer(1), .null]] {
      #expect {
        try database.query(
          "UNWIND $rows AS r MERGE (:K {x: r})", parameters: ["rows": .list(rows)])
      } throws: { error in
        (error as? QueryError)?.detail == "MergeReadOwnWrites"
      }
    }
    #expect(try database.query("MATCH (n) RETURN n").isEmpty)
  }
}
