internal import GraphColumns
internal import GraphTypes

/// A state of the graph: the base with changes over it. A snapshot has the changes that are recorded
/// in the database and not yet in the base; a writer also those of its transaction.
///
/// Methods that read give the state as changed. A snapshot's state is only read, by any number of
/// threads; a writer's belongs to one thread at a time.
final class GraphState: @unchecked Sendable {
  /// Has the tables of the base. For a writer it is another one in each transaction.
  @exclusivity(unchecked) unowned(unsafe) var core: SnapshotCore
  let base: BaseTables
  @exclusivity(unchecked) var names: NameTables
  @exclusivity(unchecked) var counts: GraphCounts
  /// Recorded changes that it has.
  var extent = DeltaExtent()

  /// Changed segments of nodes.
  @exclusivity(unchecked) private(set) var nodes = SegmentMap<NodeSegmentEdit>()
  /// By table (see `ColumnSpace`) and key.
  @exclusivity(unchecked) private var columns: [[ColumnEdits?]] = []
  /// By type and direction.
  @exclusivity(unchecked) private var adjacencies: [AdjacencyEdit?] = []
  /// Since the base.
  @exclusivity(unchecked) var deleted = DeletedRelationships()
  /// Changed chunks of nodes and columns.
  @exclusivity(unchecked) private var chunkCount = 0
  /// Held while something is made that readers share.
  private let lock = Lock()

  init(_ core: SnapshotCore) {
    self.core = core
    base = core.base
    names = base.names
    counts = base.counts
  }

  // MARK: Nodes

  func baseSegment(_ segment: Int) -> NodeSegmentChunk? {
    do throws(StoreError) {
      return try core.nodes()._withUnsafeGuaranteedRef { $0.chunk(segment) }
    } catch {
      core.note(error)
      return nil
    }
  }

  func exists(_ node: NodeID) -> Bool {
    let (segment, row) = (Segments.segment(of: node.rawValue), Segments.offset(of: node.rawValue))
    if let edit = nodes[segment] { return edit.rows.exists(row) }
    return baseSegment(segment)?.exists(row) ?? false
  }
  func labels(of node: NodeID) -> [LabelID] {
    let (segment, row) = (Segments.segment(of: node.rawValue), Segments.offset(of: node.rawValue))
    if let edit = nodes[segment] { return edit.rows.labels(at: row) }
    return baseSegment(segment)?.labels(at: row) ?? []
  }
  func hasLabel(_ node: NodeID, _ label: LabelID) -> Bool {
    let (segment, row) = (Segments.segment(of: node.rawValue), Segments.offset(of: node.rawValue))
    if let edit = nodes[segment] { return edit.rows.contains(label, at: row) }
    return baseSegment(segment)?.contains(label, at: row) ?? false
  }
  func scanNodes(
    segment: Int, labels: [LabelID], into nodes: UnsafeMutablePointer<NodeID>
  ) -> Int {
    let first = UInt64(segment) << Segments.shift
    if let edit = self.nodes[segment] {
      return edit.rows.scan(labels: labels, first: first, into: nodes)
    }
    return baseSegment(segment)?.scan(labels: labels, first: first, into: nodes) ?? 0
  }

  /// A segment to be changed.
  func nodeSegment(of node: NodeID) throws(StoreError) -> NodeSegmentEdit {
    let segment = Segments.segment(of: node.rawValue)
    if let edit = nodes[segment] { return edit }
    let chunk = try core.nodes()._withUnsafeGuaranteedRef { $0.chunk(segment) }
    let edit = NodeSegmentEdit(chunk)
    nodes.insert(segment, edit)
    chunkCount += 1
    return edit
  }

  /// - Parameter labels: without repeats.
  func createNode(labels: [LabelID]) throws(StoreError) -> NodeID {
    let node = NodeID(UInt64(counts.nodeRows))
    let segment = try nodeSegment(of: node)
    guard segment.rows.rowCount == Segments.offset(of: node.rawValue) else {
      throw ChunkFormat.damaged("The node table", "its last segment does not end where it should")
    }
    segment.rows.append(labels: labels)
    counts.nodeRows += 1
    counts.nodes += 1
    for label in labels { counts.labelled[Int(label.rawValue)] += 1 }
    return node
  }

