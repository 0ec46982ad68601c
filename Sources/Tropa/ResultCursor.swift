internal import CypherExecution
internal import CypherPlanning
package import GraphColumns

/// The rows of a statement as they come. Belongs to one thread at a time. A reading statement sees
/// the state of its beginning, however long the cursor lives.
public final class ResultCursor: Sequence, IteratorProtocol {
  public let columns: [String]
  /// What is allowed in the statement but probably not meant, and, after the last row, what
  /// procedures told.
  public var notices: [QueryNotice] {
    planned + (context?.notices.map { QueryNotice($0) } ?? [])
  }
  /// What the statement changed so far.
  public var counters: QueryCounters { finished?.counters ?? QueryCounters() }
  /// The plan, for EXPLAIN and, after the last row, PROFILE.
  public private(set) var plan: String?
  /// Whether this is EXPLAIN: there is only a plan, and nothing is run.
  package var isExplained: Bool { execution == nil && statement != nil }
  /// Why the rows ended early, when `next()` returned nil through an error.
  public private(set) var error: QueryError?

  private let execution: QueryExecution?
  private let context: ExecutionContext?
  private let statement: PlannedStatement?
  private let planned: [QueryNotice]
  private var finished: QueryResult?
  private let start: ContinuousClock.Instant
  /// Called once, when the last row has been read or an error has ended the rows.
  private var whenEnded: ((Duration, QueryError?) -> Void)?
  private var batch: Batch?
  private var row = 0
  private var position = 0

  /// A statement that is run as it is read.
  init(
    _ statement: PlannedStatement, context: ExecutionContext, start: ContinuousClock.Instant,
    whenEnded: ((Duration, QueryError?) -> Void)?
  ) throws {
    self.whenEnded = whenEnded
    columns = statement.columns
    planned = statement.warnings.map { QueryNotice($0) }
    execution = try QueryExecution(statement, context: context)
    self.context = context
    self.statement = statement
    self.start = start
  }

  /// A statement that has run.
  init(_ result: QueryResult, start: ContinuousClock.Instant) {
    columns = result.columns
    planned = result.notices
    finished = result
    plan = result.plan
    execution = nil
    context = nil
    statement = nil
    self.start = start
  }

  /// EXPLAIN: no rows, only the plan.
  init(explaining statement: PlannedStatement, start: ContinuousClock.Instant) throws {
    columns = statement.columns
    planned = statement.warnings.map { QueryNotice($0) }
    plan = try PlanText.text(statement)
    finished = QueryResult(columns: statement.columns, batches: [], counters: UpdateCounters())
    execution = nil
    context = nil
    self.statement = statement
    self.start = start
  }

  /// The next batch of rows, nil at the end.
  package func nextBatch() throws(QueryError) -> Batch? {
    if let finished {
      guard position < finished.batches.count else { return nil }
      position += 1
      return finished.batches[position - 1]
    }
    guard let execution, let context else { return nil }
    do throws(QueryError) {
      let batch = try pull(execution, context)
      if batch == nil { end(nil) }
      return batch
    } catch {
      end(error)
      throw error
    }
  }

  /// The next rows as columns, nil at the end; for results of many rows. Rows that `nextRow()` has
  /// begun to give are not among them.
  public func nextColumns() throws(QueryError) -> ResultBatch? {
    try nextBatch().map { ResultBatch($0, columns: columns) }
  }

  private func end(_ error: QueryError?) {
    whenEnded?(ContinuousClock.now - start, error)
    whenEnded = nil
  }

  private func pull(
    _ execution: QueryExecution, _ context: ExecutionContext
  ) throws(QueryError) -> Batch? {
    try StatementRunner.report {
      if let batch = try StatementRunner.next(execution, context: context) { return batch }
      try StatementRunner.checkDamage(context.reader)
      if let statement, statement.mode == .profile {
        plan = try PlanText.text(statement, profile: execution)
      }
      return nil
    }
  }

  /// The next row, nil at the end.
  public func nextRow() throws(QueryError) -> Row? {
    while true {
      if let batch, row < batch.count {
        defer { row += 1 }
        return Row(columns: columns, values: batch.columns.map { $0.boxed(row) })
      }
      batch = try nextBatch()
      row = 0
      if batch == nil { return nil }
    }
  }

  /// For `for … in`: ends at an error too, which is then in `error`.
  public func next() -> Row? {
    do throws(QueryError) {
      return try nextRow()
    } catch {
      self.error = error
      return nil
    }
  }

  /// All rows that were not read yet.
  public func collect() throws(QueryError) -> QueryResult {
    var result: QueryResult
    if let finished { result = finished } else { result = try rest() }
    result.elapsed = ContinuousClock.now - start
    result.plan = plan
    result.notices = notices
    return result
  }

  private func rest() throws(QueryError) -> QueryResult {
    guard let context else {
      return QueryResult(columns: columns, batches: [], counters: UpdateCounters())
    }
    var rows = ResultRows(context.control)
    while let batch = try nextBatch() {
      do throws(QueryError) {
        try rows.append(batch)
      } catch {
        end(error)
        throw error
      }
    }
    return QueryResult(columns: columns, batches: rows.batches, counters: context.counters)
  }
}
