internal import Cypher
internal import CypherExecution
internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
import Synchronization

/// A line of work on a database: statements one after the other, with or without an explicit
/// transaction. Belongs to one thread at a time; only `cancel` may come from others.
public final class Connection: @unchecked Sendable {
  public let database: Database
  private var transaction: ExplicitTransaction?
  private let running = Mutex<ExecutionControl?>(nil)

  private final class ExplicitTransaction {
    let access: TransactionAccess
    /// The state that its statements read while it has changed nothing; from the first one on.
    var snapshot: GraphReader?
    /// From the first statement that changes the graph on.
    var write: WriteTransaction?
    /// Why it can only be rolled back.
    var failure: QueryError?
    init(_ access: TransactionAccess) { self.access = access }
  }

  init(_ database: Database) { self.database = database }

  // MARK: Transactions

  public var isInTransaction: Bool { transaction != nil }

  /// Begins a transaction that all following statements belong to, until `commit` or `rollback`.
  ///
  /// - Throws: with `access` `.write`, `QueryError` of kind `.databaseLocked` if another writer does
  ///   not finish within the lock timeout.
  public func begin(_ access: TransactionAccess = .automatic) throws(QueryError) {
    guard transaction == nil else {
      throw QueryError(
        .semanticError, "TransactionOpen", "a transaction is open already",
        hint: "commit it or roll it back first")
    }
    let begun = ExplicitTransaction(access)
    if access == .write {
      begun.write = try StatementRunner.report { try database.store.beginWrite(isShort: false) }
    }
    transaction = begun
  }

  /// Makes the transaction's changes lasting and visible. After an error in one of its statements
  /// it is rolled back instead, and the error is thrown again.
  public func commit() throws(QueryError) {
    let open = try openTransaction()
    transaction = nil
    if let failure = open.failure {
      open.write?.abort()
      throw QueryError(
        failure.kind, failure.detail,
        "the transaction was rolled back, because a statement in it failed: \(failure.message)")
    }
    try StatementRunner.report { try open.write?.commit() }
  }

  public func rollback() throws(QueryError) {
    let open = try openTransaction()
    transaction = nil
    open.write?.abort()
  }

  /// Lets a transaction that was begun to read go on in its state after a statement that failed;
  /// there is nothing to undo.
  package func resumeReading() {
    if transaction?.access == .read { transaction?.failure = nil }
  }

  private func openTransaction() throws(QueryError) -> ExplicitTransaction {
    guard let transaction else {
      throw QueryError(
        .semanticError, "NoTransaction", "no transaction is open", hint: "begin one first")
    }
    return transaction
  }

  /// Runs the body in a transaction: commits when it returns, rolls back when it throws. What the
  /// body reads is still so when it writes, unless another access than `.write` is asked for.
  public func transaction<T>(
    _ access: TransactionAccess = .write, _ body: (Connection) throws -> T
  ) throws -> T {
    try begin(access)
    do {
      let result = try body(self)
      try commit()
      return result
    } catch {
      if isInTransaction { try rollback() }
      throw error
    }
  }

  // MARK: Statements

  /// Ends the statement that is running, from any thread: it throws an error of kind `.cancelled`
  /// and its changes are undone.
  public func cancel() { running.withLock { $0?.cancel() } }

