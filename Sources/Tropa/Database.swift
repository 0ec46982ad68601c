internal import CypherExecution
internal import CypherPlanning
package import GraphStore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A property-graph database in one file. Many connections, threads and processes may have it open
/// at once; one writes at a time, and readers never wait.
///
/// ```swift
/// let database = try Database.open("shop.tropa")
/// let result = try database.query(
///   "MATCH (c:Client)-[p:PURCHASED]->() WHERE c.city = $city RETURN c.name AS name, sum(p.amount) AS money",
///   parameters: ["city": .string("Казань")])
/// for row in result { print(row["name"], row["money"]) }
/// ```
public final class Database: Sendable {
  package let store: Store
  let registry = ProcedureRegistry()
  let functions = FunctionRegistry()
  let plans = PlanCache()
  let log: StatementLog?
  package let graphs = GraphCatalogue()
  let tasks = RunningTasks()

  /// How many threads may work on one statement.
  let threads: Int
  /// Limits of statements that have none of their own.
  let memoryLimit: Int
  let spilling: Spilling

  private init(_ store: Store, _ options: DatabaseOptions) throws(QueryError) {
    self.store = store
    log = StatementLog(options)
    threads = max(1, options.threads ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    memoryLimit = options.memoryLimit
    spilling = options.spilling
    for procedure in BuiltInProcedures.all(database: self) { try registry.register(procedure) }
  }

  /// Opens a database file, and makes it if it is missing and the options allow it.
  ///
  /// - Throws: `QueryError` of kind `.storage` or `.databaseLocked` that says what is wrong with
  ///   the file and what to do.
  public static func open(
    _ path: String, options: DatabaseOptions = .init()
  ) throws(QueryError) -> Database {
    do throws(StoreError) {
      return try reporting(Store.open(path, options: options.storeOptions), options)
    } catch {
      throw QueryError(error)
    }
  }

  /// A database in a temporary file that vanishes with the object.
  public static func temporary() throws(QueryError) -> Database {
    do throws(StoreError) {
      return try reporting(Store.temporary(), DatabaseOptions())
    } catch {
      throw QueryError(error)
    }
  }

  private static func reporting(
    _ store: Store, _ options: DatabaseOptions
  ) throws(StoreError) -> Database {
    do {
      return try Database(store, options)
    } catch {
      throw StoreError(.invalidArgument, error.message)
    }
  }

  /// The file's path.
  public var path: String { store.path }

  /// A line of work of its own: explicit transactions, cancellation.
  public func connect() -> Connection { Connection(self) }

  /// Runs one statement in a transaction of its own and gives all its rows.
  ///
  /// - Throws: `QueryError` with a place in the text, a message and a hint; nothing is changed then.
  @discardableResult
  public func query(
    _ text: String, parameters: [String: Value] = [:], options: QueryOptions = .init()
  ) throws(QueryError) -> QueryResult {
    try connect().query(text, parameters: parameters, options: options)
  }

  /// Adds a procedure of the host application; CALL reaches it by its name from now on.
  ///
  /// - Throws: `QueryError` if there is one of that name already.
  public func register(_ procedure: Procedure) throws(QueryError) {
    try registry.register(procedure)
    plans.removeAll()
  }

  /// Removes a procedure that `register` added.
  public func unregister(_ name: String) {
    registry.remove(name)
    plans.removeAll()
  }

  /// Adds a function of the host application; expressions call it by its name from now on.
  ///
  /// - Throws: `QueryError` if there is one of that name already, built in or added.
  public func register(_ function: Function) throws(QueryError) {
    try functions.register(function)
    plans.removeAll()
  }

  /// Removes a function that `register` added.
  public func unregister(function name: String) {
    functions.remove(name)
    plans.removeAll()
  }

  /// Empties the database: data, names, indexes, constraints and projections.
  public func reset() throws(QueryError) {
    do throws(StoreError) { try store.reset() } catch { throw QueryError(error) }
    graphs.removeAll()
    plans.removeAll()
  }

  /// Ends the use of the file. Results that are still being read keep it open until they are done.
  public func close() {
    // Projections keep snapshots.
    graphs.removeAll()
    store.close()
  }
}

extension QueryError {
  /// What the store refuses or cannot do, as statements report it.
  package init(_ error: StoreError) {
    let (kind, detail): (Kind, String) =
      switch error.code {
      case .cancelled: (.cancelled, "Cancelled")
      case .locked: (.databaseLocked, error.code.rawValue)
      case .constraint: (.constraintValidationFailed, "ConstraintValidationFailed")
      case .schemaConflict: (.schemaError, "EquivalentSchemaRuleAlreadyExists")
      case .schemaNotFound: (.schemaError, "IndexNotFound")
      default: (.storage, error.code.rawValue)
      }
    self.init(kind, detail, error.message, hint: error.hint)
  }
}
