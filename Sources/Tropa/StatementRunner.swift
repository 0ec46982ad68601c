internal import Cypher
internal import CypherExecution
internal import CypherPlanning
internal import GraphColumns
internal import GraphStore

/// Text to plan to rows: what connections and procedures have in common.
enum StatementRunner {
  /// The plan of one statement, from the cache if the text was planned before with the same names
  /// of parameters and about as much data.
  static func plan(
    _ text: String, parameters: Dictionary<String, Value>.Keys, database: Database,
    reader: GraphReader, options: PlannerOptions = PlannerOptions()
  ) throws -> PlannedStatement {
    let key = PlanCache.Key(
      text: text, parameters: Set(parameters),
      nodesMagnitude: Int.bitWidth - reader.nodeCount.leadingZeroBitCount,
      relationshipsMagnitude: Int.bitWidth - reader.relationshipCount.leadingZeroBitCount,
      schema: reader.schema)
    let isShared = !reader.hasOwnSchema && options == PlannerOptions()
    if isShared, let plan = database.plans.plan(for: key) { return plan }
    let plan = try StatementStack.run(need: StatementStack.need(of: text)) {
      try Planner.plan(
        try Parser.parseStatement(text), source: SourceText(text),
        catalogue: StoreCatalogue(reader: reader, database: database),
        parameterNames: key.parameters, options: options)
    }
    // What is unknown today may be known tomorrow.
    if isShared && plan.warnings.allSatisfy(\.kind.isLasting) {
      database.plans.insert(plan, for: key)
    }
    return plan
  }

  /// Runs a plan to its end and keeps all rows.
  static func run(_ statement: PlannedStatement, context: ExecutionContext) throws -> QueryResult {
    let execution = try QueryExecution(statement, context: context)
    var rows = ResultRows(context.control)
    while let batch = try next(execution, context: context) { try rows.append(batch) }
    try checkDamage(context.reader)
    var result = QueryResult(
      columns: statement.columns, batches: rows.batches, counters: context.counters)
    result.notices = (statement.warnings + context.notices).map { QueryNotice($0) }
    if statement.mode == .profile {
      result.plan = try PlanText.text(statement, profile: execution)
    }
    return result
  }

  /// Some look-ups cannot throw; what they found damaged is told when the rows are at their end.
  static func checkDamage(_ reader: GraphReader) throws {
    if let damage = reader.damage { throw damage }
  }

  /// The next rows, with entities filled in; nil at the end.
  static func next(_ execution: QueryExecution, context: ExecutionContext) throws -> Batch? {
    try execution.statement.onStack {
      while let batch = try execution.next() {
        if batch.count > 0 { return try materialized(batch, context: context) }
      }
      return nil
    }
  }

  /// The batch with entities filled in. In an updating statement text is copied too: it may lie in
  /// the transaction's memory.
  private static func materialized(_ batch: Batch, context: ExecutionContext) throws -> Batch {
    var result = try ResultMaterializer.batch(batch, context: context)
    if context.transaction == nil { return result }
    for (index, vector) in result.columns.enumerated() where vector.type == .string {
      let copy = Vector(type: .any, capacity: batch.count)
      for row in 0..<batch.count { copy.values[row] = vector.boxed(row) }
      copy.count = batch.count
      result.columns[index] = copy
    }
    return result
  }

  /// Any error as the kind that statements throw.
  static func report<T>(_ body: () throws -> T) throws(QueryError) -> T {
    do {
      return try body()
    } catch let error as QueryError {
      throw error
    } catch let error as StoreError {
      throw QueryError(error)
    } catch {
      throw QueryError(.procedureError, "Failed", "\(error)")
    }
  }
}
