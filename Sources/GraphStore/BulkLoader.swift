package import GraphColumns
package import GraphTypes

// CONTRACT between the store and importers.

/// Loads many nodes and relationships at once in the layout of the store: each label set gets its
/// own run of segments, relationships are sorted by their start.
///
/// A new database is built in a temporary file beside its place and renamed when it is whole; to an
/// existing one everything is added in one transaction. Without `finish` nothing is visible.
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

  /// - Throws: `alreadyExists` if there is a file at `path`.
  package init(creating path: String, options: StoreOptions = .init()) throws(StoreError) {
    fatalError("contract")
  }
  package init(addingTo store: Store) throws(StoreError) { fatalError("contract") }

  /// The state before the load, to look existing nodes up; nil for a new database.
  package var existing: GraphReader? { fatalError("contract") }

  /// - Returns: the ids of the `count` nodes, as runs of consecutive ids in row order.
  package func addNodes(
    labels: [String], columns: [Column], count: Int
  ) throws -> [Range<UInt64>] { fatalError("contract") }

  /// Sets properties of an existing node (additions only).
  package func update(_ node: NodeID, key: String, value: Value) throws { fatalError("contract") }

  /// - Parameters: `from`, `to`: node rows, `count` each.
  package func addRelationships(
    type: String, from: UnsafePointer<UInt32>, to: UnsafePointer<UInt32>, columns: [Column],
    count: Int
  ) throws { fatalError("contract") }

  /// Sorts, encodes, writes, syncs and puts in place. Calls `progress` with a fraction 0 … 1.
  package func finish(progress: ((Double) -> Void)? = nil) throws -> Summary {
    fatalError("contract")
  }
  /// Removes the temporary file, or rolls the transaction back.
  package func cancel() { fatalError("contract") }
}
