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
    reader: GraphReader
  ) throws -> PlannedStatement {
    let key = PlanCache.Key(
      text: text, parameters: Set(parameters),
      nodesMagnitude: Int.bitWidth - reader.nodeCount.leadingZeroBitCount,
      relationshipsMagnitude: Int.bitWidth - reader.relationshipCount.leadingZeroBitCount)
    if let plan = database.plans.plan(for: key) { return plan }
    let statement = try Parser.parseStatement(text)
    let plan = try Planner.plan(
      statement, source: SourceText(text),
      catalogue: StoreCatalogue(reader: reader, registry: database.registry),
      parameterNames: key.parameters)
    database.plans.insert(plan, for: key)
    return plan
  }

  /// Runs a plan to its end and keeps all rows.
  static func run(_ statement: PlannedStatement, context: ExecutionContext) throws -> QueryResult {
    let execution = try QueryExecution(statement, context: context)
    var batches: [Batch] = []
    while let batch = try execution.next() {
      if batch.count > 0 {
        batches.append(try materialized(batch, context: context))
      }
    }
    var result = QueryResult(
      columns: statement.columns, batches: batches, counters: context.counters)
    if statement.mode == .profile {
      result.plan = PlanText.text(statement, profile: execution.profile)
    }
    return result
  }

  /// The batch with entities filled in. In an updating statement everything is copied: its columns
  /// may lie in the transaction's memory.
  static func materialized(_ batch: Batch, context: ExecutionContext) throws -> Batch {
    var batch = batch
    for (index, vector) in batch.columns.enumerated() {
      switch vector.type {
      case .node, .relationship, .any: break
      case .string where context.transaction != nil: break
      default: continue
      }
      let copy = Vector(type: .any, capacity: batch.count)
      for row in 0..<batch.count {
        copy.values[row] = try ResultMaterializer.value(vector, row: row, context: context)
      }
      copy.count = batch.count
      batch.columns[index] = copy
    }
    return batch
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
