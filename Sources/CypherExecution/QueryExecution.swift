package import CypherPlanning
package import GraphColumns

/// One run of a planned statement, pulled batch by batch.
package final class QueryExecution {
  private let statement: PlannedStatement
  private let context: ExecutionContext
  private let builder: OperatorBuilder
  private let root: Operator
  private let subqueries: SubqueryOperators
  private var isOpen = false
  private var isDone = false

  package init(_ statement: PlannedStatement, context: ExecutionContext) throws {
    self.statement = statement
    self.context = context
    context.places = statement.places
    subqueries = SubqueryOperators(context: context)
    context.subqueries = subqueries
    builder = OperatorBuilder(context: context, isProfiled: statement.mode == .profile)
    root = try builder.build(statement.plan, slot: nil)
  }

  /// The next rows, columns as `PlannedStatement.columns`; nil at the end. Writes happen when the
  /// rows are pulled; a statement without result columns gives no rows but must be pulled to its end.
  /// Nodes, relationships and paths are identities only: see `ResultMaterializer`.
  package func next() throws -> Batch? {
    if isDone || statement.mode == .explain { return nil }
    if !isOpen {
      isOpen = true
      try root.open()
    }
    while let batch = try root.next() {
      if !statement.columns.isEmpty { return batch }
    }
    isDone = true
    return nil
  }

  /// Per operator, in the order of a depth-first walk of the plan: what it did so far.
  package var profile: [OperatorStatistics] {
    func walk(_ plan: Plan) -> [OperatorStatistics] {
      [builder.operators[plan]?.profile ?? OperatorStatistics()] + plan.inputs.flatMap(walk)
    }
    return walk(statement.plan)
  }
}
