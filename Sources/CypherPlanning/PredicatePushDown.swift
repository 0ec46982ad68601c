internal import GraphTypes

/// Moves the conjuncts of filters down to where their variables first exist: below WITH, sorting,
/// DISTINCT, expansions and the outer side of applies, into the side of a join that they read. Stops
/// at LIMIT and SKIP, which count rows, and at whatever writes.
struct PredicatePushDown {
  let builder: PlanBuilder

  func apply(_ plan: Plan) -> Plan {
    guard case .filter(let predicates) = plan.operation else {
      return plan.with(inputs: plan.inputs.map(apply))
    }
    var input = plan.inputs[0]
    var stay: [BoundExpression] = []
    for predicate in predicates {
      if builder.isDeterministic(predicate), let pushed = push(predicate, below: input) {
        input = pushed
      } else {
        stay.append(predicate)
      }
    }
    input = apply(input)
    guard !stay.isEmpty else { return input }
    return Plan(
      .filter(stay), inputs: [input], outputs: input.outputs,
      estimatedRows: min(plan.estimatedRows, input.estimatedRows))
  }

  /// `plan` with the predicate somewhere below its operator; nil where it cannot go there.
  private func push(_ predicate: BoundExpression, below plan: Plan) -> Plan? {
    guard !plan.isUpdating else { return nil }
    let variables = predicate.freeVariables
    func into(_ i: Int, _ predicate: BoundExpression) -> Plan? {
      let input = plan.inputs[i]
      let pushed = push(predicate, below: input) ?? builder.filtered(input, [predicate])
      var inputs = plan.inputs
      inputs[i] = pushed
      return Plan(
        plan.operation, inputs: inputs, outputs: plan.outputs,
        estimatedRows: plan.estimatedRows * builder.selectivity(predicate))
    }
    func intoIfBound(_ i: Int) -> Plan? {
      variables.isSubset(of: plan.inputs[i].outputs) ? into(i, predicate) : nil
    }
    switch plan.operation {
    case .filter(let others):
      if let pushed = push(predicate, below: plan.inputs[0]) {
        return Plan(
          plan.operation, inputs: [pushed], outputs: plan.outputs,
          estimatedRows: plan.estimatedRows * builder.selectivity(predicate))
      }
      let rows = plan.estimatedRows * builder.selectivity(predicate)
      return Plan(
        .filter(others + [predicate]), inputs: plan.inputs, outputs: plan.outputs,
        estimatedRows: rows)
    case .project(let items):
      return substituted(predicate, items, variables).flatMap { into(0, $0) }
    case .aggregate(let groups, _):
      guard !groups.isEmpty, !variables.isEmpty,
        variables.isSubset(of: groups.map(\.target))
      else { return nil }
      return substituted(predicate, groups, variables).flatMap { into(0, $0) }
    case .distinct, .sort: return into(0, predicate)
    case .expand, .variableLengthExpand, .shortestPath, .unwind, .apply(perRow: false),
      .optionalApply, .semiApply:
      return intoIfBound(0)
    case .apply(perRow: true): return intoIfBound(0)
    case .cartesianProduct, .hashJoin: return intoIfBound(0) ?? intoIfBound(1)
    default: return nil
    }
  }

  /// The predicate in terms of the projection's input, unless that would compute something costly
  /// twice.
  private func substituted(
    _ predicate: BoundExpression, _ items: [Projection], _ variables: Set<VariableID>
  ) -> BoundExpression? {
    var map: [VariableID: BoundExpression] = [:]
    for item in items where variables.contains(item.target) {
      switch item.expression {
      case .variable, .literal, .parameter, .property(.variable, _):
        map[item.target] = item.expression
      default: return nil
      }
    }
    return predicate.substituting(map)
  }
}