  /// The node must exist and have no values.
  func deleteNode(_ node: NodeID) throws(StoreError) {
    let segment = try nodeSegment(of: node)
    let row = Segments.offset(of: node.rawValue)
    for label in segment.rows.labels(at: row) { counts.labelled[Int(label.rawValue)] -= 1 }
    segment.rows.delete(row)
    counts.nodes -= 1
  }

  /// The node must exist without the label.
  func addLabel(_ label: LabelID, to node: NodeID) throws(StoreError) {
    let segment = try nodeSegment(of: node)
    let row = Segments.offset(of: node.rawValue)
    try countEnds(1, label, of: node)
    segment.rows.setLabels(segment.rows.labels(at: row) + [label], at: row)
    counts.labelled[Int(label.rawValue)] += 1
  }

  /// The node must exist with the label.
  func removeLabel(_ label: LabelID, from node: NodeID) throws(StoreError) {
    let segment = try nodeSegment(of: node)
    let row = Segments.offset(of: node.rawValue)
    segment.rows.setLabels(segment.rows.labels(at: row).filter { $0 != label }, at: row)
    try countEnds(-1, label, of: node)
    counts.labelled[Int(label.rawValue)] -= 1
  }

  // MARK: Columns

  /// Changed chunks of a column; nil if there are none.
  @inline(__always)
  func edits(_ key: PropertyKeyID, _ space: ColumnSpace) -> ColumnEdits? {
    let table = Int(space.rawValue)
    guard table < columns.count, Int(key.rawValue) < columns[table].count else { return nil }
    return columns[table][Int(key.rawValue)]
  }

  private func makeEdits(_ key: PropertyKeyID, _ space: ColumnSpace) -> ColumnEdits {
    if let edits = edits(key, space) { return edits }
    let (table, key) = (Int(space.rawValue), Int(key.rawValue))
    while columns.count <= table { columns.append([]) }
    while columns[table].count <= key { columns[table].append(nil) }
    let edits = ColumnEdits()
    columns[table][key] = edits
    return edits
  }

  private func baseTable(
    _ address: ColumnAddress
  ) throws(StoreError) -> Unmanaged<ColumnTable>? {
    if let type = address.space.type { return try core.column(type, address.key) }
    return try core.column(nodes: address.key)
  }

  func baseColumn(_ address: ColumnAddress) throws(StoreError) -> ColumnChunk? {
    try baseTable(address)?.takeUnretainedValue().chunk(address.segment)
  }

  /// The chunk as changed. One that is made anew stays in place as long as `keeper` or, without,
  /// this state.
  func column(_ address: ColumnAddress, keeper: ChunkKeeper?) throws(StoreError) -> ColumnChunk? {
    guard let edit = edits(address.key, address.space)?.chunks[address.segment] else {
      return try baseColumn(address)
    }
    return try encoded(edit, address, keeper)?.pointee
  }

  /// The same to read the values of `count` rows from; stays in place as long.
  func source(
    _ address: ColumnAddress, reading count: Int, keeper: ChunkKeeper?
  ) throws(StoreError) -> UnsafePointer<ColumnChunk>? {
    guard let edit = edits(address.key, address.space)?.chunks[address.segment] else {
      return try baseTable(address)?.takeUnretainedValue()
        .source(address.segment, reading: count)
    }
    return try encoded(edit, address, keeper)
  }

  private func encoded(
    _ edit: ColumnEdit, _ address: ColumnAddress, _ keeper: ChunkKeeper?
  ) throws(StoreError) -> UnsafePointer<ColumnChunk>? {
    lock.lock()
    defer { lock.unlock() }
    let made = try edit.chunk { () throws(StoreError) in try baseColumn(address) }
    if let made { keeper?.keep(made) }
    return made?.chunk
  }

