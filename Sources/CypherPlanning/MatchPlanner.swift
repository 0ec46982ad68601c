internal import GraphTypes

extension PlanBuilder {
  /// Extends the rows of `input` by all matches of the pattern graph. Variables that `input` puts
  /// out are bound.
  func planGraph(_ graph: QueryGraph, input: Plan) -> Plan {
    for node in graph.nodes {
      knownLabels[node.variable, default: []].formUnion(node.labels)
    }
    var planner = MatchPlanner(builder: self, graph: graph, input: input)
    return planner.plan()
  }
}

/// Plans one MATCH: parts of the pattern that hang on the input's variables grow from the input, the
/// others are planned by themselves and joined.
///
/// Order of the relationships: exhaustive over subsets (dynamic programming, left-deep) up to
/// `exhaustiveLimit` relationships of a connected part, greedy by cost above. Up to `pairsLimit`
/// parts are joined by cost, more one after the other, the smallest first.
struct MatchPlanner {
  static let exhaustiveLimit = 6
  /// Parts of a pattern of which every two are tried as the next to be joined.
  static let pairsLimit = 8

  let builder: PlanBuilder
  let graph: QueryGraph
  let input: Plan
  let inputVariables: Set<VariableID>
  /// The conjuncts of WHERE and their variables.
  let predicates: [MatchPredicate]
  let labels: [VariableID: [String]]
  let uniqueness: RelationshipUniqueness

  init(builder: PlanBuilder, graph: QueryGraph, input: Plan) {
    self.builder = builder
    self.input = input
    inputVariables = Set(input.outputs)
    var graph = graph
    var predicates = graph.predicates.flatMap(\.conjuncts)
    for node in graph.nodes where inputVariables.contains(node.variable) {
      let isAlone = !graph.relationships.contains {
        $0.from == node.variable || $0.to == node.variable
      }
      if !node.labels.isEmpty {
        predicates += node.labels.map { .hasLabels(.variable(node.variable), .label($0)) }
      } else if isAlone {
        // An expansion from null finds nothing; without one this must be said.
        if !builder.neverNull.contains(node.variable) {
          predicates.append(.isNotNull(.variable(node.variable)))
        }
      }
    }
    ShortestPathPredicates.pushIntoSearch(&graph, &predicates)
    self.graph = graph
    self.predicates = predicates.map {
      MatchPredicate(
        expression: $0, variables: $0.freeVariables, waits: !builder.isDeterministic($0))
    }
    labels = Dictionary(
      graph.nodes.map { ($0.variable, $0.labels) }, uniquingKeysWith: { $0 + $1 })
    uniqueness = RelationshipUniqueness(
      graph: graph, predicates: builder.options.isOn(.impliedUniqueness) ? predicates : [])
  }

  mutating func plan() -> Plan {
    var start = state(from: input)
    let boundRelationships = graph.relationships.indices.filter {
      inputVariables.contains(graph.relationships[$0].variable)
    }
    for i in boundRelationships { start = matchBoundRelationship(i, start) }

    var parts: [MatchState] = []
    let components = connectedComponents(bound: start.bound)
    var alone: [(component: Component, part: MatchState)] = []
    for component in components {
      if component.nodes.isDisjoint(with: start.bound) {
        alone.append((component, planAlone(component)))
      } else {
        start = grow([start], component.relationships) ?? start
      }
    }
    if case .singleRow = input.operation,
      let first = alone.indices.min(by: { alone[$0].part.cost < alone[$1].part.cost })
    {
      start = alone.remove(at: first).part
    }
    for (component, part) in alone {
      if let grown = growFromJoin(start, component, part) {
        start = grown
      } else {
        parts.append(part)
      }
    }
    parts.insert(start, at: 0)
    return finish(join(parts))
  }

  // MARK: States

  func state(from plan: Plan) -> MatchState {
    settle(MatchState(plan: plan, bound: Set(plan.outputs)))
  }

  /// Applies all predicates whose variables are there.
  func settle(_ state: MatchState) -> MatchState {
    var state = state
    var ready: [BoundExpression] = []
    for (i, predicate) in predicates.enumerated()
    where !predicate.waits && !state.applied.contains(i)
      && predicate.variables.isSubset(of: state.bound)
    {
      ready.append(predicate.expression)
      state.applied.insert(i)
    }
    let isReady = state.pending.partition { $0.freeVariables.isSubset(of: state.bound) }
    ready += state.pending[isReady...]
    state.pending.removeSubrange(isReady...)
    return filter(state, ready)
  }

  func filter(_ state: MatchState, _ predicates: [BoundExpression]) -> MatchState {
    guard !predicates.isEmpty else { return state }
    var state = state
    for p in predicates {
      state.cost += state.plan.estimatedRows * (0.1 + 0.1 * builder.predicateCost(p))
    }
    state.plan = builder.filtered(state.plan, predicates)
    return state
  }

