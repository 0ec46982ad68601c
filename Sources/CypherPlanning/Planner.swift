package import Cypher
package import GraphTypes

/// A query ready to run.
package struct PlannedStatement: Sendable {
  package var mode: BoundStatement.Mode
  package var plan: Plan
  package var columns: [String]
  package var isUpdating: Bool
  package var variableNames: [String?]
  package init(
    mode: BoundStatement.Mode, plan: Plan, columns: [String], isUpdating: Bool,
    variableNames: [String?]
  ) {
    self.mode = mode
    self.plan = plan
    self.columns = columns
    self.isUpdating = isUpdating
    self.variableNames = variableNames
  }
}

/// Text or tree to physical plan: binds, then plans.
package enum Planner {
  package static func plan(
    _ statement: Statement, source: SourceText, catalogue: any PlanningCatalogue,
    parameterNames: Set<String>? = nil
  ) throws -> PlannedStatement { fatalError("contract") }
}
