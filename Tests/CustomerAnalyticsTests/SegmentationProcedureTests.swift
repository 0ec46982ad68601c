import CustomerAnalytics
import Testing
import Tropa

@Suite struct SegmentationProcedureTests {
  /// Twenty clients: five each who buy often and dear, often and cheap, once lately, once long ago.
  private func shop() throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      CREATE (p:Product {id: 1})
      WITH p UNWIND range(0, 19) AS i
      CREATE (c:Client {id: i})
      WITH p, c, i, CASE WHEN i < 10 THEN 12 ELSE 1 END AS orders
      UNWIND range(1, orders) AS n
      CREATE (c)-[:PURCHASED {orderId: i * 100 + n,
        at: localdatetime('2026-01-01T12:00') +
          duration({days: CASE WHEN i < 10 THEN 25 * n + i % 5 WHEN i < 15 THEN 300 + i % 5 ELSE i % 5 END}),
        amount: CASE WHEN i < 5 THEN 1000.0 + i ELSE 10.0 + i END}]->(p)
      """)
    return database
  }

  @Test func rfmCountsDaysOrdersAndMoney() throws {
    let result = try shop().query(
      """
      CALL crm.rfm.stream({referenceDate: date('2026-12-01')})
      YIELD nodeId, recency, frequency, monetary, r, f, m, segment, segmentRu
      MATCH (c:Client) WHERE id(c) = nodeId
      RETURN c.id AS id, recency, frequency, monetary, r, f, m, segment, segmentRu ORDER BY id
      """)
    #expect(try result.integers("id") == (0..<20).map { Int64($0) })
    #expect(try result.integers("frequency") == (0..<20).map { $0 < 10 ? 12 : 1 })
    #expect(result[0]["recency"] == .integer(334 - 300 - 1))  // at noon
    #expect(result[0]["monetary"] == .float(12000))
    #expect(result[19]["recency"] == .integer(334 - 4 - 1))
    #expect(try result.integers("m")[4] == 5 && (try result.integers("f"))[0] == 5)
    // Equal clients score equally.
    #expect(Set(try result.integers("f")[10...]).count == 1)
    #expect(
      result[0]["segment"] == .string("Champions") || result[4]["segment"] == .string("Champions"))
    #expect(result[19]["segmentRu"] != .string(""))
  }

  @Test func purchasesAfterTheReferenceDateDoNotCount() throws {
    let early = try shop().query(
      "CALL crm.rfm.stats({referenceDate: date('2026-02-01')}) YIELD clients RETURN sum(clients) AS n"
    )
    #expect(early.first?["n"] == .integer(15))
  }

  @Test func rfmWrites() throws {
    let database = try shop()
    let written = try database.query("CALL crm.rfm.write({language: 'ru'})")
    #expect(written.first?["clients"] == .integer(20))
    #expect(
      try database.query("MATCH (c:Client) WHERE c.rfmSegment IN ['Чемпионы', 'Лояльные'] RETURN c")
        .count > 0)
    #expect(
      try database.query("MATCH (c:Client {id: 0}) RETURN c.rfmFrequency AS f").first?["f"]
        == .integer(12))
  }

  @Test func segmentsFindThePlantedGroups() throws {
    let database = try shop()
    let result = try database.query(
      """
      CALL crm.segments.stream({k: 4, features: ['recency', 'frequency', 'monetary'], randomSeed: 7})
      YIELD nodeId, segment, name
      MATCH (c:Client) WHERE id(c) = nodeId
      RETURN segment, name, collect(c.id) AS ids ORDER BY segment
      """)
    #expect(result.count == 4)
    var groups: [[Int64]] = []
    for row in result {
      guard case .list(let ids) = row["ids"] else { continue }
      groups.append(ids.compactMap { if case .integer(let id) = $0 { id } else { nil } }.sorted())
    }
    // The most valuable come first.
    #expect(groups.first == [0, 1, 2, 3, 4])
    #expect(
      Set(groups) == [
        [0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11, 12, 13, 14], [15, 16, 17, 18, 19],
      ])
    let written = try database.query(
      "CALL crm.segments.write({k: 4}) YIELD clients, segments RETURN clients, segments")
    #expect(written.first?.values == [.integer(20), .integer(4)])
    #expect(try database.query("MATCH (c:Client) RETURN DISTINCT c.segment AS s").count == 4)
    let automatic = try database.query(
      "CALL crm.segments.stats({k: 'auto', features: ['recency', 'frequency', 'monetary']})")
    #expect(automatic.count >= 3)
  }

  @Test func mistakesNameTheKeyToSet() throws {
    let database = try shop()
    func failure(_ text: String) -> QueryError? {
      #expect(throws: QueryError.self) { try database.query(text) }
    }
    #expect(
      failure("CALL crm.rfm.stream({clientLabel: 'Clent'})")?.hint?.contains(
        "clientLabel: 'Client'") == true)
    #expect(failure("CALL crm.rfm.stream({tiess: 'preserved'})")?.hint == "did you mean `ties`?")
    #expect(failure("CALL crm.segments.stream({k: 1})")?.detail == "NumberOutOfRange")
    #expect(
      failure("CALL crm.segments.stream({features: ['recensy']})")?.hint
        == "did you mean `recency`?")
    #expect(failure("CALL crm.segments.stream({k: 400})")?.message.contains("400") == true)
  }
}