  /// Columns computed from the row.
  func extend(_ state: MatchState, _ items: [Projection]) -> MatchState {
    guard !items.isEmpty else { return state }
    var state = state
    state.plan = builder.extended(state.plan, items)
    state.bound.formUnion(items.map(\.target))
    return state
  }

  func labelPredicates(_ variable: VariableID) -> [BoundExpression] {
    (labels[variable] ?? []).map { .hasLabels(.variable(variable), .label($0)) }
  }

  // MARK: Parts

  struct Component {
    var nodes: Set<VariableID>
    var relationships: [Int]
  }

  /// Nodes joined by relationships that are still to be matched. Those around bound nodes count as
  /// one only if they touch; each grows from the input anyhow.
  private func connectedComponents(bound: Set<VariableID>) -> [Component] {
    var components: [Component] = []
    func merge(_ new: Component) {
      var merged = new
      components.removeAll { old in
        guard !old.nodes.isDisjoint(with: merged.nodes) else { return false }
        merged.nodes.formUnion(old.nodes)
        merged.relationships = old.relationships + merged.relationships
        return true
      }
      components.append(merged)
    }
    for node in graph.nodes { merge(Component(nodes: [node.variable], relationships: [])) }
    for (i, r) in graph.relationships.enumerated() where !inputVariables.contains(r.variable) {
      merge(Component(nodes: [r.from, r.to], relationships: [i]))
    }
    return components
  }

  private func planAlone(_ component: Component) -> MatchState {
    let sought = seeks(component, from: nil)
    var starts = sought.states
    if !sought.isHinted {
      starts += component.nodes.sorted { $0.rawValue < $1.rawValue }.map(scan)
      if builder.options.isOn(.relationshipScan) {
        starts += component.relationships.compactMap(scanRelationships)
      }
    }
    return grow(starts, component.relationships) ?? state(from: PlanBuilder.singleRow)
  }

  /// A part that is tied to the input by a condition on one of its nodes or relationships: the input
  /// is joined with that node alone, or looks it up in an index row by row, and grows from there,
  /// where this is cheaper than joining the whole part.
  private func growFromJoin(
    _ start: MatchState, _ component: Component, _ part: MatchState
  ) -> MatchState? {
    guard !start.bound.isEmpty else { return nil }
    func joined(_ other: MatchState) -> MatchState? {
      [hashJoin(start, other), hashJoin(other, start)].compactMap(\.self)
        .min { $0.cost < $1.cost }
    }
    let sought = seeks(component, from: start)
    var starts = sought.states
    if !component.relationships.isEmpty && !sought.isHinted {
      starts += component.nodes.sorted { $0.rawValue < $1.rawValue }
        .compactMap { joined(scan($0)) }
    }
    guard let grown = grow(starts, component.relationships) else { return nil }
    if sought.isHinted { return grown }
    let whole = joined(part) ?? product(start, part)
    return grown.cost < whole.cost ? grown : nil
  }

  /// The cheapest way to match all of `relationships` from any of the starts.
  private func grow(_ starts: [MatchState], _ relationships: [Int]) -> MatchState? {
    let wanted = Set(relationships)
    guard wanted.count <= Self.exhaustiveLimit else {
      let best = starts.sorted { $0.cost < $1.cost }.prefix(4)
      return best.map { growGreedily($0, wanted) }.min { $0.cost < $1.cost }
    }
    var layer = starts
    var complete: [MatchState] = []
    while !layer.isEmpty {
      // In order of discovery, so that equal costs are decided alike every time.
      var best: [MatchState] = []
      var places: [Set<Int>: Int] = [:]
      for state in layer {
        guard state.solved.isSuperset(of: wanted) else {
          for next in successors(state, wanted) {
            if let place = places[next.solved] {
              if next.cost < best[place].cost { best[place] = next }
            } else {
              places[next.solved] = best.count
              best.append(next)
            }
          }
          continue
        }
        complete.append(state)
      }
      layer = best
    }
    return complete.min { $0.cost < $1.cost }
  }

  private func growGreedily(_ start: MatchState, _ wanted: Set<Int>) -> MatchState {
    var state = start
    while !state.solved.isSuperset(of: wanted) {
      let next = successors(state, wanted).min {
        ($0.plan.estimatedRows, $0.cost) < ($1.plan.estimatedRows, $1.cost)
      }
      guard let next else { break }
      state = next
    }
    return state
  }

  private func successors(_ state: MatchState, _ wanted: Set<Int>) -> [MatchState] {
    wanted.sorted().filter { !state.solved.contains($0) }
      .compactMap { expand(state, $0) }
  }

  // MARK: Joins

