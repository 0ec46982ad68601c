internal import CypherPlanning

/// EXPLAIN's and PROFILE's text.
enum PlanText {
  static func text(_ statement: PlannedStatement, profile: [OperatorStatistics]?) -> String {
    PlanDescription(statement, profile: profile).text()
  }
}
