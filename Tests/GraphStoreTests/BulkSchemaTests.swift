import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Indexes and constraints that a bulk load makes.
struct BulkSchemaTests {
  private func column(_ key: String, _ values: [Value]) -> BulkLoader.Column {
    BulkLoader.Column(key: key, values: Vector(values))
  }

  private func load(_ loader: BulkLoader, ids: [Value]) throws {
    let count = ids.count
    let cities: [Value] = (0..<count).map { $0 % 5 == 4 ? .null : .string("city \($0 % 7)") }
    let runs = try loader.addNodes(
      labels: ["Client"], columns: [column("id", ids), column("city", cities)], count: count)
    let rows = runs.flatMap { $0.map(UInt32.init) }
    try loader.addRelationships(
      type: "KNOWS", from: rows, to: Array(rows.reversed()),
      columns: [column("since", (0..<count).map { .integer(Int64($0 % 100)) })], count: count)
    try loader.add(BulkSchemaRequest(.index, label: "Client", keys: ["city"]))
    try loader.add(BulkSchemaRequest(.index, label: "Client", keys: ["city", "id"]))
    try loader.add(BulkSchemaRequest(.index, label: "Client", keys: ["id"]))
    try loader.add(BulkSchemaRequest(.constraint(.unique), label: "Client", keys: ["id"]))
    try loader.add(BulkSchemaRequest(.constraint(.exists), label: "Client", keys: ["id"]))
    try loader.add(
      BulkSchemaRequest(.index, onRelationships: true, label: "KNOWS", keys: ["since"]))
    try loader.add(BulkSchemaRequest(.index, label: "Nobody", keys: ["nothing"]))
  }

  private func check(_ store: Store, count: Int) throws {
    let reader = try store.snapshot()
    let schema = reader.schema
    #expect(schema.constraints.map(\.name) == ["Client_id_unique", "Client_id_exists"])
    // The index on the unique key is the constraint's.
    #expect(schema.indexes.count == 5)
    let unique = try #require(schema.index(named: "Client_id_unique"))
    #expect(unique.constraint == schema.constraint(named: "Client_id_unique")?.id)
    #expect(schema.constraint(named: "Client_id_unique")?.index == unique.id)
    let lookup = try reader.search(of: unique)
    var nodes: [NodeID] = []
    for id in [0, count / 2, count - 1] {
      try lookup.find(.integer(Int64(id)), appendingTo: &nodes)
    }
    #expect(nodes.count == 3)
    let key = try #require(reader.propertyKeyID("id"))
    for node in nodes { #expect(try reader.property(key, of: node).isPresent) }
    nodes = []
    let city = try #require(schema.index(named: "Client_city_index"))
    try reader.search(city, IndexSearch(equal: [], bound: .prefix("city")), appendingTo: &nodes)
    #expect(nodes.count == count - count / 5)
    #expect(reader.statistics(of: city).entries == Double(nodes.count))
    #expect(reader.statistics(of: city).distinct == 7)
    var relationships: [RelationshipRef] = []
    let since = try #require(schema.index(named: "KNOWS_since_index"))
    try reader.search(since, IndexSearch(equal: [.integer(42)]), appendingTo: &relationships)
    #expect(relationships.count == count / 100)
  }

  @Test func newDatabasesHaveIndexes() throws {
    try withTemporaryDirectory { directory in
      let path = directory.path + "/graph"
      let loader = try BulkLoader(creating: path)
      try load(loader, ids: (0..<5000).map { .integer($0) })
      _ = try loader.finish()
      let store = try Store.open(path)
      try check(store, count: 5000)
      // They go on with the data.
      let write = try store.beginWrite()
      let node = try write.createNode(labels: [write.label("Client")])
      #expect(throws: StoreError.self) {
        try write.set(write.propertyKey("id"), of: node, to: .integer(77))
      }
      write.abort()
      store.close()
    }
  }

  @Test func violationsLeaveNoFile() throws {
    try withTemporaryDirectory { directory in
      let path = directory.path + "/graph"
      let loader = try BulkLoader(creating: path)
      try load(loader, ids: (0..<3000).map { .integer($0 == 2999 ? 1234 : $0) })
      var message = ""
      do {
        _ = try loader.finish()
      } catch let error as StoreError {
        #expect(error.code == .constraint)
        message = error.message
      }
      #expect(message.contains("with label `Client` and property `id` = 1234"))
      #expect(throws: StoreError.self) { try BulkLoader(creating: directory.path) }
      _ = try BulkLoader(creating: path)
    }
  }

  @Test func additionsMakeWhatIsMissing() throws {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    try write.createIndex(
      IndexDefinition(
        name: "Client_city_index", labels: [write.label("Client").rawValue],
        keys: [write.propertyKey("city")]))
    try write.commit()
    let loader = try BulkLoader(addingTo: store)
    try load(loader, ids: (0..<1000).map { .integer($0) })
    _ = try loader.finish()
    try check(store, count: 1000)
  }
}
