package import Cypher
internal import GraphTypes

/// A query ready to run.
package struct PlannedStatement: Sendable {
  package var mode: BoundStatement.Mode
  private let tree: PlanTree
  package var columns: [String]
  package var isUpdating: Bool
  package var variableNames: [String?]
  /// What is allowed but probably not meant.
  package var warnings: [QueryWarning] = []
  package var places = ExpressionPlaces()
  package init(
    mode: BoundStatement.Mode, plan: Plan, stackNeed: Int = StatementStack.leastNeed,
    columns: [String], isUpdating: Bool, variableNames: [String?]
  ) {
    self.mode = mode
    tree = PlanTree(plan, stackNeed: stackNeed)
    self.columns = columns
    self.isUpdating = isUpdating
    self.variableNames = variableNames
  }

  package var plan: Plan { tree.root }
  /// Bytes of stack for what recurses along the plan.
  package var stackNeed: Int { tree.stackNeed }

  /// Runs what recurses along the plan.
  package func onStack<T>(_ body: () throws -> T) throws -> T {
    try StatementStack.run(need: stackNeed, body)
  }
}

/// Holds a plan, whose release recurses too.
private final class PlanTree: Sendable {
  let stackNeed: Int
  var root: Plan { plan.unsafelyUnwrapped }
  /// Nil only at the very end.
  private nonisolated(unsafe) var plan: Plan?

  init(_ plan: Plan, stackNeed: Int) {
    self.plan = plan
    self.stackNeed = stackNeed
  }

  deinit { StatementStack.release(&plan, need: stackNeed) }
}

/// Text or tree to physical plan: binds, then plans.
package enum Planner {
  package static func plan(
    _ statement: Statement, source: SourceText, catalogue: any PlanningCatalogue,
    parameterNames: Set<String>? = nil
  ) throws -> PlannedStatement {
    try plan(
      statement, source: source, catalogue: catalogue, parameterNames: parameterNames,
      options: PlannerOptions())
  }

  package static func plan(
    _ statement: Statement, source: SourceText, catalogue: any PlanningCatalogue,
    parameterNames: Set<String>?, options: PlannerOptions
  ) throws -> PlannedStatement {
    let bound = try Binder.bind(
      statement, source: source, catalogue: catalogue, parameterNames: parameterNames
    ) { query, imports, variableCount in
      subqueryPlan(
        query, imports: imports, variableCount: &variableCount, catalogue: catalogue,
        options: options)
    }
    var planned = plan(
      bound, catalogue: catalogue, options: options,
      stackNeed: StatementStack.need(of: source.text))
    planned.warnings = bound.warnings
    planned.places = bound.places
    planned.warnOfHints(bound.indexHints, catalogue)
    return planned
  }

  /// Plans what is already bound.
  package static func plan(
    _ statement: BoundStatement, catalogue: any PlanningCatalogue,
    options: PlannerOptions = PlannerOptions(), stackNeed: Int = StatementStack.leastNeed
  ) -> PlannedStatement {
    let builder = PlanBuilder(
      catalogue: catalogue, options: options, variableCount: statement.variableCount)
    let body: Plan
    let outputs: [VariableID]
    switch statement.body {
    case .schema(let command):
      body = Plan(.schema(command), outputs: [], estimatedRows: 0)
      outputs = []
    case .query(let query):
      body = builder.plan(query, input: PlanBuilder.singleRow)
      outputs = query.outputs
    }
    let top = Plan(
      .produceResults(statement.columns), inputs: [body], outputs: outputs,
      estimatedRows: outputs.isEmpty ? 0 : body.estimatedRows)
    let finished = builder.finish(top, required: Set(outputs), isSubquery: false)
    var names = statement.variableNames
    if names.count < builder.variableCount {
      names += Array(repeating: nil, count: builder.variableCount - names.count)
    }
    return PlannedStatement(
      mode: statement.mode, plan: finished, stackNeed: stackNeed, columns: statement.columns,
      isUpdating: statement.isUpdating, variableNames: names)
  }

  /// Plans a subquery expression: its `.argument` leaf supplies `imports`.
  package static func subqueryPlan(
    _ query: BoundQuery, imports: [VariableID], variableCount: inout Int,
    catalogue: any PlanningCatalogue, options: PlannerOptions = PlannerOptions()
  ) -> Plan {
    let builder = PlanBuilder(
      catalogue: catalogue, options: options, variableCount: variableCount)
    let argument = Plan(.argument, outputs: imports, estimatedRows: 1)
    let body = builder.plan(query, input: argument)
    variableCount = builder.variableCount
    let finished = builder.finish(body, required: Set(query.outputs), isSubquery: true)
    variableCount = max(variableCount, builder.variableCount)
    return builder.exactly(finished, query.outputs)
  }
}

