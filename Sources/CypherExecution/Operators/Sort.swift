internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.sort`: reads all rows, gives them in order; stable.
final class Sort: Operator {
  private let rows: SortedInput

  init(
    _ plan: Plan, _ keys: [SortKey], input: Operator, context: ExecutionContext,
    mayBeParallel: Bool
  ) throws {
    rows = try SortedInput(
      keys, input: input, mayBeParallel: mayBeParallel, purpose: keys.isEmpty ? "Eager" : "Sort")
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }

  override var spilledBytes: Int { rows.spilledBytes }

  override func open() throws {
    try super.open()
    rows.reset()
  }

  override func produce() throws -> Batch? {
    if !rows.isRead { try rows.read(wanted: .max, isProfiled: isProfiled) }
    return try rows.next()
  }
}

/// `.top`: the first `limit` rows of the order after `skip` of them.
final class Top: Operator {
  private let rows: SortedInput
  private let limit: RowLimit
  private let skip: RowLimit?
  private var skipped = 0
  private var remaining: Int?

  init(
    _ plan: Plan, _ keys: [SortKey], limit: BoundExpression, skip: BoundExpression?,
    input: Operator, context: ExecutionContext, mayBeParallel: Bool
  ) throws {
    rows = try SortedInput(keys, input: input, mayBeParallel: mayBeParallel, purpose: "Top")
    self.limit = try RowLimit(limit, clause: "LIMIT", context: context)
    self.skip = try skip.map { try RowLimit($0, clause: "SKIP", context: context) }
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }

  override var spilledBytes: Int { rows.spilledBytes }

  override func open() throws {
    try super.open()
    rows.reset()
    remaining = nil
  }

  override func produce() throws -> Batch? {
    if remaining == nil {
      skipped = try skip?.value() ?? 0
      let limit = try limit.value()
      remaining = limit
      if limit > 0 {
        let (sum, overflow) = skipped.addingReportingOverflow(limit)
        try rows.read(wanted: overflow ? .max : sum, isProfiled: isProfiled)
      } else if plan.containsWrites {
        try inputs[0].drain()
      }
    }
    while let left = remaining, left > 0, let batch = try rows.next() {
      if skipped >= batch.count {
        skipped -= batch.count
        continue
      }
      let count = min(left, batch.count - skipped)
      remaining = left - count
      defer { skipped = 0 }
      return batch.slice(from: skipped, count: count)
    }
    return nil
  }
}
