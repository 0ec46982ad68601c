import GraphTypes
import TestSupport
import Testing
import Tropa

/// The same statements on the same data, with and without indexes, give the same.
@Suite struct IndexDifferentialTests {
  /// Values that meet every rule of comparison: types that do not compare, 1 and 1.0, NaN, null.
  private static let values: [Value] = [
    .null, .integer(0), .integer(1), .integer(2), .integer(7), .integer(-3), .float(1), .float(2.5),
    .float(.nan), .float(.infinity), .float(-0.0), .integer(9_007_199_254_740_993),
    .float(9_007_199_254_740_992), .string(""), .string("а"), .string("аб"), .string("б"),
    .string("z"), .string(String(repeating: "ы", count: 400)), .boolean(true), .boolean(false),
    .list([.integer(1)]), .list([.integer(1), .float(2)]), .list([]),
    .date(LocalDate(days: 19_000)), .date(LocalDate(days: 19_001)),
  ]

  private static let statements = [
    "MATCH (n:A) WHERE n.x = $p RETURN n.i AS i",
    "MATCH (n:A {x: $p, y: $q}) RETURN n.i AS i",
    "MATCH (n:A) WHERE n.x IN [$p, $q, 1] RETURN n.i AS i",
    "MATCH (n:A) WHERE n.x = $p OR n.x = $q RETURN n.i AS i",
    "MATCH (n:A) USING INDEX n:A(x) WHERE n.x > $p RETURN n.i AS i",
    "MATCH (n:A) WHERE n.x >= $p AND n.x < $q RETURN n.i AS i",
    "MATCH (n:A) USING INDEX n:A(x) WHERE n.x <= $p RETURN n.i AS i",
    "MATCH (n:A) WHERE n.x STARTS WITH $p RETURN n.i AS i",
    "MATCH (n:A) WHERE n.x = $p AND n.y > $q RETURN n.i AS i",
    "MATCH (n:A) WHERE n.x = $p AND n.y IS NOT NULL RETURN n.i AS i",
    "MATCH (n:A) WHERE n.x IN $list AND n.y IN $list RETURN n.i AS i",
    "MATCH (n:A:B) WHERE n.x = $p RETURN n.i AS i",
    "UNWIND $list AS v MATCH (n:A {x: v}) RETURN n.i AS i",
    "UNWIND $list AS v OPTIONAL MATCH (n:A {x: v}) RETURN n.i AS i",
    "UNWIND $list AS v WITH v WHERE EXISTS { MATCH (n:A {x: v}) } RETURN v AS i",
    "UNWIND $list AS v MATCH (n:A {x: v})-[r:T]->(m) WHERE m.x = v RETURN n.i AS i, m.i AS j",
    "MATCH (n:A {x: $p}), (m:A {x: n.y}) RETURN n.i AS i, m.i AS j",
    "MATCH (n)-[r:T {k: $p}]->(m) RETURN n.i AS i, m.i AS j",
    "MATCH (n)-[r:T {k: $p}]-(m) RETURN n.i AS i, m.i AS j",
    "UNWIND $list AS v MATCH (n)<-[r:T {k: v}]-(m:B) RETURN n.i AS i, r.k AS j",
  ]

  private static let updates = [
    "MATCH (n:A {x: $p}) SET n.x = $q", "MATCH (n:A {x: $p}) SET n.y = n.x, n.i = n.i + 1000",
    "MATCH (n:A {x: $p}) REMOVE n:A", "MATCH (n:B) WHERE n.x = $p SET n:A",
    "MATCH (n:A {x: $p}) WITH n LIMIT 2 DETACH DELETE n",
    "UNWIND $list AS v MERGE (n:A {x: coalesce(v, 0)}) ON CREATE SET n.i = -1, n.y = v",
    "UNWIND $list AS v MERGE (n:A {x: coalesce(v, 5), y: 1}) ON MATCH SET n.i = n.i + 1",
    "MATCH (a:A {x: $p}), (b:A {x: $q}) MERGE (a)-[r:T {k: 1}]->(b)",
    "MATCH ()-[r:T {k: $p}]->() SET r.k = $q", "MATCH ()-[r:T {k: $p}]->() DELETE r",
  ]

