internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Runs subquery expressions: the operators of each plan are made once, and run for a whole batch of
/// imported values where their rows allow it.
final class SubqueryOperators: SubqueryRunner {
  private struct Prepared {
    /// Nil: the subquery imports nothing and is the same for all rows.
    var slot: ArgumentSlot?
    var root: Operator
    var rowNumberColumn: Int?
    var resultColumn: Int?
  }
  private var prepared: [Plan: Prepared] = [:]
  private let builder: OperatorBuilder

  init(context: ExecutionContext) {
    builder = OperatorBuilder(context: context, isProfiled: false)
  }

  func evaluate(
    _ kind: SubqueryKind, _ plan: Plan, imports: [Vector], count: Int, context: ExecutionContext
  ) throws -> Vector {
    let query = try prepared[plan] ?? prepare(plan, importCount: imports.count)
    prepared[plan] = query
    guard let slot = query.slot else {
      let one = SubqueryResult(kind, count: 1)
      try query.root.open()
      try one.append(allOf: query.root, column: query.resultColumn, row: 0)
      return one.vector().constant(row: 0, count: count)
    }
    let result = SubqueryResult(kind, count: count)
    let outer = Batch(columns: imports, count: count)
    if let rowNumberColumn = query.rowNumberColumn {
      slot.supply(outer)
      try query.root.open()
      while let rows = try query.root.next() {
        result.append(rows, column: query.resultColumn, rowNumbers: rows.columns[rowNumberColumn])
      }
    } else {
      for row in 0..<count {
        slot.supply(outer.constant(row: row))
        try query.root.open()
        try result.append(allOf: query.root, column: query.resultColumn, row: row)
      }
    }
    return result.vector()
  }

  private func prepare(_ plan: Plan, importCount: Int) throws -> Prepared {
    let leaves = plan.argumentLeaves
    var slot: ArgumentSlot?
    if let leaf = leaves.first(where: { $0.outputs.count == importCount }) ?? leaves.first {
      slot = ArgumentSlot(
        layout: RowLayout(leaf.outputs),
        rowNumber: plan.needsSingleArgumentRow ? nil : builder.makeHiddenVariable())
    }
    let root = try builder.build(plan, slot: slot)
    return Prepared(
      slot: slot, root: root,
      rowNumberColumn: slot?.rowNumber.flatMap { root.layout.column(of: $0) },
      resultColumn: plan.outputs.last.flatMap { root.layout.column(of: $0) })
  }
}

/// What a subquery expression has found for each row so far.
private final class SubqueryResult {
  private let kind: SubqueryKind
  private var counts: [Int64]
  private var lists: [[Value]]

  init(_ kind: SubqueryKind, count: Int) {
    self.kind = kind
    counts = [Int64](repeating: 0, count: count)
    lists = kind == .collect ? [[Value]](repeating: [], count: count) : []
  }

  /// All rows of an operator belong to one row here; EXISTS needs only the first.
  func append(allOf root: Operator, column: Int?, row: Int) throws {
    while let batch = try root.next() {
      counts[row] += Int64(batch.count)
      if kind == .exists { return }
      if kind == .collect, let column {
        for index in 0..<batch.count { lists[row].append(batch.columns[column].boxed(index)) }
      }
    }
  }

  func append(_ batch: Batch, column: Int?, rowNumbers: Vector) {
    for index in 0..<batch.count {
      let row = Int(rowNumbers.integers[rowNumbers.physical(index)])
      counts[row] += 1
      if kind == .collect, let column { lists[row].append(batch.columns[column].boxed(index)) }
    }
  }

  func vector() -> Vector {
    let type: VectorType =
      switch kind {
      case .exists: .boolean
      case .count: .integer
      case .collect: .any
      }
    let vector = Vector(type: type, capacity: counts.count)
    vector.count = counts.count
    for row in counts.indices {
      switch kind {
      case .exists: vector.booleans[row] = counts[row] > 0
      case .count: vector.integers[row] = counts[row]
      case .collect: vector.values[row] = .list(lists[row])
      }
    }
    return vector
  }
}
