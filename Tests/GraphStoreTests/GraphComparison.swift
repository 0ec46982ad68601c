import GraphColumns
import GraphTypes
import TestSupport

@testable import GraphStore

/// Compares all that a reader tells with a model; throws at the first difference.
struct GraphComparison {
  struct Difference: Error, CustomStringConvertible { var description: String }

  let model: GraphModel
  let reader: GraphReader
  /// Rows beyond which only a sample is looked up one by one.
  var sampleSize = 200

  func run(_ random: inout SeededGenerator) throws {
    try compareNames()
    try compareCounts()
    try compareNodes(&random)
    try compareNodeProperties(&random)
    for type in model.types.indices {
      try compareLists(type, .outgoing, &random)
      try compareLists(type, .incoming, &random)
      try compareRelationships(type, &random)
    }
    try compareMixedGather(&random)
    if let damage = reader.damage { throw damage }
  }

  private func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws {
    if !condition { throw Difference(description: text()) }
  }
  private func expect<T: Equatable>(_ found: T, _ wanted: T, _ what: @autoclosure () -> String)
    throws
  {
    if found != wanted {
      throw Difference(description: "\(what()): \(found) instead of \(wanted)")
    }
  }
  private func expect(_ found: Value, is wanted: Value?, _ what: @autoclosure () -> String) throws {
    if !ValueSamples.isIdentical(found, wanted ?? .null) {
      throw Difference(description: "\(what()): \(found) instead of \(wanted ?? .null)")
    }
  }

  /// All of `0 ..< count`, or some of it with both ends.
  private func sample(_ count: Int, _ random: inout SeededGenerator) -> [Int] {
    if count <= sampleSize { return Array(0..<count) }
    return [0, count - 1] + (0..<sampleSize).map { _ in Int.random(in: 0..<count, using: &random) }
  }

  // MARK: Names and counts

  private func compareNames() throws {
    try expect(reader.labelNames.map { Array($0.utf8) }, model.labels.map { Array($0.utf8) }, "l")
    try expect(reader.relationshipTypeNames, model.types, "types")
    try expect(reader.propertyKeyNames, model.keys, "keys")
    for (id, name) in model.labels.enumerated() {
      try expect(reader.labelID(name)?.rawValue, UInt32(id), "label \(name)")
    }
    for (id, name) in model.types.enumerated() {
      try expect(reader.relationshipTypeID(name)?.rawValue, UInt32(id), "type \(name)")
      try expect(reader.name(of: RelationshipTypeID(UInt32(id))), name, "type \(id)")
    }
    for (id, name) in model.keys.enumerated() {
      try expect(reader.propertyKeyID(name)?.rawValue, UInt32(id), "key \(name)")
    }
    try expect(reader.labelID("not there") == nil, "a label that is not there")
  }

  private func compareCounts() throws {
    try expect(reader.nodeCount, model.nodes.count { $0 != nil }, "nodeCount")
    try expect(reader.nodeRowCount, model.nodes.count, "nodeRowCount")
    for label in model.labels.indices {
      try expect(
        reader.nodeCount(label: LabelID(UInt32(label))),
        model.nodes.count { $0?.labels.contains(label) ?? false },
        "nodeCount of \(model.labels[label])")
    }
    var total = 0
    for type in model.types.indices {
      let id = RelationshipTypeID(UInt32(type))
      let count = model.relationships[type].count { $0 != nil }
      total += count
      try expect(
        reader.relationshipCount(type: id), count, "relationshipCount of \(model.types[type])")
      try expect(
        reader.relationshipRowCount(type: id), model.relationships[type].count,
        "relationshipRowCount of \(model.types[type])")
    }
    try expect(reader.relationshipCount, total, "relationshipCount")
    try compareEndCounts()
  }

  /// Counts by the labels of both ends.
  private func compareEndCounts() throws {
    let labels = [nil] + model.labels.indices.map(Optional.some)
    for (type, rows) in model.relationships.enumerated() {
      var wanted: [[Int?]: Int] = [:]
      for case let relationship? in rows {
        let from = model.nodes[Int(relationship.from)]?.labels ?? []
        let to = model.nodes[Int(relationship.to)]?.labels ?? []
        for start in [nil] + from.map(Optional.some) {
          for end in [nil] + to.map(Optional.some) { wanted[[start, end], default: 0] += 1 }
        }
      }
      for start in labels {
        for end in labels {
          try expect(
            reader.relationshipCount(
              type: RelationshipTypeID(UInt32(type)), from: start.map { LabelID(UInt32($0)) },
              to: end.map { LabelID(UInt32($0)) }), wanted[[start, end]] ?? 0,
            "\(model.types[type]) from \(String(describing: start)) to \(String(describing: end))")
        }
      }
    }
  }

  // MARK: Nodes

