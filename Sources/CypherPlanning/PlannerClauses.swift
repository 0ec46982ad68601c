internal import GraphTypes

// Queries and clauses, one after the other: each takes the plan of what comes before it.

extension PlanBuilder {
  func plan(_ query: BoundQuery, input: Plan) -> Plan {
    let known = neverNull
    guard var result = query.parts.first.map({ plan($0, input: input) }) else { return input }
    guard query.parts.count > 1 else { return exactly(result, query.outputs) }
    result = exactly(result, query.parts[0].outputs)
    for part in query.parts.dropFirst() {
      neverNull = known  // What one part has found says nothing of the rows of another.
      let next = exactly(plan(part, input: input), part.outputs)
      result = Plan(
        .union, inputs: [result, next], outputs: query.outputs,
        estimatedRows: result.estimatedRows + next.estimatedRows)
    }
    return query.isUnionDistinct ? distinct(result) : result
  }

  private func plan(_ part: BoundSingleQuery, input: Plan) -> Plan {
    part.clauses.reduce(input) { plan($1, input: $0) }
  }

  /// Columns `outputs`, in this order and no others. An updating query without RETURN keeps its
  /// columns: nobody looks at them.
  func exactly(_ input: Plan, _ outputs: [VariableID]) -> Plan {
    input.outputs == outputs || outputs.isEmpty && input.isUpdating
      ? input : projected(input, outputs.map { Projection($0, .variable($0)) })
  }

  private func plan(_ clause: BoundClause, input: Plan) -> Plan {
    switch clause {
    case .match(let match): return plan(match, input: input)
    case .unwind(let list, let variable):
      return Plan(
        .unwind(list, as: variable), inputs: [input], outputs: input.outputs + [variable],
        estimatedRows: input.estimatedRows * estimatedLength(of: list))
    case .projection(let projection): return plan(projection, input: input)
    case .create(let elements):
      for case .node(let v, let labels, _, _) in elements { knownLabels[v] = Set(labels) }
      return Plan(
        .create(elements), inputs: [input],
        outputs: input.outputs.appending(elements.map(\.variable)),
        estimatedRows: input.estimatedRows)
    case .merge(let merge): return plan(merge, input: input)
    case .set(let items): return passThrough(.set(items), input)
    case .delete(let expressions, let detach):
      return passThrough(.delete(expressions, detach: detach), input)
    case .forEach(let variable, let list, let clauses):
      let argument = argument(of: input, adding: [variable])
      let known = neverNull
      let inner = clauses.reduce(argument) { plan($1, input: $0) }
      neverNull = known
      return Plan(
        .forEach(variable, in: list), inputs: [input, inner], outputs: input.outputs,
        estimatedRows: input.estimatedRows)
    case .call(let call, let isOptional):
      return isOptional
        ? optionalApply(input, self.call(call, argument(of: input))) : self.call(call, input)
    case .subquery(let query, let imports, let isOptional):
      return planSubqueryCall(query, imports: imports, isOptional: isOptional, input: input)
    case .show(let command, let outputs):
      let leaf = Plan(.show(command), outputs: outputs, estimatedRows: 100)
      return cartesianProduct(input, leaf)
    }
  }

  private func call(_ call: ProcedureCall, _ input: Plan) -> Plan {
    Plan(
      .callProcedure(call), inputs: [input],
      outputs: input.outputs.appending(call.yields.map(\.variable)),
      estimatedRows: input.estimatedRows * (call.isVoid ? 1 : 100))
  }

  private func plan(_ match: BoundMatch, input: Plan) -> Plan {
    if match.isOptional {
      // Its predicates are inside the optional part: they decide what counts as found.
      return optionalApply(input, planGraph(match.graph, input: argument(of: input)))
    }
    defer { neverNull.formUnion(match.graph.variables) }
    if let lookup = planLookup(match.graph, input: input) { return lookup }
    guard input.isUpdating else { return planGraph(match.graph, input: input) }
    // After a write an apply, not a join: nothing is read before the input has written everything.
    return apply(
      input, planGraph(match.graph, input: argument(of: input)), perRow: false)
  }

