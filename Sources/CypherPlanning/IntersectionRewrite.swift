internal import GraphTypes

/// An expansion to new nodes, and one more between these and a node that was bound before, become
/// an intersection of two neighbour lists: the cycle is closed while it is walked, and no path is
/// made that does not close (worst-case optimal joins: H. Ngo, C. Ré, A. Rudra, "Skew Strikes Back",
/// SIGMOD Record 42, 2013).
enum IntersectionRewrite {
  static func apply(_ plan: Plan) -> Plan {
    let plan = plan.with(inputs: plan.inputs.map(apply))
    guard case .expand(let closing) = plan.operation, closing.into, closing.multiplicity == nil,
      closing.from != closing.to, closing.toLabels.isEmpty
    else { return plan }
    // What is between the two expansions comes after both.
    var predicates: [BoundExpression] = []
    var below = plan.inputs[0]
    while true {
      if case .filter(let more) = below.operation {
        predicates = more + predicates
      } else if !below.onlyLeavesColumnsOut {
        break
      }
      below = below.inputs[0]
    }
    guard case .expand(let opening) = below.operation, !opening.into, opening.multiplicity == nil
    else { return plan }
    let new = opening.to
    let source = below.inputs[0]
    let bound: VariableID
    let direction: Direction
    switch new {
    case closing.to: (bound, direction) = (closing.from, closing.direction)
    case closing.from: (bound, direction) = (closing.to, closing.direction.reversed)
    default: return plan
    }
    guard source.outputs.contains(bound), source.outputs.contains(opening.from) else {
      return plan
    }
    let intersection = Intersection(
      to: new, toLabels: opening.toLabels,
      first: .init(
        from: opening.from, relationship: opening.relationship, types: opening.types,
        direction: opening.direction),
      second: .init(
        from: bound, relationship: closing.relationship, types: closing.types,
        direction: direction))
    var result = Plan(
      .intersect(intersection), inputs: [source],
      outputs: source.outputs + intersection.newVariables, estimatedRows: plan.estimatedRows)
    if !predicates.isEmpty {
      result = Plan(
        .filter(predicates), inputs: [result], outputs: result.outputs,
        estimatedRows: plan.estimatedRows)
    }
    if Set(result.outputs) == Set(plan.outputs) { return result }
    return Plan(
      .project(plan.outputs.map { Projection($0, .variable($0)) }), inputs: [result],
      outputs: plan.outputs, estimatedRows: plan.estimatedRows)
  }
}

extension Plan {
  /// A projection that gives columns on as they are.
  var onlyLeavesColumnsOut: Bool {
    guard case .project(let items) = operation else { return false }
    return items.allSatisfy { $0.expression == .variable($0.target) }
  }
}
