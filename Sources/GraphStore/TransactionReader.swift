internal import GraphColumns
internal import GraphTypes

/// What a write transaction sees: the committed state with its changes over it. Changed segments
/// and lists are read where the transaction keeps them, all others in place.
final class TransactionReader: GraphReader, @unchecked Sendable {
  let changes: TransactionChanges

  override init(_ store: Store, _ lease: EnvironmentLease) throws(StoreError) {
    changes = TransactionChanges()
    try super.init(store, lease)
    changes.names = committedNames
    changes.counts = core.counts
    try changes.schema.attach(self)
  }

  override var names: NameTables { changes.names }
  override var counts: GraphCounts { changes.counts }
  override var schemaChanges: SchemaChanges? { changes.schema }

  // MARK: Nodes

  override func exists(_ node: NodeID) -> Bool {
    if let place = changes.nodePlaces[Segments.segment(of: node.rawValue)] {
      return changes.nodes[place].exists(Segments.offset(of: node.rawValue))
    }
    return super.exists(node)
  }
  override func labels(of node: NodeID) -> [LabelID] {
    if let place = changes.nodePlaces[Segments.segment(of: node.rawValue)] {
      return changes.nodes[place].labels(at: Segments.offset(of: node.rawValue))
    }
    return super.labels(of: node)
  }
  override func hasLabel(_ node: NodeID, _ label: LabelID) -> Bool {
    if let place = changes.nodePlaces[Segments.segment(of: node.rawValue)] {
      return changes.nodes[place].contains(label, at: Segments.offset(of: node.rawValue))
    }
    return super.hasLabel(node, label)
  }
  override func scanNodes(
    segment: Int, labels: [LabelID], into nodes: UnsafeMutablePointer<NodeID>
  ) -> Int {
    if let place = changes.nodePlaces[segment] {
      return changes.nodes[place].scan(
        labels: labels, first: UInt64(segment) << Segments.shift, into: nodes)
    }
    return super.scanNodes(segment: segment, labels: labels, into: nodes)
  }

  // MARK: Columns

  private func edit(
    _ key: PropertyKeyID, _ space: ColumnSpace, _ segment: Int
  ) -> ColumnEdit? {
    changes.edit(ColumnAddress(key: key, space: space, segment: segment))
  }

  /// A changed chunk is encoded anew after each change. Where the key is text, all versions that
  /// were asked for stay in memory until the reader goes: `gather` and `property` are lighter.
  override func column(
    _ key: PropertyKeyID, nodeSegment: Int
  ) throws(StoreError) -> ColumnChunk? {
    if let edit = edit(key, .nodes, nodeSegment) { return try edit.chunk() }
    return try super.column(key, nodeSegment: nodeSegment)
  }
  override func column(
    _ key: PropertyKeyID, type: RelationshipTypeID, segment: Int
  ) throws(StoreError) -> ColumnChunk? {
    if let edit = edit(key, .relationships(type), segment) { return try edit.chunk() }
    return try super.column(key, type: type, segment: segment)
  }

  override func property(_ key: PropertyKeyID, of node: NodeID) throws(StoreError) -> Value {
    let segment = Segments.segment(of: node.rawValue)
    if let edit = edit(key, .nodes, segment) { return edit[Segments.offset(of: node.rawValue)] }
    return try super.column(key, nodeSegment: segment)?
      .value(at: Segments.offset(of: node.rawValue)) ?? .null
  }
  override func property(_ key: PropertyKeyID, of id: RelationshipID) throws(StoreError) -> Value {
    let segment = RelationshipSegments.segment(of: id.row)
    if let edit = edit(key, .relationships(id.type), segment) {
      return edit[RelationshipSegments.offset(of: id.row)]
    }
    return try super.column(key, type: id.type, segment: segment)?
      .value(at: RelationshipSegments.offset(of: id.row)) ?? .null
  }

