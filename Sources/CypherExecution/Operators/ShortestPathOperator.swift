internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.shortestPath`: one or all shortest walks between the two nodes of each row.
final class ShortestPathOperator: Operator {
  private let shortest: ShortestPath
  private let fromColumn: Int
  private let toColumn: Int
  private let search: ShortestPathSearch

  private var input: Batch?
  private var from: Vector?
  private var to: Vector?
  private var row = 0
  private var found: [[Hop]] = []

  init(_ plan: Plan, _ shortest: ShortestPath, input: Operator, context: ExecutionContext) throws {
    self.shortest = shortest
    fromColumn = try input.layout.requiredColumn(of: shortest.expand.from, for: plan)
    toColumn = try input.layout.requiredColumn(of: shortest.expand.to, for: plan)
    search = try ShortestPathSearch(
      shortest, layout: input.layout, context: context, plan: plan)
    let added = [shortest.expand.relationship, shortest.path].compactMap { $0 }
    super.init(plan, inputs: [input], layout: input.layout.adding(added), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    search.reset()
    input = nil
    found = []
  }

  override func produce() throws -> Batch? {
    if input == nil {
      guard let batch = try inputs[0].next() else { return nil }
      try search.prepare()
      input = batch
      from = try EntityColumn.nodes(batch.columns[fromColumn])
      to = try EntityColumn.nodes(batch.columns[toColumn])
      row = -1
      found = []
    }
    guard let input, let from, let to else { return nil }
    var rows: [Int32] = []
    let lists = shortest.expand.relationship == nil ? nil : ColumnBuffer()
    let paths = shortest.path == nil ? nil : ColumnBuffer()
    while rows.count < Vector.batchCapacity {
      if let walk = found.popLast() {
        rows.append(Int32(row))
        lists?.append(.list(walk.map { .relationship($0.relationship.boxed) }))
        paths?.append(Self.path(from: from.nodes[from.physical(row)], walk))
        continue
      }
      row += 1
      if row == input.count { break }
      if from.isNull(row) || to.isNull(row) { continue }
      search.start(row: row, of: input)
      found = try search.paths(
        from: from.nodes[from.physical(row)], to: to.nodes[to.physical(row)])
    }
    if row == input.count { self.input = nil }
    let count = rows.count
    var batch = rows.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { input.gather($0, count: count) } ?? input.slice(from: 0, count: 0)
    }
    if let lists { batch.columns.append(lists.contents) }
    if let paths { batch.columns.append(paths.contents) }
    return batch
  }

  private static func path(from start: NodeID, _ walk: [Hop]) -> Value {
    .path(
      Path(
        nodes: [Node(id: start)] + walk.map { Node(id: $0.node) },
        relationships: walk.map(\.relationship.boxed)))
  }
}
