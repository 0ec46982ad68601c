internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.sort`: reads all rows, gives them in order; stable.
final class Sort: Operator {
  private let keys: [CompiledExpression]
  private let buffer: SortBuffer
  private var account: MemoryAccount
  private var order: [Int32] = []
  private var position = 0
  private var isDrained = false

  init(_ plan: Plan, _ keys: [SortKey], input: Operator, context: ExecutionContext) throws {
    self.keys = try keys.map {
      try CompiledExpression($0.expression, layout: input.layout, context: context)
    }
    buffer = SortBuffer(
      isDescending: keys.map(\.isDescending), columnCount: input.layout.variables.count)
    account = MemoryAccount(context.control, purpose: "ORDER BY")
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }
  deinit { account.release() }

  override func open() throws {
    try super.open()
    buffer.removeAll()
    account.release()
    isDrained = false
    position = 0
  }

  override func produce() throws -> Batch? {
    if !isDrained {
      isDrained = true
      while let batch = try inputs[0].next() {
        buffer.append(batch, keys: try sortKeys(keys, batch))
        try account.update(to: buffer.byteCount)
      }
      order = buffer.sorted()
    }
    if position == order.count { return nil }
    let end = min(order.count, position + Vector.batchCapacity)
    defer { position = end }
    return buffer.batch(order[position..<end])
  }
}

/// `.top`: the first `limit` rows of the order after `skip` of them. Never holds many more rows
/// than it is going to give: whenever twice as many have come, the rest is dropped.
final class Top: Operator {
  private let keys: [CompiledExpression]
  private let limit: RowLimit
  private let skip: RowLimit?
  private let buffer: SortBuffer
  private var scratch = RowNumberScratch()
  private var account: MemoryAccount
  private var order: ArraySlice<Int32> = []
  private var isDrained = false

  init(
    _ plan: Plan, _ keys: [SortKey], limit: BoundExpression, skip: BoundExpression?,
    input: Operator, context: ExecutionContext
  ) throws {
    self.keys = try keys.map {
      try CompiledExpression($0.expression, layout: input.layout, context: context)
    }
    self.limit = try RowLimit(limit, clause: "LIMIT", context: context)
    self.skip = try skip.map { try RowLimit($0, clause: "SKIP", context: context) }
    buffer = SortBuffer(
      isDescending: keys.map(\.isDescending), columnCount: input.layout.variables.count)
    account = MemoryAccount(context.control, purpose: "ORDER BY")
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }
  deinit { account.release() }

  override func open() throws {
    try super.open()
    buffer.removeAll()
    account.release()
    isDrained = false
  }

  override func produce() throws -> Batch? {
    if !isDrained {
      isDrained = true
      let skipped = try skip?.value() ?? 0
      let limit = try limit.value()
      let (sum, overflow) = skipped.addingReportingOverflow(limit)
      let wanted = overflow ? Int.max : sum
      if limit > 0 {
        let bound = max(4 * Vector.batchCapacity, wanted > Int.max / 2 ? Int.max : wanted * 2)
        while let batch = try inputs[0].next() {
          try append(batch)
          if buffer.count > bound { buffer.truncate(to: wanted) }
          try account.update(to: buffer.byteCount)
        }
        order = buffer.sorted().prefix(wanted).dropFirst(skipped)
      } else {
        order = []
        if plan.containsWrites { try inputs[0].drain() }
      }
    }
    if order.isEmpty { return nil }
    let part = order.prefix(Vector.batchCapacity)
    order = order.dropFirst(part.count)
    return buffer.batch(part)
  }
}

extension Top {
  /// Most rows of a long input are ruled out by their first key alone.
  private func append(_ batch: Batch) throws {
    guard let first = keys.first else {
      return buffer.append(batch, keys: [])
    }
    let key = try sortKeys([first], batch)[0]
    let rows = scratch.reserve(batch.count)
    let count = buffer.candidates(key, count: batch.count, into: rows) ?? batch.count
    if count == 0 { return }
    let isWhole = count == batch.count
    let kept = isWhole ? batch : batch.gather(rows, count: count)
    let others = try sortKeys(Array(keys.dropFirst()), kept)
    buffer.append(kept, keys: [isWhole ? key : key.gather(rows, count: count)] + others)
  }
}

extension Operator {
  /// The keys of a batch's rows, in a form that goes by code points.
  fileprivate func sortKeys(_ keys: [CompiledExpression], _ batch: Batch) throws -> [Vector] {
    let vectors = try keys.map { try $0.evaluate(batch) }
    if context.collation == .codePoints { return vectors }
    return vectors.map { Self.collated($0, batch.count) }
  }

  private static func collated(_ vector: Vector, _ count: Int) -> Vector {
    guard vector.type == .string || vector.type == .any else { return vector }
    if vector.isConstant { return .constant(CollationKey.key(of: vector.boxed(0)), count: count) }
    if vector.type == .string {
      let arena = StringArena()
      let result = FunctionLoop.map(
        vector, StringRef.self, to: .string, StringRef.self, count
      ) { arena.append(CollationKey.key(of: $0.string)) }
      result.owners = [arena]
      return result
    }
    var builder = VectorBuilder(capacity: count)
    for row in 0..<count { builder.append(CollationKey.key(of: vector.boxed(row))) }
    return builder.finish()
  }
}
