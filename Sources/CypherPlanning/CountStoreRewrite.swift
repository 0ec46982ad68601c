/// `count(*)` over all nodes, or all relationships of some types between labels, becomes a look at the
/// store's counts, and over what a search of an index finds, a count of its entries: no row is made.
/// Only outside of inner plans, which may be run for many rows at once.
enum CountStoreRewrite {
  static func apply(_ plan: Plan) -> Plan {
    if let count = count(plan) { return count }
    var inputs = plan.inputs
    if plan.operation.hasInnerPlan {
      inputs[0] = apply(inputs[0])
    } else {
      inputs = inputs.map(apply)
    }
    return plan.with(inputs: inputs)
  }

  private static func count(_ plan: Plan) -> Plan? {
    guard case .aggregate(let groups, let aggregates) = plan.operation, groups.isEmpty,
      aggregates.count == 1, aggregates[0].function == "count", !aggregates[0].isDistinct,
      let source = source(plan.inputs[0]), isNeverNull(aggregates[0].arguments, source)
    else { return nil }
    return Plan(
      .count(source, as: aggregates[0].target), outputs: plan.outputs, estimatedRows: 1)
  }

  /// Whether rows are counted that all have the argument: none is asked for, or a key of the index.
  private static func isNeverNull(_ arguments: [BoundExpression], _ source: CountSource) -> Bool {
    if arguments.isEmpty { return true }
    guard case .entries(let seek) = source,
      case .property(.variable(let variable), let key)? = arguments.first
    else { return false }
    let isFound =
      switch seek.target {
      case .node(variable), .relationship(variable, _, _, _): true
      default: false
      }
    return isFound && seek.index.keys.contains(key)
  }

  /// What the plan's rows are, if they are all of a kind.
  private static func source(_ plan: Plan) -> CountSource? {
    switch plan.operation {
    case .project(let items):
      // A projection of no or more columns has as many rows as its input.
      return items.isEmpty ? source(plan.inputs[0]) : nil
    case .nodeScan(let scan):
      return scan.seek == nil && scan.labels.count <= 1 ? .nodes(label: scan.labels.first) : nil
    case .indexSeek(let seek):
      guard plan.inputs.isEmpty, !(seek.order?.includesMissing ?? false),
        seek.expressions.freeVariables.isEmpty
      else { return nil }
      if case .relationship(_, _, _, .both) = seek.target { return nil }
      return .entries(seek)
    case .relationshipScan(let scan): return relationships(scan, [])
    case .filter(let predicates):
      guard case .relationshipScan(let scan) = plan.inputs[0].operation else { return nil }
      return relationships(scan, predicates)
    default: return nil
    }
  }

  private static func relationships(
    _ scan: RelationshipScan, _ predicates: [BoundExpression]
  ) -> CountSource? {
    guard scan.direction != .both, scan.from != scan.to else { return nil }
    var labels = [scan.from: scan.fromLabels, scan.to: scan.toLabels]
    for predicate in predicates {
      guard case .hasLabels(.variable(let variable), let label) = predicate,
        let names = conjunction(label), variable == scan.from || variable == scan.to
      else { return nil }
      labels[variable, default: []] += names
    }
    let (start, end) =
      scan.direction == .outgoing ? (scan.from, scan.to) : (scan.to, scan.from)
    return .relationships(types: scan.types, from: labels[start] ?? [], to: labels[end] ?? [])
  }

  private static func conjunction(_ predicate: LabelPredicate) -> [String]? {
    switch predicate {
    case .label(let name): return [name]
    case .and(let parts):
      var names: [String] = []
      for part in parts {
        guard let more = conjunction(part) else { return nil }
        names += more
      }
      return names
    default: return nil
    }
  }
}
