import CypherPlanning
import GraphTypes

/// Checks that a plan keeps the contract of `PlanOperation`: every variable that is read comes out
/// of an input, columns are those that the operator says, `.argument` leaves take what is supplied.
struct PlanValidator {
  private(set) var errors: [String] = []

  /// The errors of a whole statement's plan.
  static func errors(of plan: Plan) -> [String] {
    var validator = PlanValidator()
    validator.check(plan, argument: nil)
    if case .produceResults = plan.operation {
    } else {
      validator.errors.append("the top is not produceResults")
    }
    return validator.errors
  }

  /// The errors of a subquery expression's plan.
  static func errors(ofSubquery plan: Plan, imports: [VariableID]) -> [String] {
    var validator = PlanValidator()
    validator.check(plan, argument: Argument(variables: imports, isExact: true))
    return validator.errors
  }

  private struct Argument {
    var variables: [VariableID]
    /// A leaf must take all of them, in order.
    var isExact: Bool
    /// One row at a time, so that seeks may read it.
    var isSingleRow = false
  }

  private mutating func fail(_ plan: Plan, _ message: String) {
    errors.append("\(PlanDescription(plan, names: []).rows[0].name): \(message)")
  }

  private mutating func check(_ plan: Plan, argument: Argument?) {
    if Set(plan.outputs).count != plan.outputs.count { fail(plan, "a column twice") }
    if !(plan.estimatedRows >= 0) || plan.estimatedRows.isInfinite {
      fail(plan, "estimate \(plan.estimatedRows)")
    }
    let count = expectedInputs(plan.operation)
    var isLeaf = false
    if case .indexSeek = plan.operation { isLeaf = plan.inputs.isEmpty }
    guard plan.inputs.count == count || isLeaf else {
      return fail(plan, "\(plan.inputs.count) inputs instead of \(count)")
    }
    if plan.operation.hasInnerPlan {
      check(plan.inputs[0], argument: argument)
      var inner = Argument(variables: plan.inputs[0].outputs, isExact: false)
      switch plan.operation {
      case .forEach(let v, _):
        inner.variables.append(v)
        inner.isSingleRow = true
      case .merge, .unitApply, .apply(perRow: true): inner.isSingleRow = true
      default: break
      }
      check(plan.inputs[1], argument: inner)
    } else {
      for input in plan.inputs { check(input, argument: argument) }
    }
    checkColumns(plan, argument)
    checkReads(plan, argument)
  }

  private func expectedInputs(_ operation: PlanOperation) -> Int {
    switch operation {
    case .singleRow, .argument, .nodeScan, .relationshipScan, .count, .show, .schema: 0
    case .apply, .optionalApply, .semiApply, .cartesianProduct, .hashJoin, .union, .merge,
      .forEach, .unitApply:
      2
    default: 1
    }
  }

