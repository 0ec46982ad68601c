import Connectors
import CustomerAnalytics
import Foundation
import SyntheticGraphs
import TestSupport
import Testing
import Tropa

/// What the defaults of `crm.segments` find on a synthetic shop, whose segments are known.
@Suite struct SegmentQualityTests {
  @Test func plantedSegmentsAreFound() throws {
    try withTemporaryDirectory { folder in
      let csv = folder.appendingPathComponent("csv").path
      try FileManager.default.createDirectory(atPath: csv, withIntermediateDirectories: true)
      _ = try ShopGenerator(ShopParameters(clients: 2000, seed: 1)).write(to: csv)
      let database = try shop(csv, at: folder.appendingPathComponent("shop.tropa").path)
      defer { database.close() }
      try writeGraphFeatures(database)
      let result = try database.query(
        """
        CALL crm.segments.stream({restarts: 3}) YIELD nodeId, segment, name, nameRu
        MATCH (c:Client) WHERE id(c) = nodeId
        RETURN c.id AS id, segment, name, nameRu
        """)
      let truth = try plantedSegments(csv)
      let ids = try result.integers("id")
      let found = try result.integers("segment").map { "\($0)" }
      let agreement = adjustedRandIndex(found, ids.map { truth[$0] ?? "" })
      // 0 is chance. All features with equal weights reach 0.10 to 0.13.
      #expect(agreement > 0.17, "adjusted Rand index \(agreement)")
      // No segment is a handful of outliers, and names tell segments apart.
      let sizes = Dictionary(grouping: found) { $0 }.mapValues(\.count)
      #expect(sizes.values.allSatisfy { $0 > ids.count / 100 }, "\(sizes)")
      #expect(Set(try result.strings("name")).count == sizes.count)
      #expect(Set(try result.strings("nameRu")).count == sizes.count)
    }
  }

  @Test func randIndexOfKnownPartitions() {
    #expect(adjustedRandIndex(["a", "a", "b", "b"], ["x", "x", "y", "y"]) == 1)
    // scikit-learn's documentation: 0.57…
    let partly = adjustedRandIndex(["0", "0", "1", "1"], ["0", "0", "1", "2"])
    #expect(abs(partly - 0.5714285714) < 1e-9)
  }

  private func shop(_ csv: String, at path: String) throws -> Database {
    var options = ImportJob.Options()
    options.nodes = [
      "Client=\(csv)/clients.csv", "Product=\(csv)/products.csv", "Review=\(csv)/reviews.csv",
    ]
    .map { ImportJob.NodeSource(argument: $0) }
    options.relationships = ["purchased", "viewed", "follows", "wrote", "about"].map {
      ImportJob.RelationshipSource(argument: "\($0.uppercased())=\(csv)/\($0).csv")
    }
    _ = try ImportJob(options).run(creating: path)
    let database = try Database.open(path)
    try CustomerProcedures.register(in: database)
    return database
  }

  /// As Queries/03-graph-features.cypher does.
  private func writeGraphFeatures(_ database: Database) throws {
    try database.query(
      """
      CALL gds.pageRank.write({nodeLabels: ['Client'], relationshipTypes: ['FOLLOWS']},
        {writeProperty: 'pageRank'})
      """)
    try database.query(
      """
      CALL gds.louvain.write(
        {nodeLabels: ['Client'], relationshipTypes: {FOLLOWS: {orientation: 'UNDIRECTED'}}},
        {writeProperty: 'community'})
      """)
    try database.query(
      """
      CALL gds.nodeSimilarity.stream(
        {nodeLabels: ['Client', 'Product'], relationshipTypes: ['PURCHASED']},
        {topK: 5, upperDegreeCutoff: 200})
      YIELD node1, similarity
      WITH node1, avg(similarity) AS similarity
      MATCH (c:Client) WHERE id(c) = node1 SET c.similarity = similarity
      """)
  }

  private func plantedSegments(_ csv: String) throws -> [Int64: String] {
    var segments: [Int64: String] = [:]
    for line in try String(contentsOfFile: "\(csv)/truth_clients.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst()
    {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      if let id = Int64(fields[0]) { segments[id] = String(fields[1]) }
    }
    return segments
  }

  /// Agreement of two partitions (Hubert, Arabie 1985): 1 for equal ones, 0 expected by chance.
  private func adjustedRandIndex(_ a: [String], _ b: [String]) -> Double {
    func pairs(_ labels: [String]) -> Double {
      Dictionary(grouping: labels) { $0 }.values
        .reduce(0) { $0 + Double($1.count * ($1.count - 1)) / 2 }
    }
    let together = pairs(zip(a, b).map { "\($0)|\($1)" })
    let (inA, inB) = (pairs(a), pairs(b))
    let all = Double(a.count * (a.count - 1)) / 2
    let expected = inA * inB / all
    return (together - expected) / ((inA + inB) / 2 - expected)
  }
}
