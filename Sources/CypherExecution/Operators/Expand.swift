internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.expand` to new nodes: one row for each relationship of the node in the input row.
final class ExpandAll: Operator {
  private let fromColumn: Int
  private let wantsRelationship: Bool
  private let cursor: NeighbourCursor
  private var labelCheck: LabelCheck
  private var input: Batch?
  private var from: Vector?
  private var row = 0
  private let rows = RowNumbers()

  init(_ plan: Plan, _ expand: CypherPlanning.Expand, input: Operator, context: ExecutionContext)
    throws
  {
    fromColumn = try input.layout.requiredColumn(of: expand.from, for: plan)
    wantsRelationship = expand.relationship != nil
    cursor = NeighbourCursor(
      types: expand.types, direction: expand.direction, context: context)
    labelCheck = LabelCheck(
      context.labelsToCheck(
        expand.toLabels, types: expand.types, direction: expand.direction, isFrom: false))
    let added = (expand.relationship.map { [$0] } ?? []) + [expand.to]
    super.init(plan, inputs: [input], layout: input.layout.adding(added), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    cursor.reset()
    labelCheck.reset()
    input = nil
    from = nil
  }

  override func produce() throws -> Batch? {
    if input == nil { guard try fetch() else { return nil } }
    guard let input, let from else { return nil }
    let capacity = Vector.batchCapacity
    let nodes = Vector(type: .node)
    let relationships = wantsRelationship ? Vector(type: .relationship) : nil
    var filled = 0
    while filled < capacity {
      if cursor.isAtEnd {
        row += 1
        if row == input.count { break }
        if !from.isNull(row) { cursor.move(to: from.nodes[from.physical(row)]) }
        continue
      }
      filled = cursor.fill(
        rows: rows.base, row: row, nodes: nodes.nodes,
        relationships: relationships?.relationships, from: filled, capacity: capacity)
    }
    if row == input.count { self.input = nil }
    return finish(input, nodes, relationships, filled)
  }

  private func fetch() throws -> Bool {
    guard let batch = try inputs[0].next() else { return false }
    try cursor.prepare()
    cursor.clear()
    input = batch
    from = try EntityColumn.nodes(batch.columns[fromColumn])
    row = -1
    return true
  }

  private func finish(
    _ input: Batch, _ nodes: Vector, _ relationships: Vector?, _ filled: Int
  ) -> Batch {
    var count = filled
    if labelCheck.isNeeded {
      count = 0
      for index in 0..<filled where labelCheck.passes(nodes.nodes[index], context) {
        nodes.nodes[count] = nodes.nodes[index]
        rows.base[count] = rows.base[index]
        if let relationships {
          relationships.relationships[count] = relationships.relationships[index]
        }
        count += 1
      }
    }
    nodes.count = count
    relationships?.count = count
    var columns = input.columns.map { $0.gather(rows.base, count: count) }
    if let relationships { columns.append(relationships) }
    columns.append(nodes)
    return Batch(columns: columns, count: count)
  }
}

/// `.expand` between two bound nodes.
final class ExpandInto: Operator {
  private let fromColumn: Int
  private let toColumn: Int
  private let wantsRelationship: Bool
  private let cursor: NeighbourCursor
  private var labelCheck: LabelCheck

  init(_ plan: Plan, _ expand: CypherPlanning.Expand, input: Operator, context: ExecutionContext)
    throws
  {
    fromColumn = try input.layout.requiredColumn(of: expand.from, for: plan)
    toColumn = try input.layout.requiredColumn(of: expand.to, for: plan)
    wantsRelationship = expand.relationship != nil
    cursor = NeighbourCursor(
      types: expand.types, direction: expand.direction, context: context)
    labelCheck = LabelCheck(
      context.labelsToCheck(
        expand.toLabels, types: expand.types, direction: expand.direction, isFrom: false))
    let added = expand.relationship.map { [$0] } ?? []
    super.init(plan, inputs: [input], layout: input.layout.adding(added), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    cursor.reset()
    labelCheck.reset()
  }

  override func produce() throws -> Batch? {
    guard let input = try inputs[0].next() else { return nil }
    try cursor.prepare()
    let from = try EntityColumn.nodes(input.columns[fromColumn])
    let to = try EntityColumn.nodes(input.columns[toColumn])
    var rows: [Int32] = []
    rows.reserveCapacity(input.count)
    var found: [RelationshipRef] = []
    if wantsRelationship { found.reserveCapacity(input.count) }
    for row in 0..<input.count where !from.isNull(row) && !to.isNull(row) {
      let source = from.nodes[from.physical(row)]
      let target = to.nodes[to.physical(row)]
      if labelCheck.isNeeded && !labelCheck.passes(target, context) { continue }
      let count = cursor.appendRelationships(
        from: source, to: target, into: &found, isCounting: !wantsRelationship)
      for _ in 0..<count { rows.append(Int32(row)) }
    }
    let count = rows.count
    var batch = rows.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { input.gather($0, count: count) } ?? input.slice(from: 0, count: 0)
    }
    if wantsRelationship {
      let relationships = Vector(type: .relationship, capacity: count)
      relationships.count = count
      for index in 0..<count { relationships.relationships[index] = found[index] }
      batch.columns.append(relationships)
    }
    return batch
  }
}
