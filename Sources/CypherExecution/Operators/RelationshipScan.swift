internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.relationshipScan`: node by node over whole adjacency lists. Undirected, each relationship
/// comes from both of its ends, a self-loop once.
final class RelationshipScanOperator: Operator {
  private let scan: RelationshipScan
  private let cursor: NeighbourCursor
  private var fromCheck: LabelCheck
  private var toCheck: LabelCheck
  /// The nodes whose relationships are scanned; nil: all.
  private var nodes: Range<UInt64>?
  private var node: UInt64 = 0
  private var endNode: UInt64 = 0
  /// The only list: its chunks are walked without looking nodes up.
  private var walk: ChunkWalk?
  private var isStarted = false

  init(_ plan: Plan, _ scan: RelationshipScan, context: ExecutionContext) {
    self.scan = scan
    cursor = NeighbourCursor(types: scan.types, direction: scan.direction, context: context)
    fromCheck = LabelCheck([])
    toCheck = LabelCheck([])
    let variables = [scan.from] + (scan.relationship.map { [$0] } ?? []) + [scan.to]
    super.init(plan, inputs: [], layout: RowLayout(variables), context: context)
  }

  override func open() throws {
    cursor.reset()
    isStarted = false
  }

  override func restrict(to nodes: Range<UInt64>) { self.nodes = nodes }

  override func produce() throws -> Batch? {
    if !isStarted { try start() }
    let from = Vector(type: .node)
    let to = Vector(type: .node)
    let relationships = scan.relationship == nil ? nil : Vector(type: .relationship)
    var count = 0
    while count == 0 {
      let filled =
        walk?.fill(
          from: from.nodes, to: to.nodes, relationships: relationships?.relationships,
          capacity: Vector.batchCapacity) ?? fill(from, to, relationships)
      if filled == 0 { return nil }
      count = keepLabelled(from, to, relationships, filled)
      try context.control.check()
    }
    from.count = count
    to.count = count
    relationships?.count = count
    return Batch(
      columns: [from] + (relationships.map { [$0] } ?? []) + [to], count: count)
  }

  private func start() throws {
    isStarted = true
    try cursor.prepare()
    fromCheck = LabelCheck(
      context.labelsToCheck(
        scan.fromLabels, types: scan.types, direction: scan.direction, isFrom: true))
    toCheck = LabelCheck(
      context.labelsToCheck(
        scan.toLabels, types: scan.types, direction: scan.direction, isFrom: false))
    let all = 0..<UInt64(cursor.isEmpty ? 0 : context.reader.nodeRowCount)
    let own = nodes.map { $0.clamped(to: all) } ?? all
    (node, endNode) = (own.lowerBound, own.upperBound)
    walk = nil
    if cursor.lists.count == 1, !own.isEmpty { walk = ChunkWalk(cursor.lists[0], own) }
  }

  /// From several lists.
  private func fill(_ from: Vector, _ to: Vector, _ relationships: Vector?) -> Int {
    var filled = 0
    while filled < Vector.batchCapacity {
      if cursor.isAtEnd {
        if node == endNode { break }
        cursor.move(to: NodeID(node))
        node += 1
        continue
      }
      let start = filled
      filled = cursor.fill(
        rows: nil, row: 0, nodes: to.nodes, relationships: relationships?.relationships,
        from: filled, capacity: Vector.batchCapacity)
      (from.nodes + start).update(repeating: cursor.node, count: filled - start)
    }
    return filled
  }

  private func keepLabelled(
    _ from: Vector, _ to: Vector, _ relationships: Vector?, _ filled: Int
  ) -> Int {
    if !fromCheck.isNeeded && !toCheck.isNeeded { return filled }
    var count = 0
    var last: (node: NodeID, passes: Bool)?
    for index in 0..<filled {
      let node = from.nodes[index]
      if fromCheck.isNeeded {
        if last?.node != node { last = (node, fromCheck.passes(node, context)) }
        if last?.passes == false { continue }
      }
      if toCheck.isNeeded && !toCheck.passes(to.nodes[index], context) { continue }
      from.nodes[count] = node
      to.nodes[count] = to.nodes[index]
      if let relationships {
        relationships.relationships[count] = relationships.relationships[index]
      }
      count += 1
    }
    return count
  }
}

/// A walk over the chunks of one adjacency.
private struct ChunkWalk {
  private let list: NeighbourCursor.List
  private let endNode: UInt64
  private var place = 0
  /// The node in the chunk, and how many of its relationships are done.
  private var index = 0
  private var offset = 0

  init(_ list: NeighbourCursor.List, _ nodes: Range<UInt64>) {
    self.list = list
    endNode = nodes.upperBound
    let adjacency = list.adjacency
    while place < adjacency.chunkCount {
      let chunk = adjacency.chunk(place)
      if UInt64(chunk.firstNode) + UInt64(chunk.nodeCount) > nodes.lowerBound {
        if nodes.lowerBound > UInt64(chunk.firstNode) {
          index = Int(nodes.lowerBound - UInt64(chunk.firstNode))
        }
        break
      }
      place += 1
    }
  }

  /// - Returns: how many rows were written; 0 at the end.
  mutating func fill(
    from: UnsafeMutablePointer<NodeID>, to: UnsafeMutablePointer<NodeID>,
    relationships: UnsafeMutablePointer<RelationshipRef>?, capacity: Int
  ) -> Int {
    let adjacency = list.adjacency
    var filled = 0
    while filled < capacity, place < adjacency.chunkCount {
      let chunk = adjacency.chunk(place)
      let node = UInt64(chunk.firstNode) + UInt64(index)
      if node >= endNode { break }
      if index >= Int(chunk.nodeCount) {
        place += 1
        index = 0
        offset = 0
        continue
      }
      let range = chunk.range(of: node)
      let first = range.lowerBound + offset
      let count = min(range.upperBound - first, capacity - filled)
      let neighbours = chunk.neighbours + first
      let (source, target) = (from + filled, to + filled)
      for row in 0..<count {
        source[row] = NodeID(node)
        target[row] = NodeID(UInt64(neighbours[row]))
      }
      if let relationships {
        write(chunk, node, first, count, to: relationships + filled)
      }
      filled += count
      if first + count == range.upperBound {
        index += 1
        offset = 0
      } else {
        offset += count
      }
    }
    return filled
  }

  @inline(__always)
  private func write(
    _ chunk: AdjacencyEntry, _ node: UInt64, _ first: Int, _ count: Int,
    to target: UnsafeMutablePointer<RelationshipRef>
  ) {
    let base = UInt64(list.type.rawValue) << 40
    let neighbours = chunk.neighbours + first
    let own = NodeID(node)
    if let start = chunk.rows.consecutiveFrom, list.isOutgoing {
      let row = base | UInt64(start &+ UInt32(truncatingIfNeeded: first))
      for index in 0..<count {
        target[index] = RelationshipRef(
          id: RelationshipID(rawValue: row + UInt64(index)), start: own,
          end: NodeID(UInt64(neighbours[index])))
      }
      return
    }
    for index in 0..<count {
      let id = RelationshipID(
        rawValue: base | UInt64(chunk.rows.row(first + index, neighbour: neighbours[index])))
      let other = NodeID(UInt64(neighbours[index]))
      target[index] =
        list.isOutgoing
        ? RelationshipRef(id: id, start: own, end: other)
        : RelationshipRef(id: id, start: other, end: own)
    }
  }
}
