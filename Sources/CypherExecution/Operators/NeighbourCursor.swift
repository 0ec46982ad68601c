internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The relationships of one node after another, of some types in some direction: runs of the
/// adjacency, copied piecewise into columns.
///
/// A self-loop is in the outgoing and in the incoming list of its node; following both directions
/// gives it once, from the outgoing list.
final class NeighbourCursor {
  struct List {
    var adjacency: Adjacency
    var type: RelationshipTypeID
    var isOutgoing: Bool
    var skipsSelfLoops: Bool
  }
  struct Part {
    var run: Adjacency.Run
    var type: RelationshipTypeID
    var isOutgoing: Bool
    var skipsSelfLoops: Bool
  }

  private let types: [String]
  private let direction: Direction
  private let context: ExecutionContext
  private var isPrepared = false
  private(set) var lists: [List] = []
  private var parts: [Part] = []
  private var part = 0
  private var offset = 0
  private(set) var node = NodeID(0)

  init(types: [String], direction: Direction, context: ExecutionContext) {
    self.types = types
    self.direction = direction
    self.context = context
  }

  /// To be called when the operator opens.
  func reset() {
    isPrepared = false
    clear()
  }

  /// To be called for each batch of input: a transaction's adjacency is only valid until its next
  /// change, and its types may have come just now.
  func prepare() throws {
    if isPrepared && context.transaction == nil { return }
    isPrepared = true
    lists.removeAll(keepingCapacity: true)
    let reader = context.reader
    let typeIDs =
      types.isEmpty
      ? (0..<reader.relationshipTypeNames.count).map { RelationshipTypeID(UInt32($0)) }
      : types.uniqued().compactMap { reader.relationshipTypeID($0) }
    for type in typeIDs where reader.relationshipCount(type: type) > 0 {
      if direction != .incoming {
        lists.append(
          List(
            adjacency: try reader.adjacency(type, .outgoing), type: type, isOutgoing: true,
            skipsSelfLoops: false))
      }
      if direction != .outgoing {
        lists.append(
          List(
            adjacency: try reader.adjacency(type, .incoming), type: type, isOutgoing: false,
            skipsSelfLoops: direction == .both))
      }
    }
  }

  var isEmpty: Bool { lists.isEmpty }

  /// Nothing to read until the next `move`.
  func clear() {
    parts.removeAll(keepingCapacity: true)
    part = 0
    offset = 0
  }

  /// Goes to the first relationship of a node.
  func move(to node: NodeID) {
    self.node = node
    part = 0
    offset = 0
    var found = parts
    parts = []
    found.removeAll(keepingCapacity: true)
    for list in lists {
      list.adjacency.forEachRun(of: node) { run in
        found.append(
          Part(
            run: run, type: list.type, isOutgoing: list.isOutgoing,
            skipsSelfLoops: list.skipsSelfLoops))
      }
    }
    parts = found
  }

  /// Copies the next relationships of the node.
  ///
  /// - Parameters:
  ///   - row: written to `rows` for each.
  ///   - relationships: nil if no one reads them.
  ///   - capacity: room from `start` on ends here.
  /// - Returns: how far the columns are filled now. Below `capacity`: the node is done.
  func fill(
    rows: UnsafeMutablePointer<Int32>?, row: Int, nodes: UnsafeMutablePointer<NodeID>,
    relationships: UnsafeMutablePointer<RelationshipRef>?, from start: Int, capacity: Int
  ) -> Int {
    var filled = start
    while filled < capacity, part < parts.count {
      let current = parts[part]
      let count = min(capacity - filled, current.run.count - offset)
      let neighbours = current.run.neighbours + offset
      let first = filled
      if current.skipsSelfLoops {
        filled = copySkippingSelf(
          current, count, nodes: nodes, relationships: relationships, at: filled)
      } else {
        for index in 0..<count { nodes[first + index] = NodeID(UInt64(neighbours[index])) }
        if let relationships {
          copy(current, count, into: relationships + first)
        }
        filled += count
      }
      if let rows {
        let number = Int32(truncatingIfNeeded: row)
        for index in first..<filled { rows[index] = number }
      }
      offset += count
      if offset == current.run.count {
        part += 1
        offset = 0
      }
    }
    return filled
  }

  var isAtEnd: Bool { part == parts.count }

  /// The relationships between two nodes, looked up by binary search; does not move the cursor.
  /// - Returns: how many there are. They are appended to `found` unless only they are counted.
  func appendRelationships(
    from node: NodeID, to other: NodeID, into found: inout [RelationshipRef], isCounting: Bool
  ) -> Int {
    var count = 0
    for list in lists {
      if list.skipsSelfLoops && other == node { continue }
      list.adjacency.forEachRun(of: node, to: other) { run in
        count += run.count
        if isCounting { return }
        for index in 0..<run.count {
          let id = RelationshipID(type: list.type, row: UInt64(run.row(index)))
          found.append(
            list.isOutgoing
              ? RelationshipRef(id: id, start: node, end: other)
              : RelationshipRef(id: id, start: other, end: node))
        }
      }
    }
    return count
  }

  private func copySkippingSelf(
    _ current: Part, _ count: Int, nodes: UnsafeMutablePointer<NodeID>,
    relationships: UnsafeMutablePointer<RelationshipRef>?, at start: Int
  ) -> Int {
    let neighbours = current.run.neighbours + offset
    let base = UInt64(current.type.rawValue) << 40
    let own = UInt32(truncatingIfNeeded: node.rawValue)
    var filled = start
    for index in 0..<count where neighbours[index] != own {
      let other = NodeID(UInt64(neighbours[index]))
      nodes[filled] = other
      if let relationships {
        let id = RelationshipID(rawValue: base | UInt64(current.run.row(offset + index)))
        relationships[filled] =
          current.isOutgoing
          ? RelationshipRef(id: id, start: node, end: other)
          : RelationshipRef(id: id, start: other, end: node)
      }
      filled += 1
    }
    return filled
  }

  private func copy(
    _ current: Part, _ count: Int, into target: UnsafeMutablePointer<RelationshipRef>
  ) {
    let neighbours = current.run.neighbours + offset
    let base = UInt64(current.type.rawValue) << 40
    let rows = current.run.rows
    let first = current.run.first + offset
    let node = node
    if current.isOutgoing, let start = rows.consecutiveFrom {
      // As after a bulk load.
      let row = base | UInt64(start &+ UInt32(truncatingIfNeeded: first))
      for index in 0..<count {
        target[index] = RelationshipRef(
          id: RelationshipID(rawValue: row + UInt64(index)), start: node,
          end: NodeID(UInt64(neighbours[index])))
      }
    } else if current.isOutgoing {
      for index in 0..<count {
        let neighbour = neighbours[index]
        let row = UInt64(rows.row(first + index, neighbour: neighbour))
        target[index] = RelationshipRef(
          id: RelationshipID(rawValue: base | row), start: node, end: NodeID(UInt64(neighbour)))
      }
    } else {
      for index in 0..<count {
        let neighbour = neighbours[index]
        let row = UInt64(rows.row(first + index, neighbour: neighbour))
        target[index] = RelationshipRef(
          id: RelationshipID(rawValue: base | row), start: NodeID(UInt64(neighbour)), end: node)
      }
    }
  }
}

extension Array where Element: Hashable {
  /// The elements in order, each once.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
