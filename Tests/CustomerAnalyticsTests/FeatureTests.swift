import CustomerAnalytics
import Testing
import Tropa

@Suite struct FeatureTests {
  /// Features that a random shop may not have are compared only where the model has them.
  @Test(arguments: 0..<UInt64(24)) func equalTheirDefinitions(seed: UInt64) throws {
    let shop = NaiveShop(seed: seed)
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try shop.create(in: database)
    for (daysLess, all) in [(0, false), (0, true), (3, false), (11, true)] {
      let end = shop.standardReference - Int64(daysLess) * NaiveShop.day
      let reference: Value = daysLess == 0 ? .null : .date(LocalDate(days: end / NaiveShop.day))
      let result = try database.query(
        """
        CALL crm.features.stream({referenceDate: $reference, includeNonBuyers: $all, bestShare: 0.4})
        YIELD nodeId, features, recency, bestSimilarity
        MATCH (c:Client) WHERE id(c) = nodeId
        RETURN c.id AS id, features, recency, bestSimilarity
        """, parameters: ["reference": reference, "all": .boolean(all)])
      let buyers = shop.buyers(before: end)
      let expected = all ? buyers.union(shop.visitors(before: end)) : buyers
      #expect(Set(try result.integers("id").map { Int($0) }) == expected)
      #expect(result.count == expected.count)
      for row in result {
        guard case .integer(let id) = row["id"], case .map(let features) = row["features"] else {
          Issue.record("no features")
          continue
        }
        let model = shop.features(of: Int(id), before: end)
        let context = "seed \(seed), client \(id), \(daysLess) days less"
        for (name, value) in model.sorted(by: { $0.key < $1.key }) {
          // What no client at all has is left out.
          guard let found = features[name] else {
            #expect(isMissing(name, shop, end), "\(name) is missing: \(context)")
            continue
          }
          guard case .float(let number) = found else { continue }
          #expect(abs(number - value) <= 1e-9 * max(1, abs(value)), "\(name): \(context)")
        }
        for name in features.keys where name != "bestSimilarity" {
          #expect(model[name] != nil, "\(name) is known: \(context)")
        }
        #expect(row["recency"] == features["recency"] ?? .null)
        #expect(row["bestSimilarity"] == features["bestSimilarity"] ?? .null)
      }
    }
  }

  /// Properties that no node or relationship of the shop got.
  private func isMissing(_ name: String, _ shop: NaiveShop, _ end: Int64) -> Bool {
    switch name {
    case "categories": shop.products.allSatisfy { $0.category == nil }
    case "brands": shop.products.allSatisfy { $0.brand == nil }
    default: false
    }
  }

  @Test func bestClientsAreLikeThemselvesAndNotCounted() throws {
    for seed in 100..<UInt64(108) {
      let shop = NaiveShop(seed: seed)
      let database = try Database.temporary()
      try CustomerProcedures.register(in: database)
      try shop.create(in: database)
      let end = shop.standardReference
      let result = try database.query(
        """
        CALL crm.features.stream({bestShare: 0.3}) YIELD nodeId, monetary, bestSimilarity
        MATCH (c:Client) WHERE id(c) = nodeId
        RETURN c.id AS id, monetary, bestSimilarity ORDER BY monetary DESC, nodeId
        """)
      let ids = try result.integers("id").map { Int($0) }
      let best = Set(ids[..<max(Int(Double(ids.count) * 0.3), 1)])
      for (row, id) in ids.enumerated() {
        let expected = shop.bestSimilarity(of: id, best: best, before: end)
        guard case .float(let found) = result[row]["bestSimilarity"] else {
          #expect(expected == nil, "seed \(seed), client \(id)")
          continue
        }
        #expect(abs(found - (expected ?? .nan)) < 1e-9, "seed \(seed), client \(id)")
      }
    }
  }

