internal import GraphColumns
internal import GraphTypes

/// What the full-text indexes of a transaction are told of its changes.
final class FullTextChanges {
  private(set) var indexes: [FullTextPending] = []
  /// Ids of indexes that are to be removed from the tree.
  private var dropped: [UInt32] = []
  /// By property key: some index of nodes, or of relationships, has it.
  private var nodeKeys: Set<PropertyKeyID> = []
  private var relationshipKeys: Set<PropertyKeyID> = []

  init(_ definitions: [IndexDefinition]) throws(StoreError) {
    for definition in definitions where definition.kind == .fulltext {
      indexes.append(try FullTextPending(definition))
    }
    noteKeys()
  }

  private func noteKeys() {
    let all = indexes.map(\.definition)
    nodeKeys = Set(all.filter { !$0.onRelationships }.flatMap(\.keys))
    relationshipKeys = Set(all.filter { $0.onRelationships }.flatMap(\.keys))
  }

  func pending(_ index: UInt32) -> FullTextPending? {
    indexes.first { $0.definition.id == index }
  }

  // MARK: Schema

  /// It is filled when the changes are written, from what is there then.
  func create(
    _ definition: IndexDefinition, progress: ((Double) -> Void)?
  ) throws(StoreError) {
    indexes.append(try FullTextPending(definition, isNew: true, progress: progress))
    noteKeys()
  }

  func drop(_ index: UInt32) {
    if let pending = pending(index), !pending.isNew { dropped.append(index) }
    indexes.removeAll { $0.definition.id == index }
    noteKeys()
  }

  // MARK: Nodes. `reader` sees the change, except where a node is deleted.

  func nodeCreated(_ node: NodeID, _ labels: [LabelID]) {
    for index in indexes where index.isWatching && !index.definition.onRelationships {
      if labels.contains(where: { index.definition.labels.contains($0.rawValue) }) {
        index.mark(node.rawValue, old: [])
      }
    }
  }

  func nodeDeleted(_ node: NodeID, _ reader: GraphReader) throws(StoreError) {
    for index in indexes where index.isWatching && !index.definition.onRelationships {
      let source = FullTextDocuments(definition: index.definition, reader: reader)
      try mark(index, node, source.contains(node), source)
    }
  }

  func labelChanged(
    _ label: LabelID, of node: NodeID, wasAdded: Bool, _ reader: GraphReader
  ) throws(StoreError) {
    for index in indexes
    where index.isWatching && !index.definition.onRelationships
      && index.definition.labels.contains(label.rawValue)
    {
      let source = FullTextDocuments(definition: index.definition, reader: reader)
      // With another label of the index it is a document before and after.
      let others = index.definition.labels.filter { $0 != label.rawValue }
      if others.contains(where: { reader.hasLabel(node, LabelID($0)) }) { continue }
      try mark(index, node, !wasAdded, source)
    }
  }

  /// Values are read only where they are not known yet.
  private func mark(
    _ index: FullTextPending, _ node: NodeID, _ wasDocument: Bool, _ source: FullTextDocuments
  ) throws(StoreError) {
    if index.isKnown(node.rawValue) || !wasDocument {
      index.mark(node.rawValue, old: [])
    } else {
      index.mark(node.rawValue, old: try source.values(of: node.rawValue))
    }
  }

  func propertyChanged(
    _ key: PropertyKeyID, of node: NodeID, from old: Value, _ reader: GraphReader
  ) throws(StoreError) {
    guard nodeKeys.contains(key) else { return }
    for index in indexes where index.isWatching && !index.definition.onRelationships {
      guard let field = index.definition.keys.firstIndex(of: key) else { continue }
      if index.isKnown(node.rawValue) {
        index.mark(node.rawValue, old: [])
        continue
      }
      let source = FullTextDocuments(definition: index.definition, reader: reader)
      guard source.contains(node) else { continue }
      var values = try source.values(of: node.rawValue)
      values[field] = old
      index.mark(node.rawValue, old: values)
    }
  }

  // MARK: Relationships, likewise.

  func relationshipCreated(_ relationship: RelationshipRef) {
    for index in indexes where index.isWatching && index.definition.onRelationships {
      if index.definition.labels.contains(relationship.id.type.rawValue) {
        index.mark(relationship.id.rawValue, old: [], ends: .init(relationship))
      }
    }
  }

  func relationshipDeleted(
    _ relationship: RelationshipRef, _ reader: GraphReader
  ) throws(StoreError) {
    for index in indexes where index.isWatching && index.definition.onRelationships {
      let source = FullTextDocuments(definition: index.definition, reader: reader)
      guard source.contains(relationship.id) else { continue }
      let isKnown = index.isKnown(relationship.id.rawValue)
      index.markDeleted(
        relationship, old: isKnown ? [] : try source.values(of: relationship.id.rawValue))
    }
  }

  func propertyChanged(
    _ key: PropertyKeyID, of relationship: RelationshipRef, from old: Value, _ reader: GraphReader
  ) throws(StoreError) {
    guard relationshipKeys.contains(key) else { return }
    let number = relationship.id.rawValue
    for index in indexes where index.isWatching && index.definition.onRelationships {
      guard let field = index.definition.keys.firstIndex(of: key) else { continue }
      let source = FullTextDocuments(definition: index.definition, reader: reader)
      guard source.contains(relationship.id) else { continue }
      var values: [Value] = []
      if !index.isKnown(number) {
        values = try source.values(of: number)
        values[field] = old
      }
      index.mark(number, old: values, ends: .init(relationship))
    }
  }

  // MARK: Writing

  func write(_ writer: TreeWriter, _ reader: GraphReader) throws(StoreError) {
    for index in dropped { try FullTextWriter(writer, index: index).drop() }
    dropped = []
    for index in indexes { try index.write(writer, reader) }
  }
}
