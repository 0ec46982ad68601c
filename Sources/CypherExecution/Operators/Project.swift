internal import CypherPlanning
internal import GraphColumns

/// `.project`: one column for each target. Hidden row numbers pass too.
final class Project: Operator {
  private let expressions: [CompiledExpression]
  private let hiddenColumns: [Int]

  init(_ plan: Plan, _ projections: [Projection], input: Operator, context: ExecutionContext) throws
  {
    expressions = try projections.map {
      try CompiledExpression($0.expression, layout: input.layout, context: context)
    }
    let hidden = input.layout.variables.indices.filter { input.layout.variables[$0].isHidden }
    hiddenColumns = hidden
    let variables = projections.map(\.target) + hidden.map { input.layout.variables[$0] }
    super.init(plan, inputs: [input], layout: RowLayout(variables), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func produce() throws -> Batch? {
    guard let batch = try inputs[0].next() else { return nil }
    var columns: [Vector] = []
    columns.reserveCapacity(expressions.count + hiddenColumns.count)
    for expression in expressions { columns.append(try expression.evaluate(batch)) }
    for column in hiddenColumns { columns.append(batch.columns[column]) }
    return Batch(columns: columns, count: batch.count)
  }
}

/// `.produceResults`: the result's columns in order.
final class ProduceResults: Operator {
  private let columns: [Int]

  init(_ plan: Plan, input: Operator, context: ExecutionContext) throws {
    columns = try plan.outputs.map { try input.layout.requiredColumn(of: $0, for: plan) }
    super.init(plan, inputs: [input], layout: RowLayout(plan.outputs), context: context)
  }

  override func produce() throws -> Batch? {
    guard let batch = try inputs[0].next() else { return nil }
    return Batch(columns: columns.map { batch.columns[$0] }, count: batch.count)
  }
}