  /// Joins parts that share no variable: by hash where an equality connects them, as a product
  /// otherwise. The first part is the input's, if it is among them.
  private func join(_ parts: [MatchState]) -> MatchState {
    var parts = parts
    if parts.count > Self.pairsLimit {
      let others = parts.dropFirst().sorted { $0.plan.estimatedRows < $1.plan.estimatedRows }
      return others.reduce(parts[0]) { hashJoin($0, $1) ?? product($0, $1) }
    }
    while parts.count > 1 {
      var best: (left: Int, right: Int, state: MatchState)?
      for left in parts.indices {
        for right in parts.indices where right != left {
          guard let joined = hashJoin(parts[left], parts[right]) else { continue }
          if let known = best, known.state.cost <= joined.cost { continue }
          best = (left, right, joined)
        }
      }
      if best == nil {
        for left in parts.indices {
          for right in parts.indices where right != left {
            let joined = product(parts[left], parts[right])
            if let known = best, known.state.cost <= joined.cost { continue }
            best = (left, right, joined)
          }
        }
      }
      guard let best else { break }
      parts[best.left] = best.state
      parts.remove(at: best.right)
    }
    return parts.first ?? state(from: input)
  }

  private func combine(_ left: MatchState, _ right: MatchState, _ plan: Plan) -> MatchState {
    MatchState(
      plan: plan, bound: left.bound.union(right.bound), solved: left.solved.union(right.solved),
      applied: left.applied.union(right.applied), pending: left.pending + right.pending,
      cost: left.cost + right.cost)
  }

  /// The right side is read once and kept; the left side goes over it row by row.
  private func product(_ left: MatchState, _ right: MatchState) -> MatchState {
    var state = combine(left, right, builder.cartesianProduct(left.plan, right.plan))
    state.cost += state.plan.estimatedRows + 2 * right.plan.estimatedRows
    return checkUniqueness(settle(state), left, right)
  }

  private func hashJoin(_ left: MatchState, _ right: MatchState) -> MatchState? {
    guard builder.options.isOn(.hashJoin) else { return nil }
    var keys: (left: [BoundExpression], right: [BoundExpression]) = ([], [])
    var used: Set<Int> = []
    for (i, predicate) in predicates.enumerated() where !predicate.waits {
      guard case .comparison(.equal, let a, let b) = predicate.expression,
        !left.applied.contains(i), !right.applied.contains(i)
      else { continue }
      let (va, vb) = (a.freeVariables, b.freeVariables)
      guard !va.isEmpty, !vb.isEmpty, !a.hasSubquery, !b.hasSubquery else { continue }
      if va.isSubset(of: left.bound), vb.isSubset(of: right.bound) {
        keys.left.append(a)
        keys.right.append(b)
      } else if vb.isSubset(of: left.bound), va.isSubset(of: right.bound) {
        keys.left.append(b)
        keys.right.append(a)
      } else {
        continue
      }
      used.insert(i)
    }
    guard !used.isEmpty else { return nil }
    let selectivity = used.reduce(1.0) {
      $0 * builder.selectivity(predicates[$1].expression)
    }
    let rows = left.plan.estimatedRows * right.plan.estimatedRows * selectivity
    let plan = Plan(
      .hashJoin(left: keys.left, right: keys.right), inputs: [left.plan, right.plan],
      outputs: left.plan.outputs.appending(right.plan.outputs), estimatedRows: rows)
    var state = combine(left, right, plan)
    state.applied.formUnion(used)
    state.cost += left.plan.estimatedRows + 2 * right.plan.estimatedRows + rows
    return checkUniqueness(settle(state), left, right)
  }

  /// Relationships of two parts of one MATCH must differ, too.
  private func checkUniqueness(
    _ joined: MatchState, _ left: MatchState, _ right: MatchState
  ) -> MatchState {
    right.solved.sorted().reduce(joined) { state, i in
      let conflicts = uniqueness.conflicts(of: i).filter(left.solved.contains)
      let own = graph.relationships[i].variable
      return filter(
        state, conflicts.map { .distinctRelationships([graph.relationships[$0].variable, own]) })
    }
  }

  // MARK: What follows the graph

  /// Shortest paths, named paths, and the predicates that had to wait for them.
  private func finish(_ solved: MatchState) -> Plan {
    var state = solved
    for pattern in graph.shortestPaths {
      state = settle(
        findShortestPathExhaustively(pattern, state) ?? findShortestPath(pattern, state))
    }
    state = extend(
      state, graph.paths.map { Projection($0.variable, .path($0.elements)) })
    state = settle(state)
    let waiting = predicates.indices.filter { !state.applied.contains($0) }
    return filter(state, state.pending + waiting.map { predicates[$0].expression }).plan
  }
}

/// A conjunct of WHERE.
struct MatchPredicate {
  var expression: BoundExpression
  var variables: Set<VariableID>
  /// Random: it must see each row of the result once.
  var waits: Bool
}

/// A partly matched pattern.
struct MatchState {
  var plan: Plan
  var bound: Set<VariableID>
  /// Relationships of the graph, by index.
  var solved: Set<Int> = []
  /// Predicates, by index.
  var applied: Set<Int> = []
  /// Conditions on walks that are done, which wait for variables of other parts.
  var pending: [BoundExpression] = []
  /// Work so far, in rows touched.
  var cost = 0.0
}
