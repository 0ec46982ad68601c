import Testing
import Tropa

@Suite struct FullTextTests {
  private func shop() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      CREATE (:Review {text: 'Отличный чайник, быстро закипает'}),
        (:Review {text: 'Чайники плохие: долго закипают'}),
        (:Product {title: 'Чайник электрический', text: 'Объём 1,7 л'}),
        (:Other {text: 'чайник'}),
        (:Client {id: 1})-[:WROTE {comment: 'Great phones, thanks'}]->(:Review {text: 'ok'})
      """)
    try database.query(
      "CREATE FULLTEXT INDEX texts FOR (n:Review|Product) ON EACH [n.text, n.title]")
    try database.query(
      """
      CREATE FULLTEXT INDEX comments FOR ()-[r:WROTE]-() ON EACH [r.comment]
      OPTIONS {indexConfig: {`fulltext.analyzer`: 'english'}}
      """)
    return database
  }

  private func texts(_ database: Database, _ query: String) throws -> [String] {
    try database.query(
      """
      CALL db.index.fulltext.queryNodes('texts', $query) YIELD node, score
      RETURN coalesce(node.title, node.text) AS text ORDER BY text
      """, parameters: ["query": .string(query)]
    ).strings("text")
  }

  @Test func nodes() throws {
    let database = try shop()
    #expect(try texts(database, "чайника").count == 3)
    #expect(try texts(database, "title:чайника") == ["Чайник электрический"])
    #expect(
      try texts(database, "+чайник -плохой") == [
        "Отличный чайник, быстро закипает", "Чайник электрический",
      ])
    let scores = try database.query(
      "CALL db.index.fulltext.queryNodes('texts', 'чайник закипать') YIELD score RETURN score"
    ).floats("score")
    #expect(scores.count == 3 && scores == scores.sorted(by: >) && scores[2] > 0)
    let page = try database.query(
      "CALL db.index.fulltext.queryNodes('texts', 'чайник', {skip: 1, limit: 1}) YIELD node "
        + "RETURN node")
    #expect(page.count == 1)
    #expect(
      try database.query(
        "CALL db.index.fulltext.queryNodes('texts', 'чайники', {analyzer: 'standard'}) YIELD node "
          + "RETURN node"
      ).count == 0)
  }

  @Test func relationships() throws {
    let database = try shop()
    let found = try database.query(
      """
      CALL db.index.fulltext.queryRelationships('comments', 'phone') YIELD relationship AS r, score
      RETURN type(r) AS type, startNode(r).id AS id, r.comment AS comment, score > 0 AS isGood
      """)
    #expect(found.first?["type"] == .string("WROTE"))
    #expect(found.first?["id"] == .integer(1))
    #expect(found.first?["comment"] == .string("Great phones, thanks"))
    #expect(found.first?["isGood"] == .boolean(true))
  }

  @Test func transactionsFindTheirChanges() throws {
    let database = try shop()
    let connection = database.connect()
    let count =
      "CALL db.index.fulltext.queryNodes('texts', 'самовар') YIELD node RETURN count(*) AS n"
    try connection.begin()
    try connection.query("CREATE (:Review {text: 'Самовары не чайники'})")
    #expect(try connection.query(count).first?["n"] == .integer(1))
    #expect(try database.query(count).first?["n"] == .integer(0))
    try connection.query("MATCH (n:Product) SET n.title = 'Самовар'")
    #expect(try connection.query(count).first?["n"] == .integer(2))
    try connection.commit()
    #expect(try database.query(count).first?["n"] == .integer(2))
    try database.query("MATCH (n:Product) REMOVE n:Product")
    try database.query("MATCH (n:Review) WHERE n.text STARTS WITH 'Самовар' DELETE n")
    #expect(try database.query(count).first?["n"] == .integer(0))
  }

  @Test func errors() throws {
    let database = try shop()
    func error(_ arguments: String) -> QueryError? {
      #expect(throws: QueryError.self) {
        try database.query("CALL db.index.fulltext.queryNodes(\(arguments)) YIELD node RETURN node")
      }
    }
    let syntax = error("'texts', 'чайник \"плохой'")
    #expect(syntax?.kind == .argumentError && syntax?.detail == "InvalidFullTextQuery")
    #expect(syntax?.message.contains("column 8:") == true)
    #expect(error("'text', 'a'")?.hint == "did you mean `texts`?")
    #expect(error("'comments', 'a'")?.message.contains("not a full-text index of nodes") == true)
    #expect(error("'texts', 'a', {limt: 1}")?.hint == "did you mean `limit`?")
    #expect(error("'texts', 'a', {limit: -1}")?.detail == "NumberOutOfRange")
    #expect(error("'texts', 'a', {analyzer: 'greek'}")?.hint?.contains("russian-english") == true)
    let analyzer = #expect(throws: QueryError.self) {
      try database.query(
        """
        CREATE FULLTEXT INDEX other FOR (n:Review) ON EACH [n.title]
        OPTIONS {indexConfig: {`fulltext.analyzer`: 'greek'}}
        """)
    }
    #expect(analyzer?.message.contains("'greek'") == true)
  }

  @Test func lists() throws {
    let database = try shop()
    let analyzers = try database.query(
      "CALL db.index.fulltext.listAvailableAnalyzers() YIELD analyzer, description, stopwords "
        + "RETURN analyzer, size(stopwords) AS n")
    #expect(analyzers.count == 10)
    #expect(
      try database.query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()").count
        == 0)
  }
}
