internal import GraphColumns
internal import GraphTypes

/// Keeps one index as a transaction changes the graph. Each kind of index is a subclass.
///
/// An entity belongs to an index when it has one of its labels (or its type). Changes are told after
/// they have been made, and only those that concern the index.
class IndexChanges {
  let definition: IndexDefinition
  /// Outlives this.
  final unowned(unsafe) let view: TransactionReader
  /// Nothing of it is stored: the transaction has made it.
  final private(set) var isNew: Bool

  init(_ definition: IndexDefinition, _ view: TransactionReader, isNew: Bool) {
    self.definition = definition
    self.view = view
    self.isNew = isNew
  }

  /// Fills a new index from what the transaction sees.
  func build(progress: ((Double) -> Void)?) throws(StoreError) {}

  /// The node belongs to the index now.
  func insert(_ node: NodeID) throws(StoreError) {}
  /// The node does not belong to the index any more, or is about to go; its values are still there.
  func remove(_ node: NodeID) throws(StoreError) {}
  /// One of the keys of a node of the index has changed.
  func change(
    _ node: NodeID, _ key: PropertyKeyID, from old: Value, to new: Value
  ) throws(StoreError) {}

  func insert(_ relationship: RelationshipRef) throws(StoreError) {}
  func remove(_ relationship: RelationshipRef) throws(StoreError) {}
  func change(
    _ relationship: RelationshipRef, _ key: PropertyKeyID, from old: Value, to new: Value
  ) throws(StoreError) {}

  /// Writes the changes and forgets them: searches go to the next state.
  func write(_ writer: TreeWriter) throws(StoreError) {}
  final func setStored() { isNew = false }

  /// Removes all that is stored of the index.
  func removeStored(_ writer: TreeWriter) throws(StoreError) {}
}
