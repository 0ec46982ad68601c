package import GraphColumns
package import GraphTypes

/// The one writer of a store: changes are visible to `reader` at once, to others after `commit`.
/// Ends by `commit` or `abort`; dropping it aborts. Belongs to one thread at a time.
///
/// Nothing is written before `commit`: changes are kept in memory, and listed in a record. A commit
/// of few changes stores the record only; one of many puts them into the chunks (see `CommitQueue`).
/// So a transaction that waits holds up other writers only, not LMDB.
package final class WriteTransaction: @unchecked Sendable {
  private let store: Store
  /// Nil when it does again what is recorded, within another transaction.
  private let lease: EnvironmentLease?
  /// Nil when the transaction has ended.
  @exclusivity(unchecked) private var openView: TransactionReader?
  /// Nil when there are too many changes for a record.
  @exclusivity(unchecked) private var record: ChangeRecord? = ChangeRecord()
  /// What `record` lists, to be taken back; nil when that cannot be done or would cost more than making
  /// the state anew.
  @exclusivity(unchecked) private var changes: [ReversibleChange]? = []

  /// The caller holds the environment's writer lock, which the transaction takes over.
  init(_ store: Store, _ lease: EnvironmentLease) throws(StoreError) {
    self.store = store
    self.lease = lease
    openView = try lease.environment.commits.begin(store, lease)
  }
  deinit { abort() }

  /// Sees the committed state plus all changes made so far. One object for the whole transaction,
  /// which must not have ended.
  package var reader: GraphReader {
    guard let openView else { preconditionFailure("the transaction has ended") }
    return openView
  }

  func view() throws(StoreError) -> TransactionReader {
    guard let openView else {
      throw StoreError(
        .invalidArgument, "the transaction on \(store.path) has already ended",
        hint: "begin another one")
    }
    return openView
  }

  /// Changes that are kept to be taken back: old values cost time to read, and most transactions commit.
  private static let reversibleMaximum = 1024

  /// - Parameter reversible: the same.
  private func note(
    _ change: @autoclosure () -> Change, _ reversible: @autoclosure () -> ReversibleChange
  ) {
    guard let lease, record != nil else { return }
    record?.append(change())
    changes?.append(reversible())
    if let changes, changes.count > Self.reversibleMaximum { self.changes = nil }
    if let record, !lease.environment.deltaLimits.allow(record) { dropRecord() }
  }

  /// Something has been changed that no record says: indexes or constraints.
  func dropRecord() {
    record = nil
    changes = nil
  }

  package func exists(_ relationship: RelationshipRef) throws(StoreError) -> Bool {
    try view().state.exists(relationship)
  }

  private func checkExists(
    _ node: NodeID, _ view: TransactionReader
  ) throws(StoreError) {
    if !view.exists(node) {
      throw StoreError(.invalidArgument, "there is no node \(node.rawValue)")
    }
  }

  // MARK: Names. Find or make a name's id.

  package func label(_ name: String) throws(StoreError) -> LabelID {
    LabelID(try id(of: name, .label))
  }
  package func relationshipType(_ name: String) throws(StoreError) -> RelationshipTypeID {
    RelationshipTypeID(try id(of: name, .relationshipType))
  }
  package func propertyKey(_ name: String) throws(StoreError) -> PropertyKeyID {
    PropertyKeyID(try id(of: name, .propertyKey))
  }

  /// Names of each kind: ids have room in keys and counts.
  private static let nameMaximum = 1 << 20

  private func id(of name: String, _ kind: NameKind) throws(StoreError) -> UInt32 {
    let state = try view().state
    if let id = state.names[kind].id(of: name) { return id }
    guard state.names[kind].names.count < Self.nameMaximum else {
      throw StoreError(
        .limit,
        "the database \(store.path) cannot have more than \(Self.nameMaximum) names of "
          + "one kind",
        hint: "keep what differs from row to row in values, not in names")
    }
    note(.name(kind, name), .name(kind))
    return state.addName(name, kind)
  }

  // MARK: Creation

  /// Rows of nodes and of each type of relationship: neighbour lists have 32 bits for them.
  private static let rowMaximum = Int(UInt32.max) - 1

  package func createNode(labels: [LabelID]) throws(StoreError) -> NodeID {
    let view = try view()
    guard view.state.counts.nodeRows < Self.rowMaximum else { throw full("nodes") }
    let labels = labels.count < 2 ? labels : Array(Set(labels))
    let node = try view.state.createNode(labels: labels)
    note(.createNode(labels), .createNode)
    let schema = view.schemaChanges
    if schema.isActive { try schema.nodeCreated(node, labels) }
    return node
  }

  package func createRelationship(
    _ type: RelationshipTypeID, from: NodeID, to: NodeID
  ) throws(StoreError) -> RelationshipRef {
    let view = try view()
    try checkExists(from, view)
    try checkExists(to, view)
    guard view.state.counts.relationshipRows[Int(type.rawValue)] < Self.rowMaximum else {
      throw full("relationships of one type")
    }
    let relationship = view.state.createRelationship(type, from: from, to: to)
    note(.createRelationship(type, from: from, to: to), .createRelationship(relationship))
    let schema = view.schemaChanges
    if schema.isActive { try schema.relationshipCreated(relationship) }
    return relationship
  }

  private func full(_ what: String) -> StoreError {
    StoreError(
      .limit, "the database \(store.path) cannot have more than \(Self.rowMaximum) \(what)",
      hint: "compact it, so that numbers of deleted ones can be used again")
  }

  // MARK: Changes

  /// Null removes. Throws `QueryError` for values no property can have.
  /// - Returns: whether there was a value before.
  @discardableResult
  package func set(_ key: PropertyKeyID, of node: NodeID, to value: Value) throws -> Bool {
    let view = try view()
    try PropertyValue.check(value)
    try checkExists(node, view)
    return try set(key, of: node, to: value, view, schema: view.schemaChanges)
  }

  /// - Parameter schema: what is told of it.
  private func set(
    _ key: PropertyKeyID, of node: NodeID, to value: Value, _ view: TransactionReader,
    schema: SchemaChanges?
  ) throws(StoreError) -> Bool {
    let (address, row) = (ColumnAddress.node(key, node), Segments.offset(of: node.rawValue))
    let hadValue = try view.state.isPresent(address, row)
    if !hadValue, !value.isPresent { return false }
    let isTold = schema?.concernsNodes(key) ?? false
    let isOldNeeded = hadValue && (isTold || changes != nil)
    let old = isOldNeeded ? try view.state.value(address, row) : .null
    try view.state.set(address, row, to: value)
    note(.setNode(key, node, value), .set(address, row: row, old))
    if isTold { try schema?.propertyChanged(key, of: node, from: old, to: value) }
    return hadValue
  }

  @discardableResult
  package func set(
    _ key: PropertyKeyID, of relationship: RelationshipRef, to value: Value
  ) throws -> Bool {
    let view = try view()
    try PropertyValue.check(value)
    guard try view.state.exists(relationship) else {
      throw StoreError(
        .invalidArgument, "there is no relationship \(relationship.id.rawValue)")
    }
    return try set(key, of: relationship, to: value, view, schema: view.schemaChanges)
  }

  private func set(
    _ key: PropertyKeyID, of relationship: RelationshipRef, to value: Value,
    _ view: TransactionReader, schema: SchemaChanges?
  ) throws(StoreError) -> Bool {
    let address = ColumnAddress.relationship(key, relationship.id)
    let row = RelationshipSegments.offset(of: relationship.id.row)
    let hadValue = try view.state.isPresent(address, row)
    if !hadValue, !value.isPresent { return false }
    let isTold = schema?.concernsRelationships(key) ?? false
    let isOldNeeded = hadValue && (isTold || changes != nil)
    let old = isOldNeeded ? try view.state.value(address, row) : .null
    try view.state.set(address, row, to: value)
    note(.setRelationship(key, relationship, value), .set(address, row: row, old))
    if isTold { try schema?.propertyChanged(key, of: relationship, from: old, to: value) }
    return hadValue
  }

  /// - Returns: whether the node did not have it.
  @discardableResult
  package func addLabel(_ label: LabelID, to node: NodeID) throws(StoreError) -> Bool {
    let view = try view()
    try checkExists(node, view)
    if view.hasLabel(node, label) { return false }
    try changing { () throws(StoreError) in try view.state.addLabel(label, to: node) }
    note(.addLabel(label, node), .addLabel(label, node))
    let schema = view.schemaChanges
    if schema.isActive { try schema.labelAdded(label, to: node) }
    return true
  }
  /// - Returns: whether the node had it.
  @discardableResult
  package func removeLabel(_ label: LabelID, from node: NodeID) throws(StoreError) -> Bool {
    let view = try view()
    try checkExists(node, view)
    if !view.hasLabel(node, label) { return false }
    try changing { () throws(StoreError) in try view.state.removeLabel(label, from: node) }
    note(.removeLabel(label, node), .removeLabel(label, node))
    let schema = view.schemaChanges
    if schema.isActive { try schema.labelRemoved(label, from: node) }
    return true
  }

  /// A change that may stop half way: then it cannot be taken back.
  private func changing(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    do throws(StoreError) {
      try body()
    } catch {
      changes = nil
      throw error
    }
  }

  // MARK: Deletion

  /// The node must have no relationships (`invalidArgument` otherwise); its properties go too.
  /// - Returns: whether it existed.
  @discardableResult
  package func deleteNode(_ node: NodeID) throws(StoreError) -> Bool {
    let view = try view()
    guard view.exists(node) else { return false }
    guard try !hasRelationships(node) else {
      throw StoreError(
        .invalidArgument, "node \(node.rawValue) still has relationships",
        hint: "delete them first, or use DETACH DELETE")
    }
    let schema = view.schemaChanges
    let labels = view.labels(of: node)
    // While its values can still be read.
    if schema.isActive { try schema.nodeDeleted(node, labels) }
    for key in 0..<UInt32(view.propertyKeyNames.count) {
      _ = try set(PropertyKeyID(key), of: node, to: .null, view, schema: nil)
    }
    try view.state.deleteNode(node)
    note(.deleteNode(node), .deleteNode(node, labels))
    return true
  }

  /// - Returns: whether it existed.
  @discardableResult
  package func deleteRelationship(_ relationship: RelationshipRef) throws(StoreError) -> Bool {
    let view = try view()
    guard try view.state.contains(relationship) else { return false }
    let schema = view.schemaChanges
    if schema.isActive { try schema.relationshipDeleted(relationship) }
    for key in 0..<UInt32(view.propertyKeyNames.count) {
      _ = try set(PropertyKeyID(key), of: relationship, to: .null, view, schema: nil)
    }
    view.state.deleteRelationship(relationship)
    note(.deleteRelationship(relationship), .deleteRelationship(relationship))
    return true
  }

  // MARK: End

  private var hasChanged: Bool { record.map { !$0.isEmpty } ?? true }

  /// Stores all changes as one. The transaction has ended afterwards, also when this throws: then
  /// nothing of it is stored.
  package func commit() throws(StoreError) {
    do throws(StoreError) {
      try checkSchema()
    } catch {
      abort()
      throw error
    }
    guard let lease, hasChanged else { return abort() }
    openView = nil
    try lease.environment.commits.commit(record, durability: store.options.durability)
  }

  /// As `commit`, but into the chunks, together with all that is recorded.
  func fold() throws(StoreError) {
    record = nil
    try commit()
  }

  /// What constraints say of the whole.
  private func checkSchema() throws(StoreError) {
    let schema = try view().schemaChanges
    if schema.isActive { try schema.check() }
  }

  /// Drops all changes. After the end it does nothing.
  package func abort() {
    guard openView != nil, let lease else { return }
    openView = nil
    lease.environment.commits.abort(changes)
  }

  // MARK: Doing again

  /// Makes recorded changes to what `view` shows.
  init(redoing view: TransactionReader) {
    store = view.store
    lease = nil
    openView = view
    record = nil
    changes = nil
  }

  func redo(_ record: [UInt8]) throws {
    for change in try ChangeRecord.changes(of: record) { try redo(change) }
  }

  private func redo(_ change: Change) throws {
    switch change {
    case .name(let kind, let text): _ = try id(of: text, kind)
    case .createNode(let labels): _ = try createNode(labels: labels)
    case .deleteNode(let node): try deleteNode(node)
    case .addLabel(let label, let node): try addLabel(label, to: node)
    case .removeLabel(let label, let node): try removeLabel(label, from: node)
    case .setNode(let key, let node, let value): try set(key, of: node, to: value)
    case .createRelationship(let type, let start, let end):
      _ = try createRelationship(type, from: start, to: end)
    case .deleteRelationship(let relationship): try deleteRelationship(relationship)
    case .setRelationship(let key, let relationship, let value):
      try set(key, of: relationship, to: value)
    }
  }
}
