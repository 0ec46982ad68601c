package import GraphColumns
package import GraphTypes

/// One consistent state of the graph, read in place: a snapshot, or what a write transaction sees
/// of itself.
///
/// A snapshot's reader may be used by many threads at once. A write transaction's reader follows
/// the transaction's changes and belongs to its thread; what it hands out (pointers, string
/// references) stays valid until the reader goes, adjacency only until the next change.
package class GraphReader: @unchecked Sendable {
  let store: Store
  final let hold: SnapshotHold
  final let state: GraphState
  /// What had been found damaged before: who asks for that gets an error.
  private final let findingCount: Int

  /// Reads the newest committed state.
  init(_ store: Store, _ lease: EnvironmentLease) throws(StoreError) {
    self.store = store
    hold = SnapshotHold(lease, try lease.environment.acquireSnapshot())
    findingCount = hold.core.base.findings.count
    state = try hold.core.state()
  }

  /// Reads a state that has the base of `hold`.
  init(_ store: Store, _ hold: SnapshotHold, _ state: GraphState) {
    self.store = store
    self.hold = hold
    self.state = state
    findingCount = hold.core.base.findings.count
  }

  final var core: SnapshotCore { hold.core }

  /// The number of the commit that made the state; it grows with each.
  package final var stateNumber: Int { core.id }

  /// Damage that was found where no error can be thrown (`exists`, `labels`, `scanNodes`, neighbour
  /// lists), where it reads as "nothing there". Look at it after a query.
  package final var damage: StoreError? { core.damage(behind: findingCount) }

  // MARK: Names. Unknown names give nil, unknown ids trap.
  final var names: NameTables { state.names }

  package final func labelID(_ name: String) -> LabelID? {
    names.labels.id(of: name).map(LabelID.init)
  }
  package final func relationshipTypeID(_ name: String) -> RelationshipTypeID? {
    names.relationshipTypes.id(of: name).map(RelationshipTypeID.init)
  }
  package final func propertyKeyID(_ name: String) -> PropertyKeyID? {
    names.propertyKeys.id(of: name).map(PropertyKeyID.init)
  }
  package final func name(of label: LabelID) -> String { names.labels.names[Int(label.rawValue)] }
  package final func name(of type: RelationshipTypeID) -> String {
    type == .virtual ? "" : names.relationshipTypes.names[Int(type.rawValue)]
  }
  package final func name(of key: PropertyKeyID) -> String {
    names.propertyKeys.names[Int(key.rawValue)]
  }
  /// All names, indexed by id (also of those that nothing uses any more).
  package final var labelNames: [String] { names.labels.names }
  package final var relationshipTypeNames: [String] { names.relationshipTypes.names }
  package final var propertyKeyNames: [String] { names.propertyKeys.names }

  // MARK: Counts, in constant time.
  final var counts: GraphCounts { state.counts }
  /// What a transaction has over the committed indexes and constraints.
  var transactionSchema: SchemaChanges? { nil }

  package final var nodeCount: Int { counts.nodes }
  package final func nodeCount(label: LabelID) -> Int {
    let counts = counts.labelled
    return Int(label.rawValue) < counts.count ? counts[Int(label.rawValue)] : 0
  }
  package final var relationshipCount: Int { counts.relationshipTotal }
  package final func relationshipCount(type: RelationshipTypeID) -> Int {
    let counts = counts.relationships
    return Int(type.rawValue) < counts.count ? counts[Int(type.rawValue)] : 0
  }

  // MARK: Nodes.
  /// Rows ever handed out: all ids are below. Segments are `0 ..< nodeSegmentCount`.
  package final var nodeRowCount: Int { counts.nodeRows }
  package final var nodeSegmentCount: Int {
    (nodeRowCount + Segments.rowCount - 1) / Segments.rowCount
  }

  package final func exists(_ node: NodeID) -> Bool { state.exists(node) }
  /// Ascending by id.
  package final func labels(of node: NodeID) -> [LabelID] { state.labels(of: node) }
  package final func hasLabel(_ node: NodeID, _ label: LabelID) -> Bool {
    state.hasLabel(node, label)
  }
  /// Appends the existing nodes of a segment that have all the labels, ascending.
  /// - Parameter nodes: room for `Segments.rowCount`.
  /// - Returns: how many.
  package final func scanNodes(
    segment: Int, labels: [LabelID], into nodes: UnsafeMutablePointer<NodeID>
  ) -> Int {
    state.scanNodes(segment: segment, labels: labels, into: nodes)
  }

  // MARK: Columns.
  /// The chunk of a key over a node segment or over a segment of a relationship type's table. Where
  /// the state is not what is stored, it is encoded: `gather` and `property` are lighter.
  package final func column(
    _ key: PropertyKeyID, nodeSegment: Int
  ) throws(StoreError) -> ColumnChunk? {
    try state.column(
      ColumnAddress(key: key, space: .nodes, segment: nodeSegment), keeper: hold.keeper)
  }
  package final func column(
    _ key: PropertyKeyID, type: RelationshipTypeID, segment: Int
  ) throws(StoreError) -> ColumnChunk? {
    try state.column(
      ColumnAddress(key: key, space: .relationships(type), segment: segment), keeper: hold.keeper)
  }

  /// The values of a key for many nodes, as a vector of `count` rows: typed when all chunks touched
  /// have one type, else `.any`; a constant null vector when there are none. Keeps this reader alive.
  /// Rows whose bit in `validity` is 0 are null and their ids not looked at.
  package final func gather(
    _ key: PropertyKeyID, nodes: UnsafePointer<NodeID>, count: Int,
    validity: UnsafePointer<UInt64>? = nil
  ) throws(StoreError) -> Vector {
    let gather = ColumnGather(
      places: UnsafeRawPointer(nodes), stride: MemoryLayout<NodeID>.stride, count: count,
      validity: validity, owner: hold, isOfNodes: true)
    if let edits = state.edits(key, .nodes) {
      return try self.gather(gather, key, touching: { _ in edits })
    }
    guard let table = try core.column(nodes: key) else { return ColumnGather.nulls(count) }
    return try gather.run(table.takeUnretainedValue())
  }
  package final func gather(
    _ key: PropertyKeyID, relationships: UnsafePointer<RelationshipRef>, count: Int,
    validity: UnsafePointer<UInt64>? = nil
  ) throws(StoreError) -> Vector {
    let gather = ColumnGather(
      places: UnsafeRawPointer(relationships), stride: MemoryLayout<RelationshipRef>.stride,
      count: count, validity: validity, owner: hold, isOfNodes: false)
    guard let type = gather.onlyType else {
      // Several types: each has a table of its own.
      return try self.gather(gather, key) { state.edits(key, .relationships($0)) }
    }
    if let edits = state.edits(key, .relationships(type)) {
      return try self.gather(gather, key, touching: { _ in edits })
    }
    guard let table = try core.column(type, key) else { return ColumnGather.nulls(count) }
    return try gather.run(table.takeUnretainedValue())
  }

  /// - Parameter touching: the changed chunks of the column in the table of a type.
  private func gather(
    _ gather: ColumnGather, _ key: PropertyKeyID,
    touching edits: (RelationshipTypeID) -> ColumnEdits?
  ) throws(StoreError) -> Vector {
    func address(_ type: RelationshipTypeID, _ segment: Int) -> ColumnAddress {
      ColumnAddress(
        key: key, space: gather.isOfNodes ? .nodes : .relationships(type), segment: segment)
    }
    // Encoding a chunk pays only where it is done once.
    guard hold.keeper != nil,
      gather.touches({ edits($0)?.chunks[$1] != nil })
    else {
      return try gather.run { (type, segment, count) throws(StoreError) in
        try state.source(address(type, segment), reading: count, keeper: hold.keeper)
      }
    }
    var values = [Value](repeating: .null, count: gather.count)
    for row in 0..<gather.count where gather.isValid(row) {
      let place = gather.segment(row)
      values[row] = try state.value(
        address(place.type, place.segment), Int(gather.place(row) &- place.first))
    }
    return Vector(values)
  }

  package final func property(_ key: PropertyKeyID, of node: NodeID) throws(StoreError) -> Value {
    try state.value(.node(key, node), Segments.offset(of: node.rawValue))
  }
  package final func property(
    _ key: PropertyKeyID, of id: RelationshipID
  ) throws(StoreError) -> Value {
    try state.value(.relationship(key, id), RelationshipSegments.offset(of: id.row))
  }
  /// Keys with a value that is not null, ascending by key id.
  package final func properties(
    of node: NodeID
  ) throws(StoreError) -> [(key: PropertyKeyID, value: Value)] {
    var found: [(key: PropertyKeyID, value: Value)] = []
    for key in 0..<UInt32(names.propertyKeys.names.count) {
      let value = try property(PropertyKeyID(key), of: node)
      if case .null = value { continue }
      found.append((PropertyKeyID(key), value))
    }
    return found
  }
  package final func properties(
    of id: RelationshipID
  ) throws(StoreError) -> [(key: PropertyKeyID, value: Value)] {
    var found: [(key: PropertyKeyID, value: Value)] = []
    for key in 0..<UInt32(names.propertyKeys.names.count) {
      let value = try property(PropertyKeyID(key), of: id)
      if case .null = value { continue }
      found.append((PropertyKeyID(key), value))
    }
    return found
  }

  // MARK: Relationships.
  /// Rows ever handed out in a type's table.
  package final func relationshipRowCount(type: RelationshipTypeID) -> Int {
    let counts = counts.relationshipRows
    return Int(type.rawValue) < counts.count ? counts[Int(type.rawValue)] : 0
  }
  /// Both ends by identity, nil when it does not exist. Slow (searches the adjacency): for look-ups
  /// by id only; everywhere else relationships travel with their ends.
  package final func relationship(_ id: RelationshipID) throws(StoreError) -> RelationshipRef? {
    guard id.row < UInt64(relationshipRowCount(type: id.type)) else { return nil }
    let row = UInt32(truncatingIfNeeded: id.row)
    let adjacency = try adjacency(id.type, .outgoing)
    for place in 0..<adjacency.chunkCount {
      let chunk = adjacency.chunk(place)
      guard let found = (0..<Int(chunk.count)).first(where: { chunk.row($0) == row }) else {
        continue
      }
      var node = 0
      while node + 1 < Int(chunk.nodeCount), Int(chunk.offsets[node + 1]) <= found { node += 1 }
      return RelationshipRef(
        id: id, start: NodeID(UInt64(chunk.firstNode) + UInt64(node)),
        end: NodeID(UInt64(chunk.neighbours[found])))
    }
    if let damage { throw damage }
    return nil
  }
  /// The adjacency of one type, `.outgoing` or `.incoming`. Cheap; valid as long as the reader (in a
  /// write transaction: until its next change).
  package final func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> Adjacency {
    try state.adjacency(type, direction)
  }
}

/// The use of a snapshot: what has been read from it stays in place as long as this.
final class SnapshotHold: @unchecked Sendable {
  /// Keeps the file open.
  private let lease: EnvironmentLease
  final unowned(unsafe) let core: SnapshotCore
  var environment: Environment { lease.environment }
  /// Of a write transaction: what is made for its reader can change while the reader is in use.
  let keeper: ChunkKeeper?

  /// The core has been acquired; its release comes with the end of this.
  init(_ lease: EnvironmentLease, _ core: SnapshotCore, isWriting: Bool = false) {
    self.lease = lease
    self.core = core
    keeper = isWriting ? ChunkKeeper() : nil
  }
  deinit { lease.environment.release(core) }
}
