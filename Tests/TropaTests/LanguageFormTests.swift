import TestSupport
import Testing
import Tropa

/// Forms of Cypher that openCypher does not have, and what errors and warnings say.
@Suite struct LanguageFormTests {
  @Test func caseTakesSeveralValuesAndComparisons() throws {
    let database = try Database.temporary()
    let result = try database.query(
      """
      UNWIND [1, 2, 7, null, 'xy', [1]] AS x
      RETURN CASE x WHEN 1, 2 THEN 'few' WHEN > 4 THEN 'many' WHEN IS NULL THEN 'none'
        WHEN STARTS WITH 'x' THEN 'text' WHEN IN [[1]] THEN 'list' ELSE '?' END AS word
      """)
    #expect(
      result.rows.map { $0[0] }
        == ["few", "few", "many", "none", "text", "list"].map { .string($0) })
    let grouped = try database.query(
      "UNWIND [1, 1, 2] AS x RETURN x, CASE count(*) WHEN > 1 THEN 'more' ELSE 'one' END AS n")
    #expect(grouped.rows.map { $0[1] } == [.string("more"), .string("one")])
  }

  /// One drawing of the number for all branches: without it, a quarter of the rows has no branch.
  @Test func caseEvaluatesARandomSubjectOnce() throws {
    let database = try Database.temporary()
    let result = try database.query(
      """
      UNWIND range(1, 500) AS i
      WITH CASE rand() WHEN < 0.5 THEN 1 WHEN >= 0.5 THEN 2 END AS half
      RETURN count(*) - count(half) AS missing, count(DISTINCT half) AS halves
      """)
    #expect(result.rows == [[.integer(0), .integer(2)]])
  }

  @Test func plansOfSubqueryExpressionsAreShown() throws {
    let database = try Database.temporary()
    try database.query("CREATE (:A {i: 1})-[:R]->(:B)")
    let plan = try database.query(
      "EXPLAIN MATCH (n:A) RETURN n.i = 2 OR COUNT { (n)-[:R]->(:B) } > 1, [(n)-->(y) | y.i] AS z"
    ).plan
    #expect(plan?.contains("| +Expand(All)") == true && plan?.contains("(n)-->(y)") == true)
    #expect(plan?.contains("(n)-[:R]->") == true)
    let profile = try database.query("PROFILE MATCH (n:A) RETURN [(n)-->(y) | y.i] AS z").plan
    #expect(profile?.contains("(n)-->(y)") == true)
  }

  /// In another zone the year can be one that no text can say.
  @Test func movedTimesStayInTheCalendar() throws {
    let last = "datetime('+999999999-12-31T23:59:59Z')"
    let database = try Database.temporary()
    let error = #expect(throws: QueryError.self) {
      try database.query("RETURN datetime({datetime: \(last), timezone: '+18:00'}) AS x")
    }
    #expect(error?.message.contains("out of range") == true)
    #expect(try database.query("RETURN datetime({datetime: \(last)}) AS x").count == 1)
  }

  @Test func finishFilterAndLet() throws {
    let database = try Database.temporary()
    let created = try database.query("UNWIND [1, 2, 3] AS x CREATE (:A {x: x}) FINISH")
    #expect(created.columns.isEmpty && created.counters.nodesCreated == 3)
    #expect(try database.query("MATCH (a:A) FINISH").isEmpty)
    let result = try database.query(
      "MATCH (a:A) FILTER a.x > 1 LET y = a.x * 2, z = 1 FILTER WHERE y < 6 RETURN a.x, y, z")
    #expect(result.rows == [[.integer(2), .integer(4), .integer(1)]])
    // The words stay names.
    #expect(try database.query("WITH 1 AS filter, 2 AS let RETURN filter + let").count == 1)
    #expect(throws: QueryError.self) { try database.query("FINISH RETURN 1") }
  }

  @Test(arguments: [
    "CYPHER 5 RETURN 1 AS x", "CYPHER runtime = parallel RETURN 1 AS x",
    "CYPHER 25 planner=cost EXPLAIN RETURN 1 AS x",
    "MATCH DIFFERENT RELATIONSHIPS (a) RETURN count(a) AS x", "RETURN 1 AS cypher",
  ])
  func acceptsWordsOfNeo4j(_ text: String) throws {
    _ = try Database.temporary().query(text)
  }

  // MARK: Errors

  @Test(arguments: [
    ("RETURN toUpper(1 + 1)", "toUpper(1 + 1)"), ("UNWIND [0] AS x RETURN 7 / x + 1", "7 / x"),
    ("RETURN [1, 2]['a' + 'b']", "[1, 2]['a' + 'b']"), ("RETURN date('never')", "date('never')"),
    ("UNWIND [9223372036854775807] AS x RETURN 2 * x", "2 * x"),
    // The first of two.
    ("UNWIND [0] AS x RETURN 1 / x + 2 / x", "1 / x"),
  ])
  func errorsAtRunTimeHaveAPlace(_ text: String, place: String) throws {
    let database = try Database.temporary()
    let error = try #require(throws: QueryError.self) { try database.query(text) }
    let range = try #require(error.range)
    #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == place)
    #expect(QueryText.explain(error, in: text).contains("code: Neo.ClientError.Statement."))
  }

  // MARK: Warnings

  @Test(arguments: [
    ("MATCH (a), (b) RETURN 1", "CartesianProduct"),
    ("MATCH (a), (b), (b)-->(c) RETURN 1", "CartesianProduct"),
    ("OPTIONAL MATCH (a)-->(x), (b)-->(y) WHERE a.x = x.x RETURN 1", "CartesianProduct"),
    ("MATCH (a) CALL { WITH a RETURN 1 AS y } RETURN y", "FeatureDeprecationWarning"),
    ("MATCH (a)-[:R|:R]->() RETURN 1", "FeatureDeprecationWarning"),
    ("MATCH (a) RETURN exists(a.x)", "FeatureDeprecationWarning"),
    ("MATCH (a:Aa) RETURN 1", "UnknownLabelWarning"),
    ("MATCH (a)-[:Q]->() RETURN 1", "UnknownRelationshipTypeWarning"),
    ("MATCH (a) RETURN a.zz", "UnknownPropertyKeyWarning"),
  ])
  func warnings(_ text: String, code: String) throws {
    let database = try Database.temporary()
    _ = try database.query("CREATE (:A {x: 1})-[:R]->(:B)")
    for _ in 0..<2 {
      let notices = try database.query(text).notices
      #expect(notices.map(\.code) == ["Neo.ClientNotification.Statement.\(code)"])
    }
  }

  @Test(arguments: [
    "MATCH (a), (b) WHERE a.x = b.x RETURN 1", "MATCH (a {x: 1}), (b {x: 2}) RETURN 1",
    "MATCH (a {x: 1}), (b) RETURN 1", "MATCH (a)-->(b), (c)<--(a) RETURN 1",
    "MATCH (a) MATCH (a), (b) RETURN 1", "MATCH (a)-->(b), p = (b)<--(c) RETURN p",
    "MATCH (a), (b) WHERE (a)-->(b) RETURN 1",
  ])
  func noWarning(_ text: String) throws {
    let database = try Database.temporary()
    _ = try database.query("CREATE (:A {x: 1})-[:R]->(:B)")
    #expect(try database.query(text).notices.isEmpty)
  }

  // MARK: Introspection

  @Test func profileShowsTimeAndMemoryOfEachOperator() throws {
    let database = try Database.temporary()
    let plan = try #require(
      try database.query(
        "PROFILE UNWIND range(1, 50000) AS x WITH DISTINCT x % 20000 AS y RETURN count(y)"
      ).plan)
    let lines = plan.split(separator: "\n")
    #expect(lines[0].hasSuffix("Time (ms)  Memory") || lines[0].contains("Memory"))
    let distinct = try #require(lines.first { $0.contains("+Distinct") })
    #expect(distinct.contains("20000") && distinct.hasSuffix("B"))
    #expect(lines.last?.hasPrefix("Total: ") == true)
    #expect(lines.allSatisfy { $0.count <= 110 })
  }

  @Test func schemaIsFoundInTheData() throws {
    let database = try Database.temporary()
    _ = try database.query(
      """
      CREATE (:A {x: 1, s: 'a'}), (:A {x: 1.5}), (:A:`B b` {d: date('2026-01-01'), l: ['x']}),
        (:C)-[:R {w: true}]->(:A {x: 2, s: 'b'})-[:S]->(:C)
      """)
    let nodes = try database.query(
      "CALL db.schema.nodeTypeProperties() YIELD nodeType, propertyName, propertyTypes, mandatory")
    #expect(
      nodes.rows.map { $0.map { $0.text(.literal) }.joined(separator: " ") } == [
        "':`A`' 's' ['String'] false", "':`A`' 'x' ['Double', 'Long'] true",
        "':`A`:`B b`' 'd' ['Date'] true", "':`A`:`B b`' 'l' ['StringArray'] true",
        "':`C`' null null false",
      ])
    let relationships = try database.query("CALL db.schema.relTypeProperties()")
    #expect(
      relationships.rows.map { $0.map { $0.text(.literal) }.joined(separator: " ") } == [
        "':`R`' 'w' ['Boolean'] true", "':`S`' null null false",
      ])
    let graph = try database.query(
      """
      CALL db.schema.visualization() YIELD relationships UNWIND relationships AS r
      RETURN r.start, r.name, r.end, r.count
      """)
    #expect(
      graph.rows == [
        [.string("C"), .string("R"), .string("A"), .integer(1)],
        [.string("A"), .string("S"), .string("C"), .integer(1)],
      ])
  }
}
