import Cypher
import CypherPlanning
import GraphTypes
import Testing

/// What single rules of the planner do, seen from outside.
@Suite struct PlanShapeTests {
  private func plan(
    _ query: String, without: Set<PlannerOptions.Rewrite> = [],
    catalogue: any PlanningCatalogue = ShopCatalogue()
  ) throws -> Plan {
    let result = try Planner.plan(
      try Parser.parseStatement(query), source: SourceText(query), catalogue: catalogue,
      parameterNames: nil, options: PlannerOptions(disabled: without))
    let errors = PlanValidator.errors(of: result.plan)
    #expect(errors.isEmpty, "\(query): \(errors)")
    return result.plan
  }

  private func names(_ plan: Plan) -> [String] {
    PlanDescription(plan, names: []).rows.map(\.name)
  }

  @Test func uniquenessIsCheckedWhereTypesMeet() throws {
    func checks(_ query: String) throws -> Int {
      try plan(query).all.reduce(0) { sum, plan in
        guard case .filter(let predicates) = plan.operation else { return sum }
        return sum
          + predicates.count { if case .distinctRelationships = $0 { true } else { false } }
      }
    }
    #expect(try checks("MATCH (a)-[:FOLLOWS]->(b)-[:WROTE]->(c) RETURN *") == 0)
    #expect(try checks("MATCH (a)-[:FOLLOWS]->(b)-[:FOLLOWS]->(c) RETURN *") == 1)
    #expect(try checks("MATCH (a)-->(b)-[:FOLLOWS]->(c) RETURN *") == 1)
    #expect(try checks("MATCH (a)-[:FOLLOWS]->(b), (c)-[:FOLLOWS]->(d) RETURN *") == 1)
    #expect(try checks("MATCH (a)-[:FOLLOWS]->(b) MATCH (b)-[:FOLLOWS]->(c) RETURN *") == 0)
    #expect(try checks("MATCH (a)-->(b)-->(c)-->(d) RETURN *") == 3)
  }

  @Test func inequalitiesOfEndsImplyUniqueness() throws {
    let pattern = "MATCH (a)<-[:PURCHASED]-(c)-[:PURCHASED]->(b)"
    for condition in ["a <> b", "a.id < b.id", "id(a) <> id(b)", "a.id = 1 AND b.id <> 1"] {
      let query = "\(pattern) WHERE \(condition) RETURN count(*)"
      #expect(try !plan(query).checksUniqueness, "\(condition)")
      #expect(try plan(query, without: [.impliedUniqueness]).checksUniqueness)
    }
    // NaN differs from itself, so that a and b may be one node.
    for condition in ["a.id <> b.id", "a.id <> c.id", "a.id <= b.id"] {
      let query = "\(pattern) WHERE \(condition) RETURN count(*)"
      #expect(try plan(query).checksUniqueness, "\(condition)")
    }
    let both = "MATCH (a)-[:FOLLOWS]-(b)-[:FOLLOWS]-(c) WHERE a <> c RETURN count(*)"
    #expect(try plan(both).checksUniqueness)
  }

  @Test func walksExcludeWhatTheMatchHasUsed() throws {
    let query = "MATCH (a:Client {id: 1})-[r:FOLLOWS]->(b)-[:FOLLOWS*]->(c) RETURN r, c"
    let walks = try plan(query).all.compactMap { plan -> VariableLengthExpand? in
      if case .variableLengthExpand(let walk) = plan.operation { walk } else { nil }
    }
    #expect(walks.count == 1)
    #expect(walks.first?.excluding.count == 1)
  }

  @Test func existsBecomesASemiJoin() throws {
    let query =
      "MATCH (c:Client) WHERE NOT (c)-[:FOLLOWS]->() AND EXISTS { (c)-[:WROTE]->() } RETURN c"
    let found = try names(plan(query))
    #expect(found.contains("AntiSemiApply") && found.contains("SemiApply"))
    let without = try names(plan(query, without: [.semiApply]))
    #expect(!without.contains("AntiSemiApply") && !without.contains("SemiApply"))
    let limited = "MATCH (c) WHERE EXISTS { MATCH (c)-->(x) RETURN x SKIP 3 } RETURN c"
    #expect(try !names(plan(limited)).contains("SemiApply"))
  }

  @Test func readingAfterWritingIsAnApply() throws {
    let found = try names(plan("CREATE (:Client) WITH * MATCH (n:Client) RETURN count(n)"))
    #expect(found.contains("Apply"))
    let join = "CREATE (c:Client {id: 1}) WITH c MATCH (n:Client) WHERE n.id = c.id RETURN count(n)"
    #expect(try names(plan(join, without: [.rowSeek])).prefix(3).contains("Apply"))
  }

  @Test func aWritingSubqueryIsFencedOff() throws {
    let query =
      "MATCH (n:Client) CALL { WITH n CREATE (m:Client) } MATCH (k:Client) RETURN count(k)"
    let found = try names(plan(query))
    #expect(found.count { $0 == "Eager" } == 2)
    let returning = try names(
      plan("MATCH (n:Client) CALL { WITH n CREATE (m) RETURN m } RETURN count(m)"))
    #expect(returning.contains("Apply(Row)") && returning.contains("Eager"))
  }

