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
    let result = try withData("cdnow") { database in
      try database.query(
        """
        CALL crm.rfm.stats({frequency: 'days', referenceDate: date('1998-07-01'),
          ties: 'firstOccurrence'})
        YIELD segment, clients, recency, frequency, monetary
        RETURN segment, clients, round(recency, 2) AS r, round(frequency, 2) AS f,
          round(monetary, 2) AS m ORDER BY clients DESC
        """)
    }
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

  @Test(.enabled(if: has("online_retail"), "needs shared/data/online_retail"))
  func onlineRetailEqualsTheExpectedRFM() throws {
    let expected = try expectedRFM()
    let result = try withData("online_retail") { database in
      try database.query(
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
