package import GraphTypes

// CONTRACT: the file.

package struct StoreOptions: Sendable {
  package enum Access: Sendable { case readOnly, readWrite }
  package enum Durability: String, Sendable { case full, relaxed, bulk }
  package var access = Access.readWrite
  package var durability = Durability.full
  package var createIfMissing = true
  /// How long a write transaction waits for another writer.
  package var lockTimeout = Duration.seconds(10)
  package init() {}
}

/// A database file. Opening it twice in one process gives the same environment.
package final class Store: @unchecked Sendable {
  init() {}
  package static func open(_ path: String, options: StoreOptions = .init()) throws(StoreError) -> Store {
    fatalError("contract")
  }
  /// A database in a temporary folder that vanishes when the store is closed or dropped.
  package static func temporary() throws(StoreError) -> Store { fatalError("contract") }
  package var path: String { fatalError("contract") }
  package var isReadOnly: Bool { fatalError("contract") }
  /// The newest committed state. Shared while nothing is committed in between.
  package func snapshot() throws(StoreError) -> GraphReader { fatalError("contract") }
  /// Waits for the write lock, up to `lockTimeout` (or `timeout`): `locked` names who holds it.
  package func beginWrite(timeout: Duration? = nil) throws(StoreError) -> WriteTransaction {
    fatalError("contract")
  }
  /// Removes all data, names, indexes and constraints.
  package func reset() throws(StoreError) { fatalError("contract") }
  package func close() { fatalError("contract") }
}
