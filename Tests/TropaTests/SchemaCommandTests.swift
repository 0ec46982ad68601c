import GraphTypes
import Testing
import Tropa

/// CREATE, SHOW and DROP of indexes and constraints, and what they do to statements.
@Suite struct SchemaCommandTests {
  private func database() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      UNWIND range(1, 1000) AS i
      CREATE (:Client {id: i, name: 'имя ' + i, city: ['Казань', 'Омск'][i % 2]})
      """)
    return database
  }

  private func failure(
    _ database: Database, _ text: String, parameters: [String: Value] = [:]
  ) throws -> QueryError {
    do {
      try database.query(text, parameters: parameters)
    } catch {
      return error
    }
    throw QueryError(.semanticError, "NoFailure", "`\(text)` was to fail")
  }

  private func plan(_ connection: Connection, _ text: String) throws -> String {
    try connection.query("EXPLAIN \(text)").plan ?? ""
  }

  private func plan(_ database: Database, _ text: String) throws -> String {
    try plan(database.connect(), text)
  }

  @Test func indexesAreMadeShownAndDropped() throws {
    let database = try database()
    let made = try database.query("CREATE INDEX client_id FOR (n:Client) ON (n.id)")
    #expect(made.counters.named.map(\.name) == ["indexes-added"])
    #expect(made.counters.sentences == ["1 index added"])
    try database.query("CALL db.awaitIndexes(60)")
    let hints = "MATCH (c:Client) USING INDEX c:Client(id) USING SCAN c:Client WHERE c.id = 1"
    #expect(try failure(database, "\(hints) RETURN c").message.contains("two hints"))
    try database.query("CALL db.awaitIndex('client_id')")
    #expect(try failure(database, "CALL db.awaitIndex('other')").detail == "IndexNotFound")
    try database.query("CREATE INDEX FOR (n:Client) ON (n.city, n.name)")
    try database.query("CREATE INDEX FOR ()-[r:PURCHASED]-() ON (r.at)")
    let shown = try database.query(
      """
      SHOW INDEXES YIELD name, state, populationPercent, type, entityType, labelsOrTypes, \
      properties, createStatement WHERE entityType = 'NODE' RETURN * ORDER BY size(properties)
      """)
    #expect(shown.count == 2)
    #expect(
      shown[0].values == [
        .string("CREATE RANGE INDEX client_id FOR (n:Client) ON (n.id)"), .string("NODE"),
        .list([.string("Client")]), .string("client_id"), .float(100),
        .list([.string("id")]), .string("ONLINE"), .string("RANGE"),
      ])
    // Made from what the index is for, so that it is the same in every database.
    let name = try #require(shown[1]["name"].text)
    #expect(name.hasPrefix("index_") && name.utf8.count == 14)
    let other = try Database.temporary()
    try other.query("CREATE INDEX FOR (x:Client) ON (x.city, x.name)")
    #expect(try other.query("SHOW INDEXES")[0]["name"] == .string(name))
    #expect(try database.query("SHOW RANGE INDEXES").count == 3)
    #expect(try database.query("SHOW FULLTEXT INDEXES").isEmpty)

    let dropped = try database.query("DROP INDEX $name", parameters: ["name": .string(name)])
    #expect(dropped.counters.indexesRemoved == 1)
    #expect(try database.query("SHOW INDEXES").count == 2)
  }

  @Test func whatIsShownMakesTheSameAgain() throws {
    let database = try database()
    for text in [
      "CREATE INDEX FOR (n:Client) ON (n.city, n.`номер дома`)",
      "CREATE INDEX `b c` FOR ()-[r:PURCHASED]-() ON (r.at)",
      "CREATE FULLTEXT INDEX words FOR (n:Client|Shop) ON EACH [n.name, n.note]",
      "CREATE CONSTRAINT FOR (n:Client) REQUIRE n.id IS UNIQUE",
      "CREATE CONSTRAINT FOR (n:Client) REQUIRE (n.a, n.b) IS UNIQUE",
      "CREATE CONSTRAINT FOR ()-[r:PURCHASED]-() REQUIRE r.at IS NOT NULL",
      "CREATE CONSTRAINT FOR (n:Shop) REQUIRE n.id IS NODE KEY",
      "CREATE CONSTRAINT FOR (n:Shop) REQUIRE n.tags IS :: LIST<STRING NOT NULL>",
    ] {
      try database.query(text)
    }
    func statements(_ database: Database) throws -> [String] {
      try [
        "INDEXES YIELD createStatement, owningConstraint WHERE owningConstraint IS NULL",
        "CONSTRAINTS YIELD createStatement",
      ]
      .flatMap {
        try database.query("SHOW \($0) RETURN createStatement").strings("createStatement")
      }
    }
    let shown = try statements(database)
    #expect(shown.count == 8)
    let again = try Database.temporary()
    for text in shown { try again.query(text) }
    #expect(try statements(again) == shown)
    #expect(
      try database.query("SHOW INDEXES").count == again.query("SHOW INDEXES").count)
  }

  /// The filters of Neo4j 5's manual, with the types that they show.
  @Test func everyFilterOfShow() throws {
    let database = try database()
    for text in [
      "CREATE INDEX ri FOR (n:Client) ON (n.a)",
      "CREATE FULLTEXT INDEX fi FOR (n:Client) ON EACH [n.name]",
      "CREATE CONSTRAINT nu FOR (n:Client) REQUIRE n.id IS UNIQUE",
      "CREATE CONSTRAINT ru FOR ()-[r:R]-() REQUIRE r.id IS UNIQUE",
      "CREATE CONSTRAINT nk FOR (n:Shop) REQUIRE n.id IS NODE KEY",
      "CREATE CONSTRAINT rk FOR ()-[r:R]-() REQUIRE r.key IS RELATIONSHIP KEY",
      "CREATE CONSTRAINT ne FOR (n:Client) REQUIRE n.id IS NOT NULL",
      "CREATE CONSTRAINT re FOR ()-[r:R]-() REQUIRE r.at IS NOT NULL",
      "CREATE CONSTRAINT nt FOR (n:Client) REQUIRE n.id IS :: INTEGER",
      "CREATE CONSTRAINT rt FOR ()-[r:R]-() REQUIRE r.n IS :: INTEGER",
    ] {
      try database.query(text)
    }
    func names(_ what: String) throws -> String {
      try database.query("SHOW \(what) YIELD name ORDER BY name").strings("name")
        .joined(separator: " ")
    }
    let all = "ne nk nt nu re rk rt ru"
    for (filters, expected) in [
      ("INDEX|INDEXES|ALL INDEX|ALL INDEXES", "fi nk nu ri rk ru"),
      ("RANGE INDEX|RANGE INDEXES", "nk nu ri rk ru"), ("FULLTEXT INDEX|FULLTEXT INDEXES", "fi"),
      ("TEXT INDEXES|POINT INDEXES|LOOKUP INDEXES|VECTOR INDEXES|VECTOR INDEX", ""),
      ("CONSTRAINT|CONSTRAINTS|ALL CONSTRAINTS|ALL CONSTRAINT", all),
      ("UNIQUE CONSTRAINTS|UNIQUENESS CONSTRAINT|PROPERTY UNIQUENESS CONSTRAINTS", "nu ru"),
      ("NODE UNIQUE CONSTRAINTS|NODE UNIQUENESS CONSTRAINT|NODE PROPERTY UNIQUE CONSTRAINTS", "nu"),
      (
        "REL UNIQUE CONSTRAINTS|RELATIONSHIP UNIQUENESS CONSTRAINTS|REL UNIQUENESS CONSTRAINT", "ru"
      ),
      ("KEY CONSTRAINTS|KEY CONSTRAINT", "nk rk"), ("NODE KEY CONSTRAINTS", "nk"),
      ("REL KEY CONSTRAINTS|RELATIONSHIP KEY CONSTRAINT", "rk"),
      (
        "EXIST CONSTRAINTS|EXISTENCE CONSTRAINTS|PROPERTY EXIST CONSTRAINTS"
          + "|PROPERTY EXISTENCE CONSTRAINT", "ne re"
      ),
      (
        "NODE EXIST CONSTRAINTS|NODE EXISTENCE CONSTRAINT|NODE PROPERTY EXIST CONSTRAINTS"
          + "|NODE PROPERTY EXISTENCE CONSTRAINTS", "ne"
      ),
      (
        "REL EXIST CONSTRAINTS|RELATIONSHIP EXISTENCE CONSTRAINTS|REL PROPERTY EXIST CONSTRAINTS"
          + "|RELATIONSHIP PROPERTY EXISTENCE CONSTRAINTS", "re"
      ),
      ("PROPERTY TYPE CONSTRAINTS", "nt rt"), ("NODE PROPERTY TYPE CONSTRAINT", "nt"),
      ("REL PROPERTY TYPE CONSTRAINTS|RELATIONSHIP PROPERTY TYPE CONSTRAINTS", "rt"),
    ] {
      for filter in filters.split(separator: "|") {
        #expect(try names(String(filter)) == expected, "\(filter)")
      }
    }
    for wrong in [
      "NODE CONSTRAINTS", "ALL UNIQUE CONSTRAINTS", "RANGE CONSTRAINTS", "NODE INDEXES",
      "PROPERTY CONSTRAINTS", "VECTOR CONSTRAINTS", "UNIQUE INDEXES", "NODE TYPE CONSTRAINTS",
    ] {
      #expect(try failure(database, "SHOW \(wrong)").kind == .syntaxError, "\(wrong)")
    }
    // What is written out again is read again, and shows the same.
    for text in [
      "SHOW NODE KEY CONSTRAINTS", "SHOW RELATIONSHIP PROPERTY TYPE CONSTRAINTS",
      "SHOW VECTOR INDEXES",
    ] {
      #expect(try plan(database, text).isEmpty == false)
    }
  }

  @Test func rowsOfShowAreARows() throws {
    let database = try database()
    try database.query("CREATE INDEX b FOR (n:Client) ON (n.b)")
    try database.query("CREATE INDEX a FOR (n:Client) ON (n.a)")
    try database.query("CREATE CONSTRAINT c FOR (n:Client) REQUIRE n.id IS NODE KEY")
    func rows(_ text: String) throws -> [[Value]] { try database.query(text).map(\.values) }
    #expect(
      try database.query("SHOW INDEXES").columns == [
        "id", "name", "state", "populationPercent", "type", "entityType", "labelsOrTypes",
        "properties", "indexProvider", "owningConstraint", "lastRead", "readCount",
      ])
    #expect(
      try database.query("SHOW CONSTRAINTS").columns == [
        "id", "name", "type", "entityType", "labelsOrTypes", "properties", "ownedIndex",
        "propertyType",
      ])
    #expect(
      try database.query("SHOW INDEXES YIELD *").columns.suffix(4)
        == ["trackedSince", "options", "failureMessage", "createStatement"])
    #expect(
      try database.query("SHOW NODE KEY CONSTRAINTS YIELD *").columns.suffix(2)
        == ["options", "createStatement"])
    #expect(
      try rows("SHOW INDEXES YIELD name AS n, type ORDER BY n DESC SKIP 1 LIMIT 1")
        == [[.string("b"), .string("RANGE")]])
    #expect(
      try rows(
        "SHOW INDEXES YIELD name, owningConstraint AS o WHERE o IS NULL RETURN count(*) AS n")
        == [[.integer(2)]])
    #expect(
      try rows("SHOW RANGE INDEXES YIELD name RETURN name ORDER BY name SKIP 2")
        == [[.string("c")]])
    #expect(try database.query("SHOW ALL INDEXES WHERE name IN ['a', 'c']").count == 2)
    #expect(
      try rows("SHOW KEY CONSTRAINTS YIELD name, type WHERE type = 'NODE_KEY' RETURN collect(name)")
        == [[.list([.string("c")])]])
  }

  /// Statements of Neo4j for kinds that are not kept apart here do not fail, and say what they did.
  @Test func kindsThatAreKeptAsOthers() throws {
    let database = try database()
    func notices(_ text: String) throws -> [String] {
      try database.query(text).notices.map(\.message)
    }
    for text in [
      "CREATE LOOKUP INDEX l FOR (n) ON EACH labels(n)",
      "CREATE LOOKUP INDEX l IF NOT EXISTS FOR (n) ON EACH labels(n)",
      "CREATE LOOKUP INDEX FOR ()-[r]-() ON EACH type(r)",
    ] {
      #expect(try notices(text).first?.contains("nothing was created") == true)
    }
    #expect(try database.query("SHOW INDEXES").isEmpty)
    let point = try notices(
      """
      CREATE POINT INDEX p FOR (n:Client) ON (n.at)
      OPTIONS {indexConfig: {`spatial.cartesian.min`: [-100.0, -100.0]}}
      """)
    #expect(point == ["point index `p` is kept as a range index"])
    #expect(
      try database.query("SHOW INDEXES YIELD name, type")[0].values
        == [.string("p"), .string("RANGE")])
    try database.query("MATCH (c:Client {id: 7}) SET c.at = point({x: 1, y: 2})")
    #expect(
      try plan(database, "MATCH (c:Client {at: point({x: 1, y: 2})}) RETURN c").contains(
        "IndexSeek"))
    #expect(try database.query("MATCH (c:Client {at: point({x: 1, y: 2})}) RETURN c").count == 1)
    // Another one over the same: scripts have a range and a text index side by side.
    #expect(
      try notices("CREATE TEXT INDEX t FOR (n:Client) ON (n.at)").first?.contains("`p`") == true)
    #expect(try database.query("SHOW INDEXES").count == 1)
    #expect(
      try failure(
        database, "CREATE INDEX FOR (n:Client) ON (n.x) OPTIONS {indexConfig: {`spatial.x`: [1]}}"
      ).detail == "InvalidOption")
    #expect(
      try failure(database, "CREATE VECTOR INDEX v FOR (n:A) ON (n.p)").message.contains("vector"))
  }

  @Test func whatIsThereAlreadyIsAnErrorOrANotice() throws {
    let database = try database()
    try database.query("CREATE INDEX a FOR (n:Client) ON (n.id)")
    try database.query("CREATE CONSTRAINT c FOR (n:Client) REQUIRE n.name IS UNIQUE")
    for (text, detail) in [
      ("CREATE INDEX a FOR (n:Client) ON (n.id)", "EquivalentSchemaRuleAlreadyExists"),
      ("CREATE INDEX b FOR (n:Client) ON (n.id)", "IndexAlreadyExists"),
      ("CREATE INDEX a FOR (n:Client) ON (n.city)", "IndexWithNameAlreadyExists"),
      ("CREATE INDEX c FOR (n:Client) ON (n.city)", "ConstraintWithNameAlreadyExists"),
      ("CREATE INDEX FOR (n:Client) ON (n.name)", "ConstraintAlreadyExists"),
      (
        "CREATE CONSTRAINT c FOR (n:Client) REQUIRE n.name IS UNIQUE",
        "EquivalentSchemaRuleAlreadyExists"
      ),
      (
        "CREATE CONSTRAINT d FOR (n:Client) REQUIRE n.name IS UNIQUE", "ConstraintAlreadyExists"
      ),
      ("CREATE CONSTRAINT d FOR (n:Client) REQUIRE n.name IS KEY", "ConstraintAlreadyExists"),
      ("CREATE CONSTRAINT d FOR (n:Client) REQUIRE n.id IS UNIQUE", "IndexAlreadyExists"),
      ("DROP INDEX c", "IndexDropFailed"), ("DROP INDEX nothing", "IndexDropFailed"),
      ("DROP CONSTRAINT nothing", "ConstraintDropFailed"),
    ] {
      let error = try failure(database, text)
      #expect(error.kind == .schemaError && error.detail == detail, "\(text): \(error)")
    }
    for text in [
      "CREATE INDEX a IF NOT EXISTS FOR (n:Client) ON (n.id)",
      "CREATE INDEX b IF NOT EXISTS FOR (n:Client) ON (n.id)",
      "CREATE INDEX a IF NOT EXISTS FOR (n:Client) ON (n.city)",
      "CREATE CONSTRAINT d IF NOT EXISTS FOR (n:Client) REQUIRE n.name IS UNIQUE",
      "DROP INDEX nothing IF EXISTS", "DROP CONSTRAINT nothing IF EXISTS",
    ] {
      let result = try database.query(text)
      #expect(result.notices.count == 1 && result.counters.named.isEmpty, "\(text)")
    }
    #expect(try database.query("SHOW INDEXES").count == 2)
  }

  @Test func plansFollowTheIndexes() throws {
    let database = try database()
    let query = "MATCH (c:Client {id: 7}) RETURN c.name AS name"
    #expect(try !plan(database, query).contains("Index"))
    try database.query("CREATE INDEX FOR (n:Client) ON (n.id)")
    #expect(try plan(database, query).contains("NodeIndexSeek"))
    #expect(try database.query(query).rows == [[.string("имя 7")]])
    let name = try database.query("SHOW INDEXES YIELD name")[0][0].text ?? ""
    try database.query("DROP INDEX \(name)")
    #expect(try !plan(database, query).contains("Index"))
    try database.query("CREATE CONSTRAINT FOR (n:Client) REQUIRE n.id IS UNIQUE")
    #expect(try plan(database, query).contains("NodeUniqueIndexSeek"))
    #expect(try database.query(query).rows == [[.string("имя 7")]])
  }

  @Test func aTransactionSeesItsOwnIndexes() throws {
    let database = try database()
    let connection = database.connect()
    let query = "MATCH (c:Client {id: 2000}) RETURN c.name AS name"
    for _ in 0..<2 {
      try connection.begin()
      try connection.query("CREATE INDEX FOR (n:Client) ON (n.id)")
      #expect(try plan(connection, query).contains("NodeIndexSeek"))
      #expect(try connection.query(query).isEmpty)
      try connection.query("CREATE (:Client {id: 2000, name: 'новый'})")
      #expect(try connection.query(query).rows == [[.string("новый")]])
      try connection.query("MATCH (c:Client {id: 2000}) SET c.id = 2001")
      #expect(try connection.query(query).isEmpty)
      #expect(try !plan(database, query).contains("Index"))
      try connection.rollback()
      #expect(try !plan(connection, query).contains("Index"))
      #expect(try database.query("SHOW INDEXES").isEmpty)
      // Another index under the same version and name must not be taken for the first.
      try connection.begin()
      try connection.query("CREATE INDEX FOR (n:Client) ON (n.city)")
      #expect(try connection.query(query).isEmpty)
      try connection.rollback()
    }
  }

  @Test func constraintsRefuseWhatTheyMust() throws {
    let database = try database()
    try database.query("CREATE CONSTRAINT unique_id FOR (n:Client) REQUIRE n.id IS UNIQUE")
    try database.query("CREATE CONSTRAINT named FOR (n:Client) REQUIRE n.name IS NOT NULL")
    try database.query("CREATE CONSTRAINT typed FOR (n:Client) REQUIRE n.id IS :: INTEGER")
    try database.query("CREATE CONSTRAINT FOR (n:Pair) REQUIRE (n.a, n.b) IS NODE KEY")
    #expect(
      try database.query("SHOW CONSTRAINTS YIELD type RETURN collect(type) AS types")[0][0]
        == .list([
          .string("UNIQUENESS"), .string("NODE_PROPERTY_EXISTENCE"),
          .string("NODE_PROPERTY_TYPE"), .string("NODE_KEY"),
        ]))
    for text in [
      "CREATE (:Client {id: 1, name: 'x'})", "MATCH (c:Client {id: 1}) SET c.id = 2",
      "CREATE (:Client {id: 2000})", "MATCH (c:Client {id: 1}) REMOVE c.name",
      "MERGE (:Client {id: 2000})", "CREATE (:Client {id: 'один', name: 'x'})",
      "CREATE (:Other {id: 1, name: 'x'}) WITH 1 AS one MATCH (n:Other) SET n:Client",
      "CREATE (:Pair {a: 1})", "UNWIND [1, 1] AS x CREATE (:Pair {a: x, b: x})",
    ] {
      let error = try failure(database, text)
      #expect(error.kind == .constraintValidationFailed, "\(text): \(error)")
    }
    #expect(try database.query("MATCH (n) RETURN count(n) AS n").integers("n") == [1000])
    let refused = try failure(
      database, "CREATE CONSTRAINT FOR (n:Client) REQUIRE n.city IS UNIQUE")
    #expect(refused.kind == .schemaError && refused.detail == "ConstraintCreationFailed")
    #expect(try database.query("SHOW CONSTRAINTS").count == 4)
    try database.query("DROP CONSTRAINT unique_id")
    try database.query("CREATE (:Client {id: 1, name: 'x'})")
    let both = try database.query("MATCH (n:Client {id: 1}) RETURN count(n) AS n")
    #expect(try both.integers("n") == [2])
  }

  @Test func aViolationInATransactionLeavesOnlyTheWayBack() throws {
    let database = try database()
    try database.query("CREATE CONSTRAINT FOR (n:Client) REQUIRE n.id IS UNIQUE")
    let connection = database.connect()
    try connection.begin()
    try connection.query("CREATE (:Client {id: 1001})")
    #expect(throws: QueryError.self) { try connection.query("CREATE (:Client {id: 1})") }
    #expect(throws: QueryError.self) { try connection.query("RETURN 1") }
    try connection.rollback()
    #expect(try connection.query("MATCH (n:Client {id: 1001}) RETURN n").isEmpty)
    #expect(try connection.query("MATCH (n:Client {id: 1}) RETURN n").count == 1)
  }

  @Test func textIndexesAreRangeIndexes() throws {
    let database = try database()
    let result = try database.query("CREATE TEXT INDEX t FOR (n:Client) ON (n.name)")
    #expect(result.notices.count == 1)
    #expect(
      try plan(database, "MATCH (n:Client) WHERE n.name STARTS WITH 'имя 77' RETURN n")
        .contains("NodeIndexSeekByRange"))
    #expect(
      try database.query(
        "MATCH (n:Client) WHERE n.name STARTS WITH 'имя 77' RETURN count(n) AS n"
      ).integers("n") == [11])
  }

  @Test(arguments: [
    ("MATCH (c:Client) USING INDEX c:Client(id) WHERE c.id = 1 RETURN c", ""),
    ("MATCH (c:Client) USING INDEX c:Client(id) RETURN c", "cannot answer"),
    ("MATCH (c:Client) USING INDEX c:Client(city) WHERE c.city = 'x' RETURN c", "no range index"),
    ("MATCH (c:Client) USING INDEX c:Client(id) WHERE c.id > 1 RETURN count(c)", ""),
    ("UNWIND [1] AS x MATCH (c:Client) USING INDEX c:Client(id) WHERE c.id = x RETURN c", ""),
  ])
  func hintsThatAreNotFollowedWarn(_ text: String, _ part: String) throws {
    let database = try self.database()
    try database.query("CREATE INDEX FOR (n:Client) ON (n.id)")
    let notices = try database.query(text).notices
    #expect(notices.count == (part.isEmpty ? 0 : 1))
    #expect(notices.allSatisfy { $0.message.contains(part) })
  }
}

extension Value {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}
