import TestSupport
import Testing
import Tropa

@Suite struct DatabaseTests {
  private func shop() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      CREATE (a:Client {id: 1, name: 'Анна', city: 'Казань'}), (b:Client {id: 2, name: 'Борис'}),
        (p:Product {id: 10, title: 'Чай', price: 250.5}),
        (a)-[:PURCHASED {at: localdatetime('2026-01-05T10:00'), amount: 501.0}]->(p),
        (b)-[:PURCHASED {at: localdatetime('2026-02-01T12:30'), amount: 250.5}]->(p),
        (a)-[:FOLLOWS]->(b)
      """)
    return database
  }

  @Test func rowsAndTypedColumns() throws {
    let result = try shop().query(
      """
      MATCH (c:Client)-[p:PURCHASED]->(:Product)
      RETURN c.id AS id, c.name AS name, p.amount AS amount, c.city AS city ORDER BY id
      """)
    #expect(result.columns == ["id", "name", "amount", "city"])
    #expect(result.count == 2)
    #expect(result[0]["name"] == .string("Анна"))
    #expect(result[1]["city"] == .null)
    #expect(try result.integers("id") == [1, 2])
    #expect(try result.strings("name") == ["Анна", "Борис"])
    #expect(try result.floats("amount") == [501.0, 250.5])
  }

  @Test func columnMistakesNameColumnAndRow() throws {
    let result = try shop().query("MATCH (c:Client) RETURN c.id AS id, c.city AS city ORDER BY id")
    let missing = #expect(throws: QueryError.self) { try result.integers("ids") }
    #expect(missing?.hint == "did you mean `id`?")
    let null = #expect(throws: QueryError.self) { try result.strings("city") }
    #expect(null?.message.contains("row 2") == true)
  }

  @Test func entitiesComeWithLabelsTypesAndProperties() throws {
    let row = try #require(
      try shop().query("MATCH p = (c:Client {id: 1})-[f:FOLLOWS]->() RETURN c, f, p").first)
    guard case .node(let client) = row["c"], case .relationship(let follows) = row["f"],
      case .path(let path) = row["p"]
    else {
      Issue.record("not a node, a relationship and a path: \(row.values)")
      return
    }
    #expect(client.labels == ["Client"])
    #expect(client.properties["city"] == .string("Казань"))
    #expect(follows.type == "FOLLOWS" && follows.start == client.id)
    #expect(path.nodes.count == 2 && path.relationships.count == 1)
    #expect(path.nodes[1].properties["name"] == .string("Борис"))
  }

  @Test func countersSayWhatChanged() throws {
    let database = try shop()
    let result = try database.query("MATCH (c:Client) SET c.seen = true")
    #expect(result.counters.propertiesSet == 2)
    #expect(result.counters.sentences.contains("2 properties set"))
    #expect(result.isEmpty)
    let deleted = try database.query("MATCH (p:Product) DETACH DELETE p")
    #expect(deleted.counters.nodesDeleted == 1 && deleted.counters.relationshipsDeleted == 2)
  }

  @Test func aFailedStatementChangesNothing() throws {
    let database = try shop()
    #expect(throws: QueryError.self) {
      try database.query("MATCH (c:Client) SET c.seen = 1 WITH c RETURN 1 / (c.id - c.id)")
    }
    #expect(try database.query("MATCH (c) WHERE c.seen IS NOT NULL RETURN c").isEmpty)
  }

  @Test func transactionsCommitAndRollBack() throws {
    let database = try shop()
    let connection = database.connect()
    try connection.begin()
    try connection.query("CREATE (:Client {id: 3})")
    #expect(try connection.query("MATCH (c:Client) RETURN c").count == 3)
    #expect(try database.query("MATCH (c:Client) RETURN c").count == 2)
    try connection.rollback()
    #expect(try database.query("MATCH (c:Client) RETURN c").count == 2)
    _ = try connection.transaction { try $0.query("CREATE (:Client {id: 4})") }
    #expect(try database.query("MATCH (c:Client) RETURN c").count == 3)
    #expect(throws: QueryError.self) { try connection.commit() }
  }

  @Test func aTransactionWithAFailedStatementCanOnlyBeRolledBack() throws {
    let database = try shop()
    let connection = database.connect()
    try connection.begin()
    try connection.query("CREATE (:Client {id: 3})")
    #expect(throws: QueryError.self) { try connection.query("RETURN 1 / 0") }
    #expect(throws: QueryError.self) { try connection.query("RETURN 1") }
    #expect(throws: QueryError.self) { try connection.commit() }
    #expect(try database.query("MATCH (c:Client) RETURN c").count == 2)
  }

  @Test func aStreamSeesTheStateOfItsBeginning() throws {
    let database = try Database.temporary()
    try database.query("UNWIND range(1, 10000) AS i CREATE (:N {i: i})")
    let cursor = try database.connect().stream("MATCH (n:N) RETURN n.i AS i")
    let first = try #require(try cursor.nextRow())
    #expect(first["i"] == .integer(1))
    try database.query("MATCH (n:N) DELETE n")
    var count = 1
    while try cursor.nextRow() != nil { count += 1 }
    #expect(count == 10000)
    #expect(try database.query("MATCH (n) RETURN n").isEmpty)
  }

  @Test func parametersOfEveryKindComeBack() throws {
    let database = try Database.temporary()
    let values: [Value] = [
      .null, .boolean(true), .integer(7), .float(1.5), .string("да"), .list([.integer(1), .null]),
      .map(["a": .string("b")]), .date(LocalDate(days: 20000)),
      .duration(CalendarDuration(months: 1, days: 2, seconds: 3)),
      .point(Point(srid: 4326, x: 37.6, y: 55.7)),
    ]
    for value in values {
      #expect(try database.query("RETURN $x AS x", parameters: ["x": value]).first?["x"] == value)
    }
    let missing = #expect(throws: QueryError.self) { try database.query("RETURN $y") }
    #expect(missing?.kind == .parameterMissing)
  }

  @Test func filesAreReopenedAndMissingOnesAreNotMade() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("магазин с пробелом.tropa").path
      var options = DatabaseOptions()
      options.createIfMissing = false
      let error = #expect(throws: QueryError.self) { try Database.open(path, options: options) }
      #expect(error?.kind == .storage)
      try Database.open(path).query("CREATE (:Client {name: 'Анна'})")
      let again = try Database.open(path)
      #expect(
        try again.query("MATCH (c:Client) RETURN c.name AS name").strings("name") == ["Анна"])
      #expect(try again.info().nodes == 1)
    }
  }

  @Test func timeoutsAndCancellationEndAStatement() throws {
    let database = try Database.temporary()
    let slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b) AS s"
    let error = #expect(throws: QueryError.self) {
      try database.query(slow, options: QueryOptions(timeout: .milliseconds(50)))
    }
    #expect(error?.kind == .timeout)
  }

  @Test func explainAndProfileGiveAPlan() throws {
    let database = try shop()
    let explained = try database.query("EXPLAIN MATCH (c:Client) RETURN c.name")
    #expect(explained.isEmpty && explained.plan?.contains("NodeByLabelScan") == true)
    let profiled = try database.query("PROFILE MATCH (c:Client) RETURN c.name")
    #expect(profiled.count == 2 && profiled.plan != nil)
  }

  @Test func namesThatNothingHasAreNoticed() throws {
    let database = try shop()
    let result = try database.query("MATCH (c:Clent) WHERE c.nmae = 'x' RETURN c")
    #expect(result.isEmpty && result.notices.count == 2)
    let text = "MATCH (c:Clent) RETURN c"
    let notice = try #require(try database.query(text).notices.first)
    #expect(
      QueryText.explain(notice, in: text)
        == "warning: no node has the label `Clent` (line 1, column 10); did you mean `Client`?")
    try database.query("CREATE (:Clent)")
    #expect(try database.query(text).notices.isEmpty)
  }

  @Test func plansOfTextsThatOnlySwiftHoldsEqualAreDifferent() throws {
    let database = try Database.temporary()
    #expect(try database.query("RETURN size('\u{439}') AS n").integers("n") == [1])
    #expect(try database.query("RETURN size('\u{438}\u{306}') AS n").integers("n") == [2])
  }

  @Test func readOnlyStatementsAreKeptFromWriting() throws {
    let database = try shop()
    var options = QueryOptions()
    options.isReadOnly = true
    let error = try #require(throws: QueryError.self) {
      try database.query("MATCH (c:Client) SET c.x = 1", options: options)
    }
    #expect(error.detail == "ReadOnlyStatement")
    #expect(try database.query("MATCH (c:Client) RETURN c", options: options).count == 2)
  }
}
