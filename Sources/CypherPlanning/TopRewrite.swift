/// `Limit(Sort)` and `Limit(Skip(Sort))` become a top-N, which keeps only the rows it will give.
enum TopRewrite {
  static func apply(_ plan: Plan) -> Plan {
    let plan = plan.with(inputs: plan.inputs.map(apply))
    guard case .limit(let limit) = plan.operation else { return plan }
    var sorted = plan.inputs[0]
    var skip: BoundExpression?
    if case .skip(let count) = sorted.operation {
      skip = count
      sorted = sorted.inputs[0]
    }
    guard case .sort(let keys) = sorted.operation, !keys.isEmpty else { return plan }
    return Plan(
      .top(keys, limit: limit, skip: skip), inputs: sorted.inputs, outputs: plan.outputs,
      estimatedRows: plan.estimatedRows)
  }
}
