internal import GraphTypes

/// What a write transaction sees: the committed state, the changes of transactions that are to be
/// committed together with it, and its own.
final class TransactionReader: GraphReader, @unchecked Sendable {
  let schemaChanges = SchemaChanges()

  override init(_ store: Store, _ hold: SnapshotHold, _ state: GraphState) {
    super.init(store, hold, state)
    schemaChanges.attach(self)
  }

  override var transactionSchema: SchemaChanges? { schemaChanges }
}