  private func fill(_ database: Database, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let nodes = (0..<60).map { index -> Value in
      .map([
        "i": .integer(Int64(index)), "x": Self.values.randomElement(using: &random) ?? .null,
        "y": Self.values.randomElement(using: &random) ?? .null,
        "isB": .boolean(Bool.random(using: &random)),
      ])
    }
    try database.query(
      """
      UNWIND $nodes AS v CREATE (n:A {i: v.i, x: v.x, y: v.y})
      FOREACH (b IN CASE WHEN v.isB THEN [1] ELSE [] END | SET n:B)
      """, parameters: ["nodes": .list(nodes)])
    let edges = (0..<120).map { _ -> Value in
      .map([
        "a": .integer(Int64.random(in: 0..<60, using: &random)),
        "b": .integer(Int64.random(in: 0..<60, using: &random)),
        "k": Self.values.randomElement(using: &random) ?? .null,
      ])
    }
    try database.query(
      "UNWIND $edges AS e MATCH (a:A {i: e.a}), (b:A {i: e.b}) CREATE (a)-[:T {k: e.k}]->(b)",
      parameters: ["edges": .list(edges)])
  }

  private static let indexes = [
    "CREATE INDEX FOR (n:A) ON (n.x)", "CREATE INDEX FOR (n:A) ON (n.x, n.y)",
    "CREATE INDEX FOR ()-[r:T]-() ON (r.k)",
  ]

  /// Rows in an order of their own; errors by their kind.
  private func outcome(
    _ connection: Connection, _ text: String, _ parameters: [String: Value]
  ) -> [String] {
    do {
      return try connection.query(text, parameters: parameters)
        .map { "\($0.values)" }.sorted()
    } catch {
      return ["\(error.kind)"]
    }
  }

  private func parameters(_ random: inout SeededGenerator) -> [String: Value] {
    func value() -> Value { Self.values.randomElement(using: &random) ?? .null }
    return [
      "p": value(), "q": value(),
      "list": .list((0..<Int.random(in: 0...6, using: &random)).map { _ in value() }),
    ]
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func statementsFindTheSame(seed: UInt64) throws {
    let (plain, indexed) = (try Database.temporary(), try Database.temporary())
    for database in [plain, indexed] { try fill(database, seed: seed) }
    for text in Self.indexes { try indexed.query(text) }
    var random = SeededGenerator(seed: seed + 1000)
    let (a, b) = (plain.connect(), indexed.connect())
    for _ in 0..<12 {
      for text in Self.statements {
        let parameters = parameters(&random)
        let (expected, found) = (outcome(a, text, parameters), outcome(b, text, parameters))
        #expect(found == expected, "seed \(seed): \(text) with \(parameters)")
      }
    }
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func updatesKeepIndexesRight(seed: UInt64) throws {
    let (plain, indexed) = (try Database.temporary(), try Database.temporary())
    for text in Self.indexes { try indexed.query(text) }
    for database in [plain, indexed] { try fill(database, seed: seed) }
    var random = SeededGenerator(seed: seed + 2000)
    let (a, b) = (plain.connect(), indexed.connect())
    for _ in 0..<6 {
      let isExplicit = Bool.random(using: &random)
      let isKept = Bool.random(using: &random)
      if isExplicit { for connection in [a, b] { try connection.begin() } }
      for _ in 0..<4 {
        let parameters = parameters(&random)
        let update = Self.updates.randomElement(using: &random) ?? ""
        let (expected, found) = (outcome(a, update, parameters), outcome(b, update, parameters))
        #expect(found == expected, "seed \(seed): \(update) with \(parameters)")
        for _ in 0..<4 {
          let parameters = self.parameters(&random)
          let text = Self.statements.randomElement(using: &random) ?? ""
          let (expected, found) = (outcome(a, text, parameters), outcome(b, text, parameters))
          #expect(found == expected, "seed \(seed): \(text) with \(parameters) after \(update)")
        }
      }
      if isExplicit {
        for connection in [a, b] {
          if isKept { try? connection.commit() } else { try connection.rollback() }
        }
      }
    }
    let all = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN n.i, n.x, n.y, labels(n), r.k, m.i"
    #expect(outcome(a, all, [:]) == outcome(b, all, [:]))
  }
}
