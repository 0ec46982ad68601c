package import Cypher

// CONTRACT between binder and planner.

/// Resolves a statement's names and checks every compile-time rule of openCypher.
package struct Binder {
  /// Makes the plan of a subquery expression (EXISTS, COUNT, COLLECT, pattern predicates and
  /// comprehensions), whose `.argument` leaf supplies `imports`. Takes the counter of variables, so
  /// that the planner's own do not collide.
  package typealias SubqueryPlanner = (
    _ query: BoundQuery, _ imports: [VariableID], _ variableCount: inout Int
  ) -> Plan

  package static func bind(
    _ statement: Statement, source: SourceText, catalogue: any PlanningCatalogue,
    parameterNames: Set<String>?, planSubquery: @escaping SubqueryPlanner
  ) throws -> BoundStatement { fatalError("contract") }
}
