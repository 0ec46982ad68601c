internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.merge`: batch by batch where the planner allows it, else row by row, so that a row finds what an
/// earlier one created.
final class MergeOperator: EagerWrite {
  private let inner: InnerSide
  private let creator: ElementCreator
  private let onCreate: SetItems
  private let onMatch: SetItems
  /// For each added output column: its column among the inner rows, and in the created row.
  private let addedColumns: [(inner: Int?, created: Int?)]
  private let batched: BatchedMerge?
  /// With a node or relationship in one of these columns, a batch must go row by row.
  private let mapColumns: [Int]

  init(
    _ plan: Plan, _ merge: Merge, outer: Operator, context: ExecutionContext,
    builder: OperatorBuilder
  ) throws {
    let inner = try InnerSide(
      plan.inputs[1], outer: outer.layout, isPerRow: merge.batch == nil, builder: builder)
    let creator = try ElementCreator(
      merge.elements, layout: outer.layout, refusesNulls: true, plan: plan, context: context)
    let created = creator.variables.filter {
      !outer.layout.contains($0) && !inner.addedVariables.contains($0)
    }
    let added = inner.addedVariables + created.uniqued()
    let layout = outer.layout.adding(added)
    self.inner = inner
    self.creator = creator
    let addedColumns: [(inner: Int?, created: Int?)] = added.map { variable in
      (
        inner.addedVariables.firstIndex(of: variable).map { inner.addedColumns[$0] },
        creator.layout.column(of: variable)
      )
    }
    let onCreate = try SetItems(merge.onCreate, layout: creator.layout, context: context)
    let onMatch = try SetItems(merge.onMatch, layout: layout, context: context)
    self.addedColumns = addedColumns
    self.onCreate = onCreate
    self.onMatch = onMatch
    batched = merge.batch.map { batch in
      BatchedMerge(
        inner: inner, creator: creator, onCreate: onCreate, onMatch: onMatch,
        addedColumns: addedColumns,
        boundColumns: merge.boundEnds.compactMap { outer.layout.column(of: $0) },
        isUndirected: batch.isUndirected)
    }
    mapColumns = (merge.batch?.mustBeMaps ?? []).compactMap { outer.layout.column(of: $0) }
    super.init(plan, inputs: [outer], layout: layout, context: context)
  }

  override func open() throws {
    try super.open()
    batched?.open()
  }

  override func write(_ rows: RowBuffer, _ writer: GraphWriter) throws -> RowBuffer {
    let results = makeBuffer()
    var reader = rows.reader()
    while let batch = try reader.next() {
      try context.control.check()
      let written =
        if let batched, !mapColumns.contains(where: { batch.mayHoldEntities(column: $0) }) {
          try batched.write(batch, writer)
        } else {
          try writeRows(of: batch, writer)
        }
      for part in written.split() { try results.append(part) }
    }
    return results
  }

  private func writeRows(of batch: Batch, _ writer: GraphWriter) throws -> Batch {
    batched?.giveUpTable()
    var rows: [Int32] = []
    let columns = addedColumns.map { _ in ColumnBuffer() }
    for row in 0..<batch.count {
      try inner.open(row: row, of: batch)
      var found: [Batch] = []
      while let matched = try inner.root.next() { found.append(matched) }
      for matched in found {
        for (buffer, column) in zip(columns, addedColumns) {
          if let source = column.inner {
            buffer.append(matched.columns[source], rows: nil, count: matched.count)
          } else {
            for _ in 0..<matched.count { buffer.appendNull() }
          }
        }
        rows += [Int32](repeating: Int32(row), count: matched.count)
        if !onMatch.isEmpty { try updateMatched(matched, outer: batch, row, writer) }
      }
      if found.isEmpty {
        let created = try creator.create(batch.constant(row: row), writer)
        for (buffer, column) in zip(columns, addedColumns) {
          if let source = column.created {
            buffer.append(created.columns[source], row: 0)
          } else {
            buffer.appendNull()
          }
        }
        rows.append(Int32(row))
        try onCreate.apply(created, writer)
      }
    }
    var result = batch.picking(rows)
    result.columns += columns.map(\.contents)
    return result
  }

  private func updateMatched(
    _ matched: Batch, outer: Batch, _ row: Int, _ writer: GraphWriter
  ) throws {
    var batch = outer.constant(row: row, count: matched.count)
    for column in addedColumns {
      batch.columns.append(column.inner.map { matched.columns[$0] } ?? .nulls(count: matched.count))
    }
    try onMatch.apply(batch, writer)
  }
}

extension Merge {
  /// Ends of relationships that are there already.
  fileprivate var boundEnds: [VariableID] {
    let created = elements.map(\.variable)
    return elements.flatMap { element -> [VariableID] in
      guard case .relationship(_, _, let from, let to, _) = element else { return [] }
      return [from, to].filter { !created.contains($0) }
    }
  }
}

extension Batch {
  fileprivate func mayHoldEntities(column: Int) -> Bool {
    columns[column].mayHoldEntities(count: count)
  }

  /// Parts of the usual size.
  func split() -> [Batch] {
    if count <= Vector.batchCapacity { return [self] }
    return stride(from: 0, to: count, by: Vector.batchCapacity).map {
      slice(from: $0, count: min(Vector.batchCapacity, count - $0))
    }
  }
}
