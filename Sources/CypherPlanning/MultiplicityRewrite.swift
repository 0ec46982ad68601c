internal import GraphTypes

/// Counting rows over an expansion whose relationship and end no one reads: the number of
/// relationships of each input row is added up, and the rows are not made. So the last hop of
/// `MATCH (a)-->(b)-->(c) RETURN count(*)` costs a look at a degree (factorised evaluation: D. Olteanu,
/// J. Závodný, "Size Bounds for Factorised Representations of Query Results", TODS 40, 2015). Where
/// the rows come of a scan of relationships that end in the node from which the last hop goes on,
/// these are not made either: nodes are scanned, and the numbers of both hops multiplied.
struct MultiplicityRewrite {
  let builder: PlanBuilder

  func apply(_ plan: Plan) -> Plan {
    let plan = plan.with(inputs: plan.inputs.map(apply))
    guard case .aggregate(let groups, let aggregates) = plan.operation,
      aggregates.contains(where: Self.countsRows),
      aggregates.allSatisfy({ Self.countsRows($0) || Self.ignoresDuplicates($0) })
    else { return plan }
    let read = groups.map(\.expression).freeVariables
      .union(aggregates.flatMap(\.arguments).freeVariables)
    if let (counting, multiplicity) = intersection(plan.inputs[0], read) {
      return summed(plan, groups, aggregates, counting, multiplicity)
    }
    guard let (expand, source, excluding) = expansion(plan.inputs[0]) else { return plan }
    guard !read.contains(expand.to), !(expand.relationship.map(read.contains) ?? false) else {
      return plan
    }
    let multiplicity = builder.makeVariable()
    var counting = expand
    counting.relationship = nil
    counting.multiplicity = multiplicity
    counting.excluding = excluding
    let input =
      paired(counting, source, read)
      ?? Plan(
        .expand(counting), inputs: [source], outputs: source.outputs + [multiplicity],
        estimatedRows: source.estimatedRows)
    return summed(plan, groups, aggregates, input, multiplicity)
  }

  /// The aggregation over rows that stand for several.
  private func summed(
    _ plan: Plan, _ groups: [Projection], _ aggregates: [AggregateProjection], _ input: Plan,
    _ multiplicity: VariableID
  ) -> Plan {
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

  /// An intersection whose common neighbours and relationships no one reads, so that it counts.
  private func intersection(
    _ plan: Plan, _ read: Set<VariableID>
  ) -> (counting: Plan, multiplicity: VariableID)? {
    guard let (below, pairs) = belowUniqueness(plan) else { return nil }
    guard case .intersect(var counting) = below.operation, counting.multiplicity == nil,
      read.isDisjoint(with: counting.newVariables)
    else { return nil }
    let (first, second) = (counting.first.relationship, counting.second.relationship)
    for pair in pairs {
      let own = pair.filter { $0 == first || $0 == second }
      guard let relationship = own.first else { return nil }
      let others = pair.filter { $0 != relationship }
      if own.count == 2 {
        counting.allowsSame = false
      } else if relationship == first {
        counting.first.excluding += others
      } else {
        counting.second.excluding += others
      }
    }
    let multiplicity = builder.makeVariable()
    counting.multiplicity = multiplicity
    counting.first.relationship = nil
    counting.second.relationship = nil
    let source = below.inputs[0]
    return (
      Plan(
        .intersect(counting), inputs: [source], outputs: source.outputs + [multiplicity],
        estimatedRows: min(source.estimatedRows, below.estimatedRows)),
      multiplicity
    )
  }

  /// The pairs of relationships at the nodes from which the last hop goes on.
  private func paired(_ last: Expand, _ source: Plan, _ read: Set<VariableID>) -> Plan? {
    guard case .relationshipScan(let scan) = source.belowColumns.operation, scan.from != scan.to,
      scan.from == last.from || scan.to == last.from,
      Set(last.excluding).isSubset(of: scan.relationship.map { [$0] } ?? []),
      !(scan.relationship.map(read.contains) ?? false)
    else { return nil }
    let isEnd = scan.to == last.from
    let other = isEnd ? scan.from : scan.to
    let labels = isEnd ? scan.toLabels : scan.fromLabels
    let nodes = builder.nodeCount(labels)
    guard !read.contains(other), other != last.to, nodes <= source.estimatedRows else { return nil }
    let direction = isEnd ? scan.direction.reversed : scan.direction
    var counting = last
    counting.excluding = []
    counting.paired = PairedHop(
      to: other, types: scan.types, direction: direction,
      toLabels: isEnd ? scan.fromLabels : scan.toLabels, allowsSame: last.excluding.isEmpty)
    let scanned = Plan(
      .nodeScan(NodeScan(variable: last.from, labels: labels)), outputs: [last.from],
      estimatedRows: nodes)
    return Plan(
      .expand(counting), inputs: [scanned],
      outputs: [last.from] + (last.multiplicity.map { [$0] } ?? []), estimatedRows: nodes)
  }

  private static func countsRows(_ aggregate: AggregateProjection) -> Bool {
    aggregate.function == "count" && !aggregate.isDistinct && aggregate.arguments.isEmpty
  }

  private static func ignoresDuplicates(_ aggregate: AggregateProjection) -> Bool {
    aggregate.isDistinct || ["min", "max"].contains(aggregate.function)
  }

  /// The operator below filters for different relationships and projections that leave columns out,
  /// and the pairs that must differ; nil where a filter wants something else.
  private func belowUniqueness(_ plan: Plan) -> (Plan, pairs: [[VariableID]])? {
    var below = plan
    var pairs: [[VariableID]] = []
    while true {
      if case .filter(let predicates) = below.operation {
        for predicate in predicates {
          guard case .distinctRelationships(let pair) = predicate, pair.count == 2 else {
            return nil
          }
          pairs.append(pair)
        }
      } else if !below.onlyLeavesColumnsOut {
        return (below, pairs)
      }
      below = below.inputs[0]
    }
  }

  /// The expansion, what is below it, and the relationships that it must not follow again.
  private func expansion(_ plan: Plan) -> (Expand, Plan, [VariableID])? {
    guard let (plan, pairs) = belowUniqueness(plan) else { return nil }
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

extension Plan {
  /// Below projections that only leave columns out.
  fileprivate var belowColumns: Plan { onlyLeavesColumnsOut ? inputs[0].belowColumns : self }
}
