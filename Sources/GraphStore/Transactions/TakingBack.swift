internal import GraphColumns
internal import GraphTypes

/// A change that a transaction has made, with what is needed to take it back.
enum ReversibleChange {
  case name(NameKind)
  case createNode
  /// With the labels it had.
  case deleteNode(NodeID, [LabelID])
  case addLabel(LabelID, NodeID)
  case removeLabel(LabelID, NodeID)
  /// With the value before.
  case set(ColumnAddress, row: Int, Value)
  case createRelationship(RelationshipRef)
  case deleteRelationship(RelationshipRef)
}

extension GraphState {
  /// Takes the last changes back, given in the order in which they were made: the state shows what it
  /// showed before. When this throws, it is of no use any more.
  /// - Complexity: O(changes).
  func takeBack(_ changes: [ReversibleChange]) throws(StoreError) {
    for change in changes.reversed() { try takeBack(change) }
  }

  private func takeBack(_ change: ReversibleChange) throws(StoreError) {
    switch change {
    case .name(let kind): removeLastName(kind)
    case .createNode: try takeBackCreation()
    case .deleteNode(let node, let labels): try takeBackDeletion(of: node, labels)
    case .addLabel(let label, let node): try removeLabel(label, from: node)
    case .removeLabel(let label, let node): try addLabel(label, to: node)
    case .set(let address, let row, let value): try set(address, row, to: value)
    case .createRelationship(let relationship): try takeBackCreation(of: relationship)
    case .deleteRelationship(let relationship): try takeBackDeletion(of: relationship)
    }
  }

  private func removeLastName(_ kind: NameKind) {
    let id = names[kind].removeLast()
    switch kind {
    case .label:
      counts.labelled.removeLast()
      counts.ends.remove(LabelID(id))
    case .relationshipType:
      counts.relationships.removeLast()
      counts.relationshipRows.removeLast()
      counts.ends.remove(RelationshipTypeID(id))
    case .propertyKey: break
    }
  }

  private func takeBackCreation() throws(StoreError) {
    let segment = try nodeSegment(of: NodeID(UInt64(counts.nodeRows - 1)))
    for label in segment.rows.labels(at: segment.rows.rowCount - 1) {
      counts.labelled[Int(label.rawValue)] -= 1
    }
    segment.rows.removeLast()
    counts.nodeRows -= 1
    counts.nodes -= 1
  }

  private func takeBackDeletion(of node: NodeID, _ labels: [LabelID]) throws(StoreError) {
    let segment = try nodeSegment(of: node)
    segment.rows.restore(Segments.offset(of: node.rawValue), labels: labels)
    for label in labels { counts.labelled[Int(label.rawValue)] += 1 }
    counts.nodes += 1
  }

  private func takeBackCreation(of relationship: RelationshipRef) throws(StoreError) {
    try takeBack(of: relationship) { (edit, base, node, neighbour, row) in
      edit.takeBackInsertion(node, neighbour: neighbour, row: row, base: base)
    }
    counts.relationshipRows[Int(relationship.id.type.rawValue)] -= 1
    count(-1, relationship)
  }

  private func takeBackDeletion(of relationship: RelationshipRef) throws(StoreError) {
    try takeBack(of: relationship) { (edit, base, node, neighbour, row) in
      edit.takeBackRemoval(node, neighbour: neighbour, row: row, base: base)
    }
    deleted.remove(relationship.id)
    count(1, relationship)
  }

  /// Calls `body` for each direction.
  private func takeBack(
    of relationship: RelationshipRef,
    _ body: (AdjacencyEdit, AdjacencyTable, UInt32, UInt32, UInt32) -> Void
  ) throws(StoreError) {
    let (type, row) = (relationship.id.type, UInt32(truncatingIfNeeded: relationship.id.row))
    let (start, end) = (relationship.start.row32, relationship.end.row32)
    body(makeEdit(type, .outgoing), try baseAdjacency(type, .outgoing), start, end, row)
    body(makeEdit(type, .incoming), try baseAdjacency(type, .incoming), end, start, row)
  }
}
