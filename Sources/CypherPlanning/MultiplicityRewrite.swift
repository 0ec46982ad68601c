/// Counting rows over an expansion whose relationship and end no one reads: the number of
/// relationships of each input row is added up, and the rows are not made. So the last hop of
/// `MATCH (a)-->(b)-->(c) RETURN count(*)` costs a look at a degree (factorised evaluation: D. Olteanu,
/// J. Závodný, "Size Bounds for Factorised Representations of Query Results", TODS 40, 2015).
struct MultiplicityRewrite {
  let builder: PlanBuilder

  func apply(_ plan: Plan) -> Plan {
    let plan = plan.with(inputs: plan.inputs.map(apply))
    guard case .aggregate(let groups, let aggregates) = plan.operation,
      aggregates.contains(where: Self.countsRows),
      aggregates.allSatisfy({ Self.countsRows($0) || Self.ignoresDuplicates($0) }),
      let (expand, source, excluding) = expansion(plan.inputs[0])
    else { return plan }
    let read = groups.map(\.expression).freeVariables
      .union(aggregates.flatMap(\.arguments).freeVariables)
    guard !read.contains(expand.to), !(expand.relationship.map(read.contains) ?? false) else {
      return plan
    }
    let multiplicity = builder.makeVariable()
    var counting = expand
    counting.relationship = nil
    counting.multiplicity = multiplicity
    counting.excluding = excluding
    let input = Plan(
      .expand(counting), inputs: [source], outputs: source.outputs + [multiplicity],
      estimatedRows: source.estimatedRows)
    let summed = aggregates.map {
      Self.countsRows($0)
        ? AggregateProjection(
          $0.target, function: "sum", isDistinct: false, arguments: [.variable(multiplicity)])
        : $0
    }
    return Plan(
      .aggregate(groups: groups, aggregates: summed), inputs: [input], outputs: plan.outputs,
      estimatedRows: plan.estimatedRows)
  }

  private static func countsRows(_ aggregate: AggregateProjection) -> Bool {
    aggregate.function == "count" && !aggregate.isDistinct && aggregate.arguments.isEmpty
  }

  private static func ignoresDuplicates(_ aggregate: AggregateProjection) -> Bool {
    aggregate.isDistinct || ["min", "max"].contains(aggregate.function)
  }

  /// The expansion, what is below it, and the relationships that it must not follow again.
  private func expansion(_ plan: Plan) -> (Expand, Plan, [VariableID])? {
    var plan = plan
    var pairs: [[VariableID]] = []
    if case .filter(let predicates) = plan.operation {
      for predicate in predicates {
        guard case .distinctRelationships(let pair) = predicate, pair.count == 2 else { return nil }
        pairs.append(pair)
      }
      plan = plan.inputs[0]
    }
    guard case .expand(let expand) = plan.operation, !expand.into, expand.multiplicity == nil else {
      return nil
    }
    var excluding: [VariableID] = []
    for pair in pairs {
      guard let own = expand.relationship, pair.contains(own) else { return nil }
      excluding += pair.filter { $0 != own }
    }
    return (expand, plan.inputs[0], excluding)
  }
}
