internal import GraphColumns
internal import GraphTypes

/// What indexes and constraints are told of each change of a transaction, after it has been made.
/// CONTRACT: range indexes and full-text indexes keep what they need in members of their own.
final class SchemaChanges {
  /// False while the schema is empty: then nothing below is called.
  private(set) var isActive = false

  func nodeCreated(_ node: NodeID, _ labels: [LabelID]) throws(StoreError) {}
  /// Before the node's values go.
  /// - Parameter labels: what the node had.
  func nodeDeleted(_ node: NodeID, _ labels: [LabelID]) throws(StoreError) {}
  func labelAdded(_ label: LabelID, to node: NodeID) throws(StoreError) {}
  func labelRemoved(_ label: LabelID, from node: NodeID) throws(StoreError) {}
  func propertyChanged(
    _ key: PropertyKeyID, of node: NodeID, from old: Value, to new: Value
  ) throws(StoreError) {}
  func relationshipCreated(_ relationship: RelationshipRef) throws(StoreError) {}
  /// Before its values go.
  func relationshipDeleted(_ relationship: RelationshipRef) throws(StoreError) {}
  func propertyChanged(
    _ key: PropertyKeyID, of relationship: RelationshipRef, from old: Value, to new: Value
  ) throws(StoreError) {}

  /// Before a commit: what is checked at the end (existence).
  func check() throws(StoreError) {}
  /// Writes the changes of index trees.
  func write(_ writer: TreeWriter) throws(StoreError) {}
}
