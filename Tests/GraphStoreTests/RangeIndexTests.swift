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
        let members = nodes.filter {
          !index.onRelationships && reader.hasLabel($0, LabelID(index.labels[0]))
        }
        let searches = try reader.search(of: index)
        for _ in 0..<count {
          let search = Self.search(index, &random)
          if index.onRelationships {
            try check(searches, search, relationships, reader, &random)
          } else {
            try check(searches, search, members, reader, &random)
          }
        }
        try checkStatistics(index, reader)
      }
      if !(reader is TransactionReader) {
        let count = try IndexCheck(reader: reader) { Issue.record("\($0): \($1)") }.run()
        #expect(count >= 0)
      }
    }

    /// Reads the search in parts, backwards, and only counts it.
    private func check<Element: IndexedElement & Equatable>(
      _ searches: RangeIndexSearch, _ search: IndexSearch, _ elements: [Element],
      _ reader: GraphReader, _ random: inout SeededGenerator
    ) throws {
      let wanted = try expected(elements, searches.index, search, reader)
      let capacity = [1, 2, 3, 7, 1000][random.below(5)]
      var found: [Element] = []
      try searches.start(search)
      try searches.readAll(appendingTo: &found, capacity: capacity)
      #expect(found == wanted, "\(search) in parts of \(capacity)")
      found = []
      try searches.start(search, descending: true)
      try searches.readAll(appendingTo: &found, capacity: capacity)
      let descending = try wanted.reversed().sorted { a, b in
        // Equal values stay in the order of rows.
        let (first, second) = try (
          searches.index.values(of: a, reader), searches.index.values(of: b, reader)
        )
        for (x, y) in zip(first, second) where Value.order(x, y) != 0 {
          return Value.order(x, y) > 0
        }
        return a.entity.row < b.entity.row
      }
      #expect(found == descending, "\(search) backwards, in parts of \(capacity)")
      try searches.start(search)
      var count = 0
      while case let more = try searches.skip(atLeast: capacity), more > 0 { count += more }
      #expect(count == wanted.count, "\(search)")
      // Given up half-way: the next search begins anew.
      try searches.start(search, descending: Bool.random(using: &random))
      if var element = elements.first { _ = try searches.readElements(into: &element, 1) }
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
    let lookup = try reader.search(of: try #require(reader.schema.index(named: "unique")))
    var found: [NodeID] = []
    for round in stride(from: 0, to: rounds, by: 3) where round % 7 != 6 {
      found = []
      try lookup.find(.integer(Int64(round)), appendingTo: &found)
      #expect(found.count == 1)
    }
  }

  /// What a transaction does to an index that is being read is seen ahead, and nothing twice.
  @Test(arguments: [false, true]) func changesWhileReading(isDescending: Bool) throws {
    let store = try Store.temporary()
    var write = try store.beginWrite()
    let (label, key) = (try write.label("A"), try write.propertyKey("id"))
    let index = try write.createIndex(
      IndexDefinition(name: "i", labels: [label.rawValue], keys: [key]))
    var nodes: [NodeID] = []
    for place in 0..<40 {
      nodes.append(try write.createNode(labels: [label]))
      try write.set(key, of: nodes[place], to: .integer(Int64(place / 4)))
    }
    try write.commit()
    write = try store.beginWrite()
    let searches = try write.reader.search(of: index)
    try searches.start(IndexSearch(equal: []), descending: isDescending)
    var found: [NodeID] = []
    var node = NodeID(0)
    var ids: [Int64] = []
    while try searches.read(into: &node, capacity: 1) == 1 {
      found.append(node)
      guard case .integer(let id) = try write.reader.property(key, of: node) else { continue }
      ids.append(id)
      // To what has been read; and away from what is ahead.
      if found.count == 6 { try write.set(key, of: found[0], to: .integer(isDescending ? 9 : 0)) }
      if found.count == 10 { try write.deleteNode(isDescending ? nodes[0] : nodes[39]) }
      if found.count == 11 {
        nodes.append(try write.createNode(labels: [label]))
        try write.set(key, of: nodes[40], to: .integer(isDescending ? 1 : 8))
      }
    }
    #expect(found.count == 40)
    #expect(Set(found) == Set(nodes).subtracting([isDescending ? nodes[0] : nodes[39]]))
    #expect(ids == (isDescending ? ids.sorted(by: >) : ids.sorted()))
    #expect(try searches.read(into: &node, capacity: 1) == 0)
    write.abort()
  }

  /// Shares of skewed data: within a factor of two, where a flat share would be far off.
  @Test func estimatesFollowTheData() throws {
    let store = try Store.temporary()
    let write = try store.beginWrite()
    let label = try write.label("A")
    let keys = try ["dense", "skewed", "text"].map { try write.propertyKey($0) }
    var numbers: [[Value]] = []
    var random = SeededGenerator(seed: 5)
    for place in 0..<4000 {
      let skewed = place % 100 == 0 ? 1_000_000_000 - place : place % 7 == 0 ? -place : place
      let text = "https://shop.example/\(["a", "книги", "z"][random.below(3)])/\(place)"
      numbers.append([.integer(Int64(place)), .integer(Int64(skewed)), .string(text)])
      let node = try write.createNode(labels: [label])
      for (key, value) in zip(keys, numbers[place]) { try write.set(key, of: node, to: value) }
    }
    for (place, key) in keys.enumerated() {
      try write.createIndex(
        IndexDefinition(name: "i\(place)", labels: [label.rawValue], keys: [key]))
    }
    try write.commit()
    let reader = try store.snapshot()
    for (place, index) in reader.schema.indexes.enumerated() {
      let sorted = numbers.map { $0[place] }.sorted { Value.order($0, $1) < 0 }
      for _ in 0..<60 {
        let (low, high) = (random.below(4000), random.below(4000))
        let (lower, upper) = (sorted[min(low, high)], sorted[max(low, high)])
        let estimate = reader.estimatedCount(
          index,
          IndexSearch(
            equal: [],
            bound: .range(
              lower: lower, lowerInclusive: true, upper: upper, upperInclusive: false)))
        let count = Double(abs(high - low))
        #expect(
          estimate >= count / 2 && estimate <= max(count * 2, count + 8),
          "\(place): \(lower) to \(upper): \(estimate) instead of \(count)")
      }
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
