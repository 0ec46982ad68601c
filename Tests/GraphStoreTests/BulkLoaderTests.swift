import Foundation
import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

@Suite struct BulkLoaderTests {
  /// What was loaded, naively.
  private struct Model {
    struct Node {
      var id: UInt64
      var labels: Set<String>
      var properties: [String: Value]
    }
    struct Relationship {
      var from: UInt64
      var to: UInt64
      var properties: [String: Value]
    }
    var nodes: [Node] = []
    var relationships: [String: [Relationship]] = [:]
    var propertyCount: Int {
      nodes.reduce(0) { $0 + $1.properties.count }
        + relationships.values.joined().reduce(0) { $0 + $1.properties.count }
    }
  }

  private func vector(_ values: [Value], _ type: VectorType) -> Vector {
    let arena = StringArena()
    let vector = Vector(type: type, capacity: max(values.count, 1))
    vector.count = values.count
    vector.owners = [arena]
    for (row, value) in values.enumerated() {
      switch (type, value) {
      case (.any, _): vector.values[row] = value
      case (.boolean, .boolean(let flag)): vector.booleans[row] = flag
      case (.integer, .integer(let number)): vector.integers[row] = number
      case (.float, .float(let number)): vector.floats[row] = number
      case (.string, .string(let text)): vector.strings[row] = arena.append(text)
      case (.date, .date(let date)): vector.dates[row] = date
      case (.localDateTime, .localDateTime(let moment)): vector.localDateTimes[row] = moment
      default: vector.setNull(row)
      }
    }
    return vector
  }

  private static let types: [VectorType] = [
    .boolean, .integer, .float, .string, .date, .localDateTime, .any,
  ]

  /// Columns of random types, and the same as values.
  private func columns(
    _ keys: [String], count: Int, _ random: inout SeededGenerator
  ) -> (columns: [BulkLoader.Column], values: [String: [Value]]) {
    var columns: [BulkLoader.Column] = []
    var values: [String: [Value]] = [:]
    for key in keys {
      // Mostly one type a key, so that both typed and mixed columns come up.
      let kind =
        Int.random(in: 0..<5, using: &random) > 0
        ? key.utf8.reduce(0) { $0 + Int($1) } % 6 : Int.random(in: 0..<7, using: &random)
      let column = (0..<count).map { _ in
        Int.random(in: 0..<6, using: &random) == 0
          ? Value.null
          : ValueSamples.value(
            kind: kind == 6 ? Int.random(in: 0..<ValueSamples.kindCount, using: &random) : kind,
            &random)
      }
      columns.append(.init(key: key, values: vector(column, Self.types[kind])))
      values[key] = column
    }
    return (columns, values)
  }

  private func properties(_ values: [String: [Value]], _ row: Int) -> [String: Value] {
    values.compactMapValues { column in
      if case .null = column[row] { nil } else { column[row] }
    }
  }

  private func load(
    _ loader: BulkLoader, scale: Int, _ random: inout SeededGenerator
  ) throws -> Model {
    var model = Model()
    let labelSets: [[String]] = [
      ["Клиент"], ["Product"], ["Product", "Archived"], [], ["Archived", "Product"],
    ]
    let keys = ["name", "age", "rating", "born", "seen", "mixed"]
    for _ in 0..<12 {
      let labels = labelSets[Int.random(in: 0..<labelSets.count, using: &random)]
      let count = Int.random(in: 0...scale, using: &random)
      let some = keys.filter { _ in Bool.random(using: &random) }
      let (columns, values) = columns(some, count: count, &random)
      let runs = try loader.addNodes(labels: labels, columns: columns, count: count)
      for (row, id) in runs.joined().enumerated() {
        model.nodes.append(
          .init(id: id, labels: Set(labels), properties: properties(values, row)))
      }
    }
    for type in ["BOUGHT", "VIEWED", "FOLLOWS"] {
      for _ in 0..<3 {
        let count = Int.random(in: 0...(3 * scale), using: &random)
        let some = keys.filter { _ in Bool.random(using: &random) }
        let (columns, values) = columns(some, count: count, &random)
        var from: [UInt32] = []
        var to: [UInt32] = []
        for _ in 0..<count {
          // A hub, parallel relationships, and everything else.
          let isHub = Bool.random(using: &random)
          let limit = type == "FOLLOWS" ? 40 : model.nodes.count
          from.append(
            UInt32(model.nodes[isHub ? 7 : Int.random(in: 0..<limit, using: &random)].id))
          to.append(UInt32(model.nodes[Int.random(in: 0..<limit, using: &random)].id))
        }
        try loader.addRelationships(
          type: type, from: from, to: to, columns: columns, count: count)
        for row in 0..<count {
          model.relationships[type, default: []].append(
            .init(
              from: UInt64(from[row]), to: UInt64(to[row]), properties: properties(values, row)))
        }
      }
    }
    return model
  }

