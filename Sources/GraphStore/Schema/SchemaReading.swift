package import GraphColumns
package import GraphTypes

extension GraphReader {
  /// Indexes and constraints of the state.
  package final var schema: Schema { transactionSchema?.definitions ?? core.base.schema }
  /// Whether this is the schema of a transaction that has changed it. Its version and ids may come
  /// again for something else, should the transaction be given up.
  package final var hasOwnSchema: Bool { schema !== core.base.schema }

  private func rangeSearch(_ index: IndexDefinition) throws(StoreError) -> RangeIndexSearch {
    guard schema.index(id: index.id) != nil else {
      throw StoreError(.schemaNotFound, "there is no index \(index.name) any more")
    }
    return try RangeIndexSearch(index, self, overlay: transactionSchema?.overlay(of: index))
  }

  /// The nodes that an index finds, appended in the order of the index (equal values: ascending).
  /// Exact: no need to compare the values again.
  /// - Complexity: O(log entries + result).
  package final func search(
    _ index: IndexDefinition, _ search: IndexSearch, appendingTo nodes: inout [NodeID]
  ) throws(StoreError) {
    let searches = try rangeSearch(index)
    try searches.search(search, appendingTo: &nodes)
  }

  /// The same for an index of relationships.
  package final func search(
    _ index: IndexDefinition, _ search: IndexSearch,
    appendingTo relationships: inout [RelationshipRef]
  ) throws(StoreError) {
    let searches = try rangeSearch(index)
    try searches.search(search, appendingTo: &relationships)
  }

  /// Looks many single values up in an index of nodes with one key; keeps what it needs open, so
  /// that a look-up allocates nothing. Belongs to one thread; valid as long as the reader.
  package final func lookup(_ index: IndexDefinition) throws(StoreError) -> IndexLookup {
    IndexLookup(index, self, try rangeSearch(index))
  }

  /// About how many entries a search finds: exact for few, and for one key.
  /// - Complexity: O(log entries).
  package final func estimatedCount(_ index: IndexDefinition, _ search: IndexSearch) -> Double {
    guard let estimate = try? rangeSearch(index).estimatedCount(search) else { return 0 }
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

/// See `GraphReader.lookup`.
package final class IndexLookup {
  /// Kept alive.
  private let reader: GraphReader
  private let search: RangeIndexSearch
  private var key: IndexKey

  init(_ index: IndexDefinition, _ reader: GraphReader, _ search: consuming RangeIndexSearch) {
    precondition(index.keys.count == 1 && !index.onRelationships, "an index with one key of nodes")
    self.reader = reader
    self.search = search
    key = IndexKey(index: index.id)
  }

  /// Appends the nodes whose key equals the value (in Cypher's sense: 1 finds 1.0; null finds none).
  package func find(_ value: Value, appendingTo nodes: inout [NodeID]) throws(StoreError) {
    if case .integer(let number) = value { return try find(number, appendingTo: &nodes) }
    guard Value.equals(value, value) == true else { return }
    key.removeAll()
    key.append(value, isLast: true)
    try search.findExactly([value], key, appendingTo: &nodes)
  }

  package func find(_ value: Int64, appendingTo nodes: inout [NodeID]) throws(StoreError) {
    key.removeAll()
    key.append(value)
    try search.find(key, appendingTo: &nodes)
  }

  /// A text in UTF-8.
  package func find(
    _ text: UnsafeBufferPointer<UInt8>, appendingTo nodes: inout [NodeID]
  ) throws(StoreError) {
    key.removeAll()
    key.append(text: text, isLast: true)
    if key.isFull {
      let value = Value.string(String(decoding: text, as: UTF8.self))
      try search.findExactly([value], key, appendingTo: &nodes)
    } else {
      try search.find(key, appendingTo: &nodes)
    }
  }
}
