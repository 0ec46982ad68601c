internal import GraphTypes

/// What a write transaction sees: the committed state, the changes of transactions that are to be
/// committed together with it, and its own.
final class TransactionReader: GraphReader, @unchecked Sendable {
  /// Of indexes and constraints.
  let schemaChanges = SchemaChanges()
}
