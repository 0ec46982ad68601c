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