  /// For a row or two, nodes are sought by values of the row instead of being joined by hash.
  private func planLookup(_ graph: QueryGraph, input: Plan) -> Plan? {
    guard options.isOn(.rowSeek), input.estimatedRows <= 2, !input.outputs.isEmpty else {
      return nil
    }
    let inputVariables = Set(input.outputs)
    let isJoined = graph.predicates.flatMap(\.conjuncts).contains { predicate in
      guard case .comparison(.equal, _, _) = predicate else { return false }
      return !predicate.freeVariables.isDisjoint(with: inputVariables)
    }
    guard isJoined else { return nil }
    rowVariables = inputVariables
    let inner = planGraph(graph, input: argument(of: input))
    rowVariables = []
    return inner.seeksByRow ? apply(input, inner, perRow: true) : nil
  }

  private func plan(_ merge: BoundMerge, input: Plan) -> Plan {
    var graph = merge.graph
    graph.paths = []
    // Many rows are matched at once, unless there are so few that each may scan by its own values.
    let unknown = input.outputs.filter { knownLabels[$0] == nil && !neverNull.contains($0) }
    let batching = MergeBatching(merge, unknown: Set(unknown))
    let isForMany = batching != nil && input.estimatedRows > 2
    rowVariables = isForMany ? [] : Set(input.outputs)
    let rows = isForMany ? min(input.estimatedRows, Merge.Batch.rowMaximum) : 1
    var inner = planGraph(graph, input: argument(of: input, rows: rows))
    if isForMany { inner = Self.keepingTable(inner) }
    rowVariables = []
    for case .node(let v, let labels, _, _) in merge.elements { knownLabels[v] = Set(labels) }
    let merged = Plan(
      .merge(
        Merge(
          elements: merge.elements, onCreate: merge.onCreate, onMatch: merge.onMatch,
          batch: batching.flatMap { batching in
            inner.needsOneRowAtATime
              ? nil
              : Merge.Batch(
                mustBeMaps: batching.mustBeMaps.sorted { $0.rawValue < $1.rawValue },
                isUndirected: merge.graph.relationships.contains { $0.direction == .both })
          })),
      inputs: [input, inner], outputs: input.outputs.appending(merge.elements.map(\.variable)),
      estimatedRows: isForMany
        ? max(input.estimatedRows, inner.estimatedRows)
        : input.estimatedRows * max(1, inner.estimatedRows))
    return merge.graph.paths.isEmpty
      ? merged
      : extended(merged, merge.graph.paths.map { Projection($0.variable, .path($0.elements)) })
  }

  /// A join with what is there, made so that this is the side of the table: it is read once for all
  /// batches.
  private static func keepingTable(_ plan: Plan) -> Plan {
    guard case .hashJoin(let left, let right) = plan.operation,
      case .argument = plan.inputs[1].operation
    else { return plan }
    let inputs = [plan.inputs[1], plan.inputs[0]]
    return Plan(
      .hashJoin(left: right, right: left), inputs: inputs,
      outputs: inputs[0].outputs.appending(inputs[1].outputs), estimatedRows: plan.estimatedRows)
  }

