internal import CypherPlanning
internal import GraphColumns

/// `.filter`: keeps the rows for which all predicates are true.
final class Filter: Operator {
  private let predicates: [CompiledExpression]
  private var scratch = RowNumberScratch()

  init(_ plan: Plan, _ predicates: [BoundExpression], input: Operator, context: ExecutionContext)
    throws
  {
    self.predicates = try predicates.map {
      try CompiledExpression($0, layout: input.layout, context: context)
    }
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func produce() throws -> Batch? {
    guard var batch = try inputs[0].next() else { return nil }
    let rows = scratch.reserve(batch.count)
    for predicate in predicates {
      let count = try predicate.select(batch, into: rows)
      if count == batch.count { continue }
      if count == 0 { return Batch(columns: batch.columns, count: 0) }
      batch = batch.gather(rows, count: count)
    }
    return batch
  }
}
