/// Where nothing above sees how often a row occurs (DISTINCT, `count(DISTINCT …)`, min and max, the
/// inner side of EXISTS), a variable-length walk whose relationships are not read finds each end
/// once instead of once per path: breadth-first, linear in the relationships reached.
///
/// Only for walks whose ends are the same whether or not a relationship may be used twice: minimum 0,
/// or minimum 1 along a direction. (Undirected, a walk of two steps could come back to its start over
/// the one relationship it left by, which a trail cannot.)
enum DistinctEndsRewrite {
  static func apply(_ plan: Plan) -> Plan { apply(plan, duplicatesMatter: true) }

  private static func apply(_ plan: Plan, duplicatesMatter: Bool) -> Plan {
    var operation = plan.operation
    var matters = [duplicatesMatter, duplicatesMatter]
    switch operation {
    case .variableLengthExpand(var walk):
      let isFree = walk.minimum == 0 || walk.minimum == 1 && walk.direction != .both
      if !duplicatesMatter, walk.relationship == nil, isFree, walk.maximum != 1 {
        walk.distinctEnds = true
        operation = .variableLengthExpand(walk)
      }
    case .distinct: matters = [false, false]
    case .aggregate(_, let aggregates), .orderedAggregate(_, let aggregates, _):
      let insensitive = aggregates.allSatisfy {
        $0.isDistinct || ["min", "max"].contains($0.function)
      }
      matters = [!insensitive, true]
    case .semiApply: matters[1] = false
    case .intersect, .nodeScan, .relationshipScan, .indexSeek, .count, .singleRow, .argument, .show,
      .expand,
      .shortestPath,
      .filter, .project, .sort, .unwind, .apply(perRow: false), .optionalApply,
      .cartesianProduct, .hashJoin, .union, .produceResults:
      break
    // LIMIT counts rows; writes and procedures act once per row.
    case .top, .skip, .limit, .apply(perRow: true), .create, .merge, .set, .delete, .forEach,
      .callProcedure, .unitApply, .schema:
      matters = [true, true]
    }
    let inputs = zip(plan.inputs, matters).map { apply($0, duplicatesMatter: $1) }
    return Plan(
      operation, inputs: inputs, outputs: plan.outputs, estimatedRows: plan.estimatedRows)
  }
}