  private func planSubqueryCall(
    _ query: BoundQuery, imports: [VariableID], isOptional: Bool, input: Plan
  ) -> Plan {
    let argument = Plan(.argument, outputs: imports, estimatedRows: 1)
    let known = neverNull
    let inner = plan(query, input: argument)
    // Of what the subquery finds, only its results join the row, and those of OPTIONAL may be null.
    neverNull = isOptional ? known : known.union(neverNull.intersection(query.outputs))
    let writes = inner.isUpdating
    // What the subquery writes must not be seen by the rows still to come, and must be seen by all
    // that follows.
    let input = writes ? eager(input) : input
    let result: Plan
    if query.outputs.isEmpty {
      result = Plan(
        .unitApply, inputs: [input, inner], outputs: input.outputs,
        estimatedRows: input.estimatedRows)
    } else if !isOptional {
      result = apply(input, inner, perRow: inner.needsOneRowAtATime)
    } else if inner.needsOneRowAtATime {
      let optional = optionalApply(Plan(.argument, outputs: imports, estimatedRows: 1), inner)
      result = apply(input, optional, perRow: true)
    } else {
      result = optionalApply(input, inner)
    }
    return writes ? eager(result) : result
  }
}

// Small builders.
extension PlanBuilder {
  func argument(
    of plan: Plan, adding variables: [VariableID] = [], rows: Double = 1
  ) -> Plan {
    Plan(.argument, outputs: plan.outputs.appending(variables), estimatedRows: rows)
  }

  func passThrough(_ operation: PlanOperation, _ input: Plan) -> Plan {
    Plan(
      operation, inputs: [input], outputs: input.outputs, estimatedRows: input.estimatedRows)
  }

  /// Reads all its input before it gives the first row: a sort without keys.
  func eager(_ input: Plan) -> Plan {
    switch input.operation {
    case .singleRow, .argument, .sort, .aggregate, .create, .merge, .set, .delete: input
    default: passThrough(.sort([]), input)
    }
  }

  func projected(_ input: Plan, _ items: [Projection]) -> Plan {
    for item in items {
      guard case .variable(let source) = item.expression else { continue }
      if let labels = knownLabels[source] { knownLabels[item.target] = labels }
      if neverNull.contains(source) { neverNull.insert(item.target) }
    }
    return Plan(
      .project(items), inputs: [input], outputs: items.map(\.target),
      estimatedRows: input.estimatedRows)
  }

  /// The input's columns and more.
  func extended(_ input: Plan, _ items: [Projection]) -> Plan {
    projected(input, input.outputs.map { Projection($0, .variable($0)) } + items)
  }

  func distinct(_ input: Plan) -> Plan {
    Plan(
      .distinct, inputs: [input], outputs: input.outputs,
      estimatedRows: max(1, input.estimatedRows * 0.5))
  }

  func filtered(_ input: Plan, _ predicates: [BoundExpression]) -> Plan {
    guard !predicates.isEmpty else { return input }
    let ordered = orderedByCost(predicates)
    return Plan(
      .filter(ordered), inputs: [input], outputs: input.outputs,
      estimatedRows: input.estimatedRows * selectivity(ofAll: ordered))
  }

  func apply(_ outer: Plan, _ inner: Plan, perRow: Bool) -> Plan {
    Plan(
      .apply(perRow: perRow), inputs: [outer, inner],
      outputs: outer.outputs.appending(inner.outputs),
      estimatedRows: outer.estimatedRows * inner.estimatedRows)
  }

  func optionalApply(_ outer: Plan, _ inner: Plan) -> Plan {
    Plan(
      .optionalApply, inputs: [outer, inner], outputs: outer.outputs.appending(inner.outputs),
      estimatedRows: outer.estimatedRows * max(1, inner.estimatedRows))
  }

  func cartesianProduct(_ left: Plan, _ right: Plan) -> Plan {
    if case .singleRow = left.operation { return right }
    if case .singleRow = right.operation { return left }
    return Plan(
      .cartesianProduct, inputs: [left, right], outputs: left.outputs.appending(right.outputs),
      estimatedRows: left.estimatedRows * right.estimatedRows)
  }
}

extension [VariableID] {
  /// Then those of `others` that are not yet there, in order.
  func appending(_ others: [VariableID]) -> [VariableID] {
    var seen = Set(self)
    return self + others.filter { seen.insert($0).inserted }
  }
}
