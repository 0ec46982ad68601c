internal import CypherExecution
internal import CypherPlanning

/// EXPLAIN's and PROFILE's text.
enum PlanText {
  static func text(_ statement: PlannedStatement, profile: [OperatorProfile]?) -> String {
    let statistics = profile?.map {
      OperatorStatistics(rows: $0.rows, batches: $0.batches, time: $0.time)
    }
    return PlanDescription(statement, profile: statistics).text()
  }
}
