internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.expand` that counts pairs: one row for each input row with relationships in both of two hops,
/// and the number of pairs of them.
final class DegreeProduct: Operator {
  private let fromColumn: Int
  private let first: NodeDegrees
  private let second: NodeDegrees
  /// Relationships that are in both hops, and make no pair with themselves; nil where there are none.
  private let common: NodeDegrees?
  /// Only self-loops are in both.
  private let commonAreLoops: Bool
  private var scratch = RowNumberScratch()
  private var degrees = Vector(type: .integer)

  init(
    _ plan: Plan, _ expand: CypherPlanning.Expand, _ paired: PairedHop,
    as multiplicity: VariableID, input: Operator, context: ExecutionContext
  ) throws {
    fromColumn = try input.layout.requiredColumn(of: expand.from, for: plan)
    first = NodeDegrees(
      types: paired.types, direction: paired.direction, labels: paired.toLabels, context: context)
    second = NodeDegrees(
      types: expand.types, direction: expand.direction, labels: expand.toLabels, context: context)
    let isAcross =
      paired.direction != expand.direction && paired.direction != .both && expand.direction != .both
    commonAreLoops = isAcross
    let types =
      paired.types.isEmpty || expand.types.isEmpty
      ? paired.types + expand.types : paired.types.filter(expand.types.contains)
    let areDisjoint = types.isEmpty && !(paired.types.isEmpty && expand.types.isEmpty)
    common =
      paired.allowsSame || areDisjoint
      ? nil
      : NodeDegrees(
        types: types,
        direction: paired.direction == .both ? expand.direction : paired.direction,
        labels: (paired.toLabels + expand.toLabels).uniqued(), context: context)
    super.init(
      plan, inputs: [input], layout: input.layout.adding([multiplicity]), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    first.reset()
    second.reset()
    common?.reset()
  }

  override func produce() throws -> Batch? {
    guard let input = try inputs[0].next() else { return nil }
    try first.prepare()
    try second.prepare()
    try common?.prepare()
    let from = try EntityColumn.nodes(input.columns[fromColumn])
    let counts = Vector(type: .integer, capacity: input.count)
    let nodeCount = from.isConstant ? min(1, input.count) : input.count
    countPairs(at: from.nodes, nodeCount, into: counts.integers)
    let rows = scratch.reserve(input.count)
    var filled = 0
    for row in 0..<input.count where !from.isNull(row) {
      let count = counts.integers[from.isConstant ? 0 : row]
      if count == 0 { continue }
      rows[filled] = Int32(truncatingIfNeeded: row)
      counts.integers[filled] = count
      filled += 1
    }
    counts.count = filled
    let kept = filled == input.count ? input : input.gather(rows, count: filled)
    return Batch(columns: kept.columns + [counts], count: filled)
  }

  /// The nodes of null rows count for nothing, whatever they are.
  private func countPairs(
    at nodes: UnsafePointer<NodeID>, _ count: Int, into pairs: UnsafeMutablePointer<Int64>
  ) {
    if count > degrees.capacity { degrees = Vector(type: .integer, capacity: count) }
    let others = degrees.integers
    first.degrees(of: nodes, count: count, into: pairs)
    second.degrees(of: nodes, count: count, into: others)
    for row in 0..<count { pairs[row] *= others[row] }
    guard let common else { return }
    if commonAreLoops {
      common.subtractLoops(of: nodes, count: count, from: pairs)
      return
    }
    common.degrees(of: nodes, count: count, into: others)
    // A node with none in common has pairs of different relationships only.
    for row in 0..<count where pairs[row] != 0 { pairs[row] -= others[row] }
  }
}
