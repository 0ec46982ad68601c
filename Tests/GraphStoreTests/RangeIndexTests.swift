import GraphColumns
import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Searches of indexes against scans of the graph, while random transactions change it.
struct RangeIndexTests {
  /// A graph with a few labels, types and keys.
  private struct World {
    let store: Store
    var nodes: [NodeID] = []
    var relationships: [RelationshipRef] = []
    static let labels = ["A", "B"]
    static let keys = ["x", "y"]

    init() throws { store = try Store.temporary() }

    static func value(_ random: inout SeededGenerator) -> Value {
      switch random.below(12) {
      case 0..<4: .integer(Int64(random.below(20)) - 5)
      case 4: .float(Double(random.below(40)) / 2 - 5)
      case 5: .null
      case 6..<8: .string(["", "a", "ab", "abc", "b", "Ж"][random.below(6)])
      case 8:
        // Longer than a key.
        .string(String(repeating: "длинный ", count: 40) + "\(random.below(4))")
      default: ValueSamples.value(kind: random.below(ValueSamples.kindCount), &random)
      }
    }

    mutating func step(_ write: WriteTransaction, _ random: inout SeededGenerator) throws {
      let key = try write.propertyKey(Self.keys[random.below(2)])
      switch random.below(10) {
      case 0..<3:
        var labels: [LabelID] = []
        for label in Self.labels where random.below(3) > 0 { labels.append(try write.label(label)) }
        let node = try write.createNode(labels: labels)
        nodes.append(node)
        try write.set(key, of: node, to: Self.value(&random))
      case 3..<6:
        guard let node = nodes.randomElement(using: &random) else { return }
        try write.set(key, of: node, to: Self.value(&random))
      case 6:
        guard let node = nodes.randomElement(using: &random) else { return }
        let label = try write.label(Self.labels[random.below(2)])
        if Bool.random(using: &random) {
          try write.addLabel(label, to: node)
        } else {
          try write.removeLabel(label, from: node)
        }
      case 7:
        guard let from = nodes.randomElement(using: &random),
          let to = nodes.randomElement(using: &random)
        else { return }
        let made = try write.createRelationship(
          try write.relationshipType("R"), from: from, to: to)
        relationships.append(made)
        try write.set(key, of: made, to: Self.value(&random))
      case 8:
        guard let relationship = relationships.randomElement(using: &random) else { return }
        if random.below(3) == 0 {
          try write.deleteRelationship(relationship)
          relationships.removeAll { $0 == relationship }
        } else {
          try write.set(key, of: relationship, to: Self.value(&random))
        }
      default:
        guard let place = nodes.indices.randomElement(using: &random) else { return }
        let node = nodes[place]
        if relationships.contains(where: { $0.start == node || $0.end == node }) { return }
        try write.deleteNode(node)
        nodes.remove(at: place)
      }
    }

    static func search(_ index: IndexDefinition, _ random: inout SeededGenerator) -> IndexSearch {
      func present() -> Value {
        while true {
          let value = value(&random)
          if value.isPresent { return value }
        }
      }
      let equal = (0..<random.below(index.keys.count + 1)).map { _ in present() }
      if equal.count == index.keys.count { return IndexSearch(equal: equal) }
      switch random.below(5) {
      case 0: return IndexSearch(equal: equal)
      case 1:
        let prefixes = ["", "a", "ab", "длин", String(repeating: "длинный ", count: 40)]
        return IndexSearch(equal: equal, bound: .prefix(prefixes[random.below(5)]))
      default:
        let lower = random.below(4) > 0 ? present() : nil
        let upper = random.below(4) > 0 || lower == nil ? present() : nil
        return IndexSearch(
          equal: equal,
          bound: .range(
            lower: lower, lowerInclusive: Bool.random(using: &random), upper: upper,
            upperInclusive: Bool.random(using: &random)))
      }
    }

    /// What a search should find, by looking at everything.
    func expected<Element: IndexedElement>(
      _ elements: [Element], _ index: IndexDefinition, _ search: IndexSearch,
      _ reader: GraphReader
    ) throws -> [Element] {
      var found: [(values: [Value], element: Element)] = []
      for element in elements {
        let values = try index.values(of: element, reader)
        if values.allSatisfy({ $0.isPresent }), search.matches(values) {
          found.append((values, element))
        }
      }
      found.sort { a, b in
        for (first, second) in zip(a.values, b.values) {
          let order = Value.order(first, second)
          if order != 0 { return order < 0 }
        }
        return a.element.entity.row < b.element.entity.row
      }
      return found.map(\.element)
    }

    func check(_ reader: GraphReader, _ count: Int, _ random: inout SeededGenerator) throws {
      for index in reader.schema.indexes {
        for _ in 0..<count {
          let search = Self.search(index, &random)
          if index.onRelationships {
            var found: [RelationshipRef] = []
            try reader.search(index, search, appendingTo: &found)
            #expect(try found == expected(relationships, index, search, reader), "\(search)")
          } else {
            var found: [NodeID] = []
            try reader.search(index, search, appendingTo: &found)
            let members = nodes.filter { reader.hasLabel($0, LabelID(index.labels[0])) }
            let wanted = try expected(members, index, search, reader)
            #expect(found == wanted, "\(search)")
          }
        }
        try checkStatistics(index, reader)
      }
      if !(reader is TransactionReader) {
        let count = try IndexCheck(reader: reader) { Issue.record("\($0): \($1)") }.run()
        #expect(count >= 0)
      }
    }

