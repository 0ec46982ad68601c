package import GraphColumns
package import GraphTypes

// CONTRACT between the store and its writers.

/// The one writer of a store: changes are visible to `reader` at once, to others after `commit`.
/// Ends by `commit` or `abort`; dropping it aborts. Belongs to one thread at a time.
package final class WriteTransaction: @unchecked Sendable {
  init() {}
  /// Sees the committed state plus all changes made so far. One object for the whole transaction.
  package var reader: GraphReader { fatalError("contract") }

  /// Find or make a name's id.
  package func label(_ name: String) throws(StoreError) -> LabelID { fatalError("contract") }
  package func relationshipType(_ name: String) throws(StoreError) -> RelationshipTypeID {
    fatalError("contract")
  }
  package func propertyKey(_ name: String) throws(StoreError) -> PropertyKeyID {
    fatalError("contract")
  }

  package func createNode(labels: [LabelID]) throws(StoreError) -> NodeID { fatalError("contract") }
  package func createRelationship(
    _ type: RelationshipTypeID, from: NodeID, to: NodeID
  ) throws(StoreError) -> RelationshipRef { fatalError("contract") }

  /// Null removes. Throws `QueryError` for values no property can have.
  /// - Returns: whether there was a value before.
  @discardableResult
  package func set(_ key: PropertyKeyID, of node: NodeID, to value: Value) throws -> Bool {
    fatalError("contract")
  }
  @discardableResult
  package func set(
    _ key: PropertyKeyID, of relationship: RelationshipRef, to value: Value
  ) throws -> Bool { fatalError("contract") }

  /// - Returns: whether the node did not have it (or, for remove, did).
  @discardableResult
  package func addLabel(_ label: LabelID, to node: NodeID) throws(StoreError) -> Bool {
    fatalError("contract")
  }
  @discardableResult
  package func removeLabel(_ label: LabelID, from node: NodeID) throws(StoreError) -> Bool {
    fatalError("contract")
  }

  /// The node must have no relationships (`invalidArgument` otherwise); its properties go too.
  package func deleteNode(_ node: NodeID) throws(StoreError) { fatalError("contract") }
  package func deleteRelationship(_ relationship: RelationshipRef) throws(StoreError) {
    fatalError("contract")
  }

  package func commit() throws(StoreError) { fatalError("contract") }
  package func abort() { fatalError("contract") }
}