  private mutating func checkColumns(_ plan: Plan, _ argument: Argument?) {
    let input = plan.inputs.first?.outputs ?? []
    func adding(_ more: [VariableID?]) -> [VariableID] { input + more.compactMap(\.self) }
    var expected: [VariableID]?
    switch plan.operation {
    case .singleRow, .schema: expected = []
    case .argument:
      guard let argument else { return fail(plan, "nothing supplies it") }
      if argument.isExact {
        expected = argument.variables
      } else if !Set(plan.outputs).isSubset(of: argument.variables) {
        fail(plan, "takes \(plan.outputs), but the outer row has \(argument.variables)")
      }
    case .nodeScan(let scan): expected = [scan.variable]
    case .relationshipScan(let scan):
      expected = [scan.from, scan.relationship, scan.to].compactMap(\.self)
    case .count(_, let variable): expected = [variable]
    case .show: break
    case .indexSeek(let seek): expected = adding(seek.variables)
    case .intersect(let i): expected = adding(i.newVariables)
    case .expand(let e):
      expected = adding(
        e.multiplicity.map { [$0] } ?? [e.relationship, e.into ? nil : e.to])
    case .variableLengthExpand(let e): expected = adding([e.relationship, e.into ? nil : e.to])
    case .shortestPath(let s): expected = adding([s.expand.relationship, s.path])
    case .filter, .sort, .top, .skip, .limit, .distinct, .set, .delete, .semiApply, .forEach,
      .unitApply:
      expected = input
    case .project(let items): expected = items.map(\.target)
    case .aggregate(let groups, let aggregates), .orderedAggregate(let groups, let aggregates, _):
      expected = groups.map(\.target) + aggregates.map(\.target)
    case .unwind(_, let v): expected = adding([v])
    case .apply, .optionalApply:
      expected = adding(plan.inputs[1].outputs.filter { !input.contains($0) })
    case .cartesianProduct:
      expected = adding(plan.inputs[1].outputs)
    case .hashJoin: expected = adding(plan.inputs[1].outputs.filter { !input.contains($0) })
    case .union:
      for side in plan.inputs where side.outputs.count != plan.outputs.count {
        fail(plan, "a side has \(side.outputs.count) columns instead of \(plan.outputs.count)")
      }
    case .create(let elements): expected = adding(elements.map(\.variable))
    case .merge(let merge):
      expected = adding(merge.elements.map(\.variable))
      for element in merge.elements where !plan.inputs[1].outputs.contains(element.variable) {
        fail(plan, "the match does not put out \(element.variable)")
      }
    case .callProcedure(let call): expected = adding(call.yields.map(\.variable))
    case .produceResults(let columns):
      if columns.count != plan.outputs.count { fail(plan, "columns and outputs differ") }
      for v in plan.outputs where !input.contains(v) { fail(plan, "\(v) is not there") }
    }
    if let expected, expected != plan.outputs {
      fail(plan, "outputs \(plan.outputs.map(\.rawValue)), not \(expected.map(\.rawValue))")
    }
    switch plan.operation {
    case .expand(let e) where !e.into && input.contains(e.to): fail(plan, "binds a bound node")
    case .variableLengthExpand(let e):
      if !e.into && input.contains(e.to) { fail(plan, "binds a bound node") }
      if e.into && !e.toLabels.isEmpty { fail(plan, "labels on a bound end") }
      if e.distinctEnds && e.relationship != nil { fail(plan, "distinct ends with a list") }
      if (e.predicate == nil) != (e.step == nil) { fail(plan, "step without predicate") }
    default: break
    }
  }

  private mutating func checkReads(_ plan: Plan, _ argument: Argument?) {
    var available = Set(plan.inputs.first?.outputs ?? [])
    func need(_ variables: Set<VariableID>) {
      let missing = variables.subtracting(available)
      if !missing.isEmpty { fail(plan, "reads \(missing.map(\.rawValue).sorted())") }
    }
    switch plan.operation {
    case .nodeScan:
      available = argument?.isSingleRow == true ? Set(argument?.variables ?? []) : []
      need(plan.operation.readVariables)
    case .hashJoin(let left, let right):
      if left.count != right.count { fail(plan, "sides of different length") }
      for e in left where !e.freeVariables.isSubset(of: plan.inputs[0].outputs) {
        fail(plan, "a left key reads what is not there")
      }
      for e in right where !e.freeVariables.isSubset(of: plan.inputs[1].outputs) {
        fail(plan, "a right key reads what is not there")
      }
    case .merge(let merge):
      available.formUnion(merge.elements.map(\.variable))
      need(plan.operation.readVariables)
    case .limit(let e), .skip(let e):
      if !e.freeVariables.isEmpty { fail(plan, "depends on the row") }
    default: need(plan.operation.readVariables)
    }
    for expression in plan.operation.expressions { checkSubqueries(expression) }
  }

  private mutating func checkSubqueries(_ expression: BoundExpression) {
    if case .subquery(_, let plan, let imports) = expression {
      check(plan, argument: Argument(variables: imports, isExact: true))
    }
    for child in expression.children { checkSubqueries(child) }
  }
}
