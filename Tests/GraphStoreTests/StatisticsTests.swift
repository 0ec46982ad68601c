import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

@Suite struct StatisticsTests {
  @Test func sketchesEstimateWithinAFewPerCent() {
    for distinct in [0, 1, 10, 100, 1000, 2500, 10_000, 300_000] {
      let vector = Vector(type: .integer, capacity: max(1, 2 * distinct))
      vector.count = 2 * distinct
      for row in 0..<vector.count { vector.integers[row] = Int64(row / 2) * 7 }
      var sketch = DistinctSketch()
      #expect(sketch.insert(vector, rows: 0..<vector.count) == vector.count)
      let estimate = sketch.estimate
      #expect(abs(estimate - Double(distinct)) <= 0.1 * Double(distinct) + 0.5, "\(distinct)")
      let back = sketch.bytes.withUnsafeBytes { $0.baseAddress.map { DistinctSketch($0) } }
      #expect(back == sketch)
    }
  }

  @Test func equalValuesCountOnceAndUnionsAreUnions() {
    let values: [Value] = [
      .integer(1), .float(1), .float(1.5), .string("а"), .string("а"), .boolean(true), .null,
      .list([.integer(1)]), .list([.integer(1)]), .date(LocalDate(days: 9)),
    ]
    let vector = Vector(type: .any, capacity: values.count)
    vector.count = values.count
    for (row, value) in values.enumerated() { vector.values[row] = value }
    var all = DistinctSketch()
    #expect(all.insert(vector, rows: 0..<values.count) == 9)
    var left = DistinctSketch()
    var right = DistinctSketch()
    _ = left.insert(vector, rows: 0..<6)
    _ = right.insert(vector, rows: 3..<values.count)
    left.merge(right)
    #expect(left == all)
    // `true` and 1 have one word: estimates may confuse values of different types.
    #expect(all.estimate.rounded() == 5)
  }

  @Test func degreesAreCountedByPowersOfTwo() {
    var statistics = DegreeStatistics()
    for degree in [0, 1, 1, 2, 3, 4, 1000, 1 << 40] { statistics.add(degree) }
    #expect(statistics.nodeCount == 7 && statistics.maximum == 1 << 40)
    #expect(statistics.histogram[0] == 2 && statistics.histogram[1] == 2)
    #expect(statistics.histogram[2] == 1 && statistics.histogram[9] == 1)
    #expect(statistics.histogram[31] == 1)
    let back = statistics.bytes.withUnsafeBytes { DegreeStatistics($0) }
    #expect(back == statistics)
    #expect(statistics.bytes.dropLast().withUnsafeBytes { DegreeStatistics($0) } == nil)
  }

  private struct Graph {
    var nodeCount = 5000
    var relationshipCount = 6000

    /// (id, city, labels) of node `row`: ids differ, there are 50 cities, half the nodes have none.
    func labels(_ row: Int) -> [String] { row % 4 == 0 ? ["Client", "Gold"] : ["Client"] }
    func city(_ row: Int) -> Value { row % 2 == 0 ? .string("город \(row / 2 % 50)") : .null }
    func ends(_ row: Int) -> (from: Int, to: Int) { (row % 100, row % 1000) }
  }

