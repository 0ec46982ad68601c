internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.expand` that only counts: one row for each input row with relationships, and their number.
final class DegreeExpand: Operator {
  private let fromColumn: Int
  private let excludedColumns: [Int]
  private let degrees: NodeDegrees
  private var scratch = RowNumberScratch()
  private var excluded: [RelationshipID] = []

  init(
    _ plan: Plan, _ expand: CypherPlanning.Expand, as multiplicity: VariableID, input: Operator,
    context: ExecutionContext
  ) throws {
    fromColumn = try input.layout.requiredColumn(of: expand.from, for: plan)
    excludedColumns = try expand.excluding.uniqued().map {
      try input.layout.requiredColumn(of: $0, for: plan)
    }
    degrees = NodeDegrees(
      types: expand.types, direction: expand.direction, labels: expand.toLabels, context: context)
    super.init(
      plan, inputs: [input], layout: input.layout.adding([multiplicity]), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    degrees.reset()
  }

  override func produce() throws -> Batch? {
    guard let input = try inputs[0].next() else { return nil }
    try degrees.prepare()
    let from = try EntityColumn.nodes(input.columns[fromColumn])
    let counts = Vector(type: .integer, capacity: input.count)
    let rows = scratch.reserve(input.count)
    var filled = 0
    var last: (node: NodeID, degree: Int)?
    for row in 0..<input.count where !from.isNull(row) {
      let node = from.nodes[from.physical(row)]
      // The same node often comes several times in a row.
      let degree: Int
      if let last, last.node == node {
        degree = last.degree
      } else {
        degree = degrees.degree(of: node)
        last = (node, degree)
      }
      if degree == 0 { continue }
      let count = degree - excludedCount(input, row, node)
      if count == 0 { continue }
      rows[filled] = Int32(truncatingIfNeeded: row)
      counts.integers[filled] = Int64(count)
      filled += 1
    }
    counts.count = filled
    let kept = filled == input.count ? input : input.gather(rows, count: filled)
    return Batch(columns: kept.columns + [counts], count: filled)
  }

  /// How many of the row's excluded relationships would be counted.
  private func excludedCount(_ input: Batch, _ row: Int, _ node: NodeID) -> Int {
    if excludedColumns.isEmpty { return 0 }
    excluded.removeAll(keepingCapacity: true)
    input.forEachRelationship(row: row, columns: excludedColumns) { relationship in
      if degrees.count(relationship, of: node), !excluded.contains(relationship.id) {
        excluded.append(relationship.id)
      }
    }
    return excluded.count
  }
}
