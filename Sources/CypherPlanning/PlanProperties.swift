// What can be read off a plan: the variables an operator reads, whether it writes, whether it can be
// run for many outer rows at once.

extension PlanOperation {
  /// Changes the graph or the schema by itself (an inner plan's writes do not count).
  package var isWrite: Bool {
    switch self {
    case .create, .merge, .set, .delete, .schema: true
    case .callProcedure(let call): call.isUpdating
    default: false
    }
  }

  /// Input 1 is run for rows of input 0 and reads them through its `.argument` leaves.
  package var hasInnerPlan: Bool {
    switch self {
    case .apply, .optionalApply, .semiApply, .merge, .forEach, .unitApply: true
    default: false
    }
  }

  /// The variables that the operator itself reads from its input rows.
  package var readVariables: Set<VariableID> {
    switch self {
    case .singleRow, .argument, .show, .distinct, .apply, .optionalApply, .semiApply,
      .cartesianProduct, .union, .unitApply, .schema, .relationshipScan, .count,
      .produceResults:
      []
    case .nodeScan(let scan): scan.seek?.expressions.freeVariables ?? []
    case .indexSeek(let seek): seek.expressions.freeVariables
    case .intersect(let i):
      Set([i.first.from, i.second.from] + i.first.excluding + i.second.excluding)
    case .expand(let e): Set((e.into ? [e.from, e.to] : [e.from]) + e.excluding)
    case .variableLengthExpand(let e): e.readVariables
    case .shortestPath(let s): s.expand.readVariables.union([s.expand.to])
    case .filter(let predicates): predicates.freeVariables
    case .project(let items): items.map(\.expression).freeVariables
    case .aggregate(let groups, let aggregates), .orderedAggregate(let groups, let aggregates, _):
      groups.map(\.expression).freeVariables.union(aggregates.flatMap(\.arguments).freeVariables)
    case .sort(let keys): keys.map(\.expression).freeVariables
    case .top(let keys, let limit, let skip):
      keys.map(\.expression).freeVariables.union(
        [limit, skip].compactMap(\.self).freeVariables)
    case .skip(let e), .limit(let e), .unwind(let e, _): e.freeVariables
    case .hashJoin(let left, let right): (left + right).freeVariables
    case .create(let elements): CreateElement.readVariables(elements)
    case .merge(let merge):
      CreateElement.readVariables(merge.elements)
        .union((merge.onCreate + merge.onMatch).flatMap(\.expressions).freeVariables)
        .subtracting(merge.elements.map(\.variable))
    case .set(let items): items.flatMap(\.expressions).freeVariables
    case .delete(let expressions, _): expressions.freeVariables
    case .forEach(_, let list): list.freeVariables
    case .callProcedure(let call): call.arguments.freeVariables
    }
  }
}

extension PlanOperation {
  /// All expressions that the operator evaluates on rows.
  package var expressions: [BoundExpression] {
    switch self {
    case .filter(let all), .delete(let all, _): all
    case .project(let items): items.map(\.expression)
    case .aggregate(let groups, let aggregates), .orderedAggregate(let groups, let aggregates, _):
      groups.map(\.expression) + aggregates.flatMap(\.arguments)
    case .sort(let keys): keys.map(\.expression)
    case .top(let keys, let limit, let skip):
      keys.map(\.expression) + [limit, skip].compactMap(\.self)
    case .skip(let e), .limit(let e), .unwind(let e, _), .forEach(_, let e): [e]
    case .hashJoin(let a, let b): a + b
    case .callProcedure(let call): call.arguments
    case .variableLengthExpand(let e): [e.predicate].compactMap(\.self)
    case .shortestPath(let s): [s.expand.predicate].compactMap(\.self)
    case .create(let elements): elements.flatMap(\.expressions)
    case .merge(let merge):
      merge.elements.flatMap(\.expressions)
        + (merge.onCreate + merge.onMatch).flatMap(\.expressions)
    case .set(let items): items.flatMap(\.expressions)
    default: []
    }
  }

  /// The plans of subquery expressions, those inside other expressions too.
  var subqueryPlans: [Plan] { expressions.flatMap(\.subqueryPlans) }
}

