package import CypherPlanning
internal import GraphStore
public import Logging

/// How a database is opened.
public struct DatabaseOptions: Sendable {
  public enum Access: Sendable { case readOnly, readWrite }
  /// What a commit promises when the machine (not only the process) fails.
  public enum Durability: String, Sendable {
    /// Nothing acknowledged is lost.
    case full
    /// The last commits may be lost, never integrity.
    case relaxed
  }
  public var access = Access.readWrite
  public var durability = Durability.full
  /// Whether a missing file is made; otherwise it is an error.
  public var createIfMissing = true
  /// How long an updating statement waits for another writer.
  public var lockTimeout = Duration.seconds(10)
  /// Told when that takes longer than a second, with a sentence that says for which process it is.
  public var whileWaiting: (@Sendable (String) -> Void)?
  /// How many threads may work on one statement; nil: as many as the machine has processors.
  public var threads: Int?
  /// Bytes that all operators of a statement and its result may hold.
  public var memoryLimit = 8 << 30
  /// Where sorts, groups, joins and their like go when they come near the memory limit.
  public var spilling = Spilling.automatic
  /// Told of every statement at level `debug`, and at `notice` of those that took longer than
  /// `slowStatement` and of those that failed. Nil: nothing is logged. Parameters never are.
  public var logger: Logger?
  public var slowStatement = Duration.seconds(1)
  public init() {}

  var storeOptions: StoreOptions {
    var options = StoreOptions()
    options.access = access == .readOnly ? .readOnly : .readWrite
    options.durability = durability == .full ? .full : .relaxed
    options.createIfMissing = createIfMissing && access == .readWrite
    options.lockTimeout = lockTimeout
    if let whileWaiting { options.whileWaiting = { whileWaiting($0.description) } }
    return options
  }
}

/// Limits of one statement.
public struct QueryOptions: Sendable {
  /// Nil: no limit.
  public var timeout: Duration?
  /// Bytes that all operators of the statement and its result may hold; nil: as the database's
  /// options say.
  public var memoryLimit: Int?
  /// Nil: as the database's options say. The result does not depend on it.
  public var spilling: Spilling?
  /// Nil: as the database's options say. The result does not depend on it.
  public var threads: Int?
  /// Refuses a statement that would change the graph.
  public var isReadOnly = false
  /// The order of strings in ORDER BY; `min`, `max` and comparisons go by code points always.
  public var collation = TextCollation.codePoints
  /// Told what is done, such as "gds.pageRank: iteration 3 of at most 20", and the share of it that
  /// is, up to 1, while an index, a constraint or a graph algorithm takes its time. Called from any
  /// thread, one at a time.
  public var progress: (@Sendable (_ task: String, _ share: Double) -> Void)?
  /// Which rewrites of plans are in force; the result does not depend on it.
  package var planner = PlannerOptions()
  /// How many rows are work for several threads; nil: as many as are worth it.
  package var parallelRows: Double?
  public init(timeout: Duration? = nil) { self.timeout = timeout }
}
