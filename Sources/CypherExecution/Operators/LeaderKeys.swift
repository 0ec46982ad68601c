internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// The keys of an aggregation that depend on the node by which its rows come in order.
struct LeaderKeys {
  private let leader: VariableID
  private let expressions: [CompiledExpression]
  private let isNode: Bool
  private let context: ExecutionContext

  init(_ keys: [BoundExpression], leader: VariableID, context: ExecutionContext) throws {
    self.leader = leader
    self.context = context
    isNode = keys.contains(.variable(leader))
    let layout = RowLayout([leader])
    expressions = try keys.map {
      try CompiledExpression($0, layout: layout, context: context)
    }
  }

  /// One vector a key.
  func values(_ nodes: [NodeID]) throws -> [Vector] {
    let vector = Vector(type: .node, capacity: nodes.count)
    vector.count = nodes.count
    for (row, node) in nodes.enumerated() { vector.nodes[row] = node }
    let batch = Batch(columns: [vector], count: nodes.count)
    return try expressions.map { try $0.evaluate(batch) }
  }

  /// Whether the keys of every two nodes that `leaf` scans differ.
  /// - Complexity: O(nodes), less at the first two that do not.
  func areDistinct(in leaf: Plan) throws -> Bool {
    if isNode { return true }
    let names: [String]
    switch leaf.operation {
    case .relationshipScan(let scan): names = scan.fromLabels
    case .nodeScan(let scan): names = scan.labels
    default: return false
    }
    let labels = names.compactMap { context.reader.labelID($0) }
    if labels.count < names.count { return true }
    if try areAscending(labels) { return true }
    let table = KeyTable(columnCount: expressions.count, control: context.control)
    let numbers = RowNumbers(capacity: Segments.rowCount)
    var account = MemoryAccount(context.control, purpose: "OrderedAggregation")
    var nodeCount = 0
    return try eachSegment(labels) { keys, count in
      try table.find(keys, count: count, into: numbers.base)
      // Too many to look at: an aggregation that can spill has to do.
      if table.byteCount > context.control.memoryLimit / 8 { return false }
      try account.update(to: table.byteCount)
      nodeCount += count
      return table.count == nodeCount
    }
  }

  /// Numbers that ascend with the nodes, as most imports give them, need no table.
  private func areAscending(_ labels: [LabelID]) throws -> Bool {
    guard expressions.count == 1 else { return false }
    var last: Int64?
    return try eachSegment(labels) { keys, count in
      let key = keys[0]
      guard key.type == .integer, key.hasNoNulls, !key.isConstant || count == 1 else {
        return false
      }
      for row in 0..<count {
        let value = key.integers[row]
        if let last, value <= last { return false }
        last = value
      }
      return true
    }
  }

  /// - Parameter body: takes the keys of a segment's nodes and their number; false ends the walk.
  /// - Returns: whether no call gave false.
  private func eachSegment(
    _ labels: [LabelID], _ body: ([Vector], Int) throws -> Bool
  ) throws -> Bool {
    for segment in 0..<context.reader.nodeSegmentCount {
      try context.control.check()
      let nodes = [NodeID](unsafeUninitializedCapacity: Segments.rowCount) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        count = context.reader.scanNodes(segment: segment, labels: labels, into: base)
      }
      if nodes.isEmpty { continue }
      if try !body(values(nodes), nodes.count) { return false }
    }
    return true
  }
}
