internal import GraphTypes

// Starts and steps of a match: scans and expansions.

extension MatchPlanner {
  func scan(_ node: VariableID) -> MatchState {
    let nodeLabels = labels[node] ?? []
    let ordered = nodeLabels.sorted {
      builder.catalogue.nodeCount(label: $0) < builder.catalogue.nodeCount(label: $1)
    }
    let seek = builder.options.isOn(.seek) ? builder.seek(node, predicates) : nil
    let count = builder.nodeCount(Set(nodeLabels))
    let plan = Plan(
      .nodeScan(
        NodeScan(
          variable: node, labels: ordered, seek: seek?.seek, hint: graph.hints[node])),
      outputs: [node], estimatedRows: count)
    var state = MatchState(plan: plan, bound: [node])
    state.cost = builder.scanCost(ordered, seek, count: count)
    return settle(state)
  }

  /// Both ends of a single relationship from its table; nil where that does not fit.
  func scanRelationships(_ index: Int) -> MatchState? {
    let r = graph.relationships[index]
    guard r.length == nil, r.from != r.to else { return nil }
    let count = builder.relationshipCount(r.types, r.direction, from: [], to: [])
    let (fromLabels, toLabels) = (labels[r.from] ?? [], labels[r.to] ?? [])
    let rows = builder.relationshipCount(
      r.types, r.direction, from: Set(fromLabels), to: Set(toLabels))
    let plan = Plan(
      .relationshipScan(
        RelationshipScan(
          from: r.from, relationship: r.variable, to: r.to, types: r.types,
          direction: r.direction, fromLabels: fromLabels, toLabels: toLabels)),
      outputs: [r.from, r.variable, r.to], estimatedRows: rows)
    var state = MatchState(
      plan: plan, bound: [r.from, r.variable, r.to], solved: [index], cost: 0.3 * count)
    // Labels that all of the relationships have at that end need no check.
    if rows < count {
      state.cost += 0.1 * count * Double(fromLabels.count + toLabels.count)
    }
    return settle(state)
  }

  /// Matches one more relationship from an end that is bound; nil if none is.
  func expand(_ state: MatchState, _ index: Int) -> MatchState? {
    let r = graph.relationships[index]
    let hasFrom = state.bound.contains(r.from)
    let hasTo = state.bound.contains(r.to)
    guard hasFrom || hasTo else { return nil }
    if hasFrom && hasTo {
      // Either side can lead; the one with fewer relationships per node is the cheaper one.
      let forward = step(state, index, from: r.from, to: r.to, r.direction, into: true)
      let backward = step(state, index, from: r.to, to: r.from, r.direction.reversed, into: true)
      return backward.cost < forward.cost ? backward : forward
    }
    return hasFrom
      ? step(state, index, from: r.from, to: r.to, r.direction, into: false)
      : step(state, index, from: r.to, to: r.from, r.direction.reversed, into: false)
  }

  private func step(
    _ state: MatchState, _ index: Int, from: VariableID, to: VariableID, _ direction: Direction,
    into: Bool
  ) -> MatchState {
    let r = graph.relationships[index]
    let rows = state.plan.estimatedRows
    let known = builder.knownLabels
    let fromLabels = known[from] ?? []
    let toLabels = known[to] ?? []
    let allDegree = builder.degree(r.types, direction, from: fromLabels, to: [])
    let degree = builder.degree(r.types, direction, from: fromLabels, to: toLabels)
    var next = state
    next.solved.insert(index)
    next.bound.formUnion([r.variable, to])
    let checked = into ? [] : labels[to] ?? []
    guard let length = r.length else {
      let perRow = into ? degree / max(1, builder.nodeCount(toLabels)) : degree
      next.plan = Plan(
        .expand(
          Expand(
            from: from, relationship: r.variable, to: to, types: r.types, direction: direction,
            into: into, toLabels: checked)),
        inputs: [state.plan],
        outputs: state.plan.outputs.appending(into ? [r.variable] : [r.variable, to]),
        estimatedRows: rows * perRow)
      next.cost += into ? rows * (4 + 0.05 * allDegree) : rows * (2 + allDegree)
      if !checked.isEmpty { next.cost += 0.2 * rows * allDegree }
      return checkUniqueness(settle(next), index)
    }
    var predicate = r.stepPredicate
    if let p = predicate, let step = r.step,
      !p.freeVariables.subtracting([step]).isSubset(of: state.bound)
    {
      // It reads what the walk itself or another part will bind: check the finished list.
      next.pending.append(.quantifier(.all, step, in: .variable(r.variable), where: p))
      predicate = nil
    }
    let walk = VariableLengthExpand(
      from: from, relationship: r.variable, to: to, types: r.types, direction: direction,
      minimum: length.minimum, maximum: length.maximum, into: into, toLabels: checked,
      step: predicate == nil ? nil : r.step, predicate: predicate,
      excluding: uniqueness.conflicts(of: index)
        .filter { state.solved.contains($0) }.map { graph.relationships[$0].variable },
      reversesList: from != r.from || to != r.to)
    let (paths, work) = builder.estimatedWalks(walk, degree: allDegree)
    let found =
      paths * builder.share(builder.nodeCount(toLabels), of: builder.nodeCount([]))
      / (into ? max(1, builder.nodeCount(toLabels)) : 1)
    next.plan = Plan(
      .variableLengthExpand(walk), inputs: [state.plan],
      outputs: state.plan.outputs.appending(into ? [r.variable] : [r.variable, to]),
      estimatedRows: rows * found)
    next.cost += rows * (4 + 2 * work)
    return settle(next)
  }

  /// Single relationships that could be the same as one matched before.
  func checkUniqueness(_ state: MatchState, _ index: Int) -> MatchState {
    let checks = uniqueness.conflicts(of: index)
      .filter { state.solved.contains($0) && $0 != index }
      .map {
        BoundExpression.distinctRelationships([
          graph.relationships[$0].variable, graph.relationships[index].variable,
        ])
      }
    return filter(state, checks)
  }
}

extension PlanBuilder {
  /// Paths per start, and relationships touched, of a walk with so many relationships per node.
  /// Beyond five hops of an open walk nothing is known; the sum stops there, and at 64 in any case:
  /// a query may ask for a walk of any length.
  func estimatedWalks(
    _ walk: VariableLengthExpand, degree: Double
  ) -> (paths: Double, work: Double) {
    let last = min(walk.maximum ?? max(5, walk.minimum), max(walk.minimum, 12), 64)
    var level = 1.0
    var paths = walk.minimum == 0 ? 1.0 : 0
    var work = 0.0
    guard last > 0 else { return (paths, 1) }
    let share = walk.predicate.map(selectivity) ?? 1
    for hop in 1...last {
      work += level * degree
      level = min(level * degree * share, 1e12)
      if hop >= walk.minimum || hop == 64 { paths += level }
    }
    return (min(paths, 1e12), min(work, 1e12))
  }
}
