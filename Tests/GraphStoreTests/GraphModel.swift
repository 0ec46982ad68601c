import GraphColumns
import GraphStore
import GraphTypes
import TestSupport
import Testing

/// A property graph as plain dictionaries: what the store must hold.
struct GraphModel {
  struct NodeRecord {
    var labels: Set<String>
    var properties: [String: Value] = [:]
  }
  struct RelationshipRecord {
    var reference: RelationshipRef
    var type: String
    var properties: [String: Value] = [:]
  }
  var nodes: [NodeID: NodeRecord] = [:]
  var relationships: [RelationshipID: RelationshipRecord] = [:]

  static let labels = ["Client", "Product", "Клиент", "X"]
  static let types = ["PURCHASED", "KNOWS", "СМОТРЕЛ"]
  static let keys = ["name", "age", "score", "цена", "mixed"]

  /// The same type and equivalent: `==` alone takes 1 and 1.0 for equal.
  static func isSame(_ a: Value, _ b: Value) -> Bool { a.typeName == b.typeName && a == b }
  static func isSame(_ a: [String: Value], _ b: [String: Value]) -> Bool {
    a.count == b.count && a.allSatisfy { key, value in b[key].map { isSame($0, value) } ?? false }
  }

  /// What differs between the reader and the model; empty if nothing does.
  func differences(_ reader: GraphReader, keys wanted: [String] = GraphModel.keys) throws
    -> [String]
  {
    var found: [String] = []
    func check(_ condition: Bool, _ what: @autoclosure () -> String) {
      if !condition, found.count < 10 { found.append(what()) }
    }
    check(reader.nodeCount == nodes.count, "node count \(reader.nodeCount), not \(nodes.count)")
    check(reader.relationshipCount == relationships.count, "relationship count")
    checkNodes(reader, check)
    try checkNodeColumns(reader, wanted, check)
    for (type, name) in reader.relationshipTypeNames.enumerated() {
      try checkRelationships(reader, RelationshipTypeID(UInt32(type)), name, wanted, check)
    }
    check(reader.damage == nil, "damage")
    return found
  }

  private func checkNodes(_ reader: GraphReader, _ check: (Bool, @autoclosure () -> String) -> Void)
  {
    for row in 0..<UInt64(reader.nodeRowCount + 3) {
      let node = NodeID(row)
      check(reader.exists(node) == (nodes[node] != nil), "node \(row) exists")
      let labels = reader.labels(of: node)
      check(labels == labels.sorted(), "labels of \(row) are sorted")
      check(
        Set(labels.map { reader.name(of: $0) }) == nodes[node]?.labels ?? [], "labels of \(row)")
    }
    for (id, label) in reader.labelNames.enumerated() {
      let label = (id: LabelID(UInt32(id)), name: label)
      let expected = nodes.filter { $0.value.labels.contains(label.name) }.keys.sorted()
      check(reader.nodeCount(label: label.id) == expected.count, "count of \(label.name)")
      check(scan(reader, [label.id]) == expected, "scan of \(label.name)")
      if let other = expected.first.flatMap({ nodes[$0]?.labels.first }),
        let otherID = reader.labelID(other)
      {
        check(
          scan(reader, [label.id, otherID])
            == expected.filter { nodes[$0]?.labels.contains(other) ?? false },
          "scan of \(label.name) and \(other)")
      }
    }
    check(scan(reader, []) == nodes.keys.sorted(), "scan of all")
  }

  private func scan(_ reader: GraphReader, _ labels: [LabelID]) -> [NodeID] {
    var found: [NodeID] = []
    var buffer = [NodeID](repeating: NodeID(0), count: Segments.rowCount)
    for segment in 0..<reader.nodeSegmentCount {
      let count = buffer.withUnsafeMutableBufferPointer {
        reader.scanNodes(segment: segment, labels: labels, into: $0.baseAddress!)
      }
      found += buffer[..<count]
    }
    return found
  }

  private func checkNodeColumns(
    _ reader: GraphReader, _ wanted: [String], _ check: (Bool, @autoclosure () -> String) -> Void
  ) throws {
    // One that never existed, and some in any order with gaps.
    var ids = Array(nodes.keys) + [NodeID(UInt64(reader.nodeRowCount) + 5000)]
    ids += ids.prefix(5)
    for name in wanted {
      guard let key = reader.propertyKeyID(name) else {
        check(nodes.values.allSatisfy { $0.properties[name] == nil }, "no key \(name)")
        continue
      }
      let vector = try reader.gather(key, nodes: ids, count: ids.count)
      check(vector.count == ids.count, "count of gathered rows")
      for (row, id) in ids.enumerated() {
        let expected = nodes[id]?.properties[name] ?? .null
        check(Self.isSame(vector.value(row), expected), "gathered \(name) of \(id)")
      }
      for (id, node) in nodes {
        let value = try reader.property(key, of: id)
        check(Self.isSame(value, node.properties[name] ?? .null), "\(name) of \(id): \(value)")
      }
      for segment in 0..<reader.nodeSegmentCount {
        let values = try reader.column(key, nodeSegment: segment)?.decoded() ?? []
        for row in 0..<Segments.rowCount {
          let id = NodeID(UInt64(segment * Segments.rowCount + row))
          let expected = nodes[id]?.properties[name] ?? .null
          check(
            Self.isSame(row < values.count ? values[row] : .null, expected), "chunk of \(name)")
        }
      }
    }
    for (id, node) in nodes.shuffled().prefix(20) {
      let properties = try reader.properties(of: id).map { (reader.name(of: $0.key), $0.value) }
      check(
        Self.isSame(Dictionary(uniqueKeysWithValues: properties), node.properties),
        "properties of \(id)")
    }
  }

