/// Aggregation over rows that come node by node of a scan, with a key that such a node gives: all
/// rows of a group come one after the other as far as that key goes, so that groups can be given
/// out after each node instead of being kept to the end, and a group is found among those of one
/// node (G. Graefe, "Query Evaluation Techniques for Large Databases", ACM Computing Surveys 25,
/// 1993, section 4: aggregation of sorted input).
///
/// This holds if the keys of two nodes differ, which the operator looks at before it starts.
struct OrderedAggregateRewrite {
  let minimumGroups: Double

  func apply(_ plan: Plan) -> Plan {
    let inputs = plan.operation.hasInnerPlan ? [apply(plan.inputs[0])] : plan.inputs.map(apply)
    let plan = plan.with(inputs: inputs + plan.inputs.dropFirst(inputs.count))
    guard case .aggregate(let groups, let aggregates) = plan.operation,
      plan.estimatedRows >= minimumGroups, let leader = Self.leader(plan.inputs[0]),
      plan.inputs[0].outputs.contains(leader),
      groups.contains(where: {
        $0.expression.freeVariables == [leader] && !$0.expression.hasSubquery
      })
    else { return plan }
    return Plan(
      .orderedAggregate(groups: groups, aggregates: aggregates, leader: leader),
      inputs: plan.inputs, outputs: plan.outputs, estimatedRows: plan.estimatedRows)
  }

  /// The variable whose nodes a scan gives in order, where the rows keep that order.
  private static func leader(_ plan: Plan) -> VariableID? {
    switch plan.operation {
    case .relationshipScan(let scan): scan.from
    case .nodeScan(let scan) where plan.operation.readVariables.isEmpty:
      if case .ids? = scan.seek { nil } else { scan.variable }
    case .expand, .intersect, .filter, .unwind: leader(plan.inputs[0])
    case .project(let items):
      leader(plan.inputs[0]).flatMap { leader in
        items.first { $0.expression == .variable(leader) }?.target
      }
    default: nil
    }
  }
}