  private func shop() throws -> Database {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      CREATE (a:Client {id: 1}), (b:Client {id: 2}), (x:Product {id: 1}), (y:Product {id: 2}),
        (a)-[:PURCHASED {at: date('2026-01-01'), amount: 10}]->(x),
        (a)-[:PURCHASED {at: date('2026-01-11'), amount: 20}]->(y),
        (b)-[:PURCHASED {at: date('2026-01-15'), amount: 5}]->(x),
        (a)-[:FOLLOWS]->(b)
      """)
    return database
  }

  @Test func whatIsNotKnownIsNullAndSaysWhy() throws {
    let database = try shop()
    let rows = try database.query(
      """
      CALL crm.features.stream({features: ['interval', 'views', 'recency']})
      YIELD nodeId, interval, views, recency, frequency
      RETURN interval, views, recency, frequency ORDER BY nodeId
      """)
    #expect(rows[0].values == [.float(10), .null, .float(5), .null])
    #expect(rows[1].values == [.null, .null, .float(1), .null])
    #expect(rows.notices.count == 1)
    #expect(rows.notices.first?.message.contains("`views`") == true)
    #expect(rows.notices.first?.hint?.contains("viewType") == true)
    let stats = try database.query(
      """
      CALL crm.features.stats() YIELD feature, clients, missing, mean, note
      WHERE feature IN ['interval', 'views'] RETURN feature, clients, missing, mean, note
      ORDER BY feature
      """)
    #expect(Array(stats[0].values[1...3]) == [.integer(1), .integer(1), .float(10)])
    #expect(stats[0]["note"] == .null)
    guard case .string(let note) = stats[1]["note"] else {
      Issue.record("no note")
      return
    }
    #expect(note.contains("viewType"))
  }

  @Test func writesWhatIsKnown() throws {
    let database = try shop()
    let written = try database.query(
      "CALL crm.features.write({features: ['recency', 'interval'], writePrefix: 'f'})")
    #expect(
      written.first?.values == [
        .integer(2), .list([.string("fRecency"), .string("fInterval")]), .integer(3),
        .date(LocalDate(days: 20_468 + 1)),
      ])
    let found = try database.query(
      "MATCH (c:Client) RETURN c.fRecency AS r, c.fInterval AS i, keys(c) AS k ORDER BY c.id")
    #expect(found[0].values[..<2] == [.float(5), .float(10)])
    #expect(found[1].values[..<2] == [.float(1), .null])
  }

  @Test func graphFeaturesComeFromPropertiesOrAlgorithms() throws {
    let database = try shop()
    try database.query("MATCH (c:Client) SET c.pageRank = 0.5 * c.id, c.community = 7")
    let read = try database.query(
      """
      CALL crm.features.stream() YIELD nodeId, pageRank, communitySize, degree
      RETURN pageRank, communitySize, degree ORDER BY nodeId
      """)
    #expect(read[0].values == [.float(0.5), .float(2), .null])
    let computed = try database.query(
      """
      CALL crm.features.stream({graph: true, embeddingDimension: 4})
      YIELD nodeId, pageRank, degree, features
      RETURN pageRank, degree, features.embedding_4 IS NOT NULL AS embedded ORDER BY nodeId
      """)
    #expect(computed[0]["degree"] == .float(1) && computed[1]["degree"] == .float(1))
    #expect(computed[0]["embedded"] == .boolean(true))
    let ranks = try computed.floats("pageRank")
    #expect(ranks[1] > ranks[0])
  }

  @Test func numbersOfFramesOfTheClientAreFeatures() throws {
    let database = try shop()
    try database.query("MATCH (c:Client) SET c.age = 20 + c.id, c.name = 'x'")
    let rows = try database.query(
      """
      CALL crm.features.stream({features: ['age']}) YIELD nodeId, features
      RETURN features.age AS age ORDER BY nodeId
      """)
    #expect(try rows.floats("age") == [21, 22])
    #expect(throws: QueryError.self) {
      try database.query("CALL crm.features.stream({features: ['name']})")
    }
  }

  @Test func mistakesAreToldBeforeAnythingIsRead() throws {
    let database = try shop()
    func failure(_ text: String) -> QueryError? {
      #expect(throws: QueryError.self) { try database.query(text) }
    }
    #expect(
      failure("CALL crm.features.stream({features: ['recensy']})")?.hint
        == "did you mean `recency`?")
    #expect(
      failure("CALL crm.features.stats({includeNonbuyers: true})")?.hint
        == "did you mean `includeNonBuyers`?")
    #expect(
      failure("CALL crm.features.stream({frequency: 'order'})")?.hint == "did you mean 'orders'?")
    #expect(
      failure("CALL crm.features.stream({schema: {clientLabel: 'Cient'}})")?.hint?
        .contains("clientLabel: 'Client'") == true)
  }
}

@Suite struct UndatedPurchaseTests {
  /// Purchases without a date have no day; only some of them have an order.
  @Test func ordersAndDaysOfUndatedPurchases() throws {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    try database.query(
      """
      CREATE (c:Client)-[:PURCHASED {amount: 1.0, orderId: 1}]->(:Product),
        (c)-[:PURCHASED {amount: 2.0}]->(:Product)
      """)
    let text = "CALL crm.features.stream({frequency: $unit}) YIELD nodeId RETURN count(*) AS n"
    for unit in ["days", "orders", "purchases"] {
      let rows = try database.query(text, parameters: ["unit": .string(unit)])
      #expect(try rows.integers("n") == [1], "\(unit)")
    }
  }
}