  private func checkRelationships(
    _ reader: GraphReader, _ type: RelationshipTypeID, _ name: String, _ wanted: [String],
    _ check: (Bool, @autoclosure () -> String) -> Void
  ) throws {
    let mine = relationships.values.filter { $0.type == name }
    check(reader.relationshipCount(type: type) == mine.count, "count of \(name)")
    for direction in [Direction.outgoing, .incoming] {
      let isOutgoing = direction == .outgoing
      let lists = Dictionary(grouping: mine) {
        isOutgoing ? $0.reference.start : $0.reference.end
      }.mapValues {
        $0.map { entry -> [UInt64] in
          [
            (isOutgoing ? entry.reference.end : entry.reference.start).rawValue,
            entry.reference.id.row,
          ]
        }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
      }
      let adjacency = try reader.adjacency(type, direction)
      var total = 0
      for place in 0..<adjacency.chunkCount { total += Int(adjacency.chunk(place).count) }
      check(total == mine.count, "total of chunks of \(name) \(direction)")
      for row in 0..<UInt64(reader.nodeRowCount + 2) {
        var list: [[UInt64]] = []
        adjacency.forEachRun(of: NodeID(row)) { run in
          for index in 0..<run.count {
            list.append([UInt64(run.neighbours[index]), UInt64(run.row(index))])
          }
        }
        let expected = lists[NodeID(row)] ?? []
        check(list == expected, "\(name) \(direction) of \(row): \(list), not \(expected)")
        check(adjacency.degree(of: NodeID(row)) == expected.count, "degree of \(row)")
        guard let neighbour = expected.randomElement()?[0] else { continue }
        var parallel: [UInt64] = []
        adjacency.forEachRun(of: NodeID(row), to: NodeID(neighbour)) { run in
          for index in 0..<run.count where UInt64(run.neighbours[index]) == neighbour {
            parallel.append(UInt64(run.row(index)))
          }
        }
        check(
          parallel == expected.filter { $0[0] == neighbour }.map { $0[1] }, "parallel of \(row)")
      }
    }
    for entry in mine.shuffled().prefix(5) {
      check(try reader.relationship(entry.reference.id) == entry.reference, "found by identity")
    }
    let deleted = (0..<reader.relationshipRowCount(type: type)).lazy.map {
      RelationshipID(type: type, row: UInt64($0))
    }.first { relationships[$0] == nil }
    if let deleted { check(try reader.relationship(deleted) == nil, "deleted is not found") }
    try checkRelationshipColumns(reader, mine, wanted, check)
  }

  private func checkRelationshipColumns(
    _ reader: GraphReader, _ mine: [RelationshipRecord], _ wanted: [String],
    _ check: (Bool, @autoclosure () -> String) -> Void
  ) throws {
    let references = mine.map(\.reference)
    for name in wanted {
      guard let key = reader.propertyKeyID(name) else { continue }
      let vector = try reader.gather(key, relationships: references, count: references.count)
      for (row, entry) in mine.enumerated() {
        let expected = entry.properties[name] ?? .null
        check(Self.isSame(vector.value(row), expected), "gathered \(name) of relationship")
        let value = try reader.property(key, of: entry.reference.id)
        check(Self.isSame(value, expected), "\(name) of relationship")
      }
    }
    for entry in mine.shuffled().prefix(5) {
      let properties = try reader.properties(of: entry.reference.id)
      check(
        Self.isSame(
          Dictionary(uniqueKeysWithValues: properties.map { (reader.name(of: $0.key), $0.value) }),
          entry.properties), "properties of a relationship")
    }
  }
}

extension Vector {
  /// A row's value, for comparison.
  func value(_ row: Int) -> Value {
    if isNull(row) { return .null }
    let row = physical(row)
    switch type {
    case .boolean: return .boolean(booleans[row])
    case .integer: return .integer(integers[row])
    case .float: return .float(floats[row])
    case .string: return .string(strings[row].string)
    case .date: return .date(dates[row])
    case .localDateTime: return .localDateTime(localDateTimes[row])
    case .any: return values[row]
    case .node, .relationship: return .null
    }
  }
}
