internal import GraphColumns
internal import GraphTypes

extension StoreCheck {
  /// The recorded changes, each against the graph as the ones before leave it. The sets of nodes and
  /// relationships are those of the whole state afterwards.
  func checkDelta() throws(StoreError) {
    var changes = 0
    for (place, entry) in (entries[.delta] ?? []).enumerated() {
      if entry.key.count != 8 || Key.number(entry.key, at: 0, bytes: 8) != UInt64(place) {
        found(.delta, "record \(place) is not in its place")
      }
      do throws(StoreError) {
        try ChangeRecord.read(entry.value) { (change) throws(StoreError) in
          changes += 1
          if let fault = apply(change) { found(.delta, "record \(place): \(fault)") }
        }
      } catch {
        found(.delta, "record \(place): \(error.message)")
        nodes.isWhole = false
        for type in relationships.indices { relationships[type].isWhole = false }
      }
      try advance(entry.value.count)
    }
    examined("changes", changes)
  }

  /// - Returns: why it cannot be.
  private func apply(_ change: Change) -> String? {
    switch change {
    case .name(let kind, let text):
      if names(kind).contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
        return "it makes the \(kind) \(text), which is there already"
      }
      names[Int(kind.rawValue)].append(text)
      if kind == .relationshipType { relationships.append(RowSet(count: 0)) }
    case .createNode(let labels):
      nodes.append()
      return labels.lazy.compactMap(unknown).first
    case .deleteNode(let node):
      if let fault = missing(node) { return fault }
      nodes.remove(Int(node.rawValue))
    case .addLabel(let label, let node), .removeLabel(let label, let node):
      return unknown(label) ?? missing(node)
    case .setNode(let key, let node, let value):
      // Values are removed after their node.
      return unknown(key) ?? (value.isPresent ? missing(node) : nil)
    case .createRelationship(let type, let start, let end):
      if let fault = unknown(type) { return fault }
      relationships[Int(type.rawValue)].append()
      return missing(start) ?? missing(end)
    case .deleteRelationship(let relationship):
      if let fault = missing(relationship) { return fault }
      relationships[Int(relationship.id.type.rawValue)].remove(Int(relationship.id.row))
    case .setRelationship(let key, let relationship, let value):
      return unknown(key) ?? (value.isPresent ? missing(relationship) : nil)
    }
    return nil
  }

  private func unknown(_ label: LabelID) -> String? {
    label.rawValue < names(.label).count ? nil : "label \(label.rawValue) has no name"
  }
  private func unknown(_ key: PropertyKeyID) -> String? {
    key.rawValue < names(.propertyKey).count ? nil : "property \(key.rawValue) has no name"
  }
  private func unknown(_ type: RelationshipTypeID) -> String? {
    type.rawValue < relationships.count ? nil : "relationship type \(type.rawValue) has no name"
  }
  private func missing(_ node: NodeID) -> String? {
    !nodes.isWhole || nodes.contains(Int(node.rawValue))
      ? nil : "node \(node.rawValue) does not exist"
  }
  private func missing(_ relationship: RelationshipRef) -> String? {
    if let fault = unknown(relationship.id.type) { return fault }
    let rows = relationships[Int(relationship.id.type.rawValue)]
    return !rows.isWhole || rows.contains(Int(relationship.id.row))
      ? nil
      : "relationship \(relationship.id.row) of \(name(.relationshipType, relationship.id.type.rawValue))"
        + " does not exist"
  }
}
