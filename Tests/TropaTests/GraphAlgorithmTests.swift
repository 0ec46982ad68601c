import Testing
import Tropa

/// The graph of the GDS manual's page on PageRank, and its published scores.
@Suite struct GraphAlgorithmTests {
  private func pages() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      """
      CREATE (home:Page {name: 'Home'}), (about:Page {name: 'About'}), (product:Page {name: 'Product'}),
        (links:Page {name: 'Links'}), (a:Page {name: 'Site A'}), (b:Page {name: 'Site B'}),
        (c:Page {name: 'Site C'}), (d:Page {name: 'Site D'}),
        (home)-[:LINKS {weight: 0.2}]->(about), (home)-[:LINKS {weight: 0.2}]->(links),
        (home)-[:LINKS {weight: 0.6}]->(product), (about)-[:LINKS {weight: 1.0}]->(home),
        (product)-[:LINKS {weight: 1.0}]->(home), (a)-[:LINKS {weight: 1.0}]->(home),
        (b)-[:LINKS {weight: 1.0}]->(home), (c)-[:LINKS {weight: 1.0}]->(home),
        (d)-[:LINKS {weight: 1.0}]->(home), (links)-[:LINKS {weight: 0.8}]->(home),
        (links)-[:LINKS {weight: 0.05}]->(a), (links)-[:LINKS {weight: 0.05}]->(b),
        (links)-[:LINKS {weight: 0.05}]->(c), (links)-[:LINKS {weight: 0.05}]->(d)
      """)
    return database
  }

  private func scores(_ database: Database, _ call: String) throws -> [String: Double] {
    let result = try database.query(
      call + " YIELD nodeId, score MATCH (n) WHERE id(n) = nodeId RETURN n.name AS name, score")
    return Dictionary(
      uniqueKeysWithValues: zip(try result.strings("name"), try result.floats("score")))
  }

  @Test func pageRankOfTheManual() throws {
    let database = try pages()
    let projected = try database.query(
      "CALL gds.graph.project('g', 'Page', 'LINKS', {relationshipProperties: 'weight'})")
    #expect(projected.first?["nodeCount"] == .integer(8))
    #expect(projected.first?["relationshipCount"] == .integer(14))
    let plain = try scores(
      database, "CALL gds.pageRank.stream('g', {maxIterations: 20, dampingFactor: 0.85})")
    #expect(abs(try #require(plain["Home"]) - 3.215681999884452) < 1e-6)
    #expect(abs(try #require(plain["About"]) - 1.0542700552146722) < 1e-6)
    #expect(abs(try #require(plain["Site A"]) - 0.3278578964488539) < 1e-6)
    let weighted = try scores(
      database,
      "CALL gds.pageRank.stream('g', {maxIterations: 20, dampingFactor: 0.85, relationshipWeightProperty: 'weight'})"
    )
    #expect(abs(try #require(weighted["Home"]) - 3.53751028396339) < 1e-6)
    #expect(abs(try #require(weighted["Product"]) - 1.9357838291651097) < 1e-6)
    // Without a name, and on everything that is stored.
    let direct = try scores(
      database, "CALL gds.pageRank.stream({nodeLabels: ['Page'], relationshipTypes: ['LINKS']}, {})"
    )
    for (name, score) in direct { #expect(abs(score - (plain[name] ?? 0)) < 1e-9) }
  }

  @Test func modesWriteAndMutate() throws {
    let database = try pages()
    try database.query("CALL gds.graph.project('g', '*', '*')")
    let mutated = try database.query("CALL gds.pageRank.mutate('g', {mutateProperty: 'rank'})")
    #expect(mutated.first?["nodePropertiesWritten"] == .integer(8))
    #expect(
      try database.query("CALL gds.graph.nodeProperty.stream('g', 'rank')").count == 8)
    #expect(try database.query("MATCH (n) WHERE n.rank IS NOT NULL RETURN n").isEmpty)
    let written = try database.query("CALL gds.pageRank.write('g', {writeProperty: 'rank'})")
    #expect(written.first?["nodePropertiesWritten"] == .integer(8))
    #expect(written.counters.propertiesSet == 8)
    #expect(
      try database.query("MATCH (n) WHERE n.rank > 3 RETURN n.name AS n").strings("n") == ["Home"])
    guard case .map(let distribution)? = written.first?["centralityDistribution"] else {
      Issue.record("no distribution")
      return
    }
    #expect(distribution.keys.contains("p99"))
  }

  @Test func componentsCommunitiesAndSimilarity() throws {
    let database = try Database.temporary()
    try database.query(
      """
      UNWIND [[1,2],[2,3],[1,3],[4,5],[5,6],[4,6]] AS e
      MERGE (a:N {i: e[0]}) MERGE (b:N {i: e[1]}) CREATE (a)-[:R]->(b)
      """)
    let wcc = try database.query(
      "CALL gds.wcc.stats('*') YIELD componentCount RETURN componentCount")
    #expect(wcc.first?[0] == .integer(2))
    let louvain = try database.query(
      "CALL gds.louvain.stream({relationshipTypes: {R: {orientation: 'UNDIRECTED'}}}) YIELD nodeId, communityId RETURN communityId, count(*) AS n ORDER BY n"
    )
    #expect(try louvain.integers("n") == [3, 3])
    try database.query(
      "CALL gds.nodeSimilarity.write('*', {writeRelationshipType: 'SIMILAR', writeProperty: 'score'})"
    )
    let pairs = try database.query(
      "MATCH (a)-[s:SIMILAR]->(b) RETURN a.i AS a, b.i AS b, s.score AS s ORDER BY a, b")
    #expect(!pairs.isEmpty)
    #expect(try pairs.floats("s").allSatisfy { $0 > 0 && $0 <= 1 })
  }

  @Test func mistakesAreNamed() throws {
    let database = try pages()
    try database.query("CALL gds.graph.project('pages', '*', '*')")
    func failure(_ text: String) -> QueryError? {
      #expect(throws: QueryError.self) { try database.query(text) }
    }
    #expect(failure("CALL gds.graph.project('pages', '*', '*')")?.detail == "GraphExists")
    #expect(failure("CALL gds.pageRank.stream('page')")?.hint == "did you mean `pages`?")
    #expect(
      failure("CALL gds.pageRank.stream('pages', {damping: 1})")?.detail
        == "UnknownConfigurationKey")
    #expect(failure("CALL gds.graph.project('x', 'Pag', '*')")?.hint == "did you mean `Page`?")
    #expect(failure("CALL gds.pageRank.write('pages')")?.detail == "MissingConfigurationKey")
    #expect(
      try database.query("CALL gds.graph.drop('pages')").first?["graphName"] == .string("pages"))
    #expect(
      try database.query("CALL gds.graph.exists('pages')").first?["exists"] == .boolean(false))
  }

  @Test func aProjectionStaysWhileTheDatabaseChanges() throws {
    let database = try pages()
    try database.query("CALL gds.graph.project('g', 'Page', 'LINKS')")
    try database.query("MATCH (n:Page {name: 'Site A'}) DETACH DELETE n")
    #expect(try database.query("CALL gds.pageRank.stream('g')").count == 8)
    #expect(try database.query("CALL gds.pageRank.stream('*')").count == 7)
  }

  @Test func projectionsAndTransactions() throws {
    let database = try pages()
    let connection = database.connect()
    try connection.begin()
    try connection.query("CREATE (:Page {name: 'new'})")
    let error = try #require(throws: QueryError.self) {
      try connection.query("CALL gds.graph.project('g', '*', '*')")
    }
    #expect(error.detail == "ProjectionInTransaction")
    try connection.rollback()
    // Without a name the transaction's own state is seen.
    try connection.begin()
    try connection.query("CREATE (:Page {name: 'new'})")
    #expect(try connection.query("CALL gds.pageRank.stream('*')").count == 9)
    try connection.rollback()
    let weight = try #require(throws: QueryError.self) {
      try database.query("CALL gds.pageRank.stream('*', {relationshipWeightProperty: 'wieght'})")
    }
    #expect(weight.hint == "did you mean `weight`?")
  }

  @Test func parallelRelationshipsAreAggregatedByTheirProperty() throws {
    let database = try Database.temporary()
    try database.query(
      "CREATE (a:N {i: 1}), (b:N {i: 2}), (c:N {i: 3}), (a)-[:R {w: 1.0}]->(b), (a)-[:R {w: 5.0}]->(b), (a)-[:R {w: 5.0}]->(c)"
    )
    func scores(_ aggregation: String) throws -> [Double] {
      try database.query("CALL gds.graph.drop('g', false)")
      try database.query(
        "CALL gds.graph.project('g', 'N', {R: {properties: {w: {property: 'w', aggregation: '\(aggregation)'}}}})"
      )
      return try database.query(
        "CALL gds.pageRank.stream('g', {relationshipWeightProperty: 'w'}) YIELD nodeId, score RETURN score ORDER BY nodeId"
      ).floats("score")
    }
    let greatest = try scores("MAX")
    #expect(abs(greatest[1] - greatest[2]) < 1e-12)
    let sum = try scores("SUM")
    #expect(sum[1] > sum[2])
  }
}