  private func expectStatistics(_ reader: GraphReader, _ graph: Graph) throws {
    let client = try #require(reader.labelID("Client"))
    let gold = try #require(reader.labelID("Gold"))
    let type = try #require(reader.relationshipTypeID("KNOWS"))
    func key(_ name: String) throws -> PropertyKeyID { try #require(reader.propertyKeyID(name)) }
    func expect(_ found: Double?, _ wanted: Int, _ what: String) {
      let found = found ?? -1
      #expect(abs(found - Double(wanted)) <= 0.1 * Double(wanted), "\(what): \(found)")
    }
    let nodes = graph.nodeCount
    expect(try reader.distinctCount(label: client, key: key("id")), nodes, "ids")
    expect(try reader.distinctCount(label: nil, key: key("id")), nodes, "ids of all")
    expect(try reader.distinctCount(label: gold, key: key("id")), nodes / 4, "ids of gold")
    expect(try reader.distinctCount(label: client, key: key("city")), 50, "cities")
    expect(try reader.distinctCount(label: gold, key: key("city")), 25, "cities of gold")
    let cities = try #require(try reader.propertyStatistics(label: client, key: key("city")))
    #expect(cities.rowCount == nodes && cities.valueCount == nodes / 2)
    #expect(cities.nullFraction == 0.5)
    let weights = try #require(try reader.propertyStatistics(type: type, key: key("weight")))
    expect(weights.distinctCount, 10, "weights")
    #expect(weights.rowCount == graph.relationshipCount && weights.nullFraction == 0)
    let out = try #require(try reader.degreeStatistics(type: type, direction: .outgoing))
    #expect(out.nodeCount == 100 && out.maximum == graph.relationshipCount / 100)
    #expect(out.relationshipCount == graph.relationshipCount)
    let incoming = try #require(try reader.degreeStatistics(type: type, direction: .incoming))
    #expect(incoming.nodeCount == 1000 && incoming.maximum == graph.relationshipCount / 1000)
    let fromGold = (0..<graph.relationshipCount).count { graph.ends($0).from % 4 == 0 }
    #expect(reader.relationshipCount(type: type, from: gold, to: nil) == fromGold)
    #expect(reader.relationshipCount(type: nil, from: gold, to: client) == fromGold)
    #expect(reader.relationshipCount(type: type, from: nil, to: client) == graph.relationshipCount)
  }

  @Test func commitsMeasureWhatHasGrown() throws {
    let store = try Store.temporary()
    let graph = Graph()
    do {
      let write = try store.beginWrite()
      let (id, city) = (try write.propertyKey("id"), try write.propertyKey("city"))
      let weight = try write.propertyKey("weight")
      let type = try write.relationshipType("KNOWS")
      for row in 0..<graph.nodeCount {
        let labels = try graph.labels(row).map { try write.label($0) }
        let node = try write.createNode(labels: labels)
        try write.set(id, of: node, to: .integer(Int64(row)))
        try write.set(city, of: node, to: graph.city(row))
      }
      for row in 0..<graph.relationshipCount {
        let ends = graph.ends(row)
        let ref = try write.createRelationship(
          type, from: NodeID(UInt64(ends.from)), to: NodeID(UInt64(ends.to)))
        try write.set(weight, of: ref, to: .integer(Int64(row % 10)))
      }
      try write.commit()
    }
    try expectStatistics(try store.snapshot(), graph)
    // A little more is not measured.
    let write = try store.beginWrite()
    _ = try write.createNode(labels: [])
    try write.commit()
    try expectStatistics(try store.snapshot(), graph)
  }

  @Test func bulkLoadsMeasureEverything() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let graph = Graph()
      let loader = try BulkLoader(creating: path)
      // Rows by label set, so that ids are those of the file's rows.
      var ids: [Int: UInt32] = [:]
      for set in [["Client", "Gold"], ["Client"]] {
        let rows = (0..<graph.nodeCount).filter { graph.labels($0) == set }
        let id = Vector(type: .integer, capacity: rows.count)
        for (place, row) in rows.enumerated() { id.integers[place] = Int64(row) }
        id.count = rows.count
        let runs = try loader.addNodes(
          labels: set,
          columns: [
            .init(key: "id", values: id),
            .init(key: "city", values: Vector(rows.map { graph.city($0) })),
          ], count: rows.count)
        for (row, node) in zip(rows, runs.joined()) { ids[row] = UInt32(node) }
      }
      let rows = 0..<graph.relationshipCount
      try loader.addRelationships(
        type: "KNOWS", from: rows.map { ids[graph.ends($0).from] ?? 0 },
        to: rows.map { ids[graph.ends($0).to] ?? 0 },
        columns: [
          .init(key: "weight", values: Vector(rows.map { .integer(Int64($0 % 10)) }))
        ], count: rows.count)
      _ = try loader.finish()
      try expectStatistics(try Store.open(path).snapshot(), graph)
    }
  }
}
