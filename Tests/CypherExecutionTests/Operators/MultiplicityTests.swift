import CypherPlanning
import GraphTypes
import TestSupport
import Testing

/// Paths counted by degrees against paths counted one by one.
@Suite struct MultiplicityTests {
  private let engine: PipelineEngine

  /// 60 nodes with labels A (every second) and B (every third), 300 relationships R and 300 S among
  /// them, parallel ones and self-loops too.
  init() throws {
    engine = try PipelineEngine()
    try run(
      """
      UNWIND range(0, 59) AS i CREATE (n {i: i})
      FOREACH (x IN CASE i % 2 WHEN 0 THEN [1] ELSE [] END | SET n:A)
      FOREACH (x IN CASE i % 3 WHEN 0 THEN [1] ELSE [] END | SET n:B)
      """)
    var generator = SeededGenerator(seed: 5)
    for type in ["R", "S"] {
      let pairs =
        (0..<300).map { _ in
          [
            Int64.random(in: 0..<60, using: &generator), .random(in: 0..<60, using: &generator),
          ]
        } + [[7, 7], [7, 7], [6, 6]]
      try run(
        "UNWIND $pairs AS p MATCH (a {i: p[0]}), (b {i: p[1]}) CREATE (a)-[:\(type)]->(b)",
        parameters: ["pairs": .list(pairs.map { .list($0.map { .integer($0) }) })])
    }
  }

  @discardableResult
  private func run(
    _ query: String, parameters: [String: Value] = [:],
    without rewrites: Set<PlannerOptions.Rewrite> = []
  ) throws -> [[Value]] {
    engine.options = PlannerOptions(disabled: rewrites)
    return try engine.execute(query, parameters: parameters, timeout: .seconds(60)).rows
  }

  @Test(arguments: ["-[R]->", "<-[R]-", "-[R]-"], ["-[S]->", "<-[S]-", "-[S]-"])
  func countsPairsOfHops(_ first: String, _ second: String) throws {
    let types = [(":R", ":R"), ("", ":R"), (":R|S", ":S"), (":R", ":S"), ("", "")]
    let labels = [("", "", ""), (":A", "", ":B"), ("", ":B", ":A"), (":A:B", ":A", ":A")]
    for (type, other) in types {
      for (a, b, c) in labels {
        let path =
          "(a\(a))" + first.replacing("R", with: type) + "(b\(b))"
          + second.replacing("S", with: other) + "(c\(c))"
        for answer in [
          "RETURN count(*)", "RETURN b.i AS k, count(*) AS n, count(DISTINCT b) ORDER BY k",
        ] {
          let query = "MATCH \(path) \(answer)"
          let rows = try run(query)
          let expected = try run(query, without: [.multiplicity, .countStore])
          #expect(rows == expected, "\(query)")
        }
      }
    }
    let apart =
      "MATCH (a)\(first.replacing("R", with: ":R"))(b) MATCH (b)\(second.replacing("S", with: ":R"))(c)"
    let rows = try run("\(apart) RETURN count(*)")
    #expect(rows == (try run("\(apart) RETURN count(*)", without: [.multiplicity])))
  }

  @Test(arguments: ["-[x:R]->", "<-[x:R]-", "-[x]-"], ["-[y:S]->", "<-[y:R]-", "-[y:R|S]-"])
  func closesCycles(_ first: String, _ second: String) throws {
    for third in ["(a)-[z:R]->(c)", "(a)<-[z:S]-(c)", "(c)-[z]-(a)", "(a)-[z:R]->(c:A)"] {
      for answer in [
        "RETURN count(*)", "RETURN a.i AS k, count(*) AS n ORDER BY k",
        "RETURN a.i AS a, b.i AS b, c.i AS c, id(x), id(y) AS y, id(z) AS z ORDER BY a, b, c, id(x), y, z",
        "RETURN c.i AS k, count(z) AS n ORDER BY k",
      ] {
        let query = "MATCH (a)\(first)(b:B)\(second)(c), \(third) \(answer)"
        let rows = try run(query)
        let expected = try run(query, without: [.intersection, .multiplicity])
        #expect(rows == expected, "\(query)")
        let apart = "MATCH (a)\(first)(b:B) MATCH (b)\(second)(c), \(third) \(answer)"
        let rowsApart = try run(apart)
        let expectedApart = try run(apart, without: [.intersection, .multiplicity])
        #expect(rowsApart == expectedApart, "\(apart)")
      }
    }
  }

  @Test func intersectsInsteadOfMakingPaths() throws {
    engine.options = PlannerOptions()
    let triangle = "MATCH (a)-[:R]->(b)-[:R]->(c), (a)-[:R]->(c)"
    #expect(try engine.plan("\(triangle) RETURN count(*)").contains("CountIntersection"))
    #expect(try engine.plan("\(triangle) RETURN a, b, c").contains("+Intersect "))
  }

  @Test func scansNodesInsteadOfRelationships() throws {
    engine.options = PlannerOptions()
    let plan = try engine.plan("MATCH (a)-[:R]->(b)<-[:S]-(c) RETURN count(*)")
    #expect(plan.contains("(a)-[:R]->(b)<-[:S]-(c) AS") && plan.contains("AllNodesScan"))
  }
}
