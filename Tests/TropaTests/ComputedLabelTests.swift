import TestSupport
import Testing
import Tropa

/// `$(expression)` in place of a label or relationship type.
@Suite struct ComputedLabelTests {
  private func database() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      CREATE (a:Client:Vip {name: 'Анна'})-[:BOUGHT]->(p:Product {name: 'чай', kind: 'Vip'}),
        (a)-[:VIEWED]->(p), (:Client {name: 'Борис'})-[:VIEWED]->(p)
      """)
    return database
  }

  private func strings(
    _ database: Database, _ text: String, parameters: [String: Value] = [:]
  ) throws -> [String] {
    try database.query(text, parameters: parameters).rows.map { row in
      guard case .string(let value)? = row.first else { return "?" }
      return value
    }
  }

  @Test(arguments: [
    ("MATCH (n:$('Client')) RETURN n.name AS x ORDER BY x", ["Анна", "Борис"]),
    ("MATCH (n:$(['Client', 'Vip'])) RETURN n.name", ["Анна"]),
    ("MATCH (n:$all(['Client', 'Vip'])) RETURN n.name", ["Анна"]),
    ("MATCH (n:$any(['Vip', 'Product'])) RETURN n.name AS x ORDER BY x", ["Анна", "чай"]),
    ("MATCH (n:$any([])) RETURN n.name", []),
    ("MATCH (n:$([])) RETURN n.name AS x ORDER BY x", ["Анна", "Борис", "чай"]),
    ("MATCH (n:Client&!$('Vip')) RETURN n.name", ["Борис"]),
    ("MATCH (n:Product|$($label)) RETURN n.name AS x ORDER BY x", ["Анна", "чай"]),
    ("MATCH (n) WHERE n:$($label) RETURN n.name", ["Анна"]),
    ("MATCH (n) WHERE n IS $($label) RETURN n.name", ["Анна"]),
    ("MATCH (p:Product), (n:$(p.kind)) RETURN n.name", ["Анна"]),
    ("MATCH (n:$(p.kind))-->(p) RETURN DISTINCT n.name", ["Анна"]),
    (
      "UNWIND ['Vip', 'Product'] AS l MATCH (n:$(l)) RETURN n.name AS x ORDER BY x",
      ["Анна", "чай"]
    ),
    ("UNWIND ['BOUGHT', 'NEVER'] AS t MATCH (n)-[:$(t)]->() RETURN n.name", ["Анна"]),
    ("MATCH (n)-[:$any(['BOUGHT', 'X'])]->() RETURN n.name", ["Анна"]),
    ("MATCH (n)-[r:$(['BOUGHT', 'VIEWED'])]->() RETURN n.name", []),
    ("MATCH (n)-[r:!$('VIEWED')]->() RETURN n.name", ["Анна"]),
    ("MATCH (n)-[:$('VIEWED')*1..2]->() RETURN n.name AS x ORDER BY x", ["Анна", "Борис"]),
    ("MATCH (n) WHERE (n)-[:$('BOUGHT')]->(:$('Product')) RETURN n.name", ["Анна"]),
    ("MATCH (n) WHERE EXISTS { (n)-[:$('BOUGHT')]->() } RETURN n.name", ["Анна"]),
    ("MATCH (p:Product) RETURN [x IN [p] WHERE x:$('Product') | x.name][0] AS x", ["чай"]),
  ])
  func matches(_ text: String, _ expected: [String]) throws {
    let rows = try strings(database(), text, parameters: ["label": .string("Vip")])
    #expect(rows == expected)
  }

  @Test func arePrintedAsWritten() throws {
    let plan = try database().query("EXPLAIN MATCH (n:$any([$a, 'B'])) RETURN n").plan ?? ""
    #expect(plan.contains("n:$any([$a, 'B'])"))
    let merge = try database().query("EXPLAIN MERGE (n:$($a) {i: 1}) ON CREATE SET n.x = 2").plan
    #expect(merge?.contains("(n:$($a) {i: 1}) ON CREATE SET n.x = 2") == true)
  }

  @Test func areSetAndRemoved() throws {
    let database = try database()
    var result = try database.query("MATCH (c:Client) SET c:Person:$('Seen'):$([c.name, 'Vip'])")
    #expect(result.counters.labelsAdded == 7)
    #expect(try strings(database, "MATCH (n:`Борис`&Vip&Person&Seen) RETURN n.name") == ["Борис"])
    result = try database.query("MATCH (c:Client) REMOVE c:$(['Vip', 'Unknown']):Seen")
    #expect(result.counters.labelsRemoved == 4)
    #expect(try strings(database, "MATCH (n:Vip|Seen) RETURN n.name").isEmpty)
  }

  @Test func areCreated() throws {
    let database = try database()
    let result = try database.query(
      """
      UNWIND [['A', 'LIKES'], ['B', 'LIKES'], ['C', 'HATES']] AS row
      CREATE (x:New:$(row[0]) {name: row[0]})-[r:$(row[1]) {of: row[0]}]->(:$([row[0] + '2', 'Far']))
      RETURN x.name + type(r) + r.of AS x
      """)
    #expect(result.rows.map { $0[0] } == ["ALIKESA", "BLIKESB", "CHATESC"].map { .string($0) })
    #expect(result.counters.nodesCreated == 6 && result.counters.labelsAdded == 12)
    #expect(
      try strings(database, "MATCH (a:New)-[r:LIKES]->(b:Far&B2) RETURN a.name") == ["B"])
    try database.query("FOREACH (l IN ['P', 'Q'] | CREATE (:Each:$(l) {name: l}))")
    #expect(try strings(database, "MATCH (n:Each&Q) RETURN n.name") == ["Q"])
  }

  @Test func areMerged() throws {
    let database = try database()
    let text = """
      UNWIND ['A', 'B', 'A'] AS l
      MERGE (x:New:$(l) {key: 1}) ON CREATE SET x.name = l ON MATCH SET x.again = true
      RETURN x.name AS name
      """
    #expect(try strings(database, text) == ["A", "B", "A"])
    #expect(try strings(database, "MATCH (x:New&A {again: true}) RETURN x.name") == ["A"])
    #expect(try strings(database, "MATCH (x:New) RETURN x.name AS n ORDER BY n") == ["A", "B"])
    let merge = """
      MATCH (a:New&A), (b:New&B) UNWIND ['R', 'S', 'R'] AS t
      MERGE (a)-[r:$(t)]->(b) RETURN type(r)
      """
    let result = try database.query(merge)
    #expect(result.counters.relationshipsCreated == 2)
    #expect(try database.query(merge).counters.relationshipsCreated == 0)
  }

  /// Constant names are labels like any other: with them come indexes, and no warning.
  @Test func constantNamesFindIndexes() throws {
    let database = try database()
    try database.query("UNWIND range(1, 2000) AS i CREATE (:Client {name: 'клиент ' + i})")
    try database.query("CREATE INDEX FOR (n:Client) ON (n.name)")
    for text in [
      "MATCH (n:$('Client') {name: 'Анна'}) RETURN n", "MERGE (n:$(['Client']) {name: 'Анна'})",
    ] {
      #expect(try database.query("EXPLAIN \(text)").plan?.contains("NodeIndexSeek") == true)
    }
    let result = try database.query("MERGE (n:$('Later')) ON CREATE SET n.is = n:Later")
    #expect(result.notices.isEmpty)
  }

  @Test func laterElementsSeeTheLabels() throws {
    let result = try database().query(
      """
      CREATE (a:One:$($label)), (b:Two {of: labels(a)})-[r:T {to: labels(b)}]->(a)
      RETURN b.of AS b, r.to AS r
      """, parameters: ["label": .string("Dynamic")])
    #expect(
      result.rows == [
        [.list([.string("One"), .string("Dynamic")]), .list([.string("Two")])]
      ])
  }

  @Test func nullHasNoLabels() throws {
    let result = try database().query(
      "OPTIONAL MATCH (n:Nothing) RETURN n:$(labels(n)) AS a, n:$any($names) AS b",
      parameters: ["names": .list([.string("A")])])
    #expect(result.rows == [[.null, .null]])
  }

  @Test func namesMayBeAggregated() throws {
    let rows = try strings(
      database(),
      "MATCH (n:Vip) WITH n, collect('Vip') AS l RETURN CASE WHEN n:$(l) THEN 'yes' END")
    #expect(rows == ["yes"])
    #expect(
      try database().query("MATCH (n:Vip) RETURN n, n:$(head(collect('Vip'))) AS x").rows.first?[1]
        == .boolean(true))
  }

  /// Whether or not there is something to be found.
  @Test(arguments: ["$none", "$two", "$null"])
  func mergeNeedsOneType(_ names: String) throws {
    for text in [
      "MATCH (a:Vip), (p:Product) MERGE (a)-[r:$(\(names))]->(p)",
      "MATCH (a:Vip), (p:Product) MERGE (p)-[r:$(\(names))]->(a)",
    ] {
      let database = try database()
      let error = #expect(throws: QueryError.self) {
        try database.query(
          text,
          parameters: [
            "none": .list([]), "two": .list([.string("BOUGHT"), .string("VIEWED")]), "null": .null,
          ])
      }
      #expect(error?.range != nil)
    }
  }

  @Test func labelsGivenLaterObeyConstraints() throws {
    let database = try database()
    try database.query("CREATE CONSTRAINT FOR (n:Client) REQUIRE n.name IS UNIQUE")
    #expect(throws: QueryError.self) {
      try database.query(
        "CREATE (:$($label) {name: 'Борис'})", parameters: ["label": .string("Client")])
    }
    #expect(try strings(database, "MATCH (n {name: 'Борис'}) RETURN n.name") == ["Борис"])
  }

  @Test(arguments: [
    ("MATCH (n:$(1)) RETURN n", "computed label"),
    ("MATCH (n:$($nothing)) RETURN n", "not null"),
    ("MATCH (n) SET n:$([1])", "not an Integer"),
    ("CREATE (:$(''))", "cannot be empty"),
    ("CREATE ()-[:$(['A', 'B'])]->()", "exactly one type"),
    ("CREATE (:$any(['A']))", "plain names or $(…)"),
    ("MATCH (n) SET n:$any(['A'])", "which label to write"),
    ("CREATE ()-[:$any(['A'])]->()", "exactly one type"),
    ("MERGE (a)-[r:$(type(r))]->(b)", "`r`"),
    ("MATCH (n:$('A') RETURN n", "`)`"),
    ("RETURN $(1)", "$"),
  ])
  func areRefused(_ text: String, _ part: String) throws {
    let database = try database()
    var message = ""
    do {
      try database.query(text, parameters: ["nothing": .null])
    } catch {
      message = error.message
    }
    #expect(message.contains(part))
    #expect(try database.query("MATCH (n) RETURN n").count == 3)
  }
}
