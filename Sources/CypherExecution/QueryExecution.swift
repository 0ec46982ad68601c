internal import Cypher
package import CypherPlanning
package import GraphColumns

/// One run of a planned statement, pulled batch by batch.
package final class QueryExecution {
  package let statement: PlannedStatement
  private let context: ExecutionContext
  /// Nil only at the very end.
  private var operators: Operators?
  private var isOpen = false
  private var isDone = false

  /// What is built for a plan.
  private final class Operators {
    let builder: OperatorBuilder
    let root: Operator
    let subqueries: SubqueryOperators

    init(_ statement: PlannedStatement, context: ExecutionContext) throws {
      subqueries = SubqueryOperators(context: context)
      context.subqueries = subqueries
      builder = OperatorBuilder(context: context, isProfiled: statement.mode == .profile)
      root = try builder.build(statement.plan, slot: nil)
    }
  }

  package init(_ statement: PlannedStatement, context: ExecutionContext) throws {
    self.statement = statement
    self.context = context
    context.places = statement.places
    context.stackNeed = statement.stackNeed
    operators = try statement.onStack { try Operators(statement, context: context) }
  }

  deinit { StatementStack.release(&operators, need: statement.stackNeed) }

  /// The next rows, columns as `PlannedStatement.columns`; nil at the end. Writes happen when the
  /// rows are pulled; a statement without result columns gives no rows but must be pulled to its end.
  /// Nodes, relationships and paths are identities only: see `ResultMaterializer`.
  package func next() throws -> Batch? {
    if isDone || statement.mode == .explain { return nil }
    return try statement.onStack(pull)
  }

  private func pull() throws -> Batch? {
    guard let root = operators?.root else { return nil }
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
    var result: [OperatorStatistics] = []
    func walk(_ plan: Plan) {
      result.append(operators?.builder.operators[plan]?.profile ?? OperatorStatistics())
      plan.inputs.forEach(walk)
    }
    walk(statement.plan)
    return result
  }
}
