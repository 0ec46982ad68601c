import CustomerAnalytics
import Testing
import Tropa

/// `crm.segments` by each method, and what is told of segmentations.
@Suite struct SegmentMethodTests {
  /// Forty clients: ten each who buy books often and dear, toys often and cheap, books once lately,
  /// toys once long ago.
  private func shop() throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      CREATE (:Product {id: 1, category: 'Books'}), (:Product {id: 2, category: 'Toys'})
      WITH 1 AS one UNWIND range(0, 39) AS i
      CREATE (c:Client {id: i, kind: i / 10})
      WITH c, i, CASE WHEN i < 20 THEN 12 ELSE 1 END AS orders
      UNWIND range(1, orders) AS n
      MATCH (p:Product {id: 1 + i / 10 % 2})
      CREATE (c)-[:PURCHASED {orderId: i * 100 + n,
        at: localdatetime('2026-01-01T12:00') + duration({days: CASE
          WHEN i < 20 THEN 25 * n + i % 5 WHEN i < 30 THEN 300 + i % 5 ELSE i % 5 END}),
        amount: CASE WHEN i < 10 THEN 1000.0 + i ELSE 10.0 + i END}]->(p)
      """)
    return database
  }
  private let features = "features: ['recency', 'frequency', 'monetary']"

  /// The kinds of the clients of each segment.
  private func kinds(_ database: Database, _ configuration: String) throws -> [Int64: Set<Int64>] {
    let result = try database.query(
      """
      CALL crm.segments.stream({\(configuration)}) YIELD nodeId, segment
      MATCH (c:Client) WHERE id(c) = nodeId
      RETURN segment, c.kind AS kind
      """)
    var kinds: [Int64: Set<Int64>] = [:]
    for (segment, kind) in zip(try result.integers("segment"), try result.integers("kind")) {
      kinds[segment, default: []].insert(kind)
    }
    return kinds
  }

  @Test(arguments: [
    "method: 'kmeans', k: 4", "method: 'kmeans', k: 4, batchSize: 20", "method: 'cmeans', k: 4",
    "method: 'dbscan', minPoints: 4, epsilon: 0.5",
    "k: 'auto', selection: 'calinskiHarabasz', maxK: 4",
    "k: 'auto', selection: 'gap', maxK: 5", "k: 4, scaling: 'robust'", "k: 4, scaling: 'log'",
    "k: 4, scaling: 'minMax', logarithm: false",
  ])
  func theFourKindsAreFound(configuration: String) throws {
    let kinds = try kinds(try shop(), "\(configuration), \(features)")
    #expect(kinds.count == 4)
    #expect(kinds.values.allSatisfy { $0.count == 1 })
    // The most valuable come first.
    #expect(kinds[1] == [0])
  }

  @Test func degreesOfFuzzySegments() throws {
    let database = try shop()
    let result = try database.query(
      """
      CALL crm.segments.stream({method: 'cmeans', k: 4, \(features)})
      YIELD segment, membership, memberships
      RETURN segment, membership, memberships, reduce(s = 0.0, d IN memberships | s + d) AS total,
        memberships[segment - 1] = membership AS isOwn
      """)
    #expect(try result.floats("total").allSatisfy { abs($0 - 1) < 1e-9 })
    #expect(result.allSatisfy { $0["isOwn"] == .boolean(true) })
    try database.query(
      "CALL crm.segments.write({method: 'cmeans', k: 4, \(features), writeProperty: 'kind2'})")
    let written = try database.query(
      """
      MATCH (c:Client) RETURN count(c.kind2Membership) AS n,
        min(size(c.kind2Memberships)) AS degrees
      """)
    #expect(written.first?.values == [.integer(40), .integer(4)])
  }

  @Test func noiseIsOutsideAllSegments() throws {
    let database = try shop()
    try database.query(
      """
      MATCH (p:Product {id: 1}) CREATE (:Client {id: 99, kind: 9})-[:PURCHASED
        {orderId: 1, at: localdatetime('2026-05-05T12:00'), amount: 1000000.0}]->(p)
      """)
    let stats = try database.query(
      """
      CALL crm.segments.stats({method: 'dbscan', minPoints: 4, epsilon: 0.5, \(features)})
      YIELD segment, name, clients WHERE segment = -1 RETURN name, clients
      """)
    #expect(stats.first?.values == [.string("Outside all segments"), .integer(1)])
  }

  @Test func segmentsByRule() throws {
    let database = try shop()
    let ten = try database.query(
      "CALL crm.rfm.stats({scheme: 10}) YIELD segment RETURN count(segment) AS n")
    #expect(ten.first?["n"] == .integer(10))
    let cuts = try database.query(
      """
      CALL crm.rfm.stream({recencyCuts: [1, 2, 3, 4], frequencyCuts: [1, 5, 6, 11],
        monetaryCuts: [20, 50, 100, 5000], scheme: '11'}) YIELD nodeId, f, m
      MATCH (c:Client) WHERE id(c) = nodeId
      RETURN c.kind AS kind, collect(DISTINCT f) AS f, collect(DISTINCT m) AS m ORDER BY kind
      """)
    #expect(cuts.map { $0["f"] } == [5, 5, 1, 1].map { .list([.integer($0)]) })
    #expect(cuts.first?["m"] == .list([.integer(5)]))
    let rule = try database.query(
      """
      CALL crm.segments.stream({method: 'rfm'}) YIELD nodeId AS a, name
      CALL crm.rfm.stream() YIELD nodeId AS b, segment
      WITH a, b, name, segment WHERE a = b AND name <> segment RETURN count(*) AS different
      """)
    #expect(rule.first?["different"] == .integer(0))
  }

  @Test func numbersOfSegmentsAreEvaluated() throws {
    let result = try shop().query(
      """
      CALL crm.segments.evaluate({\(features), maxK: 6, references: 5})
      YIELD k, inertia, silhouette, gap, bestBy RETURN k, inertia, silhouette, gap, bestBy
      """)
    #expect(try result.integers("k") == [2, 3, 4, 5, 6])
    let inertia = try result.floats("inertia")
    #expect(zip(inertia, inertia.dropFirst()).allSatisfy { $0 > $1 })
    let four = try #require(result.first { $0["k"] == .integer(4) })
    guard case .list(let best) = four["bestBy"] else {
      Issue.record("no list")
      return
    }
    #expect(best.contains(.string("silhouette")))
  }

  @Test func stabilityOfSegments() throws {
    let result = try shop().query(
      """
      CALL crm.segments.stability({k: 4, \(features), repetitions: 4})
      YIELD segment, jaccard, isStable, adjustedRandIndex, clients
      RETURN segment, jaccard, isStable, adjustedRandIndex, clients
      """)
    #expect(try result.integers("segment") == [1, 2, 3, 4])
    #expect(try result.integers("clients") == [10, 10, 10, 10])
    #expect(try result.floats("adjustedRandIndex").allSatisfy { $0 == 1 })
    #expect(result.allSatisfy { $0["isStable"] == .boolean(true) })
  }

  @Test func propertiesAndDatesAreCompared() throws {
    let database = try shop()
    try database.query("CALL crm.segments.write({k: 4, \(features)})")
    let same = try database.query(
      """
      CALL crm.segments.compare({properties: ['kind', 'segment']})
      YIELD clients, share, adjustedRandIndex, normalizedMutualInformation
      RETURN clients, share, adjustedRandIndex AS ari, normalizedMutualInformation AS nmi
      """)
    #expect(same.count == 4)
    #expect(try same.floats("ari") == [1, 1, 1, 1] && same.floats("share") == [1, 1, 1, 1])
    #expect(try same.integers("clients") == [10, 10, 10, 10])
    // At the earlier date nobody had ordered once lately; those clients arrive.
    let dates = try database.query(
      """
      CALL crm.segments.compare({dates: [date('2026-08-01'), date('2026-12-01')], k: 3,
        \(features)})
      YIELD from, to, clients, share RETURN from, to, clients, share
      """)
    #expect(try dates.integers("clients").reduce(0, +) == 40)
    let arrived = dates.filter { $0["from"] == .null }
    #expect(arrived.count == 1 && arrived.first?["clients"] == .integer(10))
    let fresh = try database.query(
      """
      CALL crm.segments.compare({property: 'kind', k: 4, \(features)})
      YIELD adjustedRandIndex RETURN DISTINCT adjustedRandIndex AS ari
      """)
    #expect(fresh.first?["ari"] == .float(1))
  }

  @Test func profilesAreInWords() throws {
    let database = try shop()
    let result = try database.query(
      """
      CALL crm.segments.profile({property: 'kind', \(features)})
      YIELD segment, name, nameRu, clients, category, means, deviations
      RETURN segment, name, nameRu, clients, category, means.frequency AS frequency,
        deviations.frequency AS deviation ORDER BY segment
      """)
    #expect(try result.strings("name")[0] == "often, recently, high check; interested in Books")
    #expect(
      try result.strings("nameRu")[3].hasPrefix("редко, давно")
        && result.strings("nameRu")[3].hasSuffix("интерес: Toys"))
    #expect(try result.strings("category") == ["Books", "Toys", "Books", "Toys"])
    #expect(try result.floats("frequency") == [12, 12, 1, 1])
    #expect(try result.floats("deviation")[0] > 0)
    // Two segments alike in everything have different names.
    try database.query("MATCH (c:Client) SET c.half = c.id % 2")
    let halves = try database.query(
      "CALL crm.segments.profile({property: 'half', \(features)}) YIELD name RETURN name")
    #expect(Set(try halves.strings("name")).count == 2)
  }

  @Test func mistakesNameTheRemedy() throws {
    let database = try shop()
    func failure(_ text: String) -> QueryError? {
      #expect(throws: QueryError.self) { try database.query(text) }
    }
    #expect(
      failure("CALL crm.segments.stream({method: 'kmean'})")?.hint == "did you mean 'kmeans'?")
    #expect(
      failure("CALL crm.segments.stream({fuzziness: 2})")?.hint
        == "it belongs to method: 'cmeans'")
    #expect(
      failure("CALL crm.segments.stream({method: 'cmeans', fuzzines: 2})")?.hint
        == "did you mean `fuzziness`?")
    #expect(failure("CALL crm.segments.stream({k: 'six'})")?.hint?.contains("'auto'") == true)
    #expect(
      failure("CALL crm.segments.stream({method: 'cmeans', fuzziness: 1})")?.message
        .contains("above 1") == true)
    #expect(
      failure("CALL crm.segments.stream({method: 'dbscan', epsilon: -1})")?.message
        .contains("positive") == true)
    #expect(
      failure("CALL crm.segments.profile({property: 'knd'})")?.hint == "did you mean `kind`?")
    #expect(failure("CALL crm.segments.compare()")?.hint?.contains("properties") == true)
    #expect(failure("CALL crm.segments.compare({properties: ['kind']})") != nil)
    #expect(failure("CALL crm.segments.stability({method: 'rfm'})") != nil)
    #expect(failure("CALL crm.rfm.stats({scheme: 12})")?.hint?.contains("10 or 11") == true)
    #expect(
      failure("CALL crm.rfm.stats({recencyCuts: [1, 2]})")?.message.contains("four") == true)
  }
}
