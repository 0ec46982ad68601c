internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.indexSeek`: for each input row, the entities that an index finds by the row's values. Many rows
/// of a batch are answered at once; what one row finds is read in parts of the usual size.
class IndexSeekOperator: Operator {
  fileprivate var probe: IndexProbe
  private var input: Batch?
  fileprivate private(set) var row = 0
  /// The input row of each entity found and not yet given.
  fileprivate var rows: [Int32] = []
  private var position = 0

  init(_ plan: Plan, _ seek: IndexSeek, input: Operator, context: ExecutionContext) throws {
    probe = try IndexProbe(seek, layout: input.layout, context: context)
    super.init(
      plan, inputs: [input], layout: input.layout.adding(seek.variables), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    input = nil
    removeFound()
  }

  override final func produce() throws -> Batch? {
    while position == rows.count {
      removeFound()
      if input == nil {
        guard let batch = try inputs[0].next() else { return nil }
        try probe.evaluate(batch)
        input = batch
        row = 0
      }
      guard let input else { return nil }
      row = try search(from: row, to: input.count)
      if row == input.count && rows.isEmpty { self.input = nil }
    }
    guard let input else { return nil }
    let range = position..<min(position + Vector.batchCapacity, rows.count)
    position = range.upperBound
    var columns = rows.withUnsafeBufferPointer { rows -> [Vector] in
      guard let base = rows.baseAddress else { return [] }
      return input.columns.map { $0.gather(base + range.lowerBound, count: range.count) }
    }
    columns += found(range)
    if position == rows.count && row == input.count {
      self.input = nil
      removeFound()
    }
    return Batch(columns: columns, count: range.count)
  }

  private func removeFound() {
    rows.removeAll(keepingCapacity: true)
    position = 0
    removeEntities()
  }

  /// Looks up rows from `start` on until enough is found.
  /// - Returns: the first row that was not looked up.
  fileprivate func search(from start: Int, to end: Int) throws -> Int { end }
  /// The columns of what was found.
  fileprivate func found(_ range: Range<Int>) -> [Vector] { [] }
  fileprivate func removeEntities() {}
}

/// Nodes.
final class NodeIndexSeek: IndexSeekOperator {
  private var nodes: [NodeID] = []
  private var lookup: IndexLookup?

  override fileprivate func removeEntities() { nodes.removeAll(keepingCapacity: true) }

  override fileprivate func search(from start: Int, to end: Int) throws -> Int {
    if let keys = probe.singleKeys { return try lookUp(keys, from: start, to: end) }
    let index = try probe.index()
    var row = start
    while row < end && nodes.count < Vector.batchCapacity {
      try probe.forEachSearch(row: row) { search in
        try context.reader.search(index, search, appendingTo: &nodes)
      }
      while rows.count < nodes.count { rows.append(Int32(truncatingIfNeeded: row)) }
      row += 1
    }
    return row
  }

  private func lookUp(_ keys: Vector, from start: Int, to end: Int) throws -> Int {
    let lookup = try self.lookup ?? context.reader.lookup(try probe.index())
    self.lookup = lookup
    var nodes: [NodeID] = []
    var rows: [Int32] = []
    swap(&nodes, &self.nodes)
    swap(&rows, &self.rows)
    defer {
      swap(&nodes, &self.nodes)
      swap(&rows, &self.rows)
    }
    var row = start
    while row < end && nodes.count < Vector.batchCapacity {
      if !keys.isNull(row) {
        let place = keys.physical(row)
        switch keys.type {
        case .integer: try lookup.find(keys.integers[place], appendingTo: &nodes)
        case .string: try lookup.find(keys.strings[place].bytes, appendingTo: &nodes)
        default:
          let value = keys.boxed(place)
          if value.canEqualProperty { try lookup.find(value, appendingTo: &nodes) }
        }
      }
      while rows.count < nodes.count { rows.append(Int32(truncatingIfNeeded: row)) }
      row += 1
    }
    return row
  }

  override fileprivate func found(_ range: Range<Int>) -> [Vector] {
    let vector = Vector(type: .node, capacity: range.count)
    vector.count = range.count
    for (place, index) in range.enumerated() { vector.nodes[place] = nodes[index] }
    return [vector]
  }
}

/// Relationships with both ends.
final class RelationshipIndexSeek: IndexSeekOperator {
  private let wantsRelationship: Bool
  private let direction: Direction
  private var relationships: [RelationshipRef] = []
  /// Whether the pattern is walked from the end to the start.
  private var isReversed: [Bool] = []

  init(
    _ plan: Plan, _ seek: IndexSeek, relationship: VariableID?, direction: Direction,
    input: Operator, context: ExecutionContext
  ) throws {
    wantsRelationship = relationship != nil
    self.direction = direction
    try super.init(plan, seek, input: input, context: context)
  }

  override fileprivate func removeEntities() {
    relationships.removeAll(keepingCapacity: true)
    isReversed.removeAll(keepingCapacity: true)
  }

  override fileprivate func search(from start: Int, to end: Int) throws -> Int {
    let index = try probe.index()
    var row = start
    var found: [RelationshipRef] = []
    while row < end && rows.count < Vector.batchCapacity {
      found.removeAll(keepingCapacity: true)
      try probe.forEachSearch(row: row) { search in
        try context.reader.search(index, search, appendingTo: &found)
      }
      for relationship in found {
        add(relationship, reversed: direction == .incoming)
        if direction == .both && relationship.start != relationship.end {
          add(relationship, reversed: true)
        }
      }
      while rows.count < relationships.count { rows.append(Int32(truncatingIfNeeded: row)) }
      row += 1
    }
    return row
  }

  private func add(_ relationship: RelationshipRef, reversed: Bool) {
    relationships.append(relationship)
    isReversed.append(reversed)
  }

  override fileprivate func found(_ range: Range<Int>) -> [Vector] {
    let from = Vector(type: .node, capacity: range.count)
    let to = Vector(type: .node, capacity: range.count)
    let refs = wantsRelationship ? Vector(type: .relationship, capacity: range.count) : nil
    for vector in [from, to, refs] { vector?.count = range.count }
    for (place, index) in range.enumerated() {
      let relationship = relationships[index]
      from.nodes[place] = isReversed[index] ? relationship.end : relationship.start
      to.nodes[place] = isReversed[index] ? relationship.start : relationship.end
      refs?.relationships[place] = relationship
    }
    return [from] + (refs.map { [$0] } ?? []) + [to]
  }
}