  private func compareNodes(_ random: inout SeededGenerator) throws {
    for row in model.nodes.indices {
      let id = NodeID(UInt64(row))
      try expect(reader.exists(id), model.nodes[row] != nil, "node \(row) exists")
      let labels = (model.nodes[row]?.labels ?? []).sorted()
      try expect(
        reader.labels(of: id).map { Int($0.rawValue) }, labels, "labels of node \(row)")
    }
    for row in sample(model.nodes.count, &random) {
      for label in model.labels.indices {
        try expect(
          reader.hasLabel(NodeID(UInt64(row)), LabelID(UInt32(label))),
          model.nodes[row]?.labels.contains(label) ?? false,
          "node \(row) has \(model.labels[label])")
      }
    }
    for beyond in [0, 1, 5000, 1 << 33] {
      try expect(
        !reader.exists(NodeID(UInt64(model.nodes.count + beyond))), "a node beyond the end")
    }
    var sets: [[Int]] = [[]]
    for label in model.labels.indices { sets.append([label]) }
    for _ in 0..<4 where model.labels.count > 1 {
      sets.append((0..<2).map { _ in Int.random(in: 0..<model.labels.count, using: &random) })
    }
    var found = [NodeID](repeating: NodeID(0), count: Segments.rowCount)
    for set in sets {
      var nodes: [UInt64] = []
      for segment in 0..<reader.nodeSegmentCount {
        let count = reader.scanNodes(
          segment: segment, labels: set.map { LabelID(UInt32($0)) }, into: &found)
        nodes += found[..<count].map(\.rawValue)
      }
      let wanted = model.nodes.indices.filter { row in
        model.nodes[row].map { node in set.allSatisfy { node.labels.contains($0) } } ?? false
      }
      try expect(nodes, wanted.map(UInt64.init), "scan of \(set.map { model.labels[$0] })")
    }
  }

  private func compareNodeProperties(_ random: inout SeededGenerator) throws {
    for key in model.keys.indices {
      let id = PropertyKeyID(UInt32(key))
      for row in sample(model.nodes.count, &random) {
        try expect(
          reader.property(id, of: NodeID(UInt64(row))), is: model.nodes[row]?.properties[key],
          "\(model.keys[key]) of node \(row)")
      }
      for segment in 0..<(reader.nodeSegmentCount + 1) {
        let first = segment * Segments.rowCount
        let chunk = try reader.column(id, nodeSegment: segment)
        for row in first..<max(first, min(first + Segments.rowCount, model.nodes.count)) {
          try expect(
            chunk?.value(at: row - first) ?? .null, is: model.nodes[row]?.properties[key],
            "\(model.keys[key]) of node \(row) in its column")
        }
      }
      // Batches as the executor asks for them: runs, jumps, rows left out.
      let rows = model.nodes.indices.filter { model.nodes[$0] != nil }
      try compareGather(key, rows.shuffledInRuns(&random), isMasked: Bool.random(using: &random))
    }
    for row in sample(model.nodes.count, &random) {
      let stored = try reader.properties(of: NodeID(UInt64(row)))
      try compare(stored, model.nodes[row]?.properties ?? [:], "node \(row)")
    }
  }

  private func compare(
    _ stored: [(key: PropertyKeyID, value: Value)], _ wanted: [Int: Value], _ what: String
  ) throws {
    try expect(
      stored.map { Int($0.key.rawValue) }, wanted.keys.sorted(), "keys of \(what)")
    for (key, value) in stored {
      try expect(
        value, is: wanted[Int(key.rawValue)], "\(model.keys[Int(key.rawValue)]) of \(what)")
    }
  }

  private func mask(_ count: Int) -> [UInt64] {
    (0...(count / 64)).map { 0xF0F0_5555_3333_FFFF &* UInt64(2 * $0 + 1) }
  }

  private func compareGather(_ key: Int, _ rows: [Int], isMasked: Bool) throws {
    for start in stride(from: 0, to: rows.count, by: Vector.batchCapacity) {
      let batch = Array(rows[start..<min(start + Vector.batchCapacity, rows.count)])
      let validity = mask(batch.count)
      let ids = batch.enumerated().map { place, row in
        let isLeftOut = isMasked && validity[place / 64] >> UInt64(place % 64) & 1 == 0
        return NodeID(isLeftOut ? .max : UInt64(row))
      }
      let vector = try validity.withUnsafeBufferPointer {
        try reader.gather(
          PropertyKeyID(UInt32(key)), nodes: ids, count: ids.count,
          validity: isMasked ? $0.baseAddress : nil)
      }
      try expect(vector.count, ids.count, "size of gathered \(model.keys[key])")
      for (place, row) in batch.enumerated() {
        let wanted = ids[place].rawValue == .max ? nil : model.nodes[row]?.properties[key]
        try expect(
          vector.boxed(place), is: wanted, "gathered \(model.keys[key]) of node \(row)")
      }
    }
  }

  // MARK: Relationships

  private func ref(_ type: Int, _ row: Int) -> RelationshipRef? {
    guard let relationship = model.relationships[type][row] else { return nil }
    return RelationshipRef(
      id: RelationshipID(type: RelationshipTypeID(UInt32(type)), row: UInt64(row)),
      start: NodeID(relationship.from), end: NodeID(relationship.to))
  }