/// The state of planning one statement: counters, and what is known of variables so far.
final class PlanBuilder {
  let catalogue: any PlanningCatalogue
  let options: PlannerOptions
  private(set) var variableCount: Int
  /// Labels that a node variable has for sure, for estimates.
  var knownLabels: [VariableID: Set<String>] = [:]
  /// Variables that cannot be null: what a MATCH that is not optional has bound.
  var neverNull: Set<VariableID> = []
  /// Inside MERGE, which looks for its pattern row by row: the variables of that row, which seeks
  /// may read.
  var rowVariables: Set<VariableID> = []
  /// What the catalogue has said of indexes and of ranges of them.
  private var indexes: [String: [IndexDescription]] = [:]
  private var rangeEntries: [IndexRange: Double?] = [:]
  private var constants: [BoundExpression: Value?] = [:]

  static let singleRow = Plan(.singleRow, outputs: [], estimatedRows: 1)

  init(catalogue: any PlanningCatalogue, options: PlannerOptions, variableCount: Int) {
    self.catalogue = catalogue
    self.options = options
    self.variableCount = variableCount
  }

  func makeVariable() -> VariableID {
    defer { variableCount += 1 }
    return VariableID(variableCount)
  }

  func nodeIndexes(_ label: String) -> [IndexDescription] {
    if let known = indexes[label] { return known }
    let found = catalogue.nodeIndexes(label: label)
    indexes[label] = found
    return found
  }

  func estimatedEntries(_ range: IndexRange) -> Double? {
    if let known = rangeEntries[range] { return known }
    let entries = catalogue.estimatedEntries(range)
    rangeEntries[range] = .some(entries)
    return entries
  }

  /// The value of an expression that has the same value for all rows of all runs.
  func constant(_ expression: BoundExpression) -> Value? {
    if let value = expression.literalValue { return value }
    if let known = constants[expression] { return known }
    let isConstant = !expression.contains {
      switch $0 {
      case .variable, .parameter, .subquery: true
      default: false
      }
    }
    let value = isConstant ? catalogue.value(of: expression) : nil
    constants[expression] = .some(value)
    return value
  }

  /// The rewrites of whole plans, in their order.
  func finish(_ plan: Plan, required: Set<VariableID>, isSubquery: Bool) -> Plan {
    var plan = plan
    if options.isOn(.top) { plan = TopRewrite.apply(plan) }
    if options.isOn(.pushPredicates) {
      plan = LateSeeks(builder: self).apply(PredicatePushDown(builder: self).apply(plan))
    }
    if options.isOn(.semiApply) { plan = SemiApplyRewrite.apply(plan) }
    if options.isOn(.mergeProjections) { plan = ProjectionMerge(builder: self).apply(plan) }
    if options.isOn(.indexOrder) { plan = IndexOrderRewrite(builder: self).apply(plan) }
    if options.isOn(.pruneColumns) {
      plan = ColumnPruning.apply(plan, required: required, keepsArguments: isSubquery)
    }
    if options.isOn(.countStore), !isSubquery {
      plan = CountStoreRewrite(builder: self).apply(plan)
    }
    if options.isOn(.distinctEnds) { plan = DistinctEndsRewrite.apply(plan) }
    if options.isOn(.intersection) { plan = IntersectionRewrite.apply(plan) }
    if options.isOn(.multiplicity) { plan = MultiplicityRewrite(builder: self).apply(plan) }
    if options.isOn(.orderedAggregate), !isSubquery {
      plan = OrderedAggregateRewrite(minimumGroups: options.orderedGroups).apply(plan)
    }
    return plan
  }
}
