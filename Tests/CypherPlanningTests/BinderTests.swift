import Cypher
import Foundation
import GraphTypes
import Testing

@testable import CypherPlanning

/// What the binder makes of the forms of the language, and what it refuses.
@Suite struct BinderTests {
  private static func bind(
    _ text: String, catalogue: BinderCatalogue = BinderCatalogue(),
    parameters: Set<String>? = nil
  ) throws -> (statement: BoundStatement, queries: [Plan: BoundQuery]) {
    var queries: [Plan: BoundQuery] = [:]
    let statement = try Binder.bind(
      try Parser.parseStatement(text), source: SourceText(text), catalogue: catalogue,
      parameterNames: parameters
    ) { query, imports, _ in
      let plan = Plan(.argument, outputs: imports, estimatedRows: 1)
      queries[plan] = query
      return plan
    }
    return (statement, queries)
  }

  private func clauses(_ text: String) throws -> [String] {
    let (statement, queries) = try Self.bind(text)
    return BoundText.$queries.withValue(queries) { BoundText(statement).text(statement) }
  }

  private func error(_ text: String, parameters: Set<String>? = nil) -> QueryError? {
    do {
      _ = try Self.bind(text, parameters: parameters)
      return nil
    } catch { return error as? QueryError }
  }

  // MARK: - Patterns

