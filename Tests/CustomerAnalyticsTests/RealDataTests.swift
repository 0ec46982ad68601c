import Connectors
import CustomerAnalytics
import Foundation
import TestSupport
import Testing
import Tropa

/// The README's figures: RFM on real data equals what is published for it, customer by customer.
@Suite struct RealDataTests {
  private static func has(_ name: String) -> Bool { SharedData.url("data/\(name)") != nil }

  /// A database with a data set, imported through the mapping of the connectors' tests.
  private func withData<R>(_ name: String, _ body: (Database) throws -> R) throws -> R {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("data.tropa").path
      let root = try #require(SharedData.packageRoot)
      var options = ImportJob.Options()
      options.mapping =
        root.appendingPathComponent("Tests/ConnectorsTests/Mappings/\(name).yaml").path
      options.inputFolder = SharedData.url("data/\(name)")?.path
      _ = try ImportJob(options).run(creating: path)
      let database = try Database.open(path)
      defer { database.close() }
      try CustomerProcedures.register(in: database)
      return try body(database)
    }
  }

  @Test(.enabled(if: has("cdnow"), "needs shared/data/cdnow"))
  func cdnowHasThePublishedSegments() throws {
    try withData("cdnow") { database in
      try publishedSegments(database)
      try meansOfAllCustomers(database)
      try equalCustomersScoreEqually(database)
      try segmentsHaveNamesOfTheirOwn(database)
      try ChurnOnRealData.cdnow(database)
    }
  }

  /// Section 8.4 of the notes beside the data; ids ascend in the file, so rows are in id order.
  private func publishedSegments(_ database: Database) throws {
    let result = try database.query(
      """
      CALL crm.rfm.stats({frequency: 'days', referenceDate: date('1998-07-01'),
        ties: 'firstOccurrence'})
      YIELD segment, clients, recency, frequency, monetary
      RETURN segment, clients, round(recency, 2) AS r, round(frequency, 2) AS f,
        round(monetary, 2) AS m ORDER BY clients DESC
      """)
    #expect(
      try result.strings("segment") == [
        "Champions", "Hibernating", "Lost", "About To Sleep", "Potential Loyalist", "Loyal",
        "Need Attention", "Can't Lose", "At Risk", "Promising", "New Customers",
      ])
    #expect(
      try result.integers("clients") == [
        5818, 3629, 3104, 2934, 2052, 1953, 1817, 1398, 834, 16, 15,
      ])
    let champions = try #require(result.first)
    #expect(
      champions["r"] == .float(122.18) && champions["f"] == .float(7.17)
        && champions["m"] == .float(296.64))
  }

  private func meansOfAllCustomers(_ database: Database) throws {
    let result = try database.query(
      """
      CALL crm.rfm.stream({frequency: 'days', referenceDate: date('1998-07-01')})
      YIELD nodeId, recency, frequency, monetary
      RETURN count(nodeId) AS n, round(avg(recency), 2) AS r, round(avg(frequency), 4) AS f,
        round(avg(monetary), 4) AS m, round(sum(monetary), 2) AS total
      """)
    #expect(
      result.first?.values == [
        .integer(23_570), .float(368.22), .float(2.8677), .float(106.0804), .float(2_500_315.63),
      ])
  }

  /// No publication has these: the default, in which the 12,054 who bought once have one score.
  private func equalCustomersScoreEqually(_ database: Database) throws {
    let result = try database.query(
      """
      CALL crm.rfm.stats({frequency: 'days', referenceDate: date('1998-07-01')})
      YIELD segment, clients RETURN segment, clients
      """)
    #expect(
      try result.strings("segment") == [
        "Champions", "Loyal", "Potential Loyalist", "New Customers", "Promising",
        "Need Attention", "About To Sleep", "At Risk", "Can't Lose", "Hibernating", "Lost",
      ])
    #expect(
      try result.integers("clients") == [
        5741, 1283, 1991, 1440, 957, 1503, 1886, 438, 1768, 3454, 3109,
      ])
  }

  /// Purchases are all there is: the segments are told apart by them alone.
  private func segmentsHaveNamesOfTheirOwn(_ database: Database) throws {
    let result = try database.query(
      """
      CALL crm.segments.stats({referenceDate: date('1998-07-01'), restarts: 1, maxIterations: 30})
      YIELD name, nameRu, clients, means, silhouette
      RETURN name, nameRu, clients, keys(means) AS features, silhouette
      """)
    let clients = try result.integers("clients")
    #expect(clients.count == 6 && clients.reduce(0, +) == 23_570)
    #expect(Set(try result.strings("name")).count == 6)
    #expect(Set(try result.strings("nameRu")).count == 6)
    #expect(try result.floats("silhouette").allSatisfy { $0 > 0.2 })
  }

  @Test(.enabled(if: has("complete_journey"), "needs shared/data/complete_journey"))
  func completeJourneyRunsThePipeline() throws {
    try withData("complete_journey") { database in
      let totals = try database.query(
        """
        MATCH (c:Household)-[p:PURCHASED]->(x:Product)
        RETURN count(p) AS lines, count(DISTINCT c) AS households,
          count(DISTINCT p.orderId) AS baskets, count(DISTINCT x) AS products,
          round(sum(p.amount), 2) AS money
        """)
      #expect(
        totals.first?.values == [
          .integer(75_000), .integer(2_377), .integer(47_243), .integer(20_902),
          .float(233_935.24),
        ])
      // Baskets are nodes too.
      #expect(
        try database.query(
          "MATCH (:Client)-[:MADE]->(b:Basket)-[:AT]->(:Store) RETURN count(DISTINCT b) AS n"
        ).first?["n"] == .integer(47_243))
      let rfm = try database.query(
        """
        CALL crm.rfm.stats({clientLabel: 'Household'}) YIELD clients, revenue, referenceDate
        RETURN sum(clients) AS clients, round(sum(revenue), 2) AS revenue,
          toString(max(referenceDate)) AS day
        """)
      #expect(
        rfm.first?.values == [.integer(2_377), .float(233_935.24), .string("2018-01-02")])
      try basketsGiveTheSame(database)
      // There are no social ties: what households buy ties them.
      try database.query(
        """
        CALL gds.pageRank.write({nodeLabels: ['Client', 'Product'],
            relationshipTypes: {TIES: {type: 'PURCHASED', orientation: 'UNDIRECTED'}}},
          {writeProperty: 'pageRank'})
        """)
      let written = try database.query(
        """
        CALL crm.segments.write({k: 5, restarts: 2}) YIELD clients, segments, features
        RETURN clients, segments, features
        """)
      #expect(written.first?["clients"] == .integer(2_377))
      #expect(
        written.first?["features"]
          == .list(
            ["recency", "frequency", "monetary", "interval", "pageRank"].map { .string($0) }))
      #expect(
        try database.query(
          "MATCH (c:Household) WHERE c.segment IS NOT NULL RETURN DISTINCT c.segmentName AS n"
        ).count == 5)
    }
  }

  /// Purchases are also there through baskets, whose lines have the money and which have the date.
  private func basketsGiveTheSame(_ database: Database) throws {
    func rows(_ schema: String) throws -> [[Value]] {
      try database.query(
        """
        CALL crm.features.stream({schema: {clientLabel: 'Household', \(schema)}})
        YIELD nodeId, recency, frequency, monetary, interval, products, categories
        RETURN nodeId, recency, frequency, round(monetary, 2) AS monetary, interval, products,
          categories ORDER BY nodeId
        """
      ).rows
    }
    let direct = try rows("purchaseType: 'PURCHASED'")
    #expect(direct.count == 2_377)
    #expect(try rows("orderLabel: 'Basket', placedType: 'MADE'") == direct)
    let discounts = try database.query(
      """
      CALL crm.features.stream({schema: {clientLabel: 'Household'}}) YIELD discountShare
      RETURN min(discountShare) >= 0 AND max(discountShare) < 1 AND count(discountShare) > 2000 AS ok
      """)
    #expect(discounts.first?["ok"] == .boolean(true))
  }

  @Test(.enabled(if: has("retailrocket_small"), "needs shared/data/retailrocket_small"))
  func retailrocketHasAFunnelWithoutDates() throws {
    try withData("retailrocket_small") { database in
      let counts = try database.query(
        """
        CALL { MATCH (:Client)-[p:PURCHASED]->() RETURN count(p) AS purchases }
        CALL { MATCH (:Client)-[v:VIEWED]->() RETURN count(v) AS views }
        CALL { MATCH (:Client)-[a:ADDED_TO_CART]->() RETURN count(a) AS carts }
        CALL { MATCH (c:Client)-->() RETURN count(DISTINCT c) AS clients }
        RETURN clients, 1.0 * purchases AS purchases, 1.0 * views AS views, 1.0 * carts AS carts
        """)
      let features = try database.query(
        """
        CALL crm.features.stream({includeNonBuyers: true})
        YIELD nodeId, frequency, views, carts, viewConversion, recency
        RETURN count(nodeId) AS clients, sum(frequency) AS purchases, sum(views) AS views,
          sum(carts) AS carts, count(recency) AS dated
        """)
      #expect(Array(features[0].values[..<4]) == counts[0].values)
      #expect(features.first?["dated"] == .integer(0))
      // The share of looked-at products that were bought, counted in Cypher.
      let conversion = try database.query(
        """
        CALL crm.features.stream({includeNonBuyers: true}) YIELD nodeId, viewConversion
        WHERE viewConversion IS NOT NULL
        MATCH (c:Client)-[:VIEWED]->(x) WHERE id(c) = nodeId
        WITH c, viewConversion, x, EXISTS { (c)-[:PURCHASED]->(x) } AS bought
        WITH c, viewConversion, count(DISTINCT x) AS seen,
          count(DISTINCT CASE WHEN bought THEN x END) AS converted
        RETURN sum(CASE WHEN abs(viewConversion - 1.0 * converted / seen) < 1e-9 THEN 0 ELSE 1 END)
          AS wrong
        """)
      #expect(conversion.first?["wrong"] == .integer(0))
    }
  }

  @Test(.enabled(if: has("online_retail"), "needs shared/data/online_retail"))
  func onlineRetailEqualsTheExpectedRFM() throws {
    let expected = try expectedRFM()
    let result = try withData("online_retail") { database in
      try ChurnOnRealData.onlineRetail(database)
      return try database.query(
        """
        CALL crm.rfm.stream({referenceDate: date('2011-12-10')})
        YIELD nodeId, recency, frequency, monetary
        MATCH (c:Client) WHERE id(c) = nodeId
        RETURN c.id AS id, recency, frequency, monetary
        """)
    }
    let ids = try result.integers("id")
    let recency = try result.integers("recency")
    let frequency = try result.integers("frequency")
    let monetary = try result.floats("monetary")
    #expect(ids.count == 4338 && Set(ids) == Set(expected.keys))
    var differences = 0
    for row in ids.indices {
      guard let (days, orders, money) = expected[ids[row]] else { continue }
      if recency[row] != days || frequency[row] != orders || abs(monetary[row] - money) > 0.0011 {
        differences += 1
      }
    }
    #expect(differences == 0)
  }

  /// CustomerID, recency_days, frequency, monetary, lines.
  private func expectedRFM() throws -> [Int64: (days: Int64, orders: Int64, money: Double)] {
    let file = try #require(SharedData.url("data/online_retail/expected_rfm.csv.gz"))
    let table = try withTemporaryDirectory { folder in
      // Any table imports; the engine itself reads the gzip.
      let path = folder.appendingPathComponent("expected.tropa").path
      let mapping = folder.appendingPathComponent("expected.yaml")
      try """
      tables:
        - file: expected_rfm.csv.gz
          columns: {CustomerID: int, recency_days: int, frequency: int, monetary: float}
          nodes:
            - label: Expected
              key: {id: CustomerID}
              properties: {days: recency_days, orders: frequency, money: monetary}
      """.write(to: mapping, atomically: true, encoding: .utf8)
      var options = ImportJob.Options()
      options.mapping = mapping.path
      options.inputFolder = file.deletingLastPathComponent().path
      _ = try ImportJob(options).run(creating: path)
      let database = try Database.open(path)
      defer { database.close() }
      return try database.query(
        "MATCH (e:Expected) RETURN e.id AS id, e.days AS days, e.orders AS orders, e.money AS money"
      )
    }
    var result: [Int64: (days: Int64, orders: Int64, money: Double)] = [:]
    let ids = try table.integers("id")
    let days = try table.integers("days")
    let orders = try table.integers("orders")
    let money = try table.floats("money")
    for row in ids.indices { result[ids[row]] = (days[row], orders[row], money[row]) }
    return result
  }
}
