internal import CypherExecution
internal import CypherPlanning

/// EXPLAIN's and PROFILE's text.
enum PlanText {
  static func text(_ statement: PlannedStatement, profile: [OperatorProfile]?) -> String {
    "(plan rendering lands with the planner)"
  }
}