  func value(_ address: ColumnAddress, _ row: Int) throws(StoreError) -> Value {
    if let edit = edits(address.key, address.space)?.chunks[address.segment],
      let value = edit.value(row)
    {
      return value
    }
    return try baseColumn(address)?.value(at: row) ?? .null
  }

  func isPresent(_ address: ColumnAddress, _ row: Int) throws(StoreError) -> Bool {
    if let edit = edits(address.key, address.space)?.chunks[address.segment],
      let isPresent = edit.isPresent(row)
    {
      return isPresent
    }
    guard let chunk = try baseColumn(address), row < chunk.rowCount else { return false }
    return chunk.isValid(row)
  }

  func set(_ address: ColumnAddress, _ row: Int, to value: Value) throws(StoreError) {
    let edits = makeEdits(address.key, address.space)
    if let edit = edits.chunks[address.segment] {
      return try edit.set(row, value) { () throws(StoreError) in try baseColumn(address) }
    }
    let edit = ColumnEdit(segmentRows: address.space.segmentRows)
    edits.chunks.insert(address.segment, edit)
    chunkCount += 1
    try edit.set(row, value) { () throws(StoreError) in try baseColumn(address) }
  }

  /// All changed chunks, ascending by their keys in the tree.
  var changedColumns: [(address: ColumnAddress, edit: ColumnEdit)] {
    var changed: [(key: Key, address: ColumnAddress, edit: ColumnEdit)] = []
    for (space, keys) in columns.enumerated() {
      for (key, edits) in keys.enumerated() {
        for (segment, edit) in edits?.chunks.entries ?? [] {
          let address = ColumnAddress(
            key: PropertyKeyID(UInt32(key)), space: ColumnSpace(rawValue: UInt32(space)),
            segment: segment)
          changed.append((address.treeKey, address, edit))
        }
      }
    }
    changed.sort { $0.key < $1.key }
    return changed.map { ($0.address, $0.edit) }
  }

  // MARK: Relationships

  private func edit(_ type: RelationshipTypeID, _ direction: Direction) -> AdjacencyEdit? {
    let slot = 2 * Int(type.rawValue) + Int(direction.rawValue)
    return slot < adjacencies.count ? adjacencies[slot] : nil
  }

  func makeEdit(_ type: RelationshipTypeID, _ direction: Direction) -> AdjacencyEdit {
    if let edit = edit(type, direction) { return edit }
    let slot = 2 * Int(type.rawValue) + Int(direction.rawValue)
    while adjacencies.count <= slot { adjacencies.append(nil) }
    let edit = AdjacencyEdit(type: type, direction: direction)
    adjacencies[slot] = edit
    return edit
  }

