internal import CypherExecution
internal import CypherPlanning
internal import GraphColumns
import Synchronization

/// The procedures of a database by name, without regard to case.
final class ProcedureRegistry: Sendable {
  private let procedures = Mutex<[String: Procedure]>([:])

  func register(_ procedure: Procedure) throws(QueryError) {
    let isNew = procedures.withLock { procedures in
      let key = procedure.name.lowercased()
      if procedures[key] != nil { return false }
      procedures[key] = procedure
      return true
    }
    if !isNew {
      throw QueryError(
        .procedureError, "ProcedureExists", "there is a procedure `\(procedure.name)` already")
    }
  }

  func remove(_ name: String) {
    _ = procedures.withLock { $0.removeValue(forKey: name.lowercased()) }
  }

  func implementation(_ name: String) -> Procedure? {
    procedures.withLock { $0[name.lowercased()] }
  }

  func procedure(named name: String) -> ProcedureSignature? { implementation(name)?.signature }

  /// Sorted.
  var procedureNames: [String] { procedures.withLock { $0.values.map(\.name) }.sorted() }
  /// Sorted by name.
  var all: [Procedure] {
    procedures.withLock { Array($0.values) }.sorted { $0.name < $1.name }
  }
}

/// The executor's view of a database's procedures.
struct DatabaseProcedures: ProcedureTable {
  let database: Database

  func procedure(named name: String) -> ProcedureSignature? {
    database.registry.procedure(named: name)
  }
  var procedureNames: [String] { database.registry.procedureNames }
  var projectedGraphs: any ProjectedGraphTable { DatabaseGraphs(database: database) }

  func function(named name: String) -> HostFunction? {
    database.functions.function(named: name)
      .map { HostFunction(signature: $0.signature, body: $0.body) }
  }
  var functions: [FunctionSignature] { database.functions.all.map(\.signature) }

  func call(
    _ name: String, arguments: [Value], columns: [Int], context: ExecutionContext,
    emit: (Batch) throws -> Void
  ) throws {
    guard let procedure = database.registry.implementation(name) else {
      throw QueryError(
        .procedureError, "ProcedureNotFound", "there is no procedure `\(name)`",
        hint: NameSuggestion.nearest(to: name, among: procedureNames).map {
          "did you mean `\($0)`?"
        })
    }
    var arguments = arguments
    for input in procedure.inputs.dropFirst(arguments.count) {
      guard let value = input.defaultValue else {
        throw QueryError(
          .procedureError, "InvalidNumberOfArguments",
          "the procedure `\(name)` needs the argument `\(input.name)`")
      }
      arguments.append(value)
    }
    try withoutActuallyEscaping(emit) { emit in
      let invocation = ProcedureInvocation(
        arguments: arguments, database: database, context: context,
        outputs: procedure.outputs.map(\.name), wanted: columns, output: emit)
      try procedure.body(invocation)
      try invocation.flush()
    }
  }
}
