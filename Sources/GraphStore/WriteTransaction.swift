package import GraphColumns
package import GraphTypes

/// The one writer of a store: changes are visible to `reader` at once, to others after `commit`.
/// Ends by `commit` or `abort`; dropping it aborts. Belongs to one thread at a time.
///
/// Nothing is written before `commit`: changes are kept in decoded copies of what they touch. So
/// an abort costs nothing, and a transaction that waits holds up other writers only, not LMDB.
package final class WriteTransaction: @unchecked Sendable {
  private let store: Store
  let lease: EnvironmentLease
  let view: TransactionReader
  private var isOpen = true

  /// The caller holds the environment's writer lock, which the transaction takes over.
  init(_ store: Store, _ lease: EnvironmentLease) throws(StoreError) {
    self.store = store
    self.lease = lease
    view = try TransactionReader(store, lease)
  }
  deinit { abort() }

  /// Sees the committed state plus all changes made so far. One object for the whole transaction.
  package var reader: GraphReader { view }

  private var changes: TransactionChanges { view.changes }

  private func checkOpen() throws(StoreError) {
    if !isOpen {
      throw StoreError(
        .invalidArgument, "the transaction on \(store.path) has already ended",
        hint: "begin another one")
    }
  }
  private func checkExists(_ node: NodeID) throws(StoreError) {
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
    if let id = changes.names[kind].id(of: name) { return id }
    try checkOpen()
    guard changes.names[kind].names.count < Self.nameMaximum else {
      throw StoreError(
        .limit,
        "the database \(store.path) cannot have more than \(Self.nameMaximum) names of "
          + "one kind",
        hint: "keep what differs from row to row in values, not in names")
    }
    let id = changes.names[kind].append(name)
    changes.counts.grow(
      labels: changes.names.labels.names.count,
      types: changes.names.relationshipTypes.names.count)
    return id
  }

  // MARK: Creation

  /// Rows of nodes and of each type of relationship: neighbour lists have 32 bits for them.
  private static let rowMaximum = Int(UInt32.max) - 1

  package func createNode(labels: [LabelID]) throws(StoreError) -> NodeID {
    try checkOpen()
    let row = changes.counts.nodeRows
    guard row < Self.rowMaximum else { throw full("nodes") }
    let place = try nodeSegment(row >> Int(Segments.shift))
    let labels = Array(Set(labels))
    changes.nodes[place].append(labels: labels)
    changes.counts.nodeRows += 1
    changes.counts.nodes += 1
    for label in labels { changes.counts.labelled[Int(label.rawValue)] += 1 }
    let node = NodeID(UInt64(row))
    if changes.schema.isActive { try changes.schema.nodeCreated(node, labels) }
    return node
  }

  package func createRelationship(
    _ type: RelationshipTypeID, from: NodeID, to: NodeID
  ) throws(StoreError) -> RelationshipRef {
    try checkOpen()
    try checkExists(from)
    try checkExists(to)
    let row = changes.counts.relationshipRows[Int(type.rawValue)]
    guard row < Self.rowMaximum else { throw full("relationships of one type") }
    let entry = UInt32(row)
    try view.adjacencyEdit(type, .outgoing).insert(
      from.rawValue, neighbour: UInt32(truncatingIfNeeded: to.rawValue), row: entry)
    try view.adjacencyEdit(type, .incoming).insert(
      to.rawValue, neighbour: UInt32(truncatingIfNeeded: from.rawValue), row: entry)
    changes.counts.relationshipRows[Int(type.rawValue)] += 1
    changes.counts.relationships[Int(type.rawValue)] += 1
    changes.counts.ends.add(1, type, from: view.labels(of: from), to: view.labels(of: to))
    let relationship = RelationshipRef(
      id: RelationshipID(type: type, row: UInt64(row)), start: from, end: to)
    if changes.schema.isActive { try changes.schema.relationshipCreated(relationship) }
    return relationship
  }

  private func full(_ what: String) -> StoreError {
    StoreError(
      .limit, "the database \(store.path) cannot have more than \(Self.rowMaximum) \(what)",
      hint: "compact it, so that numbers of deleted ones can be used again")
  }

  /// Where the changed copy of a node segment is, made on first use.
  private func nodeSegment(_ segment: Int) throws(StoreError) -> Int {
    if let place = changes.nodePlaces[segment] { return place }
    var copy = MutableNodeSegment()
    if let chunk = view.committedSegment(segment) { copy = MutableNodeSegment(chunk) }
    if let damage = view.damage { throw damage }
    let place = changes.nodes.count
    changes.nodes.append(copy)
    changes.nodePlaces[segment] = place
    return place
  }

  // MARK: Changes

  /// Null removes. Throws `QueryError` for values no property can have.
  /// - Returns: whether there was a value before.
  @discardableResult
  package func set(_ key: PropertyKeyID, of node: NodeID, to value: Value) throws -> Bool {
    try checkOpen()
    try PropertyValue.check(value)
    try checkExists(node)
    guard let old = try set(key, .nodes, node.rawValue, value) else { return false }
    if changes.schema.isActive {
      try changes.schema.propertyChanged(key, of: node, from: old, to: value)
    }
    return old.isPresent
  }
  @discardableResult
  package func set(
    _ key: PropertyKeyID, of relationship: RelationshipRef, to value: Value
  ) throws -> Bool {
    try checkOpen()
    try PropertyValue.check(value)
    let id = relationship.id
    guard id.row < UInt64(view.relationshipRowCount(type: id.type)) else {
      throw StoreError(.invalidArgument, "there is no relationship \(id.rawValue)")
    }
    guard let old = try set(key, .relationships(id.type), id.row, value) else { return false }
    if changes.schema.isActive {
      try changes.schema.propertyChanged(key, of: relationship, from: old, to: value)
    }
    return old.isPresent
  }

  /// - Returns: the value before; nil when null was set where nothing was.
  private func set(
    _ key: PropertyKeyID, _ space: ColumnSpace, _ row: UInt64, _ value: Value
  ) throws(StoreError) -> Value? {
    let address = ColumnAddress(key: key, space: space, segment: space.segment(of: row))
    let offset = space.offset(of: row)
    if case .null = value, changes.edit(address) == nil, try !isStored(address, offset) {
      return nil
    }
    let edit = try view.columnEdit(address)
    let old = edit[offset]
    edit.set(offset, value)
    return old
  }

  /// Whether the committed state has a value there.
  private func isStored(_ address: ColumnAddress, _ offset: Int) throws(StoreError) -> Bool {
    let chunk =
      address.space == .nodes
      ? try view.column(address.key, nodeSegment: address.segment)
      : try view.column(
        address.key, type: RelationshipTypeID(address.space.rawValue - 1),
        segment: address.segment)
    guard let chunk, offset < chunk.rowCount else { return false }
    return chunk.isValid(offset)
  }

  /// - Returns: whether the node did not have it.
  @discardableResult
  package func addLabel(_ label: LabelID, to node: NodeID) throws(StoreError) -> Bool {
    try checkOpen()
    try checkExists(node)
    if view.hasLabel(node, label) { return false }
    try view.countEnds(1, label, of: node)
    let place = try nodeSegment(Segments.segment(of: node.rawValue))
    let row = Segments.offset(of: node.rawValue)
    changes.nodes[place].setLabels(changes.nodes[place].labels(at: row) + [label], at: row)
    changes.counts.labelled[Int(label.rawValue)] += 1
    if changes.schema.isActive { try changes.schema.labelAdded(label, to: node) }
    return true
  }
  /// - Returns: whether the node had it.
  @discardableResult
  package func removeLabel(_ label: LabelID, from node: NodeID) throws(StoreError) -> Bool {
    try checkOpen()
    try checkExists(node)
    if !view.hasLabel(node, label) { return false }
    let place = try nodeSegment(Segments.segment(of: node.rawValue))
    let row = Segments.offset(of: node.rawValue)
    changes.nodes[place].setLabels(
      changes.nodes[place].labels(at: row).filter { $0 != label }, at: row)
    try view.countEnds(-1, label, of: node)
    changes.counts.labelled[Int(label.rawValue)] -= 1
    if changes.schema.isActive { try changes.schema.labelRemoved(label, from: node) }
    return true
  }

  // MARK: Deletion

  /// The node must have no relationships (`invalidArgument` otherwise); its properties go too.
  /// - Returns: whether it existed.
  @discardableResult
  package func deleteNode(_ node: NodeID) throws(StoreError) -> Bool {
    try checkOpen()
    guard view.exists(node) else { return false }
    for type in 0..<UInt32(view.relationshipTypeNames.count) {
      let type = RelationshipTypeID(type)
      if view.relationshipCount(type: type) == 0 { continue }
      for direction in [Direction.outgoing, .incoming]
      where try view.hasRelationships(node, type, direction) {
        throw StoreError(
          .invalidArgument, "node \(node.rawValue) still has relationships",
          hint: "delete them first, or use DETACH DELETE")
      }
    }
    let labels = view.labels(of: node)
    // While its values can still be read.
    if changes.schema.isActive { try changes.schema.nodeDeleted(node, labels) }
    let place = try nodeSegment(Segments.segment(of: node.rawValue))
    changes.nodes[place].delete(Segments.offset(of: node.rawValue))
    changes.counts.nodes -= 1
    for label in labels { changes.counts.labelled[Int(label.rawValue)] -= 1 }
    try removeProperties(.nodes, node.rawValue)
    return true
  }

  /// - Returns: whether it existed.
  @discardableResult
  package func deleteRelationship(_ relationship: RelationshipRef) throws(StoreError) -> Bool {
    try checkOpen()
    let id = relationship.id
    guard id.row < UInt64(view.relationshipRowCount(type: id.type)) else { return false }
    let (start, end) = (relationship.start.rawValue, relationship.end.rawValue)
    guard start < UInt64(UInt32.max), end < UInt64(UInt32.max) else { return false }
    let row = UInt32(truncatingIfNeeded: id.row)
    let wasThere = try view.adjacencyEdit(id.type, .outgoing).remove(
      start, neighbour: UInt32(end), row: row)
    guard wasThere else { return false }
    if changes.schema.isActive { try changes.schema.relationshipDeleted(relationship) }
    _ = try view.adjacencyEdit(id.type, .incoming).remove(
      end, neighbour: UInt32(start), row: row)
    changes.counts.relationships[Int(id.type.rawValue)] -= 1
    changes.counts.ends.add(
      -1, id.type, from: view.labels(of: relationship.start), to: view.labels(of: relationship.end))
    try removeProperties(.relationships(id.type), id.row)
    return true
  }

  private func removeProperties(_ space: ColumnSpace, _ row: UInt64) throws(StoreError) {
    for key in 0..<UInt32(view.propertyKeyNames.count) {
      _ = try set(PropertyKeyID(key), space, row, .null)
    }
  }

  // MARK: End

  /// Stores all changes as one. The transaction has ended afterwards, also when this throws: then
  /// nothing of it is stored.
  package func commit() throws(StoreError) {
    try checkOpen()
    defer { end() }
    try view.writeChanges(to: lease.environment, durability: store.options.durability)
  }

  /// Drops all changes. After the end it does nothing.
  package func abort() { end() }

  private func end() {
    guard isOpen else { return }
    isOpen = false
    lease.environment.writerLock.release()
  }
}
