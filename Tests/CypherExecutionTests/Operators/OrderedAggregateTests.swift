import CypherPlanning
import GraphTypes
import TestSupport
import Testing

/// Groups that come node by node against those of a hash table.
@Suite struct OrderedAggregateTests {
  private static let ordered = {
    var options = PlannerOptions()
    options.orderedGroups = 0
    return options
  }()
  private static let hashed = PlannerOptions(disabled: [.orderedAggregate])

  private let engine: PipelineEngine

  /// 3,000 nodes `A`, 300 `B`, 60,000 relationships; `A.twice` comes twice, some `A` have no `part`.
  init() throws {
    engine = try PipelineEngine()
    try run(
      """
      UNWIND range(0, 2999) AS i
      CREATE (:A {id: i, name: 'a' + i, twice: i / 2, part: CASE WHEN i % 7 > 1 THEN i END})
      """)
    try run("UNWIND range(0, 299) AS i CREATE (:B {id: i, name: 'b' + i % 50})")
    var generator = SeededGenerator(seed: 7)
    let pairs = (0..<60_000).map { _ in
      Value.list([
        .integer(Int64.random(in: 0..<3000, using: &generator)),
        .integer(Int64.random(in: 0..<300, using: &generator)),
      ])
    }
    try run(
      """
      MATCH (a:A) WITH collect(a) AS a MATCH (b:B) WITH a, collect(b) AS b
      UNWIND $pairs AS p WITH a[p[0]] AS x, b[p[1]] AS y, p CREATE (x)-[:R {w: p[1] % 9}]->(y)
      """, parameters: ["pairs": .list(pairs)])
  }

  @discardableResult
  private func run(
    _ query: String, parameters: [String: Value] = [:], options: PlannerOptions = ordered
  ) throws -> [[Value]] {
    engine.options = options
    return try engine.execute(query, parameters: parameters, timeout: .seconds(60)).rows
  }

  private static let cases = [
    ("MATCH (a:A)-[r:R]->(b:B) RETURN a.id, b.id, count(*), sum(r.w), collect(r.w)", true),
    ("MATCH (a:A)-[r:R]->(b:B) RETURN b.name, a.name, max(r.w), count(DISTINCT b)", true),
    ("MATCH (a:A)-[r:R]->(b:B) RETURN a, r.w, count(*)", true),
    ("MATCH (a:A)-[r:R]->() RETURN a.id, a.twice, count(r)", true),
    ("MATCH (a:A)-[r:R]->() WITH a AS x, r WHERE r.w > 3 RETURN x.id AS x, count(*) AS n", true),
    ("MATCH (a:A) UNWIND [1, 2, 1] AS u RETURN a, u, count(*)", true),
    ("MATCH (a:A) RETURN a.id + 1, count(*)", true),
    ("MATCH (a:A)-->(b)<--(c:A) WHERE a.id < 50 RETURN a.name, c.id % 10, count(*)", true),
    // Keys of two nodes are equal: the order does not help.
    ("MATCH (a:A)-[r:R]->(b:B) RETURN a.twice, b.id, count(*)", true),
    ("MATCH (a:A)-[r:R]->(b:B) RETURN a.part, b.id, count(*)", true),
    ("MATCH (a:A)-[r:R]->(b:B) RETURN a.id % 10, b.id, count(*)", true),
    // No key of the scanned node alone.
    ("MATCH (a:A)-[r:R]->(b:B) RETURN a.id + b.id, count(*)", false),
    ("MATCH (a:A)-[r:R]->(b:B) RETURN r.w, count(*)", false),
  ]

  @Test func givesTheSameRowsInTheSameOrder() throws {
    for (query, isOrdered) in Self.cases {
      engine.options = Self.ordered
      let plan = try engine.plan(query)
      #expect(plan.contains("OrderedAggregation") == isOrdered, "\(query)")
      let rows = try run(query)
      let expected = try run(query, options: Self.hashed)
      #expect(rows.count > 3 && rows == expected, "\(query)")
    }
  }

  @Test func writesAndEmptyInputs() throws {
    let query = "MATCH (a:A)-[r:R]->(b:B) WITH a, b.id AS id, count(*) AS n SET a.n = n RETURN n"
    #expect(try run(query).count > 40_000)
    #expect(try run("MATCH (a:None)-[:R]->(b) RETURN a, b, count(*)").isEmpty)
    #expect(try run("MATCH (a:A)-[:R]->(b) WHERE a.id < 0 RETURN a, b, count(*)").isEmpty)
  }
}
