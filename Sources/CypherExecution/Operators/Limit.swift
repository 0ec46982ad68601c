internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// The argument of LIMIT or SKIP: a non-negative integer that depends on no row.
final class RowLimit {
  private let expression: CompiledExpression
  private let clause: String

  init(_ expression: BoundExpression, clause: String, context: ExecutionContext) throws {
    self.expression = try CompiledExpression(
      expression, layout: RowLayout([]), context: context)
    self.clause = clause
  }

  func value() throws -> Int {
    let value = try expression.evaluate(Batch(columns: [], count: 1)).boxed(0)
    guard case .integer(let number) = value else {
      throw QueryError(
        .syntaxError, "InvalidArgumentType",
        "\(clause) needs an integer, not \(value.typeNameWithArticle)",
        hint: "toInteger() makes one of a number or a string")
    }
    guard number >= 0 else {
      throw QueryError(
        .syntaxError, "NegativeIntegerArgument",
        "\(clause) needs an integer that is not negative, not \(number)")
    }
    return Int(number)
  }
}

/// `.limit`: stops reading when it has enough, unless the input still has something to write.
final class Limit: Operator {
  private let limit: RowLimit
  private var remaining: Int?

  init(_ plan: Plan, _ limit: BoundExpression, input: Operator, context: ExecutionContext) throws {
    self.limit = try RowLimit(limit, clause: "LIMIT", context: context)
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    remaining = nil
  }

  override func produce() throws -> Batch? {
    let left = try remaining ?? limit.value()
    remaining = left
    if left == 0 {
      if plan.containsWrites { try inputs[0].drain() }
      return nil
    }
    guard let batch = try inputs[0].next() else { return nil }
    let count = min(left, batch.count)
    remaining = left - count
    return batch.slice(from: 0, count: count)
  }
}

/// `.skip`.
final class Skip: Operator {
  private let skip: RowLimit
  private var remaining: Int?

  init(_ plan: Plan, _ skip: BoundExpression, input: Operator, context: ExecutionContext) throws {
    self.skip = try RowLimit(skip, clause: "SKIP", context: context)
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    remaining = nil
  }

  override func produce() throws -> Batch? {
    var left = try remaining ?? skip.value()
    while let batch = try inputs[0].next() {
      if left >= batch.count {
        left -= batch.count
        continue
      }
      remaining = 0
      return left == 0 ? batch : batch.slice(from: left, count: batch.count - left)
    }
    remaining = left
    return nil
  }
}
