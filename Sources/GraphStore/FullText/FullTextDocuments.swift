internal import GraphColumns
internal import GraphTypes

/// The documents of a full-text index: the nodes with one of its labels, or the relationships of
/// one of its types. A document's number is the node's id, or the relationship's.
struct FullTextDocuments {
  let definition: IndexDefinition
  let reader: GraphReader

  private static let batchSize = Vector.batchCapacity

  func contains(_ node: NodeID) -> Bool {
    reader.exists(node) && definition.labels.contains { reader.hasLabel(node, LabelID($0)) }
  }
  func contains(_ relationship: RelationshipID) -> Bool {
    definition.labels.contains(relationship.type.rawValue)
  }

  /// The values of the index's properties.
  func values(of document: UInt64) throws(StoreError) -> [Value] {
    var values: [Value] = []
    for key in definition.keys {
      values.append(
        definition.onRelationships
          ? try reader.property(key, of: RelationshipID(rawValue: document))
          : try reader.property(key, of: NodeID(document)))
    }
    return values
  }

  /// Many documents with the columns of the index's properties; nodes ascending, relationships in
  /// the order of their start nodes.
  struct Batch {
    var documents: [UInt64]
    /// Of relationships, as many.
    var ends: [EndsBlock.Ends]
    var columns: [Vector]
    /// What part of all has been read with this batch.
    var share: Double
  }

  func forEachBatch(_ body: (Batch) throws(StoreError) -> Void) throws(StoreError) {
    if definition.onRelationships {
      try forEachRelationshipBatch(body)
    } else {
      try forEachNodeBatch(body)
    }
    if let damage = reader.damage { throw damage }
  }

  private func forEachNodeBatch(
    _ body: (Batch) throws(StoreError) -> Void
  ) throws(StoreError) {
    let found = UnsafeMutablePointer<NodeID>.allocate(capacity: Segments.rowCount)
    defer { found.deallocate() }
    for segment in 0..<reader.nodeSegmentCount {
      var nodes: [NodeID] = []
      for label in definition.labels {
        let count = reader.scanNodes(segment: segment, labels: [LabelID(label)], into: found)
        nodes.append(contentsOf: UnsafeBufferPointer(start: found, count: count))
      }
      if definition.labels.count > 1 { nodes = Set(nodes).sorted() }
      if nodes.isEmpty { continue }
      var columns: [Vector] = []
      for key in definition.keys { columns.append(try gather(key, nodes)) }
      try body(
        Batch(
          documents: nodes.map(\.rawValue), ends: [], columns: columns,
          share: Double(segment + 1) / Double(reader.nodeSegmentCount)))
    }
  }

  private func gather(_ key: PropertyKeyID, _ nodes: [NodeID]) throws(StoreError) -> Vector {
    let result: Result<Vector?, StoreError> = nodes.withUnsafeBufferPointer { nodes in
      Result { () throws(StoreError) in
        guard let base = nodes.baseAddress else { return nil }
        return try reader.gather(key, nodes: base, count: nodes.count)
      }
    }
    return try result.get() ?? ColumnGather.nulls(0)
  }
  private func gather(
    _ key: PropertyKeyID, _ relationships: [RelationshipRef]
  ) throws(StoreError) -> Vector {
    let result: Result<Vector?, StoreError> = relationships.withUnsafeBufferPointer { all in
      Result { () throws(StoreError) in
        guard let base = all.baseAddress else { return nil }
        return try reader.gather(key, relationships: base, count: all.count)
      }
    }
    return try result.get() ?? ColumnGather.nulls(0)
  }

  private func forEachRelationshipBatch(
    _ body: (Batch) throws(StoreError) -> Void
  ) throws(StoreError) {
    let types = definition.labels.map { RelationshipTypeID($0) }
    let total = max(types.reduce(0) { $0 + reader.relationshipCount(type: $1) }, 1)
    var done = 0
    var batch: [RelationshipRef] = []
    func give() throws(StoreError) {
      done += batch.count
      var columns: [Vector] = []
      for key in definition.keys { columns.append(try gather(key, batch)) }
      try body(
        Batch(
          documents: batch.map(\.id.rawValue), ends: batch.map { EndsBlock.Ends($0) },
          columns: columns, share: Double(done) / Double(total)))
      batch.removeAll(keepingCapacity: true)
    }
    for type in types {
      let adjacency = try reader.adjacency(type, .outgoing)
      for place in 0..<adjacency.chunkCount {
        let chunk = adjacency.chunk(place)
        for node in 0..<Int(chunk.nodeCount) {
          let start = NodeID(UInt64(chunk.firstNode) + UInt64(node))
          for entry in chunk.range(of: start.rawValue) {
            batch.append(
              RelationshipRef(
                id: RelationshipID(type: type, row: UInt64(chunk.row(entry))), start: start,
                end: NodeID(UInt64(chunk.neighbours[entry]))))
            if batch.count == Self.batchSize { try give() }
          }
        }
      }
    }
    if !batch.isEmpty { try give() }
    if let damage = reader.damage { throw damage }
  }
}

extension EndsBlock.Ends {
  /// Rows of nodes have 32 bits.
  init(_ relationship: RelationshipRef) {
    start = UInt32(truncatingIfNeeded: relationship.start.rawValue)
    end = UInt32(truncatingIfNeeded: relationship.end.rawValue)
  }
}

extension TermAnalysis {
  /// Appends the terms of a vector's row.
  func analyze(_ vector: Vector, row: Int, appendingTo tokens: inout [Token]) {
    if vector.isNull(row) { return }
    switch vector.type {
    case .string:
      var position: UInt32 = 0
      let text = vector.strings[vector.physical(row)]
      analyze(text.bytes, from: &position, appendingTo: &tokens)
    case .any: analyze(vector.values[vector.physical(row)], appendingTo: &tokens)
    default: break
    }
  }
}
