package import CypherPlanning
package import GraphColumns
package import GraphTypes

// CONTRACT between executor and façade.

/// One run of a planned statement, pulled batch by batch.
package final class QueryExecution {
  package init(_ statement: PlannedStatement, context: ExecutionContext) throws {
    fatalError("contract")
  }
  /// The next rows, columns as `PlannedStatement.columns`; nil at the end. Writes happen when the
  /// rows are pulled; a statement without result columns gives no rows but must be pulled to its end.
  /// Nodes, relationships and paths are identities only: see `ResultMaterializer`.
  package func next() throws -> Batch? { fatalError("contract") }
  /// Per operator, in the order of a depth-first walk of the plan: what it did so far.
  package var profile: [OperatorProfile] { [] }
}

package struct OperatorProfile: Sendable {
  package var rows = 0
  package var batches = 0
  package var time = Duration.zero
  package init() {}
}

/// Turns values as the engine passes them into what a caller sees: nodes, relationships and paths
/// with their labels, types and properties.
package enum ResultMaterializer {
  package static func value(_ vector: Vector, row: Int, context: ExecutionContext) throws -> Value {
    fatalError("contract")
  }
}
