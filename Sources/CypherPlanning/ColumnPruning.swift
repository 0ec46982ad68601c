/// Drops what no one reads: relationship variables of expansions, unused projections, aggregates and
/// procedure columns; and, before operators that multiply or hold rows, columns that are dead by then.
struct ColumnPruning {
  /// - Parameter keepsArguments: `plan` belongs to a subquery expression, whose `.argument` leaves
  ///   must keep exactly the imported variables.
  static func apply(_ plan: Plan, required: Set<VariableID>, keepsArguments: Bool) -> Plan {
    ColumnPruning(keepsArguments: keepsArguments).prune(plan, required)
  }

  fileprivate var keepsArguments: Bool

  /// A plan with the same rows that puts out at least `required`, perhaps more.
  private func prune(_ plan: Plan, _ required: Set<VariableID>) -> Plan {
    let read = plan.operation.readVariables
    func input(_ i: Int, _ more: Set<VariableID>) -> Plan {
      let wanted = more.union(read).intersection(plan.inputs[i].outputs)
      return prune(plan.inputs[i], wanted)
    }
    /// The pruned input with nothing but what is needed.
    func narrow(_ i: Int, _ more: Set<VariableID>) -> Plan {
      let wanted = more.union(read).intersection(plan.inputs[i].outputs)
      return narrowed(prune(plan.inputs[i], wanted), wanted)
    }
    func make(_ operation: PlanOperation, _ inputs: [Plan], adding: [VariableID] = []) -> Plan {
      Plan(
        operation, inputs: inputs, outputs: (inputs.first?.outputs ?? []).appending(adding),
        estimatedRows: plan.estimatedRows)
    }
    switch plan.operation {
    // Ordered aggregation and intersections come into being after this.
    case .singleRow, .nodeScan, .count, .show, .schema, .orderedAggregate, .intersect: return plan
    case .argument:
      guard !keepsArguments else { return plan }
      return Plan(
        .argument, outputs: plan.outputs.filter(required.contains),
        estimatedRows: plan.estimatedRows)
    case .relationshipScan(var scan):
      guard let r = scan.relationship, !required.contains(r) else { return plan }
      scan.relationship = nil
      return Plan(
        .relationshipScan(scan), outputs: [scan.from, scan.to], estimatedRows: plan.estimatedRows)
    case .indexSeek(var seek):
      if case .relationship(let r?, let from, let to, let direction) = seek.target,
        !required.contains(r)
      {
        seek.target = .relationship(nil, from: from, to: to, direction: direction)
      }
      if plan.inputs.isEmpty {
        return Plan(
          .indexSeek(seek), outputs: seek.variables, estimatedRows: plan.estimatedRows)
      }
      return make(.indexSeek(seek), [narrow(0, required)], adding: seek.variables)
    case .expand(var expand):
      if let r = expand.relationship, !required.contains(r) { expand.relationship = nil }
      return make(
        .expand(expand), [narrow(0, required)],
        adding: [expand.relationship, expand.into ? nil : expand.to].compactMap(\.self))
    case .variableLengthExpand(var expand):
      if let r = expand.relationship, !required.contains(r) { expand.relationship = nil }
      return make(
        .variableLengthExpand(expand), [narrow(0, required)],
        adding: [expand.relationship, expand.into ? nil : expand.to].compactMap(\.self))
    case .shortestPath(var search):
      if let r = search.expand.relationship, !required.contains(r) {
        search.expand.relationship = nil
      }
      if let p = search.path, !required.contains(p) { search.path = nil }
      return make(
        .shortestPath(search), [narrow(0, required)],
        adding: [search.expand.relationship, search.path].compactMap(\.self))
    case .filter, .skip, .limit: return make(plan.operation, [input(0, required)])
    case .set, .delete: return make(plan.operation, [narrow(0, required)])
    case .sort, .top: return make(plan.operation, [narrow(0, required)])
    case .project(let items):
      let kept = items.filter { required.contains($0.target) }
      let needed = kept.map(\.expression).freeVariables
      let source = prune(plan.inputs[0], needed.intersection(plan.inputs[0].outputs))
      if kept.isEmpty { return source }
      let isIdentity =
        source.outputs == kept.map(\.target)
        && kept.allSatisfy { $0.expression == .variable($0.target) }
      return isIdentity
        ? source
        : Plan(
          .project(kept), inputs: [source], outputs: kept.map(\.target),
          estimatedRows: plan.estimatedRows)
    case .aggregate(let groups, let aggregates):
      var kept = aggregates.filter { required.contains($0.target) }
      // One row comes out even of nothing; something has to make it.
      if groups.isEmpty && kept.isEmpty { kept = Array(aggregates.prefix(1)) }
      let needed = groups.map(\.expression).freeVariables
        .union(kept.flatMap(\.arguments).freeVariables)
      return Plan(
        .aggregate(groups: groups, aggregates: kept),
        inputs: [prune(plan.inputs[0], needed.intersection(plan.inputs[0].outputs))],
        outputs: groups.map(\.target) + kept.map(\.target), estimatedRows: plan.estimatedRows)
    case .distinct:
      let columns = Set(plan.inputs[0].outputs)
      return make(.distinct, [narrow(0, columns)])
    case .unwind(_, let v): return make(plan.operation, [narrow(0, required)], adding: [v])
    case .produceResults:
      return Plan(
        plan.operation, inputs: [input(0, Set(plan.outputs))], outputs: plan.outputs,
        estimatedRows: plan.estimatedRows)
    case .cartesianProduct:
      let (left, right) = (narrow(0, required), narrow(1, required))
      return make(.cartesianProduct, [left, right], adding: right.outputs)
    case .hashJoin:
      // What both sides put out is part of the join's condition.
      let shared = Set(plan.inputs[0].outputs).intersection(plan.inputs[1].outputs)
      let (left, right) = (narrow(0, required.union(shared)), narrow(1, required.union(shared)))
      return make(plan.operation, [left, right], adding: right.outputs)
    case .union:
      let inputs = plan.inputs.map { input in
        let columns = input.outputs
        let pruned = prune(input, Set(columns))
        return pruned.outputs == columns ? pruned : Self.select(columns, from: pruned)
      }
      return Plan(
        .union, inputs: inputs, outputs: plan.outputs, estimatedRows: plan.estimatedRows)
    case .create(let elements):
      return make(.create(elements), [narrow(0, required)], adding: elements.map(\.variable))
    case .callProcedure(var call):
      call.yields.removeAll { !required.contains($0.variable) }
      return make(.callProcedure(call), [narrow(0, required)], adding: call.yields.map(\.variable))
    case .apply, .optionalApply:
      let new = Set(plan.inputs[1].outputs).subtracting(plan.inputs[0].outputs)
      let wanted = new.intersection(required)
      // The outer row's own columns are left behind anyhow.
      let inner = narrowed(
        pruneInner(plan.inputs[1], wanted), wanted.union(plan.inputs[0].outputs))
      return make(
        plan.operation, [narrow(0, required.union(inner.argumentVariables)), inner],
        adding: inner.outputs)
    case .merge(let merge):
      let new = Set(merge.elements.map(\.variable))
      let inner = pruneInner(plan.inputs[1], new.intersection(plan.inputs[1].outputs))
      return make(
        plan.operation, [narrow(0, required.union(inner.argumentVariables)), inner],
        adding: merge.elements.map(\.variable))
    case .semiApply, .forEach, .unitApply:
      let inner = pruneInner(plan.inputs[1], [])
      return make(plan.operation, [input(0, required.union(inner.argumentVariables)), inner])
    }
  }

  /// Inner plans of operators (unlike those of expressions) may take fewer variables.
  private func pruneInner(_ plan: Plan, _ required: Set<VariableID>) -> Plan {
    ColumnPruning(keepsArguments: false).prune(plan, required)
  }

  private func narrowed(_ plan: Plan, _ wanted: Set<VariableID>) -> Plan {
    guard plan.outputs.contains(where: { !wanted.contains($0) }) else { return plan }
    return Self.select(plan.outputs.filter(wanted.contains), from: plan)
  }

  private static func select(_ columns: [VariableID], from plan: Plan) -> Plan {
    Plan(
      .project(columns.map { Projection($0, .variable($0)) }), inputs: [plan],
      outputs: columns, estimatedRows: plan.estimatedRows)
  }
}
