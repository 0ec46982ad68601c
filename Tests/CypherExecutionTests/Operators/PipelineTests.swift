import CypherExecution
import CypherPlanning
import GraphTypes
import TestSupport
import Testing

/// Whole queries from text, on what other queries made.
struct PipelineTests {
  private let engine: PipelineEngine
  init() throws { engine = try PipelineEngine() }

  @discardableResult
  private func run(_ query: String, _ parameters: [String: Value] = [:]) throws -> [String] {
    try engine.execute(query, parameters: parameters, timeout: .seconds(20)).rows.map { row in
      row.map { "\($0)" }.joined(separator: " ")
    }
  }

  @Test func setSeesEarlierRows() throws {
    try run("CREATE (:Counter {count: 0})")
    try run("UNWIND range(1, 10) AS i MATCH (n:Counter) SET n.count = n.count + i")
    #expect(try run("MATCH (n:Counter) RETURN n.count") == ["55"])
  }

  @Test func mergeSeesWhatItCreated() throws {
    try run(
      "UNWIND [1, 2, 1, 3, 2, 1] AS x MERGE (n:N {x: x}) ON CREATE SET n.c = 1 ON MATCH SET n.c = n.c + 1"
    )
    #expect(try run("MATCH (n:N) RETURN n.x, n.c ORDER BY n.x") == ["1 3", "2 2", "3 1"])
    try run("MATCH (a:N), (b:N) MERGE (a)-[:KNOWS]-(b)")
    #expect(try run("MATCH (:N)-[r:KNOWS]->(:N) RETURN count(r)") == ["6"])
  }

  @Test func deletesInAnyOrder() throws {
    try run("CREATE (a:A)-[:R]->(b:B)-[:R]->(a)")
    #expect(throws: QueryError.self) { try run("MATCH (a:A) DELETE a") }
    #expect(try run("MATCH (n) RETURN count(*)") == ["2"])
    try run("MATCH (a:A)-[r]-() DELETE a, r")
    #expect(try run("MATCH (n) RETURN labels(n)[0]") == ["B"])
    try run("MATCH (n) DETACH DELETE n")
    #expect(try run("MATCH (n) RETURN count(n)") == ["0"])
  }

  @Test func forEachWritesOncePerElement() throws {
    try run("FOREACH (x IN range(1, 3000) | CREATE (:X {x: x}))")
    #expect(try run("MATCH (n:X) RETURN count(*), sum(n.x)") == ["3000 4501500"])
  }

  @Test func limitDoesNotStopWrites() throws {
    try run("UNWIND range(1, 5000) AS x CREATE (n:Y) RETURN n LIMIT 1")
    #expect(try run("MATCH (n:Y) RETURN count(*)") == ["5000"])
    try run("UNWIND range(1, 7) AS x CREATE (n:Z) RETURN n LIMIT 0")
    #expect(try run("MATCH (n:Z) RETURN count(*)") == ["7"])
  }

  @Test func walksAgainstThePatternKeepItsOrder() throws {
    try run("CREATE (:S)-[:R {i: 1}]->()-[:R {i: 2}]->()-[:R {i: 3}]->(:E)")
    let query = "MATCH p = (:S)-[r:R*]->(:E) RETURN [x IN r | x.i], length(p)"
    #expect(try run(query) == ["[1, 2, 3] 3"])
    let backwards = "MATCH p = (:E)<-[r:R*]-(:S) RETURN [x IN r | x.i], length(p)"
    #expect(try run(backwards) == ["[3, 2, 1] 3"])
  }

