internal import CypherPlanning

extension PlanOperation {
  /// For messages.
  var name: String {
    switch self {
    case .singleRow: "SingleRow"
    case .argument: "Argument"
    case .nodeScan: "NodeScan"
    case .relationshipScan: "RelationshipScan"
    case .indexSeek: "IndexSeek"
    case .count: "Count"
    case .show: "Show"
    case .expand: "Expand"
    case .intersect: "Intersect"
    case .variableLengthExpand: "VariableLengthExpand"
    case .shortestPath: "ShortestPath"
    case .filter: "Filter"
    case .project: "Project"
    case .aggregate: "Aggregate"
    case .orderedAggregate: "OrderedAggregate"
    case .distinct: "Distinct"
    case .sort: "Sort"
    case .top: "Top"
    case .skip: "Skip"
    case .limit: "Limit"
    case .unwind: "Unwind"
    case .apply: "Apply"
    case .optionalApply: "OptionalApply"
    case .semiApply: "SemiApply"
    case .cartesianProduct: "CartesianProduct"
    case .hashJoin: "HashJoin"
    case .union: "Union"
    case .create: "Create"
    case .merge: "Merge"
    case .set: "Set"
    case .delete: "Delete"
    case .forEach: "ForEach"
    case .callProcedure: "CallProcedure"
    case .unitApply: "UnitApply"
    case .schema: "Schema"
    case .produceResults: "ProduceResults"
    }
  }

  var isWrite: Bool {
    switch self {
    case .create, .merge, .set, .delete, .forEach, .schema: true
    case .callProcedure(let call): call.isUpdating
    default: false
    }
  }

  /// Rows of one argument row would be mixed up with those of another.
  var mixesRows: Bool {
    switch self {
    case .aggregate, .orderedAggregate, .count, .top, .skip, .limit: true
    default: isWrite
    }
  }

  /// Input 1 runs with input 0's rows as its arguments.
  var hasInnerSide: Bool {
    switch self {
    case .apply, .optionalApply, .semiApply, .merge, .forEach, .unitApply: true
    default: false
    }
  }
}

extension Plan {
  /// Anything in the whole tree changes the graph.
  var containsWrites: Bool { operation.isWrite || inputs.contains(where: \.containsWrites) }

  /// The inputs that see the same arguments as this operator.
  private var inputsOfSameArgument: ArraySlice<Plan> {
    operation.hasInnerSide ? inputs.prefix(1) : inputs[...]
  }

  /// Can only run for one row of its argument at a time.
  var needsSingleArgumentRow: Bool {
    operation.mixesRows || inputsOfSameArgument.contains(where: \.needsSingleArgumentRow)
  }

  /// The `.argument` leaves that the rows handed to this tree come out of.
  var argumentLeaves: [Plan] {
    if case .argument = operation { return [self] }
    return inputsOfSameArgument.flatMap(\.argumentLeaves)
  }
}