  /// Runs one statement and gives all its rows.
  ///
  /// - Throws: `QueryError` with a place in the text, a message and a hint. Outside of a
  ///   transaction nothing is changed then; inside, the transaction can only be rolled back.
  @discardableResult
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = .init()
  ) throws(QueryError) -> QueryResult {
    let cursor = try stream(text, parameters: parameters, options: options)
    return try cursor.collect()
  }

  /// Runs one statement and gives its rows as they come. A statement that changes the graph is run
  /// to its end at once.
  public func stream(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = .init()
  ) throws(QueryError) -> ResultCursor {
    if let failure = transaction?.failure {
      throw QueryError(
        failure.kind, failure.detail,
        "a statement in this transaction failed, so it can only be rolled back: \(failure.message)")
    }
    let start = ContinuousClock.now
    do {
      return try StatementRunner.report {
        try run(text, parameters: parameters, options: options, start: start)
      }
    } catch {
      transaction?.failure = error
      database.log?.failed(text, after: ContinuousClock.now - start, error)
      throw error
    }
  }

  private func run(
    _ text: String, parameters: [String: Value], options: QueryOptions,
    start: ContinuousClock.Instant
  ) throws -> ResultCursor {
    let reader =
      try transaction?.write?.reader ?? transaction?.snapshot ?? database.store.snapshot()
    let statement = try StatementRunner.plan(
      text, parameters: parameters.keys, database: database, reader: reader,
      options: options.planner)
    if statement.mode == .explain {
      return try ResultCursor(explaining: statement, start: start)
    }
    if statement.isUpdating && options.isReadOnly {
      throw QueryError(
        .semanticError, "ReadOnlyStatement",
        "the statement changes the graph, and only reading is allowed here", phase: .compile)
    }
    let control = ExecutionControl(
      timeout: options.timeout, memoryLimit: options.memoryLimit ?? database.memoryLimit,
      spillDirectory: (options.spilling ?? database.spilling).directory(besides: database.path))
    running.withLock { $0 = control }
    if let transaction {
      if statement.isUpdating { try prepareToWrite(transaction, options) }
      if transaction.write == nil { transaction.snapshot = reader }
      let result = try complete(
        statement, transaction.write?.reader ?? reader, transaction.write, parameters, control,
        options)
      database.log?.ended(text, after: ContinuousClock.now - start)
      return ResultCursor(result, start: start)
    }
    if !statement.isUpdating {
      let context = context(reader, nil, parameters, control, options)
      let log = database.log
      return try ResultCursor(
        statement, context: context, start: start,
        whenEnded: log.map { log in
          { time, error in
            if let error {
              log.failed(text, after: time, error)
            } else {
              log.ended(text, after: time)
            }
          }
        })
    }
    let write = try database.store.beginWrite(
      waitingAtMost: options.timeout,
      isShort: try statement.onStack { statement.plan.isShort })
    do {
      let result = try complete(
        statement, write.reader, write, parameters, control, options)
      try write.commit()
      database.log?.ended(text, after: ContinuousClock.now - start)
      return ResultCursor(result, start: start)
    } catch {
      write.abort()
      throw error
    }
  }

  /// Makes a transaction a writing one, if it is not yet: of the state that it has read, or none.
  private func prepareToWrite(
    _ transaction: ExplicitTransaction, _ options: QueryOptions
  ) throws {
    if transaction.write != nil { return }
    if transaction.access == .read {
      throw QueryError(
        .storage, "ReadOnlyTransaction",
        "the statement changes the graph, but the transaction was begun to read",
        hint: "begin one to write")
    }
    let write = try database.store.beginWrite(waitingAtMost: options.timeout, isShort: false)
    if let snapshot = transaction.snapshot, snapshot.stateNumber != write.reader.stateNumber {
      write.abort()
      throw QueryError(
        .transactionConflict, "Outdated",
        "the database has been changed since the transaction read it, so that the transaction cannot "
          + "write any more",
        hint: "roll it back and run it again, or begin it to write from the start")
    }
    transaction.write = write
    transaction.snapshot = nil
  }

  private func complete(
    _ statement: PlannedStatement, _ reader: GraphReader, _ write: WriteTransaction?,
    _ parameters: [String: Value], _ control: ExecutionControl, _ options: QueryOptions
  ) throws -> QueryResult {
    let context = context(reader, write, parameters, control, options)
    return try StatementRunner.run(statement, context: context)
  }

  private func context(
    _ reader: GraphReader, _ write: WriteTransaction?, _ parameters: [String: Value],
    _ control: ExecutionControl, _ options: QueryOptions
  ) -> ExecutionContext {
    let context = ExecutionContext(
      reader: reader, transaction: write, parameters: parameters,
      procedures: DatabaseProcedures(database: database), statementTime: SystemClock.now,
      control: control, threads: options.threads ?? database.threads)
    context.collation = options.collation
    context.progress = options.progress
    if let rows = options.parallelRows { context.parallelRows = rows }
    return context
  }
}

/// How an explicit transaction uses the graph.
public enum TransactionAccess: String, CaseIterable, Sendable {
  /// Reads one state, that of its first statement, and lets others write; its first statement that
  /// changes the graph makes it a writing one. If the database has been changed in between, that
  /// statement fails with `QueryError.Kind.transactionConflict`: what was read may not be so any
  /// more.
  case automatic
  /// Reads the state of its first statement; statements that would change the graph are errors.
  case read
  /// Nobody else writes from its beginning to its end.
  case write
}

extension Plan {
  /// Whether it will be done in some milliseconds, by the planner's estimate. How long a list that
  /// is not written out will be, or what a procedure does, the planner does not know.
  fileprivate var isShort: Bool {
    switch operation {
    case .schema, .callProcedure: return false
    case .unwind(let list, _):
      guard case .list = list else { return false }
    default: break
    }
    return estimatedRows < 10_000 && inputs.allSatisfy(\.isShort)
  }
}
