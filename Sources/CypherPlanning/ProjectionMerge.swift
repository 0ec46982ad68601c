internal import GraphTypes

/// A projection (or aggregation) on a projection computes both at once, as long as nothing is then
/// computed twice.
struct ProjectionMerge {
  let builder: PlanBuilder

  func apply(_ plan: Plan) -> Plan {
    let plan = plan.with(inputs: plan.inputs.map(apply))
    guard let input = plan.inputs.first, case .project(let inner) = input.operation else {
      return plan
    }
    switch plan.operation {
    case .project(let outer):
      guard let new = substitute(outer.map(\.expression), inner) else { return plan }
      let items = zip(outer, new).map { Projection($0.target, $1) }
      return Plan(
        .project(items), inputs: input.inputs, outputs: plan.outputs,
        estimatedRows: plan.estimatedRows)
    case .aggregate(var groups, var aggregates):
      let all = groups.map(\.expression) + aggregates.flatMap(\.arguments)
      guard var new = substitute(all, inner).map({ $0[...] }) else { return plan }
      for i in groups.indices { groups[i].expression = new.removeFirst() }
      for i in aggregates.indices {
        for j in aggregates[i].arguments.indices {
          aggregates[i].arguments[j] = new.removeFirst()
        }
      }
      return Plan(
        .aggregate(groups: groups, aggregates: aggregates), inputs: input.inputs,
        outputs: plan.outputs, estimatedRows: plan.estimatedRows)
    default: return plan
    }
  }

  private func substitute(
    _ expressions: [BoundExpression], _ inner: [Projection]
  ) -> [BoundExpression]? {
    var uses: [VariableID: Int] = [:]
    for e in expressions { count(e, weight: 1, &uses) }
    for item in inner {
      let n = uses[item.target] ?? 0
      switch item.expression {
      case .variable, .literal, .parameter: continue
      default:
        if n > 1 || n == 1 && !builder.isDeterministic(item.expression) { return nil }
      }
    }
    let map = Dictionary(
      inner.map { ($0.target, $0.expression) }, uniquingKeysWith: { first, _ in first })
    var result: [BoundExpression] = []
    for e in expressions {
      guard let new = e.substituting(map) else { return nil }
      result.append(new)
    }
    return result
  }

  /// Uses of variables; those inside loops count as many.
  private func count(_ e: BoundExpression, weight: Int, _ uses: inout [VariableID: Int]) {
    switch e {
    case .variable(let v): uses[v, default: 0] += weight
    case .path(let vs), .distinctRelationships(let vs), .subquery(_, _, let vs):
      for v in vs { uses[v, default: 0] += weight }
    case .listComprehension, .quantifier, .reduce:
      for child in e.children { count(child, weight: 2, &uses) }
    default: for child in e.children { count(child, weight: weight, &uses) }
    }
  }
}
