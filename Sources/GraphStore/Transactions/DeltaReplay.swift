internal import GraphColumns
internal import GraphTypes

/// How much is recorded and not yet in the base.
struct DeltaExtent: Equatable {
  /// Entries of the tree `delta`: their keys are `0 ..< records`.
  var records = 0
  var changes = 0
  var bytes = 0

  static func + (a: DeltaExtent, b: DeltaExtent) -> DeltaExtent {
    DeltaExtent(
      records: a.records + b.records, changes: a.changes + b.changes, bytes: a.bytes + b.bytes)
  }
}

/// How much may be recorded; then it is put into the base. The limits bound what opening costs (some
/// hundred nanoseconds a change) and what the changes take in memory. From the other side they decide
/// how often a chunk is written anew.
struct DeltaLimits {
  var changes = 16_384
  var bytes = 2 << 20
  /// Changed chunks: all are written at once, and their old pages are free only afterwards.
  var chunks = 4096

  func allow(_ extent: DeltaExtent, _ state: GraphState) throws(StoreError) -> Bool {
    guard extent.changes <= changes, extent.bytes <= bytes else { return false }
    return try !state.hasChanged(moreChunksThan: chunks)
  }
  func allow(_ record: ChangeRecord) -> Bool {
    record.changeCount <= changes && record.bytes.count <= bytes
  }
}

extension GraphState {
  /// Applies the records that it does not have yet. When this throws, the state is of no use.
  func replay(recordedIn reader: TreeReader) throws(StoreError) {
    guard try reader.count(.delta) >= extent.records else {
      throw ChunkFormat.damaged("The list of changes", "records are missing")
    }
    var expected = UInt64(extent.records)
    try reader.walk(.delta, from: .record(extent.records)) { (key, value) throws(StoreError) in
      guard key.count == 8, Key.number(key, at: 0, bytes: 8) == expected else {
        throw ChunkFormat.damaged("The list of changes", "a record is missing")
      }
      expected += 1
      try replay(value)
    }
  }

  /// Applies one record.
  func replay(_ record: UnsafeRawBufferPointer) throws(StoreError) {
    var count = 0
    try ChangeRecord.read(record) { (change) throws(StoreError) in
      count += 1
      guard try apply(change) else {
        throw ChunkFormat.damaged(ChangeRecord.name, "a change in it does not fit the graph")
      }
    }
    extent = extent + DeltaExtent(records: 1, changes: count, bytes: record.count)
  }

  /// - Returns: false for changes that cannot be.
  private func apply(_ change: Change) throws(StoreError) -> Bool {
    switch change {
    case .name(let kind, let text):
      guard names[kind].id(of: text) == nil, names[kind].names.count < 1 << 20 else {
        return false
      }
      _ = addName(text, kind)
    case .createNode(let labels):
      guard labels.allSatisfy({ has($0) }), labels.count < 2 || Set(labels).count == labels.count,
        counts.nodeRows < Int(UInt32.max)
      else { return false }
      _ = try createNode(labels: labels)
    case .deleteNode(let node):
      guard exists(node) else { return false }
      try deleteNode(node)
    case .addLabel(let label, let node):
      guard has(label), exists(node), !hasLabel(node, label) else { return false }
      try addLabel(label, to: node)
    case .removeLabel(let label, let node):
      guard has(label), exists(node), hasLabel(node, label) else { return false }
      try removeLabel(label, from: node)
    case .setNode(let key, let node, let value):
      guard has(key), node.rawValue < UInt64(counts.nodeRows) else { return false }
      try set(.node(key, node), Segments.offset(of: node.rawValue), to: value)
    case .createRelationship(let type, let start, let end):
      guard has(type), exists(start), exists(end),
        counts.relationshipRows[Int(type.rawValue)] < Int(UInt32.max)
      else { return false }
      _ = createRelationship(type, from: start, to: end)
    case .deleteRelationship(let relationship):
      guard has(relationship) else { return false }
      deleteRelationship(relationship)
    case .setRelationship(let key, let relationship, let value):
      guard has(key), has(relationship) else { return false }
      try set(
        .relationship(key, relationship.id),
        RelationshipSegments.offset(of: relationship.id.row), to: value)
    }
    return true
  }

  private func has(_ label: LabelID) -> Bool { Int(label.rawValue) < names.labels.names.count }
  private func has(_ key: PropertyKeyID) -> Bool {
    Int(key.rawValue) < names.propertyKeys.names.count
  }
  private func has(_ type: RelationshipTypeID) -> Bool {
    Int(type.rawValue) < names.relationshipTypes.names.count
  }
  /// Whether there can be such a relationship; its lists are not looked at.
  private func has(_ relationship: RelationshipRef) -> Bool {
    let id = relationship.id
    return has(id.type) && id.row < UInt64(counts.relationshipRows[Int(id.type.rawValue)])
      && counts.relationships[Int(id.type.rawValue)] > 0
      && max(relationship.start.rawValue, relationship.end.rawValue) < UInt64(counts.nodeRows)
  }
}

extension ColumnAddress {
  static func node(_ key: PropertyKeyID, _ node: NodeID) -> ColumnAddress {
    ColumnAddress(key: key, space: .nodes, segment: Segments.segment(of: node.rawValue))
  }
  static func relationship(_ key: PropertyKeyID, _ id: RelationshipID) -> ColumnAddress {
    ColumnAddress(
      key: key, space: .relationships(id.type), segment: RelationshipSegments.segment(of: id.row))
  }
}
