extension GraphReader {
  /// Indexes and constraints of the state.
  package final var schema: Schema { transactionSchema?.definitions ?? core.base.schema }
  /// Whether this is the schema of a transaction that has changed it. Its version and ids may come
  /// again for something else, should the transaction be given up.
  package final var hasOwnSchema: Bool { schema !== core.base.schema }

  /// Searches of a range index. Valid as long as the index is there.
  package final func search(of index: IndexDefinition) throws(StoreError) -> RangeIndexSearch {
    guard schema.index(id: index.id) != nil else {
      throw StoreError(.schemaNotFound, "there is no index \(index.name) any more")
    }
    return try RangeIndexSearch(
      index, self, owner: self, overlay: transactionSchema?.overlay(of: index))
  }

  /// About how many entries a search finds: exact for few, and for one key.
  /// - Complexity: O(log entries).
  package final func estimatedCount(_ index: IndexDefinition, _ search: IndexSearch) -> Double {
    guard let estimate = try? self.search(of: index).estimatedCount(search) else { return 0 }
    return estimate
  }

  /// Entries, and distinct values (of all keys together), of an index. In a transaction, changed
  /// entries count as values of their own.
  package final func statistics(
    of index: IndexDefinition
  ) -> (entries: Double, distinct: Double) {
    let stored = (try? core.statistics(ofIndex: index.id)) ?? IndexStatistics()
    let overlay = transactionSchema?.overlay(of: index)
    let change = Double((overlay?.addedCount ?? 0) - (overlay?.removedCount ?? 0))
    let entries = max(0, Double(stored.entries) + change)
    let distinct = index.isUnique ? entries : Double(stored.distinct) + max(0, change)
    return (entries, min(entries, distinct))
  }
}
