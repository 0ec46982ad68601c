package import Cypher
internal import GraphTypes

/// Resolves a statement's names and checks every compile-time rule of openCypher.
package struct Binder {
  /// Makes the plan of a subquery expression (EXISTS, COUNT, COLLECT, pattern predicates and
  /// comprehensions), whose `.argument` leaf supplies `imports`. Takes the counter of variables, so
  /// that the planner's own do not collide.
  package typealias SubqueryPlanner = (
    _ query: BoundQuery, _ imports: [VariableID], _ variableCount: inout Int
  ) -> Plan

  /// - Parameters:
  ///   - source: the text that the statement's ranges refer to; columns are named with its parts.
  ///   - parameterNames: which parameters will be given; nil when that is not known yet.
  /// - Throws: `QueryError` in the phase `.compile`, with openCypher's name and a range.
  /// - Complexity: linear in the size of the statement, except for ORDER BY and aggregation, which
  ///   look for each expression among the projected ones.
  package static func bind(
    _ statement: Statement, source: SourceText, catalogue: any PlanningCatalogue,
    parameterNames: Set<String>?, planSubquery: @escaping SubqueryPlanner
  ) throws -> BoundStatement {
    // EXPLAIN runs nothing, so that it needs no values.
    let parameterNames = statement.mode == .explain ? nil : parameterNames
    let binder = StatementBinder(
      source: source, catalogue: catalogue, parameterNames: parameterNames,
      planSubquery: planSubquery)
    let body: BoundStatement.Body
    var columns: [String] = []
    switch statement.body {
    case .query(let query):
      let (bound, outputs) = try binder.query(query)
      columns = outputs.map(\.name)
      body = .query(bound)
    case .show(let command):
      let (bound, outputs) = try binder.show(command)
      columns = outputs.map(\.name)
      body = .query(bound)
    case .createIndex(let command): body = .schema(try binder.createIndex(command))
    case .createConstraint(let command): body = .schema(try binder.createConstraint(command))
    case .dropIndex(let command): body = .schema(try binder.drop(command, .dropIndex))
    case .dropConstraint(let command): body = .schema(try binder.drop(command, .dropConstraint))
    }
    if case .schema = body { binder.isUpdating = true }
    let mode: BoundStatement.Mode =
      switch statement.mode {
      case .run: .run
      case .explain: .explain
      case .profile: .profile
      }
    var result = BoundStatement(
      mode: mode, body: body, columns: columns, variableCount: binder.variableNames.count,
      variableNames: binder.variableNames, isUpdating: binder.isUpdating)
    result.warnings = binder.warnings
    result.places = binder.places
    result.indexHints = binder.indexHints
    return result
  }
}

/// The state of binding one statement. Extensions in the other `Binder` files do the work.
final class StatementBinder {
  let source: SourceText
  let catalogue: any PlanningCatalogue
  let parameterNames: Set<String>?
  private let planSubquery: Binder.SubqueryPlanner

  private(set) var variableNames: [String?] = []
  var scope = Scope()
  var aggregation = AggregationMode.forbidden
  var isUpdating = false
  var warnings: [QueryWarning] = []
  /// Those outside of subqueries in expressions, whose plans are not part of the statement's.
  private(set) var indexHints: [IndexHint] = []
  fileprivate var places = ExpressionPlaces()
  /// Labels, types and keys that a clause of this statement writes, or that were warned of.
  var knownNames: Set<String> = []
  private var captures: [Capture] = []
  /// Operators of the rows that we are in.
  var operatorCount = 0

  /// What a subquery uses of the variables around it.
  struct Capture {
    /// Variables below this number are from around the subquery.
    var limit: Int
    var variables: [VariableID] = []
    /// How many uses there were.
    var uses = 0
  }

  /// What an aggregating function means where we are.
  enum AggregationMode {
    /// An error.
    case forbidden
    /// An error: we are in the argument of another.
    case nested
    /// A column of the projection at hand.
    case collected(AggregateCollector)
  }

  init(
    source: SourceText, catalogue: any PlanningCatalogue, parameterNames: Set<String>?,
    planSubquery: @escaping Binder.SubqueryPlanner
  ) {
    self.source = source
    self.catalogue = catalogue
    self.parameterNames = parameterNames
    self.planSubquery = planSubquery
  }

  func newVariable(_ name: String? = nil) -> VariableID {
    variableNames.append(name)
    return VariableID(variableNames.count - 1)
  }

  /// Remembers where a function or operator stands.
  func placed(_ expression: BoundExpression, at range: SourceRange) -> BoundExpression {
    if let name = expression.placeName { note(expression, as: name, at: range) }
    return expression
  }

  /// Remembers where an expression stands that has a role in a clause.
  func note(_ expression: BoundExpression, as role: String, at range: SourceRange) {
    places.note(expression, as: role, at: range.bounds)
  }

  /// Runs `body` with another scope, and puts back the present one.
  func with<T>(scope inner: Scope, _ body: () throws -> T) rethrows -> T {
    let outer = scope
    scope = inner
    defer { scope = outer }
    return try body()
  }

  func with<T>(aggregation mode: AggregationMode, _ body: () throws -> T) rethrows -> T {
    let outer = aggregation
    aggregation = mode
    defer { aggregation = outer }
    return try body()
  }

  // MARK: - Subqueries

  /// Records the use of a variable.
  func use(_ variable: VariableID) {
    for index in captures.indices where variable.rawValue < captures[index].limit {
      captures[index].uses += 1
      if !captures[index].variables.contains(variable) {
        captures[index].variables.append(variable)
      }
    }
  }

  func use(_ expression: BoundExpression) {
    switch expression {
    case .variable(let variable): use(variable)
    case .path(let variables): variables.forEach(use)
    case .index(let base, _), .listComprehension(_, in: let base, where: _, yield: _): use(base)
    case .function(_, let arguments): arguments.forEach(use)
    default: break
    }
  }

  func note(_ hint: IndexHint) {
    if captures.isEmpty { indexHints.append(hint) }
  }

  /// How often the innermost subquery has used variables from around it.
  var outerUses: Int { captures.last?.uses ?? 0 }
  var captured: [VariableID] { captures.last?.variables ?? [] }

  /// Runs `body` as a subquery: the names in scope stay visible to all of its clauses, and what it
  /// declares is forgotten.
  /// - Returns: the result, and the variables from outside that it uses.
  func subquery<T>(_ body: () throws -> T) rethrows -> (T, imports: [VariableID]) {
    captures.append(Capture(limit: variableNames.count))
    let outer = scope
    for name in scope.names.keys { scope.names[name]?.isOuter = true }
    scope.substitutions = []
    let mode = aggregation
    aggregation = .forbidden
    defer {
      scope = outer
      aggregation = mode
      captures.removeLast()
    }
    let result = try body()
    return (result, captured)
  }

  func plan(_ query: BoundQuery, imports: [VariableID]) -> Plan {
    var count = variableNames.count
    let plan = planSubquery(query, imports, &count)
    while variableNames.count < count { variableNames.append(nil) }
    return plan
  }
}
