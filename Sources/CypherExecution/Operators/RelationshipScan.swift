internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.relationshipScan`: node by node over whole adjacency lists. Undirected, each relationship
/// comes from both of its ends, a self-loop once.
final class RelationshipScanOperator: Operator {
  private let wantsRelationship: Bool
  private let cursor: NeighbourCursor
  /// The nodes whose relationships are scanned; nil: all.
  private var nodes: Range<UInt64>?
  private var node: UInt64 = 0
  private var endNode: UInt64 = 0
  private var isStarted = false

  init(_ plan: Plan, _ scan: RelationshipScan, context: ExecutionContext) {
    wantsRelationship = scan.relationship != nil
    cursor = NeighbourCursor(types: scan.types, direction: scan.direction, context: context)
    let variables = [scan.from] + (scan.relationship.map { [$0] } ?? []) + [scan.to]
    super.init(plan, inputs: [], layout: RowLayout(variables), context: context)
  }

  override func open() throws {
    cursor.reset()
    isStarted = false
  }

  override func restrict(to nodes: Range<UInt64>) { self.nodes = nodes }

  override func produce() throws -> Batch? {
    if !isStarted {
      isStarted = true
      try cursor.prepare()
      let all = 0..<UInt64(cursor.isEmpty ? 0 : context.reader.nodeRowCount)
      let own = nodes.map { $0.clamped(to: all) } ?? all
      (node, endNode) = (own.lowerBound, own.upperBound)
    }
    let from = Vector(type: .node)
    let to = Vector(type: .node)
    let relationships = wantsRelationship ? Vector(type: .relationship) : nil
    var filled = 0
    while filled < Vector.batchCapacity {
      if cursor.isAtEnd {
        if node == endNode { break }
        if node & 0xFFFF == 0xFFFF { try context.control.check() }
        cursor.move(to: NodeID(node))
        node += 1
        continue
      }
      let start = filled
      filled = cursor.fill(
        rows: nil, row: 0, nodes: to.nodes, relationships: relationships?.relationships,
        from: filled, capacity: Vector.batchCapacity)
      let own = cursor.node
      for index in start..<filled { from.nodes[index] = own }
    }
    if filled == 0 { return nil }
    from.count = filled
    to.count = filled
    relationships?.count = filled
    return Batch(
      columns: [from] + (relationships.map { [$0] } ?? []) + [to], count: filled)
  }
}
