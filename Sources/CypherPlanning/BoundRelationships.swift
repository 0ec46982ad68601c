internal import GraphTypes

// Patterns whose relationship is already bound: nothing is searched, its ends are compared with the
// pattern's nodes or give them.

extension MatchPlanner {
  func matchBoundRelationship(_ index: Int, _ state: MatchState) -> MatchState {
    let r = graph.relationships[index]
    var state = filter(state, [.isNotNull(.variable(r.variable))])
    state.solved.insert(index)
    state =
      r.length == nil
      ? matchSingle(r, state) : matchList(r, state)
    return checkUniqueness(settle(state), index)
  }

  private func call(_ name: String, _ argument: BoundExpression) -> BoundExpression {
    .function(name, [argument])
  }

  private func equal(_ a: BoundExpression, _ b: BoundExpression) -> BoundExpression {
    .comparison(.equal, a, b)
  }

  private func typeCheck(_ e: BoundExpression, _ types: [String]) -> [BoundExpression] {
    switch types.count {
    case 0: []
    case 1: [.hasLabels(e, .label(types[0]))]
    default: [.hasLabels(e, .or(types.map { .label($0) }))]
    }
  }

  /// Gives the pattern's end nodes their values where they are new, compares them where not.
  private func bindEnd(
    _ node: VariableID, _ value: BoundExpression, _ state: MatchState
  ) -> MatchState {
    state.bound.contains(node)
      ? filter(state, [equal(.variable(node), value)])
      : filter(extend(state, [Projection(node, value)]), labelPredicates(node))
  }

  private func matchSingle(_ r: PatternRelationship, _ state: MatchState) -> MatchState {
    let relationship = BoundExpression.variable(r.variable)
    let start = call("startNode", relationship)
    let end = call("endNode", relationship)
    var state = filter(state, typeCheck(relationship, r.types))
    switch r.direction {
    case .outgoing: return bindEnd(r.to, end, bindEnd(r.from, start, state))
    case .incoming: return bindEnd(r.from, end, bindEnd(r.to, start, state))
    case .both: break
    }
    let (from, to) = (BoundExpression.variable(r.from), BoundExpression.variable(r.to))
    switch (state.bound.contains(r.from), state.bound.contains(r.to)) {
    case (true, true):
      let straight = BoundExpression.and([equal(start, from), equal(end, to)])
      let reversed = BoundExpression.and([equal(start, to), equal(end, from)])
      return filter(state, [.or([straight, reversed])])
    case (true, false):
      return bindOther(r.to, of: from, start, end, state)
    case (false, true):
      return bindOther(r.from, of: to, start, end, state)
    case (false, false):
      // Both ways; a loop only once.
      state = unwind(state, as: r.from) {
        .caseWhen(
          subject: nil,
          branches: [CaseBranch(when: equal(start, end), then: .list([start]))],
          otherwise: .list([start, end]))
      }
      state = filter(state, labelPredicates(r.from))
      guard r.from != r.to else { return filter(state, [equal(start, end)]) }
      return bindOther(r.to, of: from, start, end, state)
    }
  }

  /// The end that is not `known`, which must be one of the two.
  private func bindOther(
    _ node: VariableID, of known: BoundExpression, _ start: BoundExpression,
    _ end: BoundExpression, _ state: MatchState
  ) -> MatchState {
    let isEnd = filter(state, [.or([equal(start, known), equal(end, known)])])
    let other = BoundExpression.caseWhen(
      subject: nil, branches: [CaseBranch(when: equal(start, known), then: end)], otherwise: start)
    return bindEnd(node, other, isEnd)
  }

  private func unwind(
    _ state: MatchState, as variable: VariableID, _ list: () -> BoundExpression
  ) -> MatchState {
    var state = state
    state.plan = Plan(
      .unwind(list(), as: variable), inputs: [state.plan],
      outputs: state.plan.outputs + [variable], estimatedRows: state.plan.estimatedRows * 2)
    state.bound.insert(variable)
    return state
  }

  /// A list of relationships: walked from the first node, each step along a relationship that starts
  /// (or, against the direction, ends) where the walk is; null as soon as one does not.
  private func matchList(_ r: PatternRelationship, _ state: MatchState) -> MatchState {
    let list = BoundExpression.variable(r.variable)
    var checks: [BoundExpression] = []
    if let length = r.length {
      let size = call("size", list)
      checks.append(
        .comparison(.greaterOrEqual, size, .literal(.integer(Int64(length.minimum)))))
      if let maximum = length.maximum {
        checks.append(.comparison(.lessOrEqual, size, .literal(.integer(Int64(maximum)))))
      }
    }
    let each = builder.makeVariable()
    let typed = typeCheck(.variable(each), r.types)
    if !typed.isEmpty { checks.append(.quantifier(.all, each, in: list, where: typed[0])) }
    if let step = r.step, let predicate = r.stepPredicate,
      predicate.freeVariables.subtracting([step]).isSubset(of: state.bound)
    {
      checks.append(.quantifier(.all, step, in: list, where: predicate))
    }
    var state = filter(state, checks)
    let first = call("head", list)
    if !state.bound.contains(r.from) {
      switch r.direction {
      case .outgoing: state = extend(state, [Projection(r.from, call("startNode", first))])
      case .incoming: state = extend(state, [Projection(r.from, call("endNode", first))])
      case .both:
        let (start, end) = (call("startNode", first), call("endNode", first))
        state = unwind(state, as: r.from) {
          .caseWhen(
            subject: nil,
            branches: [CaseBranch(when: equal(start, end), then: .list([start]))],
            otherwise: .list([start, end]))
        }
      }
      state = filter(state, [.isNotNull(.variable(r.from))] + labelPredicates(r.from))
    }
    let (here, step) = (builder.makeVariable(), builder.makeVariable())
    let start = call("startNode", .variable(step))
    let end = call("endNode", .variable(step))
    var branches: [CaseBranch] = []
    if r.direction != .incoming {
      branches.append(CaseBranch(when: equal(start, .variable(here)), then: end))
    }
    if r.direction != .outgoing {
      branches.append(CaseBranch(when: equal(end, .variable(here)), then: start))
    }
    let last = BoundExpression.reduce(
      accumulator: here, from: .variable(r.from), step, in: list,
      yield: .caseWhen(subject: nil, branches: branches, otherwise: nil))
    let isNew = !state.bound.contains(r.to)
    state = bindEnd(r.to, last, state)
    return isNew ? filter(state, [.isNotNull(.variable(r.to))]) : state
  }
}
