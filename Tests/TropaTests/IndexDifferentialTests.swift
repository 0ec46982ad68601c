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
    .point(Point(srid: 7203, x: 1, y: 2)), .point(Point(srid: 7203, x: 1, y: .nan)),
    .list([.float(.nan)]), .list([.string("а"), .string("б")]),
    .dateTime(ZonedDateTime(seconds: 1_700_000_000, nanoseconds: 0, offset: 0)),
    .dateTime(ZonedDateTime(seconds: 1_700_000_000, nanoseconds: 0, offset: 3600)),
    .string(String(repeating: "ы", count: 400) + "1"),
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

  /// Their first column has one order only, whatever rows are equal.
  private static let ordered = [
    "MATCH (n:A) WITH n ORDER BY n.x RETURN n.x AS x",
    "MATCH (n:A) WITH n ORDER BY n.x DESC LIMIT 7 RETURN n.x AS x",
    "MATCH (n:A) WITH n ORDER BY n.x SKIP 3 LIMIT 7 RETURN n.x AS x",
    "MATCH (n:A:B) WITH n ORDER BY n.x LIMIT 1 RETURN n.x AS x",
    "MATCH (n:A) WHERE n.x IS NOT NULL RETURN n.x AS x ORDER BY x DESC",
    "MATCH (n:A) USING INDEX n:A(x) WHERE n.x > $p RETURN n.x AS x ORDER BY n.x LIMIT 5",
    "MATCH (n:A) USING INDEX n:A(x) WHERE n.x <= $p RETURN n.x AS x ORDER BY n.x DESC",
    "MATCH (n:A) WHERE n.x STARTS WITH $p RETURN n.x AS x ORDER BY n.x",
    "MATCH (n:A) WHERE n.x IN $list RETURN n.x AS x ORDER BY n.x DESC",
    "MATCH (n:A) WHERE n.x = $p AND n.y IS NOT NULL RETURN n.y AS y ORDER BY n.x, n.y DESC",
    "MATCH (n:A) WHERE n.x IN $list AND n.y IS NOT NULL RETURN [n.x, n.y] AS x ORDER BY n.x, n.y",
    "MATCH (n:A) WHERE n.x > $p AND n.y IS NOT NULL RETURN n.x AS x ORDER BY n.x DESC, n.y DESC",
    "MATCH (n:A)-[:T]->(m) WHERE n.x >= $p WITH n, m ORDER BY n.x LIMIT 9 RETURN n.x AS x",
    "MATCH ()-[r:T]->() WHERE r.k > $p RETURN r.k AS x ORDER BY r.k",
    "MATCH ()-[r:T]-() WHERE r.k <= $p RETURN r.k AS x ORDER BY r.k DESC LIMIT 6",
    "MATCH ()-[r:T]->() WHERE r.k = $p AND r.w > $q RETURN r.w AS x ORDER BY r.w",
    "MATCH (n:A) RETURN min(n.x) AS x", "MATCH (n:A) RETURN max(n.x) AS x",
    "MATCH (n:A) WHERE n.x < $p RETURN max(n.x) AS x",
    "MATCH (n:A) WHERE n.y = $p RETURN min(n.x) AS x",
    "MATCH ()-[r:T]->() RETURN max(r.k) AS x", "MATCH ()-[r:T]-() RETURN min(r.k) AS x",
    "MATCH (n:A) WHERE n.x > $p RETURN count(*) AS x",
    "MATCH (n:A) WHERE n.x IN $list RETURN count(n.x) AS x",
    "MATCH (n:A) WHERE n.x = $p AND n.y > $q RETURN count(n.y) AS x",
    "MATCH ()-[r:T]->() WHERE r.k >= $p RETURN count(r) AS x",
    "MATCH ()-[r:T]-() WHERE r.k >= $p RETURN count(r) AS x",
    "MATCH (n:A) WITH n, n.x AS x WHERE x > $p RETURN count(*) AS x",
    "UNWIND $list AS v CALL (v) { MATCH (n:A) WHERE n.x > v RETURN n.x AS x ORDER BY x LIMIT 2 }"
      + " RETURN x",
  ]

  /// A random condition on a node (two properties) or a relationship (two), in the forms that an
  /// index may answer and some that it may not.
  private static func condition(
    _ entity: String, _ keys: [String], _ random: inout SeededGenerator
  ) -> String {
    let property = "\(entity).\(keys.randomElement(using: &random) ?? "x")"
    let value =
      ["$p", "$q", "1", "2.5", "'а'", "date('2022-01-08')", "null", "[1]"]
      .randomElement(using: &random) ?? "1"
    switch Int.random(in: 0..<14, using: &random) {
    case 0, 1: return "\(property) = \(value)"
    case 2: return "\(property) IN [\(value), $q, 7, 7, null]"
    case 3: return "\(property) IN $list"
    case 4: return "(\(property) = $p OR \(property) = \(value))"
    case 5: return "(\(property) = $p OR \(property) > \(value))"
    case 6: return "\(property) > \(value)"
    case 7: return "\(property) <= \(value)"
    case 8: return "\(value) < \(property) AND \(property) <= $q"
    case 9: return "\(property) STARTS WITH \(value)"
    case 10: return "\(property) IS NOT NULL"
    case 11: return "NOT \(property) >= \(value)"
    case 12: return "point.distance(\(property), point({x: 1, y: 1})) < 3"
    default: return "\(property) IS NULL"
    }
  }

  private static func statement(_ random: inout SeededGenerator) -> String {
    let count = Int.random(in: 1...3, using: &random)
    let onRelationships = Bool.random(using: &random)
    let (entity, keys) = onRelationships ? ("r", ["k", "w"]) : ("n", ["x", "y"])
    let conditions = (0..<count).map { _ in condition(entity, keys, &random) }
    let pattern =
      onRelationships
      ? ["(n)-[r:T]->(m)", "(n)-[r:T]-(m)", "(n:B)<-[r:T]-(m)"].randomElement(using: &random)
      : ["(n:A)", "(n:A:B)", "(n:A)-[r:T]->(m)"].randomElement(using: &random)
    return "MATCH \(pattern ?? "(n:A)") WHERE \(conditions.joined(separator: " AND ")) "
      + "RETURN n.i AS i, \(entity).\(keys[0]) AS j"
  }

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
        "w": Self.values.randomElement(using: &random) ?? .null,
      ])
    }
    try database.query(
      """
      UNWIND $edges AS e MATCH (a:A {i: e.a}), (b:A {i: e.b})
      CREATE (a)-[:T {k: e.k, w: e.w}]->(b)
      """,
      parameters: ["edges": .list(edges)])
  }

  private static let indexes = [
    "CREATE INDEX FOR (n:A) ON (n.x)", "CREATE INDEX FOR (n:A) ON (n.x, n.y)",
    "CREATE INDEX FOR ()-[r:T]-() ON (r.k)", "CREATE INDEX FOR ()-[r:T]-() ON (r.k, r.w)",
  ]

  /// Rows in an order of their own; errors by their kind.
  private func outcome(
    _ connection: Connection, _ text: String, _ parameters: [String: Value],
    isOrdered: Bool = false
  ) -> [String] {
    do {
      let rows = try connection.query(text, parameters: parameters).map {
        // Equal numbers have no order.
        isOrdered ? "\($0.values)".replacing(".0", with: "") : "\($0.values)"
      }
      return isOrdered ? rows : rows.sorted()
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
      for text in Self.ordered { try compareOrdered(a, b, text, &random, "seed \(seed)") }
    }
    for _ in 0..<150 {
      let (text, parameters) = (Self.statement(&random), parameters(&random))
      let (expected, found) = (outcome(a, text, parameters), outcome(b, text, parameters))
      #expect(found == expected, "seed \(seed): \(text) with \(parameters)")
    }
  }

  private func compareOrdered(
    _ plain: Connection, _ indexed: Connection, _ text: String,
    _ random: inout SeededGenerator, _ place: String
  ) throws {
    let parameters = parameters(&random)
    let expected = outcome(plain, text, parameters, isOrdered: true)
    let found = outcome(indexed, text, parameters, isOrdered: true)
    #expect(found == expected, "\(place): \(text) with \(parameters)")
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
        for _ in 0..<4 {
          let text = Self.ordered.randomElement(using: &random) ?? ""
          try compareOrdered(a, b, text, &random, "seed \(seed), after \(update)")
          let (random, parameters) = (Self.statement(&random), self.parameters(&random))
          let (expected, found) = (outcome(a, random, parameters), outcome(b, random, parameters))
          #expect(found == expected, "seed \(seed): \(random) with \(parameters) after \(update)")
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
