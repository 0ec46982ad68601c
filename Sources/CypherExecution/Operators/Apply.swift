internal import CypherPlanning
internal import GraphColumns

/// `.apply`: each outer row with each of its inner rows.
final class Apply: Operator {
  private let inner: InnerSide
  private var outer: OuterRows
  private var walk: InnerWalk?
  private var rows = RowNumberScratch()

  init(
    _ plan: Plan, outer: Operator, isPerRow: Bool, context: ExecutionContext,
    builder: OperatorBuilder
  ) throws {
    inner = try InnerSide(
      plan.inputs[1], outer: outer.layout, isPerRow: isPerRow, builder: builder)
    self.outer = OuterRows(outer, isEager: plan.inputs[1].containsWrites, context: context)
    super.init(
      plan, inputs: [outer], layout: outer.layout.adding(inner.addedVariables), context: context)
  }

  override var keepsArgumentOrder: Bool {
    inputs[0].keepsArgumentOrder && (!inner.isBatched || inner.root.keepsArgumentOrder)
  }

  override func open() throws {
    try super.open()
    outer.reset()
    walk = nil
  }

  override func produce() throws -> Batch? {
    while true {
      if walk == nil {
        guard let batch = try outer.next() else { return nil }
        walk = InnerWalk(batch)
      }
      guard var current = walk else { return nil }
      let found = try inner.next(&current, rows: &rows)
      walk = found == nil ? nil : current
      guard let found else { continue }
      let numbers = rows.reserve(found.count)
      var columns = current.outer.columns.map { $0.gather(numbers, count: found.count) }
      for column in inner.addedColumns { columns.append(found.columns[column]) }
      return Batch(columns: columns, count: found.count)
    }
  }
}

/// `.optionalApply`: as apply, and outer rows without inner rows once with nulls. The nulls stand
/// where the inner rows would, as long as these come in the order of the outer rows.
final class OptionalApply: Operator {
  private let inner: InnerSide
  private var outer: OuterRows
  private var walk: InnerWalk?
  private var rows = RowNumberScratch()
  private var isMatched: [Bool] = []
  /// Outer rows below are matched or have come out with nulls.
  private var nextRow = 0
  private let keepsOrder: Bool

  init(_ plan: Plan, outer: Operator, context: ExecutionContext, builder: OperatorBuilder) throws {
    inner = try InnerSide(
      plan.inputs[1], outer: outer.layout, isPerRow: false, builder: builder)
    keepsOrder = !inner.isBatched || inner.root.keepsArgumentOrder
    self.outer = OuterRows(outer, isEager: plan.inputs[1].containsWrites, context: context)
    super.init(
      plan, inputs: [outer], layout: outer.layout.adding(inner.addedVariables), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder && keepsOrder }

  override func open() throws {
    try super.open()
    outer.reset()
    walk = nil
  }

  override func produce() throws -> Batch? {
    if walk == nil {
      guard let batch = try outer.next() else { return nil }
      walk = InnerWalk(batch)
      isMatched = [Bool](repeating: false, count: batch.count)
      nextRow = 0
    }
    guard var current = walk else { return nil }
    let found = try inner.next(&current, rows: &rows)
    walk = found == nil ? nil : current
    var outerRows: [Int32] = []
    var innerRows: [Int32] = []
    let numbers = rows.reserve(found?.count ?? 0)
    func appendUnmatched(before limit: Int) {
      while nextRow < limit {
        if !isMatched[nextRow] {
          outerRows.append(Int32(nextRow))
          innerRows.append(-1)
        }
        nextRow += 1
      }
    }
    for index in 0..<(found?.count ?? 0) {
      let row = Int(numbers[index])
      isMatched[row] = true
      if keepsOrder { appendUnmatched(before: row) }
      outerRows.append(numbers[index])
      innerRows.append(Int32(index))
    }
    if found == nil { appendUnmatched(before: current.outer.count) }
    return join(current.outer, found, outerRows, innerRows)
  }

  private func join(
    _ outer: Batch, _ inner: Batch?, _ outerRows: [Int32], _ innerRows: [Int32]
  ) -> Batch {
    let count = outerRows.count
    var columns: [Vector] = []
    outerRows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for column in outer.columns { columns.append(column.gather(base, count: count)) }
    }
    innerRows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for column in self.inner.addedColumns {
        guard let inner else {
          columns.append(.nulls(count: count))
          continue
        }
        let isOptional = count > inner.count
        columns.append(
          inner.columns[column].gather(base, count: count, isOptional: isOptional))
      }
    }
    return Batch(columns: columns, count: count)
  }
}

/// `.semiApply`: the outer rows that have (or have not) an inner row.
final class SemiApply: Operator {
  private let inner: InnerSide
  private let isAnti: Bool
  private var rows = RowNumberScratch()

  init(
    _ plan: Plan, isAnti: Bool, outer: Operator, context: ExecutionContext,
    builder: OperatorBuilder
  ) throws {
    self.isAnti = isAnti
    inner = try InnerSide(
      plan.inputs[1], outer: outer.layout, isPerRow: false, builder: builder)
    super.init(plan, inputs: [outer], layout: outer.layout, context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func produce() throws -> Batch? {
    guard let outer = try inputs[0].next() else { return nil }
    var isMatched = [Bool](repeating: false, count: outer.count)
    if inner.isBatched {
      try inner.open(outer)
      while let found = try inner.root.next() {
        let numbers = rows.reserve(found.count)
        inner.outerRows(found, into: numbers)
        for index in 0..<found.count { isMatched[Int(numbers[index])] = true }
      }
    } else {
      for row in 0..<outer.count {
        try inner.open(row: row, of: outer)
        isMatched[row] = try inner.root.next() != nil
      }
    }
    let numbers = rows.reserve(outer.count)
    var count = 0
    for row in 0..<outer.count where isMatched[row] != isAnti {
      numbers[count] = Int32(row)
      count += 1
    }
    return count == outer.count ? outer : outer.gather(numbers, count: count)
  }
}

/// `.unitApply`: runs the inner side for each row for its effects; the rows pass.
final class UnitApply: Operator {
  private let inner: InnerSide
  private var outer: OuterRows

  init(_ plan: Plan, outer: Operator, context: ExecutionContext, builder: OperatorBuilder) throws {
    inner = try InnerSide(plan.inputs[1], outer: outer.layout, isPerRow: true, builder: builder)
    self.outer = OuterRows(outer, isEager: plan.inputs[1].containsWrites, context: context)
    super.init(plan, inputs: [outer], layout: outer.layout, context: context)
  }

  override func open() throws {
    try super.open()
    outer.reset()
  }

  override func produce() throws -> Batch? {
    guard let batch = try outer.next() else { return nil }
    for row in 0..<batch.count {
      try inner.open(row: row, of: batch)
      try inner.root.drain()
    }
    return batch
  }
}
