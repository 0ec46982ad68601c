import Connectors
import CustomerAnalytics
import Foundation
import SyntheticGraphs
import TestSupport
import Testing
import Tropa

/// What `crm.churn` finds on a synthetic shop, where it is known who has left for good.
@Suite struct ChurnQualityTests {
  @Test func plantedDropOutsAreFound() throws {
    try withTemporaryDirectory { folder in
      let csv = folder.appendingPathComponent("csv").path
      try FileManager.default.createDirectory(atPath: csv, withIntermediateDirectories: true)
      _ = try ShopGenerator(ShopParameters(clients: 1500, seed: 1)).write(to: csv)
      var options = ImportJob.Options()
      options.nodes = ["Client", "Product", "Review"].map {
        ImportJob.NodeSource(argument: "\($0)=\(csv)/\($0.lowercased())s.csv")
      }
      options.relationships = ["purchased", "viewed", "wrote"].map {
        ImportJob.RelationshipSource(argument: "\($0.uppercased())=\(csv)/\($0).csv")
      }
      let path = folder.appendingPathComponent("shop.tropa").path
      _ = try ImportJob(options).run(creating: path)
      let database = try Database.open(path)
      defer { database.close() }
      try CustomerProcedures.register(in: database)

      let stats = try database.query(
        "CALL crm.churn.stats({maxTrees: 15, learningRate: 0.25}) YIELD rocAuc, calibrationError RETURN *"
      )
      let auc = try stats.floats("rocAuc")[0]
      #expect(auc > 0.83, "\(auc)")
      let error = try stats.floats("calibrationError")[0]
      #expect(error < 0.06, "\(error)")

      // Who left has left for good: risk must rank them before those who merely keep silent.
      let risks = try database.query(
        """
        CALL crm.churn.stream({maxTrees: 15, learningRate: 0.25}) YIELD nodeId, churnRisk
        MATCH (c:Client) WHERE id(c) = nodeId RETURN c.id AS id, churnRisk
        """)
      let truth = try dropOuts(csv)
      let found = rocAUC(
        try risks.integers("id").map { truth[$0] ?? false }, try risks.floats("churnRisk"))
      #expect(found > 0.8, "\(found)")
    }
  }

  private func dropOuts(_ csv: String) throws -> [Int64: Bool] {
    var left: [Int64: Bool] = [:]
    for line in try String(contentsOfFile: "\(csv)/truth_clients.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst()
    {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      if let id = Int64(fields[0]) { left[id] = fields[3] == "false" }
    }
    return left
  }

  private func rocAUC(_ labels: [Bool], _ scores: [Double]) -> Double {
    let negatives = zip(labels, scores).filter { !$0.0 }.map(\.1).sorted()
    var (pairs, positives) = (0.0, 0.0)
    for (label, score) in zip(labels, scores) where label {
      positives += 1
      let below = negatives.count { $0 < score }
      let equal = negatives.count { $0 == score }
      pairs += Double(below) + Double(equal) / 2
    }
    return pairs / (positives * Double(negatives.count))
  }
}
