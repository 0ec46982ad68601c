internal import CypherPlanning
internal import GraphTypes

/// Turns a plan into a tree of operators for one execution.
final class OperatorBuilder {
  let context: ExecutionContext
  private let isProfiled: Bool
  /// All operators made so far.
  private(set) var operators: [Plan: Operator] = [:]
  private var hiddenCount = 0

  init(context: ExecutionContext, isProfiled: Bool) {
    self.context = context
    self.isProfiled = isProfiled
  }

  func makeHiddenVariable() -> VariableID {
    hiddenCount += 1
    return VariableID(-hiddenCount)
  }

  /// - Parameter slot: where the plan's `.argument` leaves read; nil at the top.
  func build(_ plan: Plan, slot: ArgumentSlot?) throws -> Operator {
    let made = try make(plan, slot)
    made.isProfiled = isProfiled
    operators[plan] = made
    return made
  }

  private func make(_ plan: Plan, _ slot: ArgumentSlot?) throws -> Operator {
    switch plan.operation {
    case .singleRow:
      return SingleRow(plan, inputs: [], layout: RowLayout([]), context: context)
    case .argument:
      guard let slot else {
        if plan.outputs.isEmpty {
          return SingleRow(plan, inputs: [], layout: RowLayout([]), context: context)
        }
        throw QueryError(
          .storage, "InternalError", "the plan reads an argument that nothing supplies",
          hint: "this is an error of the engine: please report the query")
      }
      return try ArgumentLeaf(plan, slot: slot, context: context)
    case .nodeScan(let scan):
      return try NodeScanOperator(plan, scan, slot: slot, context: context)
    case .relationshipScan(let scan):
      return RelationshipScanOperator(plan, scan, context: context)
    case .indexSeek(let seek):
      let input =
        try plan.inputs.first.map { try build($0, slot: slot) }
        ?? SingleRow(plan, inputs: [], layout: RowLayout([]), context: context)
      return try makeIndexSeek(plan, seek, input)
    case .count(let source, let variable):
      return try CountFromStore(plan, source, as: variable, context: context)
    case .show(let command): return Show(plan, command, context: context)
    case .schema(let command):
      return try SchemaOperator(plan, command, context: context)
    case .cartesianProduct, .hashJoin, .union: return try makeBinary(plan, slot)
    case .apply, .optionalApply, .semiApply, .merge, .forEach, .unitApply:
      return try makeApply(plan, try build(plan.inputs[0], slot: slot))
    default: return try makeUnary(plan, try build(plan.inputs[0], slot: slot), slot)
    }
  }

  private func makeUnary(
    _ plan: Plan, _ input: Operator, _ slot: ArgumentSlot?
  ) throws -> Operator {
    switch plan.operation {
    case .expand(let expand):
      if let multiplicity = expand.multiplicity, let paired = expand.paired {
        return try DegreeProduct(
          plan, expand, paired, as: multiplicity, input: input, context: context)
      }
      if let multiplicity = expand.multiplicity {
        return try DegreeExpand(plan, expand, as: multiplicity, input: input, context: context)
      }
      return expand.into
        ? try ExpandInto(plan, expand, input: input, context: context)
        : try ExpandAll(plan, expand, input: input, context: context)
    case .intersect(let intersection):
      return try Intersect(plan, intersection, input: input, context: context)
    case .variableLengthExpand(let expand):
      return try VariableLengthExpandOperator(plan, expand, input: input, context: context)
    case .shortestPath(let shortest):
      return try ShortestPathOperator(plan, shortest, input: input, context: context)
    case .filter(let predicates):
      return try Filter(plan, predicates, input: input, context: context)
    case .project(let projections):
      return try Project(plan, projections, input: input, context: context)
    case .aggregate(let groups, let aggregates):
      return try Aggregate(
        plan, groups: groups, aggregates: aggregates, input: input, context: context,
        mayBeParallel: slot == nil)
    case .orderedAggregate(let groups, let aggregates, let leader):
      return try OrderedAggregate(
        plan, groups: groups, aggregates: aggregates, leader: leader, input: input,
        context: context, mayBeParallel: slot == nil)
    case .distinct: return Distinct(plan, input: input, context: context)
    case .sort(let keys):
      return try Sort(plan, keys, input: input, context: context, mayBeParallel: slot == nil)
    case .top(let keys, let limit, let skip):
      return try Top(
        plan, keys, limit: limit, skip: skip, input: input, context: context,
        mayBeParallel: slot == nil)
    case .skip(let count): return try Skip(plan, count, input: input, context: context)
    case .limit(let count): return try Limit(plan, count, input: input, context: context)
    case .unwind(let list, let variable):
      return try Unwind(plan, list, as: variable, input: input, context: context)
    case .create(let elements):
      return try Create(plan, elements, input: input, context: context)
    case .set(let items): return try SetOperator(plan, items, input: input, context: context)
    case .delete(let expressions, let detach):
      return try Delete(plan, expressions, detach: detach, input: input, context: context)
    case .callProcedure(let call):
      return try CallProcedure(plan, call, input: input, context: context)
    case .produceResults: return try ProduceResults(plan, input: input, context: context)
    default: throw unexpected(plan)
    }
  }

