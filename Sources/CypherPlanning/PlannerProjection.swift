internal import GraphTypes

extension PlanBuilder {
  /// WITH and RETURN: aggregate, compute, DISTINCT, sort, skip, limit, filter, keep the targets.
  func plan(_ clause: BoundProjection, input: Plan) -> Plan {
    var clause = clause
    var plan = input
    if let aggregation = clause.aggregation {
      let direct = clause.aggregatingIntoItems
      if let direct { clause = direct }
      plan = aggregated(input, clause.aggregation ?? aggregation)
    }
    let targets = clause.items.map(\.target)
    let readLater = clause.sortKeys.map(\.expression).freeVariables
      .union(clause.predicates.freeVariables)
    // Variables of the input that ORDER BY or WHERE still need, beside the items.
    let kept = plan.outputs.filter { readLater.contains($0) && !targets.contains($0) }
    var late: [Projection] = []
    var early = clause.items
    if options.isOn(.lateProjection), clause.limit != nil, !clause.sortKeys.isEmpty,
      !clause.isDistinct
    {
      late = clause.items.filter { item in
        if case .variable = item.expression { return false }
        return !readLater.contains(item.target) && isDeterministic(item.expression)
      }
      let lateTargets = Set(late.map(\.target))
      early.removeAll { lateTargets.contains($0.target) }
    }
    // Late items read the input's variables, so these stay until then.
    let carried = late.map(\.expression).freeVariables
    let passed = plan.outputs.filter { v in
      (kept.contains(v) || carried.contains(v)) && !early.contains { $0.target == v }
    }
    if clause.isDistinct {
      plan = distinct(projectedIfNeeded(plan, clause.items))
    } else {
      plan = projectedIfNeeded(plan, early + passed.map { Projection($0, .variable($0)) })
    }
    if !clause.sortKeys.isEmpty { plan = passThrough(.sort(clause.sortKeys), plan) }
    if let skip = clause.skip {
      let count = literalCount(skip) ?? 0
      plan = Plan(
        .skip(skip), inputs: [plan], outputs: plan.outputs,
        estimatedRows: max(0, plan.estimatedRows - count))
    }
    if let limit = clause.limit {
      plan = Plan(
        .limit(limit), inputs: [plan], outputs: plan.outputs,
        estimatedRows: min(literalCount(limit) ?? 100, plan.estimatedRows))
    }
    plan = filtered(plan, clause.predicates.flatMap(\.conjuncts))
    if !late.isEmpty || plan.outputs != targets {
      let lateTargets = Set(late.map(\.target))
      plan = projected(
        plan,
        clause.items.map { item in
          lateTargets.contains(item.target)
            ? item : Projection(item.target, .variable(item.target))
        })
    }
    return plan
  }

  private func projectedIfNeeded(_ input: Plan, _ items: [Projection]) -> Plan {
    let isIdentity =
      input.outputs == items.map(\.target)
      && items.allSatisfy { $0.expression == .variable($0.target) }
    return isIdentity ? input : projected(input, items)
  }

  func aggregated(_ input: Plan, _ aggregation: BoundProjection.Aggregation) -> Plan {
    var aggregates = aggregation.aggregates
    for i in aggregates.indices {
      // Counting what cannot be null counts rows, and need not read it.
      if aggregates[i].function == "count", !aggregates[i].isDistinct,
        case .variable(let v)? = aggregates[i].arguments.first, neverNull.contains(v)
      {
        aggregates[i].arguments = []
      }
    }
    for group in aggregation.groups {
      if case .variable(let v) = group.expression, let labels = knownLabels[v] {
        knownLabels[group.target] = labels
      }
    }
    return Plan(
      .aggregate(groups: aggregation.groups, aggregates: aggregates),
      inputs: [input],
      outputs: aggregation.groups.map(\.target) + aggregation.aggregates.map(\.target),
      estimatedRows: estimatedGroups(aggregation.groups, input: input))
  }

  func literalCount(_ expression: BoundExpression) -> Double? {
    if case .literal(.integer(let n)) = expression { Double(n) } else { nil }
  }
}

extension BoundProjection {
  /// When each item just names a group or an aggregate: the same with the aggregation writing the
  /// items itself, so that no projection is needed after it.
  fileprivate var aggregatingIntoItems: BoundProjection? {
    guard let aggregation else { return nil }
    var target: [VariableID: VariableID] = [:]
    for item in items {
      guard case .variable(let source) = item.expression, target[source] == nil else {
        return nil
      }
      target[source] = item.target
    }
    let sources = aggregation.groups.map(\.target) + aggregation.aggregates.map(\.target)
    guard target.keys.allSatisfy(Set(sources).contains) else { return nil }
    let map = target.mapValues { BoundExpression.variable($0) }
    var result = self
    result.aggregation = Aggregation(
      groups: aggregation.groups.map { Projection(target[$0.target] ?? $0.target, $0.expression) },
      aggregates: aggregation.aggregates.map {
        var aggregate = $0
        aggregate.target = target[$0.target] ?? $0.target
        return aggregate
      })
    result.items = items.map { Projection($0.target, .variable($0.target)) }
    for i in sortKeys.indices {
      guard let expression = sortKeys[i].expression.substituting(map) else { return nil }
      result.sortKeys[i].expression = expression
    }
    for i in predicates.indices {
      guard let predicate = predicates[i].substituting(map) else { return nil }
      result.predicates[i] = predicate
    }
    return result
  }
}