  override func gather(
    _ key: PropertyKeyID, nodes: UnsafePointer<NodeID>, count: Int,
    validity: UnsafePointer<UInt64>?
  ) throws(StoreError) -> Vector {
    let gather = ColumnGather(
      places: UnsafeRawPointer(nodes), stride: MemoryLayout<NodeID>.stride, count: count,
      validity: validity, owner: self, isOfNodes: true)
    guard touchesChanges(gather, key, isNodes: true) else {
      return try super.gather(key, nodes: nodes, count: count, validity: validity)
    }
    var values = [Value](repeating: .null, count: count)
    for row in 0..<count where gather.isValid(row) {
      values[row] = try property(key, of: nodes[row])
    }
    return Vector(values)
  }
  override func gather(
    _ key: PropertyKeyID, relationships: UnsafePointer<RelationshipRef>, count: Int,
    validity: UnsafePointer<UInt64>?
  ) throws(StoreError) -> Vector {
    let gather = ColumnGather(
      places: UnsafeRawPointer(relationships), stride: MemoryLayout<RelationshipRef>.stride,
      count: count, validity: validity, owner: self, isOfNodes: false)
    guard touchesChanges(gather, key, isNodes: false) else {
      return try super.gather(
        key, relationships: relationships, count: count, validity: validity)
    }
    var values = [Value](repeating: .null, count: count)
    for row in 0..<count where gather.isValid(row) {
      values[row] = try property(key, of: relationships[row].id)
    }
    return Vector(values)
  }

  private func touchesChanges(
    _ gather: ColumnGather, _ key: PropertyKeyID, isNodes: Bool
  ) -> Bool {
    if !changes.changedKeys.contains(key) { return false }
    var previous = UInt64.max
    for row in 0..<gather.count where gather.isValid(row) {
      let place = gather.segment(row)
      if place.first == previous { continue }
      previous = place.first
      let space = isNodes ? ColumnSpace.nodes : .relationships(place.type)
      if edit(key, space, place.segment) != nil { return true }
    }
    return false
  }

  // MARK: Relationships

  override func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> Adjacency {
    precondition(direction != .both, "adjacency is of one direction")
    if let edit = changes.adjacency[.init(type: type, direction: direction)] {
      return edit.adjacency()
    }
    return try super.adjacency(type, direction)
  }

  /// Without making the table of a changed adjacency anew.
  func hasRelationships(
    _ node: NodeID, _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> Bool {
    if let edit = changes.adjacency[.init(type: type, direction: direction)] {
      return edit.degree(of: node.rawValue) > 0
    }
    return try super.adjacency(type, direction).degree(of: node) > 0
  }

  /// The lists to change, made on first use.
  func adjacencyEdit(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> AdjacencyEdit {
    let place = TransactionChanges.AdjacencyPlace(type: type, direction: direction)
    if let edit = changes.adjacency[place] { return edit }
    let table = try core.adjacency(type, direction)?.takeUnretainedValue() ?? .empty
    let edit = AdjacencyEdit(table, type: type, direction: direction)
    changes.adjacency[place] = edit
    return edit
  }

  /// The values of a chunk to change, made on first use.
  func columnEdit(_ address: ColumnAddress) throws(StoreError) -> ColumnEdit {
    if let edit = changes.edit(address) { return edit }
    let chunk =
      address.space == .nodes
      ? try super.column(address.key, nodeSegment: address.segment)
      : try super.column(
        address.key, type: RelationshipTypeID(address.space.rawValue - 1),
        segment: address.segment)
    let edit = ColumnEdit(chunk)
    changes.add(edit, address)
    return edit
  }
}

/// Everything that a transaction has changed.
final class TransactionChanges {
  struct AdjacencyPlace: Hashable {
    var type: RelationshipTypeID
    var direction: Direction
  }

  var names = NameTables()
  var counts = GraphCounts()
  /// Changed node segments, and where each is.
  var nodes: [MutableNodeSegment] = []
  var nodePlaces: [Int: Int] = [:]
  var adjacency: [AdjacencyPlace: AdjacencyEdit] = [:]
  let schema = SchemaChanges()
  private(set) var columns: [ColumnAddress: ColumnEdit] = [:]
  private(set) var changedKeys: Set<PropertyKeyID> = []
  /// The edit that was asked for last: changes come row by row.
  private var last: (address: ColumnAddress, edit: ColumnEdit)?

  func edit(_ address: ColumnAddress) -> ColumnEdit? {
    if let last, last.address == address { return last.edit }
    guard let edit = columns[address] else { return nil }
    last = (address, edit)
    return edit
  }
  func add(_ edit: ColumnEdit, _ address: ColumnAddress) {
    columns[address] = edit
    changedKeys.insert(address.key)
    last = (address, edit)
  }
}