  func baseAdjacency(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> AdjacencyTable {
    try core.adjacency(type, direction)?.takeUnretainedValue() ?? .empty
  }

  /// Valid until the next change.
  func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> Adjacency {
    precondition(direction != .both, "adjacency is of one direction")
    guard let edit = edit(type, direction) else {
      return try core.adjacency(type, direction)?._withUnsafeGuaranteedRef { $0.adjacency }
        ?? AdjacencyTable.empty.adjacency
    }
    let base = try baseAdjacency(type, direction)
    lock.lock()
    defer { lock.unlock() }
    return edit.adjacency(base: base)
  }

  /// The runs of one node's list, in any order. Unlike `adjacency`, cheap between changes.
  func forEachRun(
    of node: NodeID, _ type: RelationshipTypeID, _ direction: Direction,
    _ body: (Adjacency.Run) -> Void
  ) throws(StoreError) {
    let base = try baseAdjacency(type, direction)
    if let edit = edit(type, direction) {
      edit.forEachRun(of: node, base: base, body)
    } else {
      base.adjacency.forEachRun(of: node, body)
    }
  }

  func contains(_ relationship: RelationshipRef) throws(StoreError) -> Bool {
    let (type, row) = (relationship.id.type, relationship.id.row)
    let (start, end) = (relationship.start.rawValue, relationship.end.rawValue)
    guard hasRow(relationship) else { return false }
    let base = try baseAdjacency(type, .outgoing)
    if let edit = edit(type, .outgoing) {
      return edit.contains(UInt32(start), neighbour: UInt32(end), row: UInt32(row), base: base)
    }
    return base.contains(UInt32(start), neighbour: UInt32(end), row: UInt32(row))
  }

  /// Both ends must exist.
  func createRelationship(
    _ type: RelationshipTypeID, from start: NodeID, to end: NodeID
  ) -> RelationshipRef {
    let row = counts.relationshipRows[Int(type.rawValue)]
    let (start32, end32) = (start.row32, end.row32)
    makeEdit(type, .outgoing).insert(start32, neighbour: end32, row: UInt32(row))
    makeEdit(type, .incoming).insert(end32, neighbour: start32, row: UInt32(row))
    counts.relationshipRows[Int(type.rawValue)] += 1
    let relationship = RelationshipRef(
      id: RelationshipID(type: type, row: UInt64(row)), start: start, end: end)
    count(1, relationship)
    return relationship
  }

  /// The relationship must exist and have no values.
  func deleteRelationship(_ relationship: RelationshipRef) {
    let (type, row) = (relationship.id.type, UInt32(truncatingIfNeeded: relationship.id.row))
    let (start, end) = (relationship.start.row32, relationship.end.row32)
    makeEdit(type, .outgoing).remove(start, neighbour: end, row: row)
    makeEdit(type, .incoming).remove(end, neighbour: start, row: row)
    deleted.insert(relationship.id)
    count(-1, relationship)
  }

  /// Counts a relationship in or (`amount` -1) out.
  func count(_ amount: Int, _ relationship: RelationshipRef) {
    let type = relationship.id.type
    counts.relationships[Int(type.rawValue)] += amount
    counts.ends.add(
      amount, type, from: labels(of: relationship.start), to: labels(of: relationship.end))
  }

  /// Ascending by type and direction.
  var changedAdjacencies: [AdjacencyEdit] { adjacencies.compactMap { $0 } }

  /// Whether more chunks than `maximum` are changed.
  func hasChanged(moreChunksThan maximum: Int) throws(StoreError) -> Bool {
    var count = chunkCount
    for edit in adjacencies { count += edit?.chunkMaximum ?? 0 }
    if count <= maximum { return false }
    count = chunkCount
    for edit in changedAdjacencies {
      count += edit.countChunks(base: try baseAdjacency(edit.type, edit.direction))
    }
    return count > maximum
  }

  // MARK: Names

  /// The name must be new.
  func addName(_ name: String, _ kind: NameKind) -> UInt32 {
    let id = names[kind].append(name)
    counts.grow(
      labels: names.labels.names.count, types: names.relationshipTypes.names.count)
    return id
  }
}

/// A node segment while it is changed.
final class NodeSegmentEdit {
  @exclusivity(unchecked) var rows: MutableNodeSegment

  init(_ chunk: NodeSegmentChunk?) {
    rows = chunk.map { MutableNodeSegment($0) } ?? MutableNodeSegment()
  }
}

/// The changed chunks of one column.
final class ColumnEdits {
  @exclusivity(unchecked) var chunks = SegmentMap<ColumnEdit>()
}

/// Keeps chunks in place that were made for a reader of changing data.
final class ChunkKeeper {
  private var chunks: [ObjectIdentifier: EncodedColumn] = [:]

  func keep(_ chunk: EncodedColumn) { chunks[ObjectIdentifier(chunk)] = chunk }
}

extension ColumnSpace {
  /// Nil for the node table.
  var type: RelationshipTypeID? { rawValue == 0 ? nil : RelationshipTypeID(rawValue - 1) }
}

extension NodeID {
  /// As neighbour lists have it: rows are below 2^32 (see `WriteTransaction`).
  var row32: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
}
