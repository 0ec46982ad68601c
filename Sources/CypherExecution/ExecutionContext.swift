internal import Cypher
package import CypherPlanning
package import GraphColumns
package import GraphStore
package import GraphTypes

/// What all operators and expressions of one execution of one statement share.
package final class ExecutionContext: @unchecked Sendable {
  /// The state that is read. In an updating statement the write transaction's reader.
  package let reader: GraphReader
  /// Nil for reading statements.
  package let transaction: WriteTransaction?
  package let parameters: [String: Value]
  package let procedures: any ProcedureTable
  /// The instant that `datetime()` and `timestamp()` give for the whole statement.
  package let statementTime: ZonedDateTime
  package let control: ExecutionControl
  /// How many threads may work on the statement.
  package let threads: Int
  /// Estimated rows of a pipeline for which threads are worth starting.
  package var parallelRows = 40_000.0
  /// What the statement has changed so far.
  package var counters = UpdateCounters()
  /// The order of strings in ORDER BY.
  package var collation = TextCollation.codePoints
  /// Told what is done and the share of it that is, where work takes long: filling an index, an
  /// algorithm. Called from any thread.
  package var progress: (@Sendable (_ task: String, _ share: Double) -> Void)?
  /// What the statement did not do because it was done already.
  package var notices: [QueryWarning] = []
  /// Relationships that the statement deleted; of nodes, the reader knows. Access to their
  /// properties is an error (EntityNotFound, DeletedEntityAccess).
  package var deletedRelationships: Set<RelationshipID> = []
  /// What the operators below the one at work have taken since it was asked for rows.
  var profiledInput = (time: Duration.zero, memory: 0)
  /// Bytes of stack that its operators may need, on each thread.
  var stackNeed = StatementStack.leastNeed
  /// Where the statement's functions and operators stand, for errors.
  package var places: ExpressionPlaces?
  /// Runs subquery expressions; set by the operators before any expression is evaluated.
  /// Weak: it holds this context, and a cycle would keep the snapshot's place among the readers.
  package weak var subqueries: (any SubqueryRunner)?

  package init(
    reader: GraphReader, transaction: WriteTransaction?, parameters: [String: Value],
    procedures: any ProcedureTable, statementTime: ZonedDateTime, control: ExecutionControl,
    threads: Int = 1
  ) {
    self.reader = reader
    self.transaction = transaction
    self.parameters = parameters
    self.procedures = procedures
    self.statementTime = statementTime
    self.control = control
    self.threads = threads
  }

  /// The same for another thread of a reading statement.
  func forWorker() -> ExecutionContext {
    let worker = ExecutionContext(
      reader: reader, transaction: nil, parameters: parameters, procedures: procedures,
      statementTime: statementTime, control: control)
    worker.places = places
    worker.stackNeed = stackNeed
    return worker
  }
}

/// Counters as the Bolt protocol names them.
package struct UpdateCounters: Equatable, Sendable {
  package var nodesCreated = 0
  package var nodesDeleted = 0
  package var relationshipsCreated = 0
  package var relationshipsDeleted = 0
  package var propertiesSet = 0
  package var labelsAdded = 0
  package var labelsRemoved = 0
  package var indexesAdded = 0
  package var indexesRemoved = 0
  package var constraintsAdded = 0
  package var constraintsRemoved = 0
  package init() {}
}

/// Runs the plan of a subquery expression for each row of a batch.
package protocol SubqueryRunner: AnyObject {
  /// - Parameter imports: one vector per imported variable, `count` rows each.
  /// - Returns: per row a boolean (exists), an integer (count) or a list (collect).
  func evaluate(
    _ kind: SubqueryKind, _ plan: Plan, imports: [Vector], count: Int, context: ExecutionContext
  ) throws -> Vector
}

/// A function that the host application added.
package struct HostFunction: Sendable {
  package var signature: FunctionSignature
  /// Is not called with nulls.
  package var body: @Sendable ([Value]) throws -> Value
  package init(
    signature: FunctionSignature, body: @escaping @Sendable ([Value]) throws -> Value
  ) {
    self.signature = signature
    self.body = body
  }
}

/// The procedures that CALL can reach, and the functions that the host application added.
package protocol ProcedureTable: Sendable {
  func procedure(named name: String) -> ProcedureSignature?
  var procedureNames: [String] { get }
  var projectedGraphs: any ProjectedGraphTable { get }
  /// Looked up without case.
  func function(named name: String) -> HostFunction?
  /// Sorted by name.
  var functions: [FunctionSignature] { get }
  /// Runs one call. Columns of emitted batches are the signature's outputs, in order.
  /// - Parameter columns: those of them that anyone looks at.
  func call(
    _ name: String, arguments: [Value], columns: [Int], context: ExecutionContext,
    emit: (Batch) throws -> Void
  ) throws
}

/// A table of procedures only.
extension ProcedureTable {
  package func function(named name: String) -> HostFunction? { nil }
  package var functions: [FunctionSignature] { [] }
}