  @Test func patterns() throws {
    #expect(
      try clauses("MATCH (a:A)-[r:R {x: 1}]->(b:B&C {y: a.y}), (a:D) WHERE b.z > 2 RETURN a")
        == [
          "match (a#0:A:D) (b#2:B:C) [a#0->b#2 r#1:R] where (b#2.y = a#0.y) & "
            + "(r#1.x = 1) & (b#2.z > 2)", "project(a#3=a#0)",
        ])
    #expect(
      try clauses("MATCH p = (a)<-[:R|S*2..3 {x: 1}]-() RETURN p")[0]
        == "match (a#0) (#2) [a#0<-#2 #1:R|S*2..3{#4 (#4.x = 1)}] p#3=<a#0, #1, #2>")
    #expect(
      try clauses("MATCH (a) MATCH (a)-[:R]-(b:!B|C) RETURN b")[1]
        == "match !(a#0) (b#2) [a#0--b#2 #1:R] where b#2:(!B|C)")
    #expect(
      try clauses("MATCH (a), (b), p = shortestPath((a)-[:R*..9]-(b)) RETURN p")[0]
        == "match (a#0) (b#1) p#3=shortest[a#0--b#1 #2:R*1..9]")
    #expect(
      try clauses("MATCH (a)((x:X)-[r:R]->(y) WHERE r.w > x.w){1,3}(b) RETURN r")[0]
        == "match (a#0) (b#2) [a#0->b#2 r#1:R*1..3{#5 and(startNode(#5):X, "
        + "(#5.w > startNode(#5).w))}]")
  }

  @Test func groupVariables() throws {
    #expect(
      try clauses("MATCH (a)((x)-[r:R]->(y) WHERE x.k < y.k)+(b) RETURN y")
        == [
          "match (a#0) (b#2) [a#0->b#2 r#1:R*1..{#5 (startNode(#5).k < endNode(#5).k)}]",
          "project(y#6=[#4 in r#1 where  | endNode(#4)])",
        ])
  }

  @Test func boundRelationshipsAndLists() throws {
    #expect(
      try clauses("MATCH ()-[r]->() WITH r MATCH (a)-[r]->(b) RETURN a")[2]
        == "match (a#4) (b#5) ![a#4->b#5 r#3]")
    #expect(
      try clauses("MATCH ()-[r*]->() WITH r MATCH (a)-[r*]->(b) RETURN a")[2]
        == "match (a#4) (b#5) ![a#4->b#5 r#3*1..]")
  }

  // MARK: - Projections

  @Test func aggregation() throws {
    #expect(
      try clauses(
        "MATCH (n) RETURN n.city AS city, n.age + count(*) AS k, n.age ORDER BY n.city, count(*)"
      ).last
        == "group(#1=n#0.city, #2=n#0.age) aggregate(#4=count()) "
        + "project(city#3=#1, k#5=(#2 + #4), n.age#6=#2) sort(city#3, #4)")
    #expect(
      try clauses("MATCH (n) RETURN n, collect(DISTINCT n.x) AS xs ORDER BY n.y, size(xs)").last
        == "group(n#1=n#0) aggregate(#3=collect(distinct n#0.x)) "
        + "project(n#2=n#1, xs#4=#3) sort(n#2.y, size(xs#4))")
  }

  @Test func order() throws {
    #expect(
      try clauses(
        "MATCH (n) RETURN n.a AS b, n.b ORDER BY n.b + 1, n.a DESC, n.c, b SKIP 1 LIMIT $k"
      )
      .last
        == "project(b#1=n#0.a, n.b#2=n#0.b) sort((n.b#2 + 1), b#1 desc, n#0.c, b#1) "
        + "skip 1 limit $k")
    #expect(
      try clauses("MATCH (n) WITH DISTINCT n.a AS a ORDER BY n.a WHERE a > 1 RETURN *")
        == [
          "match (n#0)", "project distinct(a#1=n#0.a) sort(a#1) where (a#1 > 1)",
          "project(a#2=a#1)",
        ])
    #expect(
      try clauses("MATCH (n) WITH n.a AS a WHERE n.b = a RETURN a")[1]
        == "project(a#1=n#0.a) where (n#0.b = a#1)")
  }

  @Test func columns() throws {
    let names = { (text: String) in try Self.bind(text).statement.columns }
    #expect(
      try names("WITH 1 AS z, 2 AS a RETURN *, a  +  z, (a)") == ["a", "z", "a  +  z", "(a)"])
    #expect(try names("RETURN 1 AS b, 2 AS a UNION RETURN 3 AS a, 4 AS b") == ["b", "a"])
    let (union, _) = try Self.bind("RETURN 1 AS b, 2 AS a UNION RETURN 3 AS a, 4 AS b")
    guard case .query(let query) = union.body else { return }
    #expect(query.isUnionDistinct)
    #expect(query.parts.map { $0.outputs.map(\.rawValue) } == [[0, 1], [3, 2]])
    #expect(query.outputs.map(\.rawValue) == [4, 5])
  }

  // MARK: - Subqueries

  @Test func subqueryExpressions() throws {
    #expect(
      try clauses("MATCH (a), (b) WHERE (a)-->(b {x: a.x}) RETURN [(a)-[r]->(c) WHERE c.k | r.w]")
        == [
          "match (a#0) (b#1) where exists(a#0, b#1){ match !(a#0) !(b#1) [a#0->b#1 #2] "
            + "where (b#1.x = a#0.x) ->  }",
          "project([(a)-[r]->(c) WHERE c.k | r.w]#6=collect(a#0)"
            + "{ match !(a#0) (c#4) [a#0->c#4 r#3] where c#4.k; project(#5=r#3.w) -> #5 })",
        ])
    // Behind WITH in a subquery, the outer variable is still there: what comes before is nested.
    #expect(
      try clauses(
        "MATCH (a) RETURN EXISTS { MATCH (a)-->(b) WITH count(b) AS k MATCH (c) "
          + "WHERE c.k = k + a.k RETURN c } AS e"
      ).last
        == "project(e#7=exists(a#0){ call(a#0) { match !(a#0) (b#2) [a#0->b#2 #1]; "
        + "group() aggregate(#3=count(b#2)) project(k#4=#3) -> k#4 }; "
        + "match (c#5) where (c#5.k = (k#4 + a#0.k)); project(c#6=c#5) -> c#6 })")
  }

  @Test func subqueryCalls() throws {
    #expect(
      try clauses("MATCH (a) CALL { WITH a MATCH (a)-->(b) RETURN b.x AS x } RETURN a, x")[1]
        == "call(a#0) { match !(a#0) (b#2) [a#0->b#2 #1]; project(x#3=b#2.x) -> x#3 }")
    #expect(
      try clauses("MATCH (a) CALL (a) { RETURN a.x AS x UNION RETURN 2 AS x } RETURN x")[1]
        == "call(a#0) { project(x#1=a#0.x) UNION project(x#2=2) -> x#3 }")
    #expect(
      try clauses("UNWIND [1] AS i CALL { WITH i CREATE (:N {i: i}) } RETURN i")[1]
        == "call(i#0) { create (#1:N{i: i#0}) ->  }")
    #expect(
      error("MATCH (a) CALL { RETURN a.x AS x } RETURN x")?.detail == "UndefinedVariable")
    #expect(
      error("MATCH (a) CALL (a) { RETURN a.x } RETURN 1")?.detail == "NoExpressionAlias")
    #expect(
      error("MATCH (a) CALL { RETURN 1 AS a } RETURN a")?.detail == "VariableAlreadyBound")
  }

  // MARK: - Updates

  @Test func updates() throws {
    #expect(
      try clauses("MATCH (a) CREATE p = (a)<-[r:R {w: 1}]-(b:B) RETURN p")
        == [
          "match (a#0)", "create (b#1:B), [b#1->a#0 r#2:R{w: 1}]",
          "project(p#3=path(a#0, r#2, b#1))",
        ])
    #expect(
      try clauses(
        "MATCH (a) MERGE (a)-[r:R]-(b:B {k: a.k}) ON CREATE SET b.n = 1, b:New ON MATCH SET r += {m: 2}"
      )[1]
        == "merge !(a#0) (b#1:B) [a#0--b#1 r#2:R] where (b#1.k = a#0.k) else "
        + "(b#1:B{k: a#0.k}), [a#0->b#1 r#2:R] created(b#1.n=1, b#1:+New) "
        + "matched(r#2+={m: 2})")
    #expect(
      try clauses("MATCH (n) REMOVE n.a, n:L SET n[$k] = 3 DETACH DELETE n")
        == [
          "match (n#0)", "set n#0.a=null, n#0:-L", "set n#0[$k]=3",
          "detach delete n#0",
        ])
    #expect(
      try clauses("MATCH (n) FOREACH (x IN [1] | CREATE (m {x: x}) SET n.x = x)")[1]
        == "foreach x#1 in [1] [create (m#2{x: x#1}), set n#0.x=x#1]")
    #expect(try Self.bind("CREATE (n)").statement.isUpdating)
    #expect(try !Self.bind("MATCH (n) RETURN n").statement.isUpdating)
  }

  // MARK: - Commands

  @Test func commands() throws {
    #expect(
      try clauses("SHOW FUNCTIONS YIELD name, category WHERE category = 'Spatial' RETURN name")
        .count == 3)
    #expect(try Self.bind("SHOW PROCEDURES YIELD *").statement.columns.first == "name")
    #expect(try Self.bind("SHOW INDEXES").statement.columns.count == 12)
    #expect(try Self.bind("SHOW INDEXES YIELD *").statement.columns.count == 16)
    #expect(try Self.bind("SHOW CONSTRAINTS").statement.columns.count == 8)
    #expect(
      try clauses("CREATE INDEX FOR (n:Client) ON (n.email)")
        == ["CREATE RANGE INDEX FOR (:Client {email})"])
    #expect(
      try clauses("CREATE CONSTRAINT c IF NOT EXISTS FOR ()-[r:T]-() REQUIRE (r.a, r.b) IS KEY")
        == ["CREATE CONSTRAINT 'c' FOR ()-[:T {a, b}]-() REQUIRE IS KEY"])
    #expect(try Self.bind("DROP INDEX x IF EXISTS").statement.isUpdating)
  }

  @Test func indexesThatThereAreNotSayWhatToDo() {
    for (query, hint) in [
      ("CREATE INDEX FOR (n:A) ON (n.p, n.p)", "once")
    ] {
      #expect {
        try Self.bind(query)
      } throws: { error in
        (error as? QueryError)?.hint?.contains(hint) == true
      }
    }
  }

  @Test func procedures() throws {
    var catalogue = BinderCatalogue()
    catalogue.procedures["my.proc"] = ProcedureSignature(
      name: "my.proc",
      inputs: [.init("a", "INTEGER"), .init("b", "STRING", defaultValue: .string("x"))],
      outputs: [.init("node", "NODE"), .init("score", "FLOAT")], summary: "")
    let text = { (query: String, parameters: Set<String>?) in
      let statement = try Self.bind(query, catalogue: catalogue, parameters: parameters).statement
      return (BoundText(statement).text(statement), statement.columns)
    }
    let (implicit, columns) = try text("CALL my.proc", ["a"])
    #expect(implicit == ["call my.proc($a, x) yields node#0=node, score#1=score"])
    #expect(columns == ["node", "score"])
    let (filtered, names) = try text("CALL my.proc(1) YIELD score AS s WHERE s > 1", nil)
    #expect(
      filtered == [
        "call my.proc(1, x) yields s#0=score",
        "project(s#1=s#0) where (s#0 > 1)",
      ])
    #expect(names == ["s"])
    let unknown = { try text("CALL my.proc(1) YIELD scor RETURN scor", nil) }
    #expect { _ = try unknown() } throws: { ($0 as? QueryError)?.hint == "did you mean `score`?" }
  }

  // MARK: - Errors

  @Test(
    arguments: [
      ("MATCH (customer) RETURN custmer.name", "UndefinedVariable", "custmer", "customer"),
      ("MATCH (n) RETURN toUper(n.name)", "UnknownFunction", "toUper", "toUpper"),
      ("MATCH (a), (b) WITH a RETURN b", "UndefinedVariable", "b", "add `b`"),
      (
        "MATCH (n) RETURN n.a + count(*)", "AmbiguousAggregationExpression", "n",
        "column of its own"
      ),
      ("MATCH (n) RETURN sum(count(n))", "NestedAggregation", "count(n)", "WITH"),
      ("MATCH (n) WHERE count(n) > 1 RETURN n", "InvalidAggregation", "count(n)", "WITH"),
      ("MATCH (n) RETURN n.x AS a, n.y AS a", "ColumnNameConflict", "n.y AS a", "AS"),
      ("MATCH (n) RETURN type(n)", "InvalidArgumentType", "n", ""),
      ("MATCH ()-[r]->() RETURN labels(r)", "InvalidArgumentType", "r", ""),
      ("MATCH p = (a)-->(b) RETURN size(p)", "InvalidArgumentType", "p", ""),
      ("MATCH (n) RETURN length(n)", "InvalidArgumentType", "n", ""),
      ("MATCH (n) RETURN n LIMIT n.x", "NonConstantExpression", "n", "parameter"),
      ("MATCH (n) CREATE (n:X)", "VariableAlreadyBound", "n", "(n)"),
      ("MATCH (a)-[r]->(b) CREATE (a)-[r:T]->(b)", "VariableAlreadyBound", "r", "new"),
      ("RETURN *", "NoVariablesInScope", "*", "pattern"),
      ("RETURN left('a')", "InvalidNumberOfArguments", "left", "left("),
      ("UNWIND [1] AS x UNWIND [2] AS x RETURN x", "VariableAlreadyBound", "x", "another name"),
      ("MATCH (n) DELETE n.x + 'a'", nil, nil, nil),
      ("RETURN 1 AS a UNION RETURN 2 AS b", "DifferentColumnsInUnion", "RETURN 2 AS b", "`a`"),
      ("MATCH (n) WHERE (n)-->(m) RETURN n", "UndefinedVariable", "m", "EXISTS"),
      ("MATCH (n) RETURN DISTINCT n.a ORDER BY n.b", "UndefinedVariable", "n", "add `n`"),
      ("MATCH (n) SET n.x = missing", "UndefinedVariable", "missing", nil),
      ("MATCH (n) RETURN n ORDER BY count(n)", "InvalidAggregation", "count(n)", "WITH"),
      ("LOAD CSV FROM 'a' AS r RETURN r", "UnexpectedSyntax", nil, "import"),
    ] as [(String, String?, String?, String?)])
  func errors(_ text: String, _ detail: String?, _ place: String?, _ hint: String?) throws {
    let error = error(text)
    #expect(error?.detail == detail)
    if let place, let range = error?.range { #expect(SourceText(text).text(range) == place) }
    if let hint, !hint.isEmpty {
      #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "")")
    }
  }

  @Test func parameters() {
    #expect(error("RETURN $a", parameters: ["a"]) == nil)
    #expect(error("RETURN $b", parameters: ["a"])?.detail == "MissingParameter")
    #expect(error("EXPLAIN RETURN $b", parameters: ["a"]) == nil)
    #expect(error("RETURN $b") == nil)
  }

  @Test func warnings() throws {
    var catalogue = BinderCatalogue()
    catalogue.labelNames = ["Client"]
    catalogue.relationshipTypeNames = ["BOUGHT"]
    catalogue.propertyKeyNames = ["email"]
    let (statement, _) = try Self.bind(
      "MATCH (c:Clint)-[:BOUGHT]->(p) WHERE c.emial = 'a' AND c:Client RETURN p.email",
      catalogue: catalogue)
    #expect(
      statement.warnings.map(\.message) == [
        "no node has the label `Clint`", "nothing has the property `emial`",
      ])
    #expect(statement.warnings.first?.hint == "did you mean `Client`?")
    let (created, _) = try Self.bind(
      "CREATE (:New {k: 1}) WITH 1 AS x MATCH (n:New) RETURN n.k", catalogue: catalogue)
    #expect(created.warnings.isEmpty)
  }

  @Test func typeNames() {
    #expect(StaticType(named: "INTEGER?") == StaticType(.integer))
    #expect(StaticType(named: "INTEGER | FLOAT") == StaticType(.number))
    #expect(StaticType(named: "LIST<STRING NOT NULL>") == .list(.string))
    #expect(
      StaticType(named: "STRING | LIST<INTEGER | FLOAT>")
        == StaticType([.string, .list], elements: .number))
    #expect(StaticType(named: "LIST<LIST<FLOAT>>") == .list(.list))
    #expect(StaticType(named: "PROPERTY VALUE") == .any)
  }

  /// Long statements bind in linear time.
  @Test func longStatements() throws {
    let count = 900
    let text =
      (0..<count).map { "CREATE (n\($0):N {k: \($0)}), (m\($0)), (k\($0)), (l\($0))" }
      .joined(separator: "\n")
      + (1..<count).map { " MERGE (n\($0 - 1))-[:R]->(n\($0))" }.joined()
    let clock = ContinuousClock()
    let statement = try Parser.parseStatement(text)
    let duration = try clock.measure {
      _ = try Binder.bind(
        statement, source: SourceText(text), catalogue: BinderCatalogue(), parameterNames: nil
      ) { _, imports, _ in Plan(.argument, outputs: imports, estimatedRows: 1) }
    }
    #expect(duration < .seconds(5), "\(duration)")
    print("bound \(2 * count) clauses in \(duration)")
  }

  /// As deep as the parser lets a text be, on a stack of 8 MiB.
  @Test func deepNesting() throws {
    let depth = 190
    let texts = [
      "RETURN " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
      "RETURN " + String(repeating: "abs(", count: depth) + "1"
        + String(repeating: ")", count: depth),
      "RETURN " + (0..<90).reduce("true") { text, _ in "(NOT \(text))" },
      "RETURN "
        + (0..<60).reduce("[1]") { text, i in "[x\(i) IN \(text) WHERE x\(i) > 1 | x\(i)]" },
      "MATCH (n) WHERE "
        + (0..<40).reduce("n.x") { text, _ in "EXISTS { MATCH (n)-->(m) WHERE \(text) }" }
        + " RETURN n",
      "RETURN 1" + String(repeating: " + 1", count: 1_000),
    ]
    let failures = FailureList()
    let thread = Thread {
      for text in texts {
        do { _ = try Self.bind(text) } catch { failures.add("\(text.prefix(40)): \(error)") }
      }
      failures.finish()
    }
    thread.stackSize = 8 << 20
    thread.start()
    failures.wait()
    #expect(failures.messages == [])
  }
}

private final class FailureList: @unchecked Sendable {
  private let condition = NSCondition()
  private var isFinished = false
  private(set) var messages: [String] = []
  func add(_ message: String) { condition.withLock { messages.append(message) } }
  func finish() {
    condition.withLock {
      isFinished = true
      condition.signal()
    }
  }
  func wait() { condition.withLock { while !isFinished { condition.wait() } } }
}
