internal import GraphTypes

/// Seeks of scans by predicates that have come to them from further up the plan, where the planner of
/// the match could not see them.
struct LateSeeks {
  let builder: PlanBuilder

  func apply(_ plan: Plan) -> Plan {
    guard case .filter(let predicates) = plan.operation,
      case .nodeScan(let scan) = plan.inputs[0].operation
    else { return plan.with(inputs: plan.inputs.map(apply)) }
    let all = builder.matchPredicates(predicates)
    return sought(scan, plan, all) ?? seeking(scan, plan, all)
  }

  /// An index finds the nodes, more cheaply than the scan or because a hint says so.
  private func sought(_ scan: NodeScan, _ plan: Plan, _ predicates: [MatchPredicate]) -> Plan? {
    guard builder.options.isOn(.indexSeek), scan.hint != .scan else { return nil }
    let conditions = builder.seekConditions(on: scan.variable, predicates, known: [])
    var choices = scan.labels.flatMap {
      builder.indexChoices(builder.nodeIndexes($0), conditions)
    }
    let wanted = choices.filter { $0.isWanted(by: scan.hint) }
    if !wanted.isEmpty { choices = wanted }
    guard let choice = choices.min(by: { $0.cost < $1.cost }) else { return nil }
    if wanted.isEmpty {
      let seek = builder.options.isOn(.seek) ? builder.seek(scan.variable, predicates) : nil
      let scanCost = builder.scanCost(
        scan.labels, seek, count: plan.inputs[0].estimatedRows)
      if choice.cost >= scanCost { return nil }
    }
    return builder.seek(choice, insteadOf: scan, order: nil, predicates)
  }

  /// A bare scan learns to seek.
  private func seeking(_ scan: NodeScan, _ plan: Plan, _ predicates: [MatchPredicate]) -> Plan {
    guard builder.options.isOn(.seek), scan.seek == nil,
      let seek = builder.seek(scan.variable, predicates)
    else { return plan }
    var scan = scan
    scan.seek = seek.seek
    let input = plan.inputs[0]
    return plan.with(inputs: [
      Plan(.nodeScan(scan), outputs: input.outputs, estimatedRows: input.estimatedRows)
    ])
  }
}

extension PlanBuilder {
  func matchPredicates(_ predicates: [BoundExpression]) -> [MatchPredicate] {
    predicates.map {
      MatchPredicate(expression: $0, variables: $0.freeVariables, waits: !isDeterministic($0))
    }
  }

  /// What an index finds of a scan's nodes; a filter checks the labels and predicates that it does not
  /// answer.
  func seek(
    _ choice: IndexChoice, insteadOf scan: NodeScan, order: IndexSeek.Order?,
    _ predicates: [MatchPredicate]
  ) -> Plan {
    var seek = choice.seek(.node(scan.variable))
    seek.order = order
    let found = Plan(
      .indexSeek(seek), outputs: [scan.variable], estimatedRows: choice.found)
    let others = scan.labels.filter { $0 != choice.index.label }.map {
      BoundExpression.hasLabels(.variable(scan.variable), .label($0))
    }
    let rest = predicates.indices.filter { !choice.answered.contains($0) }
    return filtered(found, others + rest.map { predicates[$0].expression })
  }
}

extension IndexChoice {
  func isWanted(by hint: SeekHint?) -> Bool {
    guard case .index(let label, let keys)? = hint else { return false }
    return index.label == label && index.keys == keys
  }
}