    /// Counts are exact in snapshots.
    func checkStatistics(_ index: IndexDefinition, _ reader: GraphReader) throws {
      if reader is TransactionReader { return }
      var values: [[Value]] = []
      if index.onRelationships {
        for relationship in relationships {
          values.append(try index.values(of: relationship, reader))
        }
      } else {
        for node in nodes where reader.hasLabel(node, LabelID(index.labels[0])) {
          values.append(try index.values(of: node, reader))
        }
      }
      values = values.filter { $0.allSatisfy { $0.isPresent } }
      let statistics = reader.statistics(of: index)
      #expect(Int(statistics.entries) == values.count)
      // Long texts may share a key.
      #expect(Int(statistics.distinct) <= Set(values).count)
      #expect(Int(statistics.distinct) >= Set(values).count - 3 * (Set(values).count / 4))
      #expect(
        reader.estimatedCount(index, IndexSearch(equal: [])) <= Double(values.count) + 0.5)
    }
  }

  @Test(arguments: [1, 2, 3, 4]) func searchesFindWhatScansFind(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var world = try World()
    var made = 0
    for round in 0..<24 {
      let write = try world.store.beginWrite()
      let before = (world.nodes, world.relationships)
      for _ in 0..<random.below(60) { try world.step(write, &random) }
      if round % 4 == 1 || made == 0 {
        let x = try write.propertyKey("x")
        let y = try write.propertyKey("y")
        let isOnRelationships = made % 3 == 1
        let label =
          isOnRelationships
          ? try write.relationshipType("R").rawValue
          : try write.label(World.labels[made % 2]).rawValue
        let taken = write.reader.schema.indexes
        let definition =
          IndexDefinition(
            name: "index \(made)", onRelationships: isOnRelationships, labels: [label],
            keys: [[x], [y], [x, y], [y, x]][made % 4])
        if !taken.contains(where: {
          $0.labels == definition.labels && $0.keys == definition.keys
            && $0.onRelationships == isOnRelationships
        }) {
          try write.createIndex(definition)
        }
        made += 1
        if made > 3, random.below(2) == 0 {
          let names = write.reader.schema.indexes.map(\.name)
          try write.dropIndex(named: names[random.below(names.count)])
        }
      }
      for _ in 0..<random.below(60) { try world.step(write, &random) }
      try world.check(write.reader, 12, &random)
      if random.below(5) == 0, round > 0 {
        write.abort()
        (world.nodes, world.relationships) = before
        made = max(made, 1)
      } else {
        try write.commit()
      }
      try world.check(try world.store.snapshot(), 12, &random)
    }
  }

  /// Group commits, aborts among them, and other threads.
  @Test func threadsShareAnIndex() async throws {
    let store = try Store.temporary()
    let setup = try store.beginWrite()
    let (label, key) = (try setup.label("A"), try setup.propertyKey("id"))
    try setup.createConstraint(
      ConstraintDefinition(name: "unique", kind: .key, label: label.rawValue, keys: [key]))
    try setup.commit()
    let rounds = 60
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          for round in 0..<rounds {
            let write = try store.beginWrite()
            let node = try write.createNode(labels: [label])
            // Every third value has been taken by another thread, or will be.
            let id = round % 3 == 0 ? round : round * 4 + thread + 1000
            do {
              try write.set(key, of: node, to: .integer(Int64(id)))
              if round % 7 == 6 { write.abort() } else { try write.commit() }
            } catch let error as StoreError {
              guard error.code == .constraint else { throw error }
              write.abort()
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let reader = try store.snapshot()
    let faults = IndexCheck(reader: reader) { Issue.record("\($0): \($1)") }
    #expect(try faults.run() == reader.nodeCount)
    let lookup = try reader.lookup(try #require(reader.schema.index(named: "unique")))
    var found: [NodeID] = []
    for round in stride(from: 0, to: rounds, by: 3) where round % 7 != 6 {
      found = []
      try lookup.find(Int64(round), appendingTo: &found)
      #expect(found.count == 1)
    }
  }

  /// What a check finds when an index does not fit.
  @Test func faultsAreFound() throws {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    let (label, key) = (try write.label("A"), try write.propertyKey("id"))
    let index = try write.createIndex(
      IndexDefinition(name: "i", labels: [label.rawValue], keys: [key]))
    for id in 0..<10 {
      let node = try write.createNode(labels: [label])
      try write.set(key, of: node, to: .integer(Int64(id)))
    }
    try write.commit()
    var entry = IndexKey(index: index.id)
    entry.append(Int64(3))
    do {
      let writer = try TreeWriter(store.currentLease().environment, durability: .bulk)
      do {
        let tree = try IndexWriter(writer, onRelationships: false)
        try tree.remove(entry.stored, IndexEntity(NodeID(3)))
        try tree.add(entry.stored, IndexEntity(NodeID(7)))
      }
      try writer.commit()
    }
    var faults: [String] = []
    _ = try IndexCheck(reader: store.snapshot()) { faults.append($1) }.run()
    #expect(
      faults == ["the index i lacks node 3", "the index i has node 7 under values that it has not"])
  }
}