  @Test func subqueriesThatCountRowsRunRowByRow() throws {
    for tail in ["RETURN x LIMIT 1", "RETURN x ORDER BY x.id", "RETURN count(x) AS x"] {
      let query = "MATCH (n:Client) CALL { WITH n MATCH (n)-->(x) \(tail) } RETURN n, x"
      #expect(try names(plan(query)).contains("Apply(Row)"), "\(tail)")
    }
    let query = "MATCH (n:Client) CALL { WITH n MATCH (n)-->(x) RETURN x } RETURN n, x"
    #expect(try names(plan(query)).contains("Apply"))
  }

  @Test func countingWhatIsNeverNullReadsNothing() throws {
    func counts(_ query: String) throws -> [Int] {
      try plan(query, without: [.countStore]).all.flatMap { plan -> [Int] in
        guard case .aggregate(_, let aggregates) = plan.operation else { return [] }
        return aggregates.map(\.arguments.count)
      }
    }
    #expect(try counts("MATCH (a)-[r]->() RETURN count(r)") == [0])
    #expect(try counts("MATCH (a)-[r]->() WITH r AS q RETURN count(q)") == [0])
    #expect(try counts("OPTIONAL MATCH (a)-[r]->() RETURN count(r)") == [1])
    #expect(try counts("MATCH (a) OPTIONAL MATCH (a)-[r]->() RETURN count(r)") == [1])
    #expect(try counts("MATCH (a)-[r]->() RETURN count(DISTINCT r)") == [1])
    #expect(
      try counts(
        "OPTIONAL MATCH (a) OPTIONAL CALL { WITH a MATCH (a)-->(b) RETURN b } RETURN count(a)")
        == [1])
  }

  @Test func predicatesMoveBelowWith() throws {
    let query =
      "MATCH (c:Client) WITH c.city AS city, c WHERE city = $city AND c.birthYear > 1990 RETURN c"
    let scan = try plan(query).all.first { $0.inputs.isEmpty }
    guard case .nodeScan(let node)? = scan?.operation else {
      Issue.record("no scan")
      return
    }
    #expect(node.seek != nil)
    let grouped =
      "MATCH (c:Client) WITH c.city AS city, count(*) AS n WHERE city = 'a' AND n > 1 RETURN *"
    #expect(
      try names(plan(grouped)).filter { $0 != "Projection" }
        == ["ProduceResults", "Filter", "EagerAggregation", "Filter", "NodeSeek"])
    // LIMIT counts the rows before WHERE.
    let limited = "MATCH (c:Client) WITH c LIMIT 3 WHERE c.city = 'a' RETURN c"
    #expect(
      try names(plan(limited)).filter { $0 != "Projection" }
        == ["ProduceResults", "Filter", "Limit", "NodeByLabelScan"])
  }

  @Test func starts() throws {
    func scan(_ query: String, _ catalogue: ShopCatalogue = ShopCatalogue()) throws -> NodeScan? {
      for leaf in try plan(query, catalogue: catalogue).all {
        if case .nodeScan(let scan) = leaf.operation { return scan }
      }
      return nil
    }
    let byID = try scan("MATCH (a:Client)-[:FOLLOWS]->(b) WHERE id(b) = $id RETURN a")
    guard case .ids(_, false)? = byID?.seek else {
      Issue.record("\(String(describing: byID))")
      return
    }
    // The rarer label; the one with a selective predicate.
    #expect(
      try scan("MATCH (r:Review)-[:ABOUT]->(p:Product {id: 3}) RETURN r")?.labels == ["Product"])
    #expect(
      try scan("MATCH (r:Review {id: 4})-[:ABOUT]->(p:Product) RETURN r")?.labels == ["Review"])
    let range = try scan("MATCH (c:Client) WHERE c.id > 3 AND c.id <= 9 RETURN c")
    guard case .range("id", _?, false, _?, true)? = range?.seek else {
      Issue.record("\(String(describing: range))")
      return
    }
  }

  @Test func guardsComeBeforeWhatTheyGuard() throws {
    let query = "UNWIND $rows AS x WITH x WHERE x <> 0 AND 10 / x > 1 AND x < 9 RETURN x"
    let filters = PlanDescription(try plan(query), names: ["x", "x", "x"]).rows
      .filter { $0.name == "Filter" }
    #expect(filters.map(\.details) == ["x < 9 AND x <> 0 AND 10 / x > 1"])
  }

  @Test func mergeSeeksByTheRow() throws {
    let query = "MATCH (a:Client {id: 1}) MERGE (c:Client {id: a.friend})"
    let scans = try plan(query).all.compactMap { plan -> NodeScan? in
      if case .nodeScan(let scan) = plan.operation { scan } else { nil }
    }
    #expect(scans.contains { $0.seek?.key == "id" && $0.variable == VariableID(1) })
  }

  @Test func mergeOfManyRowsMatchesThemAtOnce() throws {
    func isBatched(_ merge: String) throws -> Bool {
      try plan("UNWIND $rows AS r MATCH (a:Client {id: r.a}), (b:Client {id: r.b}) " + merge).all
        .contains {
          if case .merge(let merge) = $0.operation { merge.batch != nil } else { false }
        }
    }
    for merge in [
      "MERGE (c:Client {id: r.id})",
      "MERGE (c:Client {id: r.id}) ON CREATE SET c.n = 1 ON MATCH SET c.n = c.n + 1",
      "MERGE (a)-[f:FOLLOWS {since: r.since}]->(b) ON CREATE SET f.n = r.n",
      "MERGE (a)-[:FOLLOWS]-(b)", "MERGE (a)-[:WROTE]->(x:Review {id: r.id})",
      "MERGE (x:Client {id: r.id})-[:WROTE]->(y:Review {id: r.id})",
    ] {
      #expect(try isBatched(merge), "\(merge)")
    }
    for merge in [
      // A row may find what another has changed or made, though it asks for something else.
      "MERGE (c:Client {id: r.id}) ON MATCH SET c.id = c.id + 1",
      "MERGE (c:Client {id: r.id}) ON CREATE SET c += r",
      "MERGE (c:Client {id: a.n}) ON MATCH SET c.n = 1",
      "MERGE (c:Client {id: r.id}) ON MATCH SET c:Other ON CREATE SET a.n = 1",
      "MERGE (a)-[:FOLLOWS]-(x:Client {id: r.id})",
      "MERGE (a)-[:FOLLOWS]->(x)-[:FOLLOWS]->(b)",
    ] {
      #expect(try !isBatched(merge), "\(merge)")
    }
  }

  @Test func fewRowsSeekByTheirValues() throws {
    let few = "MATCH (a:Client {id: 1}) MATCH (b:Product {id: a.favourite})<-[:ABOUT]-(r) RETURN r"
    #expect(try names(plan(few)).contains("Apply(Row)"))
    #expect(try !names(plan(few, without: [.rowSeek])).contains("Apply(Row)"))
    let many = "UNWIND $ids AS i MATCH (b:Product {id: i})<-[:ABOUT]-(r) RETURN r"
    #expect(try names(plan(many)).contains("HashJoin"))
  }

  @Test func predicatesOnAShortestPathTakePartInTheSearch() throws {
    let pattern = "MATCH (a {id: 1}), (b {id: 2}), p = shortestPath((a)-[:FOLLOWS*]->(b))"
    let each = "\(pattern) WHERE all(r IN relationships(p) WHERE r.weight > 1) RETURN p"
    let search = try plan(each).all.compactMap { plan -> ShortestPath? in
      if case .shortestPath(let search) = plan.operation { search } else { nil }
    }
    #expect(search.first?.expand.predicate != nil)
    let whole = try names(plan("\(pattern) WHERE length(p) > 3 RETURN p"))
    #expect(whole.contains("Top") && whole.contains("VarLengthExpand(Into)"))
    #expect(try names(plan("\(pattern) WHERE a.x > 3 RETURN p")).contains("ShortestPath"))
  }

  @Test func longPatternsArePlannedInTime() throws {
    let hops = (0..<30).map { "(n\($0))-[:FOLLOWS]->(n\($0 + 1))" }.joined(separator: ", ")
    let found = try names(plan("MATCH \(hops), (n3)-[:WROTE]->(r {id: 5}) RETURN count(*)"))
    #expect(found.count { $0.hasPrefix("Expand") } >= 30)
  }

  @Test func profilesShowWhatWasMeasured() throws {
    let plan = try plan("MATCH (c:Client) OPTIONAL MATCH (c)-[:WROTE]->(r) RETURN c.id AS id, r")
    let statistics = plan.all.indices.map {
      OperatorStatistics(rows: 10 * $0, batches: $0, time: .microseconds(1_500 * $0))
    }
    let description = PlanDescription(plan, names: [], profile: statistics)
    // Depth first, input 0 before input 1.
    for (i, operation) in plan.all.enumerated() {
      let name = PlanDescription(operation, names: []).rows[0].name
      #expect(description.rows.contains { $0.name == name && $0.statistics?.batches == i })
    }
    let text = description.text()
    #expect(text.contains("Time (ms)") && text.contains("1.500"))
    for line in text.split(separator: "\n") { #expect(line.count <= 100) }
  }
}

extension Plan {
  /// Depth first.
  fileprivate var all: [Plan] { [self] + inputs.flatMap(\.all) }

  fileprivate var checksUniqueness: Bool {
    all.contains { plan in
      switch plan.operation {
      case .filter(let predicates):
        return predicates.contains { if case .distinctRelationships = $0 { true } else { false } }
      case .expand(let expand): return !expand.excluding.isEmpty
      default: return false
      }
    }
  }
}
