/// `Filter(EXISTS { … })` becomes a semi-join with the subquery's plan, `NOT EXISTS` an anti-join:
/// both run for a batch of rows at once. The other conjuncts are checked first.
enum SemiApplyRewrite {
  static func apply(_ plan: Plan) -> Plan {
    let plan = plan.with(inputs: plan.inputs.map(apply))
    guard case .filter(let predicates) = plan.operation else { return plan }
    var rest: [BoundExpression] = []
    var joins: [(plan: Plan, anti: Bool)] = []
    for predicate in predicates {
      switch predicate {
      case .subquery(.exists, let inner, _) where !inner.needsOneRowAtATime:
        joins.append((inner, false))
      case .not(.subquery(.exists, let inner, _)) where !inner.needsOneRowAtATime:
        joins.append((inner, true))
      default: rest.append(predicate)
      }
    }
    guard !joins.isEmpty else { return plan }
    var result = plan.inputs[0]
    if !rest.isEmpty {
      result = Plan(
        .filter(rest), inputs: [result], outputs: plan.outputs,
        estimatedRows: plan.estimatedRows)
    }
    for join in joins {
      result = Plan(
        .semiApply(anti: join.anti), inputs: [result, join.plan], outputs: plan.outputs,
        estimatedRows: plan.estimatedRows)
    }
    return result
  }
}