  private func compareLists(
    _ type: Int, _ direction: Direction, _ random: inout SeededGenerator
  ) throws {
    var wanted = [[UInt64]](repeating: [], count: model.nodes.count + 2)
    for (row, relationship) in model.relationships[type].enumerated() {
      guard let relationship else { continue }
      let (node, other) =
        direction == .outgoing
        ? (relationship.from, relationship.to) : (relationship.to, relationship.from)
      wanted[Int(node)].append(other << 32 | UInt64(row))
    }
    let adjacency = try reader.adjacency(RelationshipTypeID(UInt32(type)), direction)
    func entries(_ run: Adjacency.Run) -> [UInt64] {
      (0..<run.count).map { UInt64(run.neighbours[$0]) << 32 | UInt64(run.row($0)) }
    }
    for node in wanted.indices {
      let list = wanted[node].sorted()
      var found: [UInt64] = []
      adjacency.forEachRun(of: NodeID(UInt64(node))) { found += entries($0) }
      let what = "\(direction) \(model.types[type]) of node \(node)"
      if found != list {
        try expect(
          found.map { [$0 >> 32, $0 & 0xFFFF_FFFF] },
          list.map { [$0 >> 32, $0 & 0xFFFF_FFFF] }, what)
      }
      try expect(adjacency.degree(of: NodeID(UInt64(node))), list.count, "degree: \(what)")
      guard let one = list.randomElement(using: &random) else { continue }
      for neighbour in [one >> 32, (one >> 32) + 1] {
        var between: [UInt64] = []
        adjacency.forEachRun(of: NodeID(UInt64(node)), to: NodeID(neighbour)) {
          between += entries($0)
        }
        try expect(between, list.filter { $0 >> 32 == neighbour }, "\(what) to \(neighbour)")
      }
    }
    // The walk over all chunks that algorithms make.
    var walked = 0
    for place in 0..<adjacency.chunkCount {
      let chunk = adjacency.chunk(place)
      for node in 0..<UInt64(chunk.nodeCount) {
        walked += chunk.range(of: UInt64(chunk.firstNode) + node).count
      }
    }
    try expect(walked, wanted.reduce(0) { $0 + $1.count }, "\(model.types[type]) in all chunks")
  }

  private func compareRelationships(_ type: Int, _ random: inout SeededGenerator) throws {
    let id = RelationshipTypeID(UInt32(type))
    let rows = model.relationships[type]
    var picked = sample(rows.count, &random)
    if rows.count > sampleSize { picked = Array(picked.prefix(sampleSize / 4)) }
    for row in picked {
      let relationship = RelationshipID(type: id, row: UInt64(row))
      try expect(
        reader.relationship(relationship), ref(type, row), "\(model.types[type]) \(row)")
      let stored = try reader.properties(of: relationship)
      try compare(stored, rows[row]?.properties ?? [:], "\(model.types[type]) \(row)")
    }
    let beyond = RelationshipID(type: id, row: UInt64(rows.count))
    try expect(reader.relationship(beyond), nil, "\(model.types[type]) beyond the end")
    for key in model.keys.indices {
      let key = PropertyKeyID(UInt32(key))
      for first in stride(from: 0, to: rows.count, by: RelationshipSegments.rowCount) {
        let segment = RelationshipSegments.segment(of: UInt64(first))
        let chunk = try reader.column(key, type: id, segment: segment)
        for row in first..<min(first + RelationshipSegments.rowCount, rows.count) {
          try expect(
            chunk?.value(at: row - first) ?? .null, is: rows[row]?.properties[Int(key.rawValue)],
            "\(model.keys[Int(key.rawValue)]) of \(model.types[type]) \(row) in its column")
        }
      }
    }
  }

  /// Relationships of all types in one batch.
  private func compareMixedGather(_ random: inout SeededGenerator) throws {
    var all: [RelationshipRef] = []
    for type in model.types.indices {
      let refs = model.relationships[type].indices.compactMap { ref(type, $0) }
      all += refs.shuffledInRuns(&random).prefix(300)
    }
    if Bool.random(using: &random) { all.shuffle(using: &random) }
    for key in model.keys.indices {
      let vector = try reader.gather(
        PropertyKeyID(UInt32(key)), relationships: all, count: all.count)
      for (place, ref) in all.enumerated() {
        let relationship = model.relationships[Int(ref.id.type.rawValue)][Int(ref.id.row)]
        try expect(
          vector.boxed(place), is: relationship?.properties[key],
          "gathered \(model.keys[key]) of \(ref.id)")
      }
    }
  }
}

extension Array {
  /// In pieces of a few elements, some of them out of order.
  func shuffledInRuns(_ random: inout SeededGenerator) -> [Element] {
    var runs: [ArraySlice<Element>] = []
    var start = 0
    while start < count {
      let end = Swift.min(start + Int.random(in: 1...400, using: &random), count)
      runs.append(self[start..<end])
      start = end
    }
    if Bool.random(using: &random) { runs.shuffle(using: &random) }
    return runs.flatMap { $0 }
  }
}
