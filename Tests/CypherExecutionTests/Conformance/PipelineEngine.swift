import Cypher
import CypherExecution
import CypherPlanning
import GraphColumns
import GraphStore
import GraphTypes
import TestSupport

/// The pipeline from text to rows on a temporary store, without the façade above it.
final class PipelineEngine: ConformanceEngine {
  let store: Store
  var options: PlannerOptions
  private var procedures = TestProcedureTable()

  init(options: PlannerOptions = PlannerOptions()) throws {
    store = try Store.temporary()
    self.options = options
  }

  func reset() throws {
    try store.reset()
    procedures = TestProcedureTable()
  }

  func register(procedure: TestProcedure) throws { procedures.procedures.append(procedure) }

  func execute(
    _ query: String, parameters: [String: Value], timeout: Duration
  ) throws -> EngineResult {
    let snapshot = try store.snapshot()
    let planned = try plan(query, Set(parameters.keys), snapshot)
    let transaction = planned.isUpdating ? try store.beginWrite() : nil
    do {
      let context = ExecutionContext(
        reader: transaction?.reader ?? snapshot, transaction: transaction,
        parameters: parameters, procedures: procedures, statementTime: .epoch,
        control: ExecutionControl(timeout: timeout))
      let rows = try Self.rows(planned, context)
      try transaction?.commit()
      return EngineResult(columns: planned.columns, rows: rows)
    } catch {
      transaction?.abort()
      throw error
    }
  }

  /// As EXPLAIN prints it.
  func plan(_ query: String) throws -> String {
    PlanDescription(try plan(query, [], store.snapshot())).text()
  }

  private func plan(
    _ query: String, _ parameters: Set<String>, _ reader: GraphReader
  ) throws -> PlannedStatement {
    try Planner.plan(
      try Parser.parseStatement(query), source: SourceText(query),
      catalogue: ReaderCatalogue(reader: reader, procedures: procedures),
      parameterNames: parameters, options: options)
  }

  private static func rows(
    _ planned: PlannedStatement, _ context: ExecutionContext
  ) throws -> [[Value]] {
    let execution = try QueryExecution(planned, context: context)
    var batches: [Batch] = []
    while let batch = try execution.next() { batches.append(batch) }
    // Only now: what follows the rows may still change the graph.
    return try batches.flatMap { batch in
      try (0..<batch.count).map { row in
        try batch.columns.map {
          try ResultMaterializer.value($0, row: row, context: context)
        }
      }
    }
  }

  func graphState() throws -> GraphState { try queriedGraphState(timeout: .seconds(10)) }
}

struct ReaderCatalogue: PlanningCatalogue {
  let reader: GraphReader
  let procedures: any ProcedureTable

  func function(named name: String) -> FunctionSignature? { FunctionTable.function(named: name) }
  func procedure(named name: String) -> ProcedureSignature? {
    procedures.procedure(named: name)
  }
  var functionNames: [String] { FunctionTable.all.map(\.name) }
  var procedureNames: [String] { procedures.procedureNames }
  var labelNames: [String] { reader.labelNames }
  var relationshipTypeNames: [String] { reader.relationshipTypeNames }
  var propertyKeyNames: [String] { reader.propertyKeyNames }
  func nodeCount(label: String?) -> Double {
    guard let label else { return Double(reader.nodeCount) }
    return reader.labelID(label).map { Double(reader.nodeCount(label: $0)) } ?? 0
  }
  func relationshipCount(type: String?, from: String?, to: String?) -> Double {
    guard let type else { return Double(reader.relationshipCount) }
    return reader.relationshipTypeID(type).map {
      Double(reader.relationshipCount(type: $0))
    } ?? 0
  }
  func distinctValues(label: String?, key: String) -> Double? { nil }
  func nodeIndexes(label: String) -> [IndexDescription] { [] }
  func relationshipIndexes(type: String) -> [IndexDescription] { [] }
}

/// Procedures that answer from a table.
struct TestProcedureTable: ProcedureTable {
  var procedures: [TestProcedure] = []
  var procedureNames: [String] { procedures.map(\.name) }

  func procedure(named name: String) -> ProcedureSignature? {
    guard let found = procedures.first(where: { $0.name == name }) else { return nil }
    return ProcedureSignature(
      name: found.name, inputs: found.inputs.map { .init($0.name, $0.type) },
      outputs: found.outputs.map { .init($0.name, $0.type) }, summary: "of a test")
  }

  func call(
    _ name: String, arguments: [Value], columns: [Int], context: ExecutionContext,
    emit: (Batch) throws -> Void
  ) throws {
    guard let found = procedures.first(where: { $0.name == name }) else { return }
    let rows = found.rows.filter { Array($0.prefix(arguments.count)) == arguments }
    let columns = found.outputs.indices.map { column in
      let vector = Vector(type: .any, capacity: rows.count)
      vector.count = rows.count
      for (index, row) in rows.enumerated() {
        vector.values[index] = row[found.inputs.count + column]
      }
      return vector
    }
    try emit(Batch(columns: columns, count: rows.count))
  }
}
