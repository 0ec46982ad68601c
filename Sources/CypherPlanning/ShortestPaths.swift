internal import GraphTypes

extension MatchPlanner {
  /// The search between two bound nodes.
  func findShortestPath(_ pattern: ShortestPathPattern, _ state: MatchState) -> MatchState {
    let r = pattern.relationship
    let length = r.length ?? PatternRelationship.Length(minimum: 1, maximum: 1)
    var later: [BoundExpression] = []
    var predicate = r.stepPredicate
    if let p = predicate, let step = r.step,
      !p.freeVariables.subtracting([step]).isSubset(of: state.bound)
    {
      later.append(.quantifier(.all, step, in: .variable(r.variable), where: p))
      predicate = nil
    }
    let expand = VariableLengthExpand(
      from: r.from, relationship: r.variable, to: r.to, types: r.types, direction: r.direction,
      minimum: length.minimum, maximum: length.maximum, into: true,
      step: predicate == nil ? nil : r.step, predicate: predicate)
    var next = state
    let new = [r.variable] + [pattern.path].compactMap(\.self)
    next.plan = Plan(
      .shortestPath(
        ShortestPath(
          expand: expand, path: pattern.path, all: pattern.all, findsCycles: !pattern.isFunction)),
      inputs: [state.plan], outputs: state.plan.outputs.appending(new),
      estimatedRows: state.plan.estimatedRows)
    next.bound.formUnion(new)
    return filter(next, later)
  }
}

extension MatchPlanner {
  /// Of the function form, other predicates on the path (`length(p) > 3`) decide which path is the shortest one: all walks
  /// are tried and the shortest that satisfies them is kept. Nil where there are none, or all
  /// shortest paths are wanted; then the predicates filter what was found.
  func findShortestPathExhaustively(
    _ pattern: ShortestPathPattern, _ state: MatchState
  ) -> MatchState? {
    let r = pattern.relationship
    let own = Set([r.variable] + [pattern.path].compactMap(\.self))
    let filters = predicates.indices.filter { i in
      !state.applied.contains(i) && !predicates[i].waits
        && !predicates[i].variables.isDisjoint(with: own)
        && predicates[i].variables.subtracting(own).isSubset(of: state.bound)
    }
    guard pattern.isFunction, !pattern.all, !filters.isEmpty else { return nil }
    let length = r.length ?? PatternRelationship.Length(minimum: 1, maximum: 1)
    let argument = builder.argument(of: state.plan)
    let walk = VariableLengthExpand(
      from: r.from, relationship: r.variable, to: r.to, types: r.types, direction: r.direction,
      minimum: length.minimum, maximum: length.maximum, into: true,
      step: r.stepPredicate == nil ? nil : r.step, predicate: r.stepPredicate)
    var inner = Plan(
      .variableLengthExpand(walk), inputs: [argument],
      outputs: argument.outputs.appending([r.variable]), estimatedRows: 10)
    if let path = pattern.path {
      inner = builder.extended(inner, [Projection(path, .path([r.from, r.variable, r.to]))])
    }
    inner = builder.filtered(inner, filters.map { predicates[$0].expression })
    let size = BoundExpression.function("size", [.variable(r.variable)])
    inner = builder.passThrough(.sort([SortKey(size)]), inner)
    inner = builder.passThrough(.limit(.literal(.integer(1))), inner)
    var next = state
    next.plan = builder.apply(state.plan, inner, perRow: true)
    next.bound.formUnion(own)
    next.applied.formUnion(filters)
    return next
  }
}

/// Conditions on every relationship of a shortest path take part in the search: the shortest path
/// that satisfies them is wanted, not the shortest one if it happens to.
enum ShortestPathPredicates {
  static func pushIntoSearch(_ graph: inout QueryGraph, _ predicates: inout [BoundExpression]) {
    for i in graph.shortestPaths.indices where graph.shortestPaths[i].isFunction {
      predicates.removeAll { push($0, into: &graph.shortestPaths[i]) }
    }
  }

  private static func push(
    _ predicate: BoundExpression, into pattern: inout ShortestPathPattern
  ) -> Bool {
    guard case .quantifier(let kind, let v, let list, var condition) = predicate,
      kind == .all || kind == .none
    else { return false }
    let own = Set([pattern.relationship.variable] + [pattern.path].compactMap(\.self))
    guard condition.freeVariables.isDisjoint(with: own) else { return false }
    let isOwn =
      list == .variable(pattern.relationship.variable)
      || list.callOfVariable.map { $0.name == "relationships" && $0.variable == pattern.path }
        == true
    guard isOwn else { return false }
    // `none` is false for a null condition as well as for a true one; `all` needs it true.
    if kind == .none { condition = .not(condition) }
    let step = pattern.relationship.step ?? v
    pattern.relationship.step = step
    if step != v {
      guard let renamed = condition.substituting([v: .variable(step)]) else { return false }
      condition = renamed
    }
    pattern.relationship.stepPredicate =
      pattern.relationship.stepPredicate.map { .and([$0, condition]) } ?? condition
    return true
  }
}