  @Test func subqueriesAndOptionalMatch() throws {
    try run("CREATE (:P {n: 1})-[:R]->(:Q), (:P {n: 2}), (:P {n: 3})-[:R]->(:Q), (:P {n: 4})")
    #expect(
      try run("MATCH (p:P) WHERE EXISTS { (p)-[:R]->() } RETURN p.n ORDER BY p.n") == ["1", "3"])
    #expect(try run("MATCH (p:P) WHERE NOT (p)-[:R]->() RETURN p.n ORDER BY p.n") == ["2", "4"])
    #expect(
      try run("MATCH (p:P) OPTIONAL MATCH (p)-[:R]->(q) RETURN p.n, q IS NULL ORDER BY p.n")
        == ["1 false", "2 true", "3 false", "4 true"])
    #expect(
      try run("MATCH (p:P) RETURN p.n, COUNT { (p)-[:R]->() } AS c ORDER BY p.n")
        == ["1 1", "2 0", "3 1", "4 0"])
  }

  /// Optional rewrites must not change answers.
  @Test func answersDoNotDependOnRewrites() throws {
    let plain = try PipelineEngine(
      options: PlannerOptions(disabled: Set(PlannerOptions.Rewrite.allCases)))
    var random = SeededGenerator(seed: 42)
    for engine in [engine, plain] {
      random = SeededGenerator(seed: 42)
      for _ in 0..<40 {
        let x = Int.random(in: 0..<5, using: &random)
        _ = try engine.execute(
          "CREATE (:\(x < 3 ? "A" : "B") {x: \(x)})", parameters: [:], timeout: .seconds(20))
      }
      for _ in 0..<60 {
        let (i, j) = (Int.random(in: 0..<5, using: &random), Int.random(in: 0..<5, using: &random))
        let type = Bool.random(using: &random) ? "R" : "S"
        _ = try engine.execute(
          """
          MATCH (a {x: \(i)}), (b {x: \(j)}) WITH a, b ORDER BY id(a), id(b)
          SKIP \(Int.random(in: 0..<20, using: &random)) LIMIT 1 CREATE (a)-[:\(type)]->(b)
          """, parameters: [:], timeout: .seconds(20))
      }
    }
    for query in Self.queries {
      func rows(_ engine: PipelineEngine) throws -> [String] {
        try engine.execute(query, parameters: [:], timeout: .seconds(20)).rows
          .map { $0.map { "\($0)" }.joined(separator: " ") }.sorted()
      }
      #expect(try rows(engine) == rows(plain), "\(query)")
    }
  }

  private static let queries = [
    "MATCH (a:A)-[r:R]->(b:B) RETURN a.x, b.x, type(r)",
    "MATCH (a)-[:R]->(b)-[:S]->(c) RETURN a.x, c.x",
    "MATCH (a)--(b)--(c) WHERE a.x = c.x RETURN count(*)",
    "MATCH (a:A), (b:B) WHERE a.x + 1 = b.x RETURN a.x, b.x",
    "MATCH (a:A)-[:R*1..3]->(b) RETURN a.x, b.x",
    "MATCH (a:A)-[:R*0..3]-(b:B) RETURN DISTINCT a.x, b.x",
    "MATCH (a:A) WHERE (a)-[:R]->(:B) AND NOT (a)-[:S]->() RETURN a.x",
    "MATCH (a) OPTIONAL MATCH (a)-[:S]->(b) WHERE b.x > 2 RETURN a.x, b.x",
    "MATCH (a) WITH a.x AS x, count(*) AS c WHERE c > 2 RETURN x, c",
    "MATCH (a) RETURN a.x AS x ORDER BY x DESC LIMIT 7",
    "MATCH (a)-->(b)-->(c)-->(a) RETURN count(*)",
    "MATCH p = shortestPath((a:A {x: 1})-[*..4]-(b:B {x: 3})) RETURN length(p)",
    "MATCH (a:A) RETURN a.x, [(a)-[:R]->(b) | b.x] AS l",
    "MATCH (a:A) CALL { WITH a MATCH (a)-->(b) RETURN count(b) AS n } RETURN a.x, n",
    "MATCH (a:A {x: 1}) RETURN a.x UNION MATCH (b:B) RETURN b.x AS `a.x`",
  ]
}
