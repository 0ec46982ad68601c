internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.variableLengthExpand`: trails from a node by depth-first search, or only their ends.
///
/// The search is a stack of levels; level `d` holds the hops out of the walk's node number `d` and
/// how many of them were taken. It stops where a batch is full and goes on from there.
final class VariableLengthExpandOperator: Operator {
  private let expand: VariableLengthExpand
  private let fromColumn: Int
  private let toColumn: Int?
  private let reader: HopReader
  private let ends: ReachableEnds?
  private var labelCheck: LabelCheck

  private var input: Batch?
  private var from: Vector?
  private var to: Vector?
  private var row = 0
  private var target: NodeID?

  // The walk: hops of all levels in one array, `next[d] ..< limits[d]` are still to be taken.
  private var hops: [Hop] = []
  private var starts: [Int] = []
  private var next: [Int] = []
  private var walk: [RelationshipRef] = []
  private var isAtStart = false
  private var steps = 0
  /// End nodes of the row, if only these are wanted.
  private var foundEnds: [NodeID] = []

  private var rows: [Int32] = []

  init(
    _ plan: Plan, _ expand: VariableLengthExpand, input: Operator, context: ExecutionContext
  ) throws {
    self.expand = expand
    fromColumn = try input.layout.requiredColumn(of: expand.from, for: plan)
    toColumn = expand.into ? try input.layout.requiredColumn(of: expand.to, for: plan) : nil
    reader = try HopReader(expand, layout: input.layout, context: context, plan: plan)
    labelCheck = LabelCheck(expand.toLabels)
    let isSet = expand.distinctEnds && expand.relationship == nil
    ends = isSet && ReachableEnds.canServe(expand) ? ReachableEnds(expand) : nil
    var added = expand.relationship.map { [$0] } ?? []
    if !expand.into { added.append(expand.to) }
    super.init(plan, inputs: [input], layout: input.layout.adding(added), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    reader.reset()
    labelCheck.reset()
    input = nil
    from = nil
    to = nil
    endRow()
  }

  override func produce() throws -> Batch? {
    if input == nil { guard try fetch() else { return nil } }
    guard let input else { return nil }
    rows.removeAll(keepingCapacity: true)
    let nodes = expand.into ? nil : ColumnBuffer()
    let lists = expand.relationship == nil ? nil : ColumnBuffer()
    while rows.count < Vector.batchCapacity {
      guard let end = try nextEnd() else {
        row += 1
        if row == input.count { break }
        try startRow()
        continue
      }
      if let target, end != target { continue }
      if labelCheck.isNeeded && !labelCheck.passes(end, context) { continue }
      rows.append(Int32(row))
      nodes?.append(end)
      if let lists {
        let list = walk.map { Value.relationship($0.boxed) }
        lists.append(.list(expand.reversesList ? list.reversed() : list))
      }
    }
    if row == input.count { self.input = nil }
    let count = rows.count
    var batch = rows.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { input.gather($0, count: count) } ?? input.slice(from: 0, count: 0)
    }
    if let lists { batch.columns.append(lists.contents) }
    if let nodes { batch.columns.append(nodes.contents) }
    return batch
  }

  private func fetch() throws -> Bool {
    guard let batch = try inputs[0].next() else { return false }
    try reader.prepare()
    input = batch
    from = try EntityColumn.nodes(batch.columns[fromColumn])
    to = try toColumn.map { try EntityColumn.nodes(batch.columns[$0]) }
    row = -1
    endRow()
    return true
  }

  private func endRow() {
    hops.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    next.removeAll(keepingCapacity: true)
    walk.removeAll(keepingCapacity: true)
    foundEnds.removeAll(keepingCapacity: true)
    isAtStart = false
    target = nil
  }

  private func startRow() throws {
    endRow()
    guard let input, let from, !from.isNull(row) else { return }
    if let to {
      if to.isNull(row) { return }
      target = to.nodes[to.physical(row)]
    }
    reader.start(row: row, of: input)
    let start = from.nodes[from.physical(row)]
    if let ends {
      try ends.find(from: start, target: target, reader, context, into: &foundEnds)
    } else if expand.distinctEnds && expand.relationship == nil {
      try collectEnds(from: start)
    } else {
      try push(start)
      isAtStart = expand.minimum == 0
    }
  }

  /// Goes on to the next walk of the row that is long enough; `walk` holds its relationships.
  private func nextEnd() throws -> NodeID? {
    if !foundEnds.isEmpty { return foundEnds.removeLast() }
    if isAtStart {
      isAtStart = false
      return from.map { $0.nodes[$0.physical(row)] }
    }
    while let level = next.indices.last {
      if next[level] == hops.count {
        pop()
        continue
      }
      let hop = hops[next[level]]
      next[level] += 1
      if isInWalk(hop.relationship.id) { continue }
      steps &+= 1
      if steps & 0xFFF == 0 { try context.control.check() }
      walk.append(hop.relationship)
      try push(hop.node)
      if walk.count >= expand.minimum { return hop.node }
    }
    return nil
  }

  /// Opens the level of the walk's current last node: without hops if the walk is as long as allowed.
  private func push(_ node: NodeID) throws {
    starts.append(hops.count)
    next.append(hops.count)
    if expand.maximum.map({ walk.count < $0 }) ?? true {
      try reader.append(from: node, to: &hops)
    }
  }

  private func pop() {
    hops.removeSubrange((starts.popLast() ?? 0)...)
    next.removeLast()
    _ = walk.popLast()
  }

  private func isInWalk(_ id: RelationshipID) -> Bool {
    for relationship in walk where relationship.id == id { return true }
    return false
  }

  /// The ends of all trails, each once, by walking them all.
  private func collectEnds(from start: NodeID) throws {
    var seen: Set<NodeID> = []
    var ends: [NodeID] = []
    try push(start)
    isAtStart = expand.minimum == 0
    while let end = try nextEnd() {
      if seen.insert(end).inserted { ends.append(end) }
    }
    foundEnds = ends.reversed()
  }
}
