internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.merge`: row by row, so that a row finds what an earlier one created.
final class MergeOperator: EagerWrite {
  private let inner: InnerSide
  private let creator: ElementCreator
  private let onCreate: SetItems
  private let onMatch: SetItems
  /// For each added output column: its column among the inner rows, and in the created row.
  private let addedColumns: [(inner: Int?, created: Int?)]

  init(
    _ plan: Plan, _ merge: Merge, outer: Operator, context: ExecutionContext,
    builder: OperatorBuilder
  ) throws {
    let inner = try InnerSide(plan.inputs[1], outer: outer.layout, isPerRow: true, builder: builder)
    let creator = try ElementCreator(
      merge.elements, layout: outer.layout, refusesNulls: true, plan: plan, context: context)
    let created = creator.variables.filter {
      !outer.layout.contains($0) && !inner.addedVariables.contains($0)
    }
    let added = inner.addedVariables + created.uniqued()
    let layout = outer.layout.adding(added)
    self.inner = inner
    self.creator = creator
    addedColumns = added.map { variable in
      (
        inner.addedVariables.firstIndex(of: variable).map { inner.addedColumns[$0] },
        creator.layout.column(of: variable)
      )
    }
    onCreate = try SetItems(merge.onCreate, layout: creator.layout, context: context)
    onMatch = try SetItems(merge.onMatch, layout: layout, context: context)
    super.init(plan, inputs: [outer], layout: layout, context: context)
  }

  override func write(_ batches: [Batch], _ writer: GraphWriter) throws -> [Batch] {
    var results: [Batch] = []
    for batch in batches {
      var rows: [Int32] = []
      let columns = addedColumns.map { _ in ColumnBuffer() }
      for row in 0..<batch.count {
        try inner.open(row: row, of: batch)
        var isFound = false
        var found: [Batch] = []
        while let matched = try inner.root.next() {
          isFound = true
          found.append(matched)
        }
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
        if !isFound {
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
      let count = rows.count
      var result = rows.withUnsafeBufferPointer { rows in
        rows.baseAddress.map { batch.gather($0, count: count) } ?? batch.slice(from: 0, count: 0)
      }
      result.columns += columns.map(\.contents)
      results += result.split()
    }
    return results
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

extension Batch {
  /// Parts of the usual size.
  func split() -> [Batch] {
    if count <= Vector.batchCapacity { return [self] }
    return stride(from: 0, to: count, by: Vector.batchCapacity).map {
      slice(from: $0, count: min(Vector.batchCapacity, count - $0))
    }
  }
}
