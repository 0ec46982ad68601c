internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.indexSeek`: for each input row, the entities that an index finds by the row's values, read as
/// they are asked for: a batch holds what many rows find, or a part of what one does.
class IndexSeekOperator: Operator {
  fileprivate let probe: IndexProbe
  private var input: Batch?
  private var row = 0
  /// What is being read.
  private var source: Source?
  /// One more than a batch has: an undirected relationship may come twice.
  private let rows = RowNumbers(capacity: Vector.batchCapacity + 1)
  /// Grows from batch to batch, since a LIMIT may want the first rows only.
  private var capacity = firstCapacity
  private static let firstCapacity = 64

  fileprivate enum Source {
    case search(RangeIndexSearch)
    /// Nodes that are not in the index.
    case missing(MissingNodes)
  }

  init(_ plan: Plan, _ seek: IndexSeek, input: Operator, context: ExecutionContext) throws {
    probe = try IndexProbe(seek, layout: input.layout, context: context)
    super.init(
      plan, inputs: [input], layout: input.layout.adding(seek.variables), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    input = nil
    source = nil
    capacity = Self.firstCapacity
  }

  override final func produce() throws -> Batch? {
    if input == nil {
      guard let batch = try inputs[0].next() else { return nil }
      try probe.evaluate(batch)
      input = batch
      row = -1
    }
    guard let input else { return nil }
    var count = 0
    while count < capacity {
      if let source {
        let found = try read(source, at: count, capacity: capacity - count)
        for place in count..<(count + found.count) {
          rows.base[place] = Int32(truncatingIfNeeded: row)
        }
        count += found.count
        if found.isLast { self.source = nil }
      } else if row >= 0, let next = try nextSource() {
        source = next
      } else {
        row += 1
        if row == input.count {
          self.input = nil
          break
        }
        try start(row: row)
      }
    }
    if count == capacity { capacity = min(2 * capacity, Vector.batchCapacity) }
    if count == 0 { return Batch(columns: [], count: 0) }
    var columns = input.columns.map { $0.gather(rows.base, count: count) }
    columns += found(count)
    return Batch(columns: columns, count: count)
  }

  /// Begins with a row of the input.
  fileprivate func start(row: Int) throws { try probe.start(row: row) }

  /// What the row at hand finds next.
  fileprivate func nextSource() throws -> Source? { try probe.nextSearch().map { .search($0) } }

  /// Reads to a place of the batch.
  fileprivate func read(
    _ source: Source, at place: Int, capacity: Int
  ) throws -> (count: Int, isLast: Bool) { (0, true) }

  /// The columns of what was read.
  fileprivate func found(_ count: Int) -> [Vector] { [] }
}

/// Nodes.
final class NodeIndexSeek: IndexSeekOperator {
  private let seek: IndexSeek
  private let nodes = UnsafeMutablePointer<NodeID>.allocate(capacity: Vector.batchCapacity)
  /// Nodes that are not in the index are still to come.
  private var wantsMissing = false

  override init(_ plan: Plan, _ seek: IndexSeek, input: Operator, context: ExecutionContext) throws
  {
    self.seek = seek
    try super.init(plan, seek, input: input, context: context)
  }
  deinit { nodes.deallocate() }

  override fileprivate func start(row: Int) throws {
    try super.start(row: row)
    wantsMissing = seek.order?.includesMissing ?? false
  }

  override fileprivate func nextSource() throws -> Source? {
    let isFirst = seek.order?.isDescending ?? false
    if wantsMissing && isFirst { return try missing() }
    if let source = try super.nextSource() { return source }
    return wantsMissing ? try missing() : nil
  }

  private func missing() throws -> Source? {
    wantsMissing = false
    return .missing(MissingNodes(try probe.index(), context))
  }

  override fileprivate func read(
    _ source: Source, at place: Int, capacity: Int
  ) throws -> (count: Int, isLast: Bool) {
    switch source {
    case .search(let search):
      let count = try search.read(into: nodes + place, capacity: capacity)
      return (count, count < capacity)
    case .missing(let missing):
      let count = try missing.read(into: nodes + place, capacity: capacity)
      return (count, count < capacity)
    }
  }

  override fileprivate func found(_ count: Int) -> [Vector] {
    let vector = Vector(type: .node, capacity: count)
    vector.nodes.update(from: nodes, count: count)
    vector.count = count
    return [vector]
  }
}

/// Relationships with both ends.
final class RelationshipIndexSeek: IndexSeekOperator {
  private let wantsRelationship: Bool
  private let direction: Direction
  /// The relationships of a batch, and whether the pattern is walked from the end to the start.
  private var relationships: [(relationship: RelationshipRef, isReversed: Bool)] = []
  private let part = UnsafeMutablePointer<RelationshipRef>.allocate(
    capacity: Vector.batchCapacity)

  init(
    _ plan: Plan, _ seek: IndexSeek, relationship: VariableID?, direction: Direction,
    input: Operator, context: ExecutionContext
  ) throws {
    wantsRelationship = relationship != nil
    self.direction = direction
    try super.init(plan, seek, input: input, context: context)
  }
  deinit { part.deallocate() }

  override fileprivate func read(
    _ source: Source, at place: Int, capacity: Int
  ) throws -> (count: Int, isLast: Bool) {
    guard case .search(let search) = source else { return (0, true) }
    if place == 0 { relationships.removeAll(keepingCapacity: true) }
    // Undirected, each may come twice.
    let wanted = direction == .both ? max(1, capacity / 2) : capacity
    let count = try search.read(into: part, capacity: wanted)
    for index in 0..<count {
      let relationship = part[index]
      relationships.append((relationship, direction == .incoming))
      if direction == .both && relationship.start != relationship.end {
        relationships.append((relationship, true))
      }
    }
    return (relationships.count - place, count < wanted)
  }

  override fileprivate func found(_ count: Int) -> [Vector] {
    let from = Vector(type: .node, capacity: count)
    let to = Vector(type: .node, capacity: count)
    let refs = wantsRelationship ? Vector(type: .relationship, capacity: count) : nil
    for vector in [from, to, refs] { vector?.count = count }
    for (place, found) in relationships.enumerated() {
      let relationship = found.relationship
      from.nodes[place] = found.isReversed ? relationship.end : relationship.start
      to.nodes[place] = found.isReversed ? relationship.start : relationship.end
      refs?.relationships[place] = relationship
    }
    return [from] + (refs.map { [$0] } ?? []) + [to]
  }
}