  private func isSame(
    _ a: [String: Value], _ b: [(key: PropertyKeyID, value: Value)], _ reader: GraphReader
  )
    -> Bool
  {
    a.count == b.count
      && b.allSatisfy { key, value in
        a[reader.name(of: key)].map { ValueSamples.isIdentical($0, value) } ?? false
      }
  }

  /// - Parameter isSorted: relationship rows are in the order of (from, to), as after a new load.
  private func expectSame(_ model: Model, _ reader: GraphReader, isSorted: Bool) throws {
    #expect(reader.nodeCount == model.nodes.count)
    #expect(Set(model.nodes.map(\.id)).count == model.nodes.count)
    var isGood = true
    for node in model.nodes {
      let id = NodeID(node.id)
      isGood = isGood && reader.exists(id)
      isGood = isGood && Set(reader.labels(of: id).map { reader.name(of: $0) }) == node.labels
      let stored = try reader.properties(of: id)
      isGood = isGood && isSame(node.properties, stored, reader)
    }
    #expect(isGood, "nodes")
    for (id, name) in reader.labelNames.enumerated() {
      #expect(
        reader.nodeCount(label: LabelID(UInt32(id)))
          == model.nodes.count { $0.labels.contains(name) })
    }
    for (name, relationships) in model.relationships {
      let type = try #require(reader.relationshipTypeID(name))
      #expect(reader.relationshipCount(type: type) == relationships.count)
      #expect(reader.relationshipRowCount(type: type) == relationships.count)
      let order =
        isSorted
        ? relationships.indices.sorted {
          let (a, b) = (relationships[$0], relationships[$1])
          return (a.from, a.to, $0) < (b.from, b.to, $1)
        } : Array(relationships.indices)
      for (row, index) in order.enumerated() {
        let id = RelationshipID(type: type, row: UInt64(row))
        let stored = try reader.properties(of: id)
        isGood = isGood && isSame(relationships[index].properties, stored, reader)
      }
      #expect(isGood, "properties of \(name)")
      for direction in [Direction.outgoing, .incoming] {
        var expected: [UInt64: [[UInt64]]] = [:]
        for (row, index) in order.enumerated() {
          let relationship = relationships[index]
          let (node, other) =
            direction == .outgoing
            ? (relationship.from, relationship.to) : (relationship.to, relationship.from)
          expected[node, default: []].append([other, UInt64(row)])
        }
        let adjacency = try reader.adjacency(type, direction)
        for node in model.nodes {
          var found: [[UInt64]] = []
          adjacency.forEachRun(of: NodeID(node.id)) { run in
            for index in 0..<run.count {
              found.append([UInt64(run.neighbours[index]), UInt64(run.row(index))])
            }
          }
          let wanted = (expected[node.id] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
          isGood =
            isGood && found == wanted && adjacency.degree(of: NodeID(node.id)) == wanted.count
        }
        #expect(isGood, "\(direction) lists of \(name)")
      }
    }
  }

  @Test func newDatabaseHoldsWhatWasLoaded() throws {
    var random = SeededGenerator(seed: 20)
    for scale in [40, 3000] {
      try withTemporaryDirectory { folder in
        let path = folder.appending(path: "graph").path
        let loader = try BulkLoader(creating: path)
        #expect(loader.existing == nil)
        let model = try load(loader, scale: scale, &random)
        var fractions: [Double] = []
        let summary = try loader.finish { fractions.append($0) }
        #expect(summary.nodes == model.nodes.count)
        #expect(summary.properties == model.propertyCount)
        #expect(fractions == fractions.sorted() && fractions.last == 1)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files == ["graph"])
        let store = try Store.open(path)
        try expectSame(model, try store.snapshot(), isSorted: true)
        // Life goes on: new rows follow the loaded ones.
        let write = try store.beginWrite()
        let node = try write.createNode(labels: [])
        #expect(!model.nodes.contains { $0.id == node.rawValue })
        let type = try write.relationshipType("FOLLOWS")
        let ref = try write.createRelationship(type, from: node, to: NodeID(model.nodes[0].id))
        #expect(ref.id.row == UInt64(model.relationships["FOLLOWS"]?.count ?? 0))
        try write.commit()
        #expect(try store.snapshot().nodeCount == model.nodes.count + 1)
        store.close()
      }
    }
  }

