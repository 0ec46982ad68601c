internal import GraphTypes

/// A way to answer predicates by an index.
struct IndexChoice {
  var index: IndexDescription
  var values: [IndexSeek.KeyValue] = []
  var bound: IndexSeek.Bound?
  /// The predicates that need not be checked any more, by their places.
  var answered: Set<Int> = []
  /// Single searches of the index for one input row.
  var searches = 1.0
  /// Entities found for one input row.
  var found = 0.0

  /// Work for one input row, in the unit of `MatchState.cost`: a search walks down the tree, and
  /// what it finds comes entry by entry, not segment by segment.
  var cost: Double { 15 * searches + 3 * found }

  var readVariables: Set<VariableID> {
    seek(.node(VariableID(0))).expressions.freeVariables
  }

  func seek(_ target: IndexSeek.Target) -> IndexSeek {
    IndexSeek(target: target, index: index, values: values, bound: bound)
  }
}

extension PlanBuilder {
  /// All indexes among `indexes` that can find what the conditions describe. Only entities that
  /// have all keys of an index are in it: each key needs a condition, which null does not pass.
  func indexChoices(
    _ indexes: [IndexDescription], _ conditions: [SeekCondition]
  ) -> [IndexChoice] {
    guard !indexes.isEmpty, !conditions.isEmpty else { return [] }
    var byKey: [String: [SeekCondition]] = [:]
    for condition in conditions {
      guard case .property(let key) = condition.subject else { continue }
      byKey[key, default: []].append(condition)
    }
    return indexes.compactMap { choice($0, byKey) }
  }

  private func choice(
    _ index: IndexDescription, _ conditions: [String: [SeekCondition]]
  ) -> IndexChoice? {
    guard index.keys.allSatisfy({ conditions[$0] != nil }) else { return nil }
    var choice = IndexChoice(index: index)
    var share = 1.0
    var isOpen = true
    for key in index.keys {
      let conditions = conditions[key] ?? []
      for condition in conditions {
        if case .present = condition.test { choice.answered.insert(condition.predicate) }
      }
      guard isOpen else { continue }
      if let value = value(conditions) {
        choice.values.append(value.value)
        choice.answered.insert(value.condition.predicate)
        choice.searches *= value.length
        share *= value.condition.selectivity
      } else {
        isOpen = false
        if let (bound, used, selectivity) = bound(conditions) {
          choice.bound = bound
          choice.answered.formUnion(used)
          share *= selectivity
        }
      }
    }
    if let known = estimatedEntries(index, choice.values, choice.bound) {
      choice.found = known
    } else if choice.values.count == index.keys.count {
      choice.found = choice.searches * index.entries / max(1, index.distinctValues)
      if index.isUnique { choice.found = min(choice.found, choice.searches) }
    } else {
      choice.found = index.entries * share
    }
    return choice
  }

  /// Entries that a search for constants finds; nil where its values are not known yet, or many.
  private func estimatedEntries(
    _ index: IndexDescription, _ values: [IndexSeek.KeyValue], _ bound: IndexSeek.Bound?
  ) -> Double? {
    var choices: [[Value]] = [[]]
    for value in values {
      switch value {
      case .equal(let expression):
        guard let value = constant(expression) else { return nil }
        choices = choices.map { $0 + [value] }
      case .anyOf(let list):
        guard case .list(let members)? = constant(list) else { return nil }
        let values = Set(members)
        guard choices.count * values.count <= Self.estimatedSearches else { return nil }
        choices = choices.flatMap { choice in values.map { choice + [$0] } }
      }
    }
    guard let bound = constant(bound) else { return nil }
    var sum = 0.0
    for equal in choices {
      let range = IndexRange(index: index.name, equal: equal, bound: bound)
      guard let entries = estimatedEntries(range) else { return nil }
      sum += entries
    }
    return sum
  }
  private static let estimatedSearches = 16

  /// Nil where a value is not known.
  private func constant(_ bound: IndexSeek.Bound?) -> IndexRange.Bound? {
    switch bound {
    case nil: return .all
    case .prefix(let expression):
      guard case .string(let text)? = constant(expression) else { return nil }
      return .prefix(text)
    case .range(let low, let lowerInclusive, let high, let upperInclusive):
      let (lower, upper) = (low.map(constant), high.map(constant))
      if case .some(.none) = lower { return nil }
      if case .some(.none) = upper { return nil }
      return .range(
        lower: lower ?? nil, lowerInclusive: lowerInclusive, upper: upper ?? nil,
        upperInclusive: upperInclusive)
    }
  }

  /// The share of nodes of a label whose property, by itself, is in a range, by an index on it.
  func indexedShare(
    _ variable: VariableID, _ key: String, _ values: [IndexSeek.KeyValue],
    _ bound: IndexSeek.Bound?
  ) -> Double? {
    for label in (knownLabels[variable] ?? []).sorted() {
      guard let index = nodeIndexes(label).first(where: { $0.keys == [key] }),
        let entries = estimatedEntries(index, values, bound)
      else { continue }
      return share(entries, of: catalogue.nodeCount(label: label))
    }
    return nil
  }

  private func value(
    _ conditions: [SeekCondition]
  ) -> (value: IndexSeek.KeyValue, condition: SeekCondition, length: Double)? {
    for condition in conditions {
      if case .equal(let value) = condition.test { return (.equal(value), condition, 1) }
    }
    for condition in conditions {
      guard case .anyOf(let list) = condition.test else { continue }
      return (.anyOf(list: list), condition, max(1, estimatedLength(of: list)))
    }
    return nil
  }

