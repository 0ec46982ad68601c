package import GraphColumns
package import GraphTypes

/// Loads many nodes and relationships at once in the layout of the store: each label set gets its
/// own run of segments, relationships are sorted by their start.
///
/// A new database is built in a temporary file beside its place and put there when it is whole; to
/// an existing one everything is added in one transaction. Without `finish` nothing is visible.
/// Belongs to one thread at a time.
package final class BulkLoader {
  /// A column of a batch: vector types as in `VectorType` without node and relationship. The
  /// loader copies what it needs before `add…` returns.
  package struct Column {
    package var key: String
    package var values: Vector
    package init(key: String, values: Vector) {
      self.key = key
      self.values = values
    }
  }
  package struct Summary: Sendable {
    package var nodes = 0
    package var relationships = 0
    package var properties = 0
  }

  private enum Target {
    case creation(BulkCreation)
    case addition(BulkAddition)
    case ended
  }
  private var target: Target

  /// The state before the load, to look existing nodes up; nil for a new database.
  package let existing: GraphReader?

  /// - Throws: `alreadyExists` if there is a file at `path`.
  package init(creating path: String, options: StoreOptions = .init()) throws(StoreError) {
    target = .creation(try BulkCreation(path, durability: options.durability))
    existing = nil
  }

  /// For tests of what happens when memory is short.
  init(creating path: String, waitingMaximum: Int, commitSize: Int) throws(StoreError) {
    target = .creation(
      try BulkCreation(
        path, durability: .bulk, waitingMaximum: waitingMaximum, commitSize: commitSize))
    existing = nil
  }

  package init(addingTo store: Store) throws(StoreError) {
    let addition = try BulkAddition(store)
    target = .addition(addition)
    existing = addition.before
  }

  deinit { cancel() }

  /// - Returns: the ids of the `count` nodes, as runs of consecutive ids in row order.
  package func addNodes(
    labels: [String], columns: [Column], count: Int
  ) throws -> [Range<UInt64>] {
    try Self.check(columns, count)
    switch target {
    case .creation(let creation):
      return try creation.addNodes(labels: labels, columns: columns, count: count)
    case .addition(let addition):
      return try addition.addNodes(labels: labels, columns: columns, count: count)
    case .ended: throw Self.hasEnded
    }
  }

  /// Sets properties of an existing node (additions only).
  package func update(_ node: NodeID, key: String, value: Value) throws {
    switch target {
    case .addition(let addition): try addition.update(node, key: key, value: value)
    case .creation:
      throw StoreError(
        .invalidArgument, "a new database has no nodes to change",
        hint: "give the nodes all their properties when they are added")
    case .ended: throw Self.hasEnded
    }
  }

  /// - Parameters: `from`, `to`: node rows, `count` each.
  package func addRelationships(
    type: String, from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>, columns: [Column],
    count: Int
  ) throws {
    try Self.check(columns, count)
    switch target {
    case .creation(let creation):
      try creation.addRelationships(
        type: type, from: from, to: to, columns: columns, count: count)
    case .addition(let addition):
      try addition.addRelationships(
        type: type, from: from, to: to, columns: columns, count: count)
    case .ended: throw Self.hasEnded
    }
  }

  /// Makes an index or constraint at the end, unless an addition finds it there already. What is
  /// loaded must satisfy a constraint: `finish` names two nodes that do not.
  package func add(_ request: BulkSchemaRequest) throws(StoreError) {
    switch target {
    case .creation(let creation): creation.requests.append(request)
    case .addition(let addition): addition.requests.append(request)
    case .ended: throw Self.hasEnded
    }
  }

  /// Sorts, encodes, writes, syncs and puts in place. Calls `progress` with a fraction 0 … 1.
  ///
  /// The load has ended afterwards, also when this throws: then nothing of it is stored.
  package func finish(progress: ((Double) -> Void)? = nil) throws -> Summary {
    defer { cancel() }
    switch target {
    case .creation(let creation): return try creation.finish(progress: progress)
    case .addition(let addition): return try addition.finish(progress: progress)
    case .ended: throw Self.hasEnded
    }
  }

  /// Removes the temporary file, or rolls the transaction back. After `finish` it does nothing.
  package func cancel() {
    switch target {
    case .creation(let creation): creation.cancel()
    case .addition(let addition): addition.cancel()
    case .ended: break
    }
    target = .ended
  }

  private static var hasEnded: StoreError {
    StoreError(.invalidArgument, "the load has already ended", hint: "begin another one")
  }

  private static func check(_ columns: [Column], _ count: Int) throws(StoreError) {
    for column in columns
    where column.values.type == .node || column.values.type == .relationship
      || (!column.values.isConstant && column.values.capacity < count)
    {
      throw StoreError(
        .invalidArgument, "the column '\(column.key)' cannot be stored",
        hint: "give it \(count) values that a property can have")
    }
  }
}