  @Test func littleMemoryChangesNothing() throws {
    var random = SeededGenerator(seed: 22)
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let loader = try BulkLoader(creating: path, waitingMaximum: 10_000, commitSize: 30_000)
      let model = try load(loader, scale: 3000, &random)
      _ = try loader.finish()
      let store = try Store.open(path)
      try expectSame(model, try store.snapshot(), isSorted: true)
      store.close()
    }
  }

  @Test func smallLabelSetsShareSegments() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let loader = try BulkLoader(creating: path)
      var ids: [UInt64: String] = [:]
      for round in 0..<3 {
        for label in 0..<50 {
          let numbers = Vector(type: .integer, capacity: 5)
          numbers.count = 5
          for row in 0..<5 { numbers.integers[row] = Int64(1000 * round + label) }
          let runs = try loader.addNodes(
            labels: ["L\(label)"], columns: [.init(key: "n", values: numbers)], count: 5)
          for id in runs.joined() { ids[id] = "L\(label)" }
        }
      }
      _ = try loader.addNodes(labels: ["Big"], columns: [], count: 10_000)
      #expect(throws: StoreError.self) {
        // Granted to a label set, but not in use.
        try loader.addRelationships(type: "T", from: [20], to: [20], columns: [], count: 1)
      }
      _ = try loader.finish()
      let store = try Store.open(path)
      let reader = try store.snapshot()
      #expect(ids.count == 750 && reader.nodeCount == 10_750)
      #expect(reader.nodeSegmentCount == 2 + 5)
      let key = try #require(reader.propertyKeyID("n"))
      for (id, label) in ids {
        #expect(reader.labels(of: NodeID(id)).map { reader.name(of: $0) } == [label])
        let value = try reader.property(key, of: NodeID(id))
        guard case .integer(let number) = value else {
          Issue.record("node \(id) has \(value)")
          continue
        }
        #expect("L\(number % 1000)" == label)
      }
      var nodes = [NodeID](repeating: NodeID(0), count: Segments.rowCount)
      let some = try #require(reader.labelID("L7"))
      var found = 0
      for segment in 0..<reader.nodeSegmentCount {
        found += reader.scanNodes(segment: segment, labels: [some], into: &nodes)
      }
      #expect(found == 15)
      store.close()
    }
  }

  @Test func additionsAreOneTransaction() throws {
    var random = SeededGenerator(seed: 21)
    let store = try Store.temporary()
    let loader = try BulkLoader(addingTo: store)
    let model = try load(loader, scale: 60, &random)
    #expect(try store.snapshot().nodeCount == 0)
    let summary = try loader.finish()
    #expect(summary.properties == model.propertyCount)
    try expectSame(model, try store.snapshot(), isSorted: false)

    let second = try BulkLoader(addingTo: store)
    #expect(second.existing?.nodeCount == model.nodes.count)
    let node = NodeID(model.nodes[0].id)
    try second.update(node, key: "name", value: .string("новое имя"))
    second.cancel()
    try expectSame(model, try store.snapshot(), isSorted: false)
    let third = try BulkLoader(addingTo: store)
    try third.update(node, key: "name", value: .string("новое имя"))
    _ = try third.finish()
    let reader = try store.snapshot()
    let key = try #require(reader.propertyKeyID("name"))
    #expect(try reader.property(key, of: node) == .string("новое имя"))
  }

  @Test func nothingIsLeftOfALoadThatDoesNotFinish() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
      }
      do {
        let loader = try BulkLoader(creating: path)
        _ = try loader.addNodes(labels: ["A"], columns: [], count: 5000)
        #expect(throws: StoreError.self) {
          try loader.addRelationships(type: "T", from: [0], to: [7000], columns: [], count: 1)
        }
        let map = Vector(type: .any, capacity: 1)
        map.values[0] = .map([:])
        #expect(throws: QueryError.self) {
          _ = try loader.addNodes(
            labels: [], columns: [.init(key: "bad", values: map)], count: 1)
        }
      }
      #expect(try files().isEmpty)
      let loader = try BulkLoader(creating: path)
      loader.cancel()
      #expect(throws: StoreError.self) { try loader.finish() }
      // What a load of a process that is no more has left.
      try Data([1]).write(to: URL(fileURLWithPath: path + ".loading-99999999"))
      _ = try BulkLoader(creating: path)
      #expect(try files().isEmpty)
      try Data([1]).write(to: URL(fileURLWithPath: path))
      #expect(throws: StoreError.self) { _ = try BulkLoader(creating: path) }
      #expect(try files() == ["graph"])
    }
  }

  @Test func constantColumnsAndEmptyLoads() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appending(path: "graph").path
      let loader = try BulkLoader(creating: path)
      let city = Vector(type: .string, capacity: 1, isConstant: true)
      let arena = StringArena()
      city.strings[0] = arena.append("Тверь")
      city.count = 5000
      let runs = try loader.addNodes(
        labels: ["A"], columns: [.init(key: "city", values: city)], count: 5000)
      #expect(runs == [0..<5000])
      try loader.addRelationships(type: "EMPTY", from: [], to: [], columns: [], count: 0)
      let summary = try loader.finish()
      #expect(summary.properties == 5000 && summary.relationships == 0)
      let store = try Store.open(path)
      let reader = try store.snapshot()
      let key = try #require(reader.propertyKeyID("city"))
      #expect(try reader.property(key, of: NodeID(4999)) == .string("Тверь"))
      #expect(reader.relationshipTypeNames == ["EMPTY"])
      store.close()
      _ = try BulkLoader(creating: path + "2").finish()
      #expect(try Store.open(path + "2").snapshot().nodeCount == 0)
    }
  }
}