  private func makeIndexSeek(
    _ plan: Plan, _ seek: IndexSeek, _ input: Operator
  ) throws -> Operator {
    switch seek.target {
    case .node: return try NodeIndexSeek(plan, seek, input: input, context: context)
    case .relationship(let relationship, _, _, let direction):
      return try RelationshipIndexSeek(
        plan, seek, relationship: relationship, direction: direction, input: input,
        context: context)
    }
  }

  private func makeBinary(_ plan: Plan, _ slot: ArgumentSlot?) throws -> Operator {
    let left = try build(plan.inputs[0], slot: slot)
    let right = try build(plan.inputs[1], slot: slot)
    let hidden = left.layout.variables.filter { $0.isHidden && right.layout.contains($0) }
    switch plan.operation {
    case .union: return try Union(plan, inputs: [left, right], context: context)
    case .cartesianProduct where hidden.isEmpty:
      return CartesianProduct(plan, left: left, right: right, context: context)
    case .cartesianProduct:
      // Both sides come from the rows of one argument: only those of the same row belong together.
      return try HashJoin(
        plan, leftKeys: [], rightKeys: [], shared: hidden, left: left, right: right,
        context: context)
    case .hashJoin(let leftKeys, let rightKeys):
      let shared = plan.inputs[0].outputs.filter { plan.inputs[1].outputs.contains($0) }
      return try HashJoin(
        plan, leftKeys: leftKeys, rightKeys: rightKeys, shared: shared.uniqued() + hidden,
        left: left, right: right, context: context)
    default: throw unexpected(plan)
    }
  }

  private func makeApply(_ plan: Plan, _ outer: Operator) throws -> Operator {
    switch plan.operation {
    case .apply(let isPerRow):
      return try Apply(plan, outer: outer, isPerRow: isPerRow, context: context, builder: self)
    case .optionalApply:
      return try OptionalApply(plan, outer: outer, context: context, builder: self)
    case .semiApply(let isAnti):
      return try SemiApply(plan, isAnti: isAnti, outer: outer, context: context, builder: self)
    case .unitApply: return try UnitApply(plan, outer: outer, context: context, builder: self)
    case .merge(let merge):
      return try MergeOperator(plan, merge, outer: outer, context: context, builder: self)
    case .forEach(let variable, let list):
      return try ForEachOperator(
        plan, variable, in: list, outer: outer, context: context, builder: self)
    default: throw unexpected(plan)
    }
  }

  private func unexpected(_ plan: Plan) -> QueryError {
    QueryError(.storage, "InternalError", "operator \(plan.operation.name) has too few inputs")
  }
}