  /// Shares of entries between two bounds, as nothing is known of their distance.
  private static let twoSidedShare = 0.03

  private func bound(
    _ conditions: [SeekCondition]
  ) -> (IndexSeek.Bound, used: Set<Int>, selectivity: Double)? {
    var lower: (value: BoundExpression, isInclusive: Bool)?
    var upper: (value: BoundExpression, isInclusive: Bool)?
    var used: Set<Int> = []
    var selectivity = 1.0
    for condition in conditions {
      switch condition.test {
      case .prefix(let prefix):
        return (.prefix(prefix), [condition.predicate], condition.selectivity)
      case .lower(let value, let isInclusive) where lower == nil: lower = (value, isInclusive)
      case .upper(let value, let isInclusive) where upper == nil: upper = (value, isInclusive)
      default: continue
      }
      used.insert(condition.predicate)
      selectivity = condition.selectivity
    }
    guard !used.isEmpty else { return nil }
    return (
      .range(
        lower: lower?.value, lowerInclusive: lower?.isInclusive ?? false, upper: upper?.value,
        upperInclusive: upper?.isInclusive ?? false),
      used, used.count == 2 ? Self.twoSidedShare : selectivity
    )
  }
}

// Starts of a match from an index, and steps from the row at hand to what an index finds by it.
extension MatchPlanner {
  /// What indexes find of a component.
  /// - Returns: `isHinted`: a hint asks for just these.
  func seeks(_ component: Component, from state: MatchState?) -> (
    states: [MatchState], isHinted: Bool
  ) {
    var states: [MatchState] = []
    var hinted: [MatchState] = []
    func add(_ found: [MatchState], _ variable: VariableID) {
      if case .index = graph.hints[variable] { hinted += found }
      states += found
    }
    for node in component.nodes.sorted(by: { $0.rawValue < $1.rawValue }) {
      add(seek(node, from: state), node)
    }
    for place in component.relationships {
      add(seek(relationship: place, from: state), graph.relationships[place].variable)
    }
    return hinted.isEmpty ? (states, false) : (hinted, true)
  }

  /// The node by each index that can find it: by constants (nil), or by values of a state's rows.
  private func seek(_ node: VariableID, from state: MatchState?) -> [MatchState] {
    guard builder.options.isOn(.indexSeek), let nodeLabels = labels[node] else { return [] }
    let conditions = builder.seekConditions(
      on: node, predicates, known: state?.bound ?? [], excluding: state?.applied ?? [])
    return Set(nodeLabels).sorted().flatMap { label in
      choices(
        for: node, builder.nodeIndexes(label), conditions, from: state
      ).map {
        let next = self.state(sought: $0.seek(.node(node)), $0, from: state)
        let others = labelPredicates(node).filter {
          $0 != .hasLabels(.variable(node), .label(label))
        }
        return settle(filter(next, others))
      }
    }
  }

  /// The relationship and both its ends by each index that can find it.
  private func seek(relationship place: Int, from state: MatchState?) -> [MatchState] {
    let r = graph.relationships[place]
    guard builder.options.isOn(.indexSeek), r.length == nil, r.from != r.to,
      r.types.count == 1, state?.bound.isDisjoint(with: [r.from, r.to]) ?? true
    else { return [] }
    let conditions = builder.seekConditions(
      on: r.variable, predicates, known: state?.bound ?? [], excluding: state?.applied ?? [])
    let indexes = builder.catalogue.relationshipIndexes(type: r.types[0])
    return choices(for: r.variable, indexes, conditions, from: state).map { choice in
      var choice = choice
      if r.direction == .both { choice.found *= 2 }
      let target = IndexSeek.Target.relationship(
        r.variable, from: r.from, to: r.to, direction: r.direction)
      var next = self.state(sought: choice.seek(target), choice, from: state)
      next.solved.insert(place)
      return checkUniqueness(
        settle(filter(next, labelPredicates(r.from) + labelPredicates(r.to))), place)
    }
  }

  private func choices(
    for variable: VariableID, _ indexes: [IndexDescription], _ conditions: [SeekCondition],
    from state: MatchState?
  ) -> [IndexChoice] {
    let choices = builder.indexChoices(indexes, conditions).filter {
      state == nil || !$0.readVariables.isEmpty
    }
    switch graph.hints[variable] {
    case nil: return choices
    case .scan: return []
    case .index:
      let wanted = choices.filter { $0.isWanted(by: graph.hints[variable]) }
      return wanted.isEmpty ? choices : wanted
    }
  }

  private func state(
    sought seek: IndexSeek, _ choice: IndexChoice, from state: MatchState?
  ) -> MatchState {
    let rows = state?.plan.estimatedRows ?? 1
    let plan = Plan(
      .indexSeek(seek), inputs: state.map { [$0.plan] } ?? [],
      outputs: (state?.plan.outputs ?? []).appending(seek.variables),
      estimatedRows: rows * choice.found)
    var next = state ?? MatchState(plan: plan, bound: [])
    next.plan = plan
    next.bound.formUnion(seek.variables)
    next.applied.formUnion(choice.answered)
    next.cost += rows * choice.cost
    return next
  }
}
