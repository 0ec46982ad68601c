import Testing
import Tropa

@Suite struct GraphCatalogueTests {
  private func shop() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      CREATE (a:Client {name: 'a', age: 20, weight: 1.5}), (b:Client {name: 'b', age: 30}),
        (c:Client:VIP {name: 'c', age: 40}), (p:Product {name: 'p', price: 10}),
        (a)-[:KNOWS {since: 1, w: 0.5}]->(b), (b)-[:KNOWS {since: 2, w: 1.5}]->(c),
        (b)-[:KNOWS {since: 3, w: 4.0}]->(a), (a)-[:BOUGHT {w: 2.0}]->(p),
        (c)-[:BOUGHT {w: 3.0}]->(p)
      """)
    return database
  }

  private func failure(_ database: Database, _ text: String) -> QueryError? {
    #expect(throws: QueryError.self) { try database.query(text) }
  }

  private func names(_ database: Database, _ call: String) throws -> [String] {
    try database.query(
      call + " YIELD nodeId MATCH (n) WHERE id(n) = nodeId RETURN n.name AS n ORDER BY n"
    ).strings("n")
  }

  // MARK: Native projection

  @Test func formsOfProjections() throws {
    let database = try shop()
    func counts(_ nodes: String, _ relationships: String) throws -> [Value?] {
      try database.query("CALL gds.graph.drop('g', false)")
      let row = try database.query("CALL gds.graph.project('g', \(nodes), \(relationships))").first
      return [row?["nodeCount"], row?["relationshipCount"]]
    }
    #expect(try counts("'*'", "'*'") == [.integer(4), .integer(5)])
    #expect(try counts("'Client'", "'KNOWS'") == [.integer(3), .integer(3)])
    #expect(try counts("'Client'", "'*'") == [.integer(3), .integer(3)])
    #expect(
      try counts("['Client', 'Product']", "['KNOWS', 'BOUGHT']") == [.integer(4), .integer(5)])
    #expect(
      try counts("{C: 'Client', P: {label: 'Product'}}", "{K: 'KNOWS'}") == [
        .integer(4), .integer(3),
      ])
    #expect(
      try counts(
        "['Client', {P: {label: 'Product', properties: 'price'}}]", "[{K: {type: 'KNOWS'}}]")
        == [.integer(4), .integer(3)])
    #expect(
      try counts("'Client'", "{KNOWS: {orientation: 'UNDIRECTED'}}") == [.integer(3), .integer(6)])
    #expect(
      try counts("'Client'", "{KNOWS: {orientation: 'UNDIRECTED', aggregation: 'SINGLE'}}")
        == [.integer(3), .integer(4)])
    #expect(
      failure(database, "CALL gds.graph.project('x', 'Client', {KNOWS: {orientaton: 'REVERSE'}})")?
        .hint == "did you mean `orientation`?")
    #expect(
      failure(database, "CALL gds.graph.project('x', '*', {K: {type: 'KNOWS', orientation: 'UP'}})")
        != nil)
    #expect(
      failure(database, "CALL gds.graph.project('*', '*', '*')")?.detail == "InvalidGraphName")
    let estimate = try database.query("CALL gds.graph.project.estimate('*', '*')").first
    #expect(estimate?["nodeCount"] == .integer(4))
    #expect(estimate?["relationshipCount"] == .integer(5))
  }

  @Test func listShowsThirteenColumns() throws {
    let database = try shop()
    try database.query(
      "CALL gds.graph.project('g', {Client: {properties: 'age'}}, {KNOWS: {orientation: 'UNDIRECTED', properties: 'w'}})"
    )
    let list = try database.query("CALL gds.graph.list()")
    #expect(list.columns.count == 13)
    #expect(list.first?["degreeDistribution"] != .null)
    #expect(list.first?["density"] == .float(1))
    guard case .map(let schema)? = list.first?["schemaWithOrientation"],
      case .map(let types)? = schema["relationships"], case .map(let knows)? = types["KNOWS"]
    else {
      Issue.record("no schema")
      return
    }
    #expect(knows["direction"] == .string("UNDIRECTED"))
    #expect(
      try database.query(
        "CALL gds.graph.list('g') YIELD schema RETURN schema.nodes.Client.age AS s"
      )
      .first?["s"] == .string("Integer (DefaultValue(-9223372036854775808), PERSISTENT)"))
    try database.query("CALL gds.degree.mutate('g', {mutateProperty: 'degree'})")
    #expect(
      try database.query("CALL gds.graph.list('g') YIELD schema RETURN schema.nodes.Client AS s")
        .first?["s"].text(.literal).contains("TRANSIENT") == true)
    #expect(try database.query("CALL gds.graph.list('other')").isEmpty)
    #expect(try database.query("CALL gds.graph.drop(['g'])").count == 1)
    #expect(failure(database, "CALL gds.graph.drop('g')")?.detail == "GraphNotFound")
  }

  // MARK: Cypher projection

  @Test func projectionFromRows() throws {
    let database = try shop()
    let result = try database.query(
      """
      MATCH (a:Client) OPTIONAL MATCH (a)-[r:KNOWS]->(b)
      RETURN gds.graph.project('g', a, b, {
        sourceNodeLabels: labels(a), targetNodeLabels: ['Client'],
        sourceNodeProperties: {age: a.age}, targetNodeProperties: {age: b.age},
        relationshipType: type(r), relationshipProperties: {w: r.w}
      }) AS g
      """)
    guard case .map(let row)? = result.first?["g"] else {
      Issue.record("no row")
      return
    }
    #expect(row["graphName"] == .string("g"))
    #expect(row["nodeCount"] == .integer(3))
    #expect(row["relationshipCount"] == .integer(3))
    #expect(
      try names(database, "CALL gds.graph.nodeProperty.stream('g', 'age', ['VIP'])") == ["c"])
    let weights = try database.query(
      "CALL gds.graph.relationshipProperty.stream('g', 'w') YIELD propertyValue AS w RETURN w ORDER BY w"
    ).floats("w")
    #expect(weights == [0.5, 1.5, 4])
    #expect(
      try database.query("CALL gds.degree.stream('g', {relationshipWeightProperty: 'w'})").count
        == 3)
    // Undirected, by ids, and without anything else.
    try database.query(
      """
      MATCH (a:Client)-[:KNOWS]->(b)
      WITH gds.graph.project('u', id(a), id(b), {}, {undirectedRelationshipTypes: ['*']}) AS g
      RETURN g.nodeCount
      """)
    #expect(
      try database.query("CALL gds.graph.list('u')").first?["relationshipCount"] == .integer(6))
    #expect(
      try database.query("MATCH (x:Nobody) RETURN gds.graph.project('n', x, x) AS g").first?["g"]
        == .null)
    #expect(
      failure(database, "MATCH (a)-->(b) RETURN gds.graph.project('g', a, b)")?.detail
        == "GraphExists")
    #expect(
      failure(
        database, "MATCH (a)-->(b) RETURN gds.graph.project('h', a, b, {sourceNodeLabel: 'X'})")?
        .hint == "did you mean `sourceNodeLabels`?")
  }

  // MARK: Filter

  @Test func filtersOfNodesAndRelationships() throws {
    let database = try shop()
    try database.query(
      "CALL gds.graph.project('g', {Client: {properties: 'age'}, VIP: {}, Product: {}}, {KNOWS: {properties: ['w', 'since']}, BOUGHT: {properties: 'w'}})"
    )
    func counts(_ nodes: String, _ relationships: String, _ map: String = "{}") throws -> [Value?] {
      try database.query("CALL gds.graph.drop('f', false)")
      let row = try database.query(
        "CALL gds.graph.filter('f', 'g', '\(nodes)', '\(relationships)', \(map))"
      ).first
      return [row?["nodeCount"], row?["relationshipCount"]]
    }
    #expect(try counts("*", "*") == [.integer(4), .integer(5)])
    #expect(try counts("n:Client", "*") == [.integer(3), .integer(3)])
    #expect(try counts("n:Client AND n.age < 35", "*") == [.integer(2), .integer(2)])
    #expect(
      try counts("n:Product OR NOT n.age <= $a", "r:BOUGHT", "{parameters: {a: 30}}") == [
        .integer(2), .integer(1),
      ])
    #expect(try counts("*", "r:KNOWS AND r.w > 1.0") == [.integer(4), .integer(2)])
    #expect(try counts("*", "r.since = 1 OR r:BOUGHT") == [.integer(4), .integer(3)])
    #expect(try counts("n.age IN [20, 30]", "r.w <> 4") == [.integer(2), .integer(1)])
    #expect(
      try names(database, "CALL gds.graph.nodeProperty.stream('f', 'age')") == ["a", "b"])
    #expect(try database.query("CALL gds.wcc.stats('f')").first?["componentCount"] == .integer(1))
    #expect(
      failure(database, "CALL gds.graph.filter('x', 'g', 'n:Clint', '*')")?.hint
        == "did you mean `Client`?")
    #expect(
      failure(database, "CALL gds.graph.filter('x', 'g', 'n.age > $a', '*')")?.detail
        == "MissingParameter")
    #expect(
      failure(database, "CALL gds.graph.filter('x', 'g', 'size(n.age) > 1', '*')")?.detail
        == "InvalidFilter")
    #expect(
      failure(database, "CALL gds.graph.filter('x', 'g', 'm.age > 1', '*')")?.detail
        == "InvalidFilter")
  }

  // MARK: Properties

  @Test func nodePropertiesAreStreamedWrittenAndDropped() throws {
    let database = try shop()
    try database.query(
      "CALL gds.graph.project('g', {Client: {properties: {age: {property: 'age', defaultValue: 1}, weight: {defaultValue: 7.5}}}}, 'KNOWS')"
    )
    try database.query("CALL gds.degree.mutate('g', {mutateProperty: 'degree'})")
    let rows = try database.query(
      "CALL gds.graph.nodeProperties.stream('g', ['degree', 'weight'], ['*'], {listNodeLabels: true}) YIELD nodeId, nodeProperty, propertyValue, nodeLabels RETURN nodeProperty AS p, propertyValue AS v, nodeLabels AS l ORDER BY nodeId, p"
    )
    #expect(try rows.floats("v") == [1, 1.5, 2, 7.5, 0, 7.5])
    #expect(rows.first?["l"] == .list([.string("Client")]))
    let written = try database.query(
      "CALL gds.graph.nodeProperties.write('g', [{degree: 'rank'}, 'weight'], ['Client'])")
    #expect(written.first?["propertiesWritten"] == .integer(6))
    #expect(
      try database.query("MATCH (n:Client) RETURN n.rank AS r, n.weight AS w ORDER BY n.name")
        .floats("w") == [1.5, 7.5, 7.5])
    #expect(
      try database.query("RETURN gds.util.nodeProperty('g', 0, 'degree') AS d").first?["d"]
        == .float(1))
    #expect(
      try database.query("CALL gds.graph.nodeProperties.drop('g', ['degree', 'weight'])").first?[
        "propertiesRemoved"] == .integer(6))
    #expect(
      failure(database, "CALL gds.graph.nodeProperties.drop('g', 'degree')")?.kind == .argumentError
    )
    #expect(
      try database.query(
        "CALL gds.graph.nodeProperties.drop('g', 'degree', {failIfMissing: false})"
      ).first?["propertiesRemoved"] == .integer(0))
  }

  @Test func relationshipsAreStreamedWrittenDroppedAndDoubled() throws {
    let database = try shop()
    try database.query(
      "CALL gds.graph.project('g', '*', {KNOWS: {properties: ['w', 'since']}, BOUGHT: {}})")
    let all = try database.query("CALL gds.graph.relationships.stream('g')")
    #expect(all.count == 5)
    let properties = try database.query(
      "CALL gds.graph.relationshipProperties.stream('g', ['w', 'since'], ['KNOWS']) YIELD relationshipProperty AS p, propertyValue AS v RETURN p, v ORDER BY p, v"
    )
    #expect(try properties.floats("v") == [1, 2, 3, 0.5, 1.5, 4])
    let doubled = try database.query(
      "CALL gds.graph.relationships.toUndirected('g', {relationshipType: 'KNOWS', mutateRelationshipType: 'MEETS', aggregation: {w: 'SUM', since: 'MAX'}})"
    ).first
    #expect(doubled?["inputRelationships"] == .integer(3))
    #expect(doubled?["relationshipsWritten"] == .integer(4))
    let sums = try database.query(
      "CALL gds.graph.relationshipProperty.stream('g', 'w', ['MEETS']) YIELD propertyValue AS w RETURN w ORDER BY w"
    ).floats("w")
    #expect(sums == [1.5, 1.5, 4.5, 4.5])
    #expect(
      try database.query("CALL gds.triangleCount.stats('g', {relationshipTypes: ['MEETS']})").count
        == 1)
    #expect(
      failure(
        database,
        "CALL gds.graph.relationships.toUndirected('g', {relationshipType: 'MEETS', mutateRelationshipType: 'X'})"
      ) != nil)
    let written = try database.query("CALL gds.graph.relationship.write('g', 'MEETS', 'w')").first
    #expect(written?["relationshipsWritten"] == .integer(4))
    #expect(
      try database.query("MATCH ()-[m:MEETS]->() RETURN sum(m.w) AS s").first?["s"] == .float(12))
    let both = try database.query(
      "CALL gds.graph.relationshipProperties.write('g', 'MEETS', ['w', 'since'])"
    ).first
    #expect(both?["propertiesWritten"] == .integer(8))
    let dropped = try database.query("CALL gds.graph.relationships.drop('g', 'KNOWS')").first
    #expect(dropped?["deletedRelationships"] == .integer(3))
    #expect(
      dropped?["deletedProperties"] == .map(["w": .integer(3), "since": .integer(3)]))
    #expect(
      try database.query("CALL gds.graph.list('g')").first?["relationshipCount"] == .integer(6))
    #expect(
      failure(database, "CALL gds.graph.relationships.drop('g', 'KNOWS')")?.kind == .argumentError)
  }

  // MARK: What else there is

  @Test func utilities() throws {
    let database = try shop()
    try database.query("CALL gds.graph.project('g', 'Client', 'KNOWS')")
    let row = try database.query(
      """
      MATCH (c:Client {name: 'c'})
      RETURN gds.util.asNode(id(c)).name AS a, [n IN gds.util.asNodes([0, 1]) | n.name] AS b,
        gds.util.asNode(1000) AS n, gds.graph.exists('g') AS e, gds.graph.exists('h') AS f,
        gds.version() AS v, gds.util.isFinite(gds.util.NaN()) AS i
      """
    ).first
    #expect(row?["a"] == .string("c"))
    #expect(row?["b"] == .list([.string("a"), .string("b")]))
    #expect(row?["n"] == .null)
    #expect(row?["e"] == .boolean(true) && row?["f"] == .boolean(false))
    #expect(row?["v"] == (try database.query("CALL gds.version()").first?["gdsVersion"]))
    #expect(row?["i"] == .boolean(false))
    let list = try database.query("CALL gds.list('pageRank') YIELD name, type RETURN name, type")
    #expect(try list.strings("name").contains("gds.pageRank.write"))
    #expect(
      try database.query("CALL gds.list() YIELD name, type WHERE type = 'function' RETURN name")
        .strings("name").contains("gds.util.asNode"))
  }
}
