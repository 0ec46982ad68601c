internal import CypherPlanning
internal import GraphColumns

/// `.union`: all rows of input 0, then all of input 1; columns by position.
final class Union: Operator {
  private let columns: [[Int]]
  private var current = 0

  init(_ plan: Plan, inputs: [Operator], context: ExecutionContext) throws {
    let hidden = inputs[0].layout.variables.filter { variable in
      variable.isHidden && inputs.allSatisfy { $0.layout.contains(variable) }
    }
    columns = try inputs.map { input in
      try (input.plan.outputs + hidden).map {
        try input.layout.requiredColumn(of: $0, for: plan)
      }
    }
    super.init(
      plan, inputs: inputs, layout: RowLayout(plan.outputs + hidden), context: context)
  }

  override func open() throws {
    try super.open()
    current = 0
  }

  override func produce() throws -> Batch? {
    while current < inputs.count {
      if let batch = try inputs[current].next() {
        return Batch(columns: columns[current].map { batch.columns[$0] }, count: batch.count)
      }
      current += 1
    }
    return nil
  }
}