extension BoundExpression {
  fileprivate var subqueryPlans: [Plan] {
    if case .subquery(_, let plan, _) = self { return [plan] }
    return children.flatMap(\.subqueryPlans)
  }
}

extension VariableLengthExpand {
  package var readVariables: Set<VariableID> {
    var result = predicate?.freeVariables ?? []
    if let step { result.remove(step) }
    result.insert(from)
    if into { result.insert(to) }
    return result.union(excluding)
  }
}

extension Seek {
  package var expressions: [BoundExpression] {
    switch self {
    case .ids(let e, _), .equal(_, let e), .anyOf(_, let e), .prefix(_, let e): [e]
    case .range(_, let lower, _, let upper, _): [lower, upper].compactMap(\.self)
    }
  }
}

extension CreateElement {
  package var variable: VariableID {
    switch self {
    case .node(let v, _, _, _), .relationship(let v, _, _, _, _): v
    }
  }

  var expressions: [BoundExpression] {
    switch self {
    case .node(_, _, let computed, let e): computed + [e].compactMap(\.self)
    case .relationship(_, .name, _, _, let e): [e].compactMap(\.self)
    case .relationship(_, .computed(let type), _, _, let e): [type, e].compactMap(\.self)
    }
  }

  /// Read from the input: ends that are not created here, and what properties read.
  static func readVariables(_ elements: [CreateElement]) -> Set<VariableID> {
    var read = elements.flatMap(\.expressions).freeVariables
    for case .relationship(_, _, let from, let to, _) in elements { read.formUnion([from, to]) }
    return read.subtracting(elements.map(\.variable))
  }
}

extension QueryGraph {
  /// All that a match binds or has bound.
  var variables: [VariableID] {
    nodes.map(\.variable) + relationships.map(\.variable) + paths.map(\.variable)
      + shortestPaths.flatMap { [$0.relationship.variable] + [$0.path].compactMap(\.self) }
  }
}

extension SetItem {
  var expressions: [BoundExpression] {
    switch self {
    case .property(let a, _, let b), .properties(let a, let b, _): [a, b]
    case .dynamicProperty(let a, let b, let c): [a, b, c]
    case .addLabels(let e, _), .removeLabels(let e, _): [e]
    case .computedLabels(let e, let names, _): [e, names]
    }
  }
}

extension Plan {
  /// Whether this operator or one below it (inner plans included) changes the graph.
  package var isUpdating: Bool {
    operation.isWrite || inputs.contains(where: \.isUpdating)
  }

  /// Whether rows of different outer rows would influence each other if this plan, the inner side of
  /// an apply, ran for many outer rows at once: LIMIT, SKIP, sorting, DISTINCT, aggregation, writes,
  /// seeks by values of the row.
  package var needsOneRowAtATime: Bool {
    switch operation {
    case .aggregate, .orderedAggregate, .distinct, .sort, .top, .skip, .limit: true
    // What happens inside of these stays inside.
    case .apply(perRow: true), .unitApply: isUpdating || inputs[0].needsOneRowAtATime
    default:
      seeksByRow || operation.isWrite || inputs.contains(where: \.needsOneRowAtATime)
    }
  }

  /// The outer row's variables that this inner plan takes: by its `.argument` leaves, or in the seek
  /// of a scan that runs for one outer row at a time.
  package var argumentVariables: Set<VariableID> {
    if case .argument = operation { return Set(outputs) }
    if case .nodeScan = operation { return operation.readVariables }
    let own = operation.hasInnerPlan ? Array(inputs.prefix(1)) : inputs
    return own.reduce(into: []) { $0.formUnion($1.argumentVariables) }
  }

  /// Whether a scan here seeks by values of the outer row.
  var seeksByRow: Bool {
    if case .nodeScan = operation { return !operation.readVariables.isEmpty }
    return (operation.hasInnerPlan ? inputs.prefix(1) : inputs[...]).contains(where: \.seeksByRow)
  }

  /// The same operator over other inputs.
  func with(inputs: [Plan]) -> Plan {
    inputs == self.inputs
      ? self : Plan(operation, inputs: inputs, outputs: outputs, estimatedRows: estimatedRows)
  }
}
