internal import CypherExecution
internal import CypherPlanning

/// EXPLAIN's and PROFILE's text.
enum PlanText {
  static func text(
    _ statement: PlannedStatement, profile execution: QueryExecution? = nil
  ) throws -> String {
    try statement.onStack { PlanDescription(statement, profile: execution?.profile).text() }
  }
}
