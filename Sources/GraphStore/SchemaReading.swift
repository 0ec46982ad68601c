package import GraphColumns
package import GraphTypes

// CONTRACT: bodies come with the range indexes.

extension GraphReader {
  /// Indexes and constraints of the state.
  package var schema: Schema { .empty }

  /// The nodes that an index finds, appended in the order of the index (equal values: ascending).
  /// Exact: no need to compare the values again.
  /// - Complexity: O(log entries + result).
  package func search(
    _ index: IndexDefinition, _ search: IndexSearch, appendingTo nodes: inout [NodeID]
  ) throws(StoreError) {
    throw StoreError(.invalidArgument, "there are no indexes yet")
  }

  /// The same for an index of relationships.
  package func search(
    _ index: IndexDefinition, _ search: IndexSearch,
    appendingTo relationships: inout [RelationshipRef]
  ) throws(StoreError) {
    throw StoreError(.invalidArgument, "there are no indexes yet")
  }

  /// Looks many single values up in an index of nodes with one key; keeps what it needs open, so
  /// that a look-up allocates nothing. Belongs to one thread; valid as long as the reader.
  package func lookup(_ index: IndexDefinition) throws(StoreError) -> IndexLookup {
    IndexLookup()
  }

  /// About how many entries a search finds; cheap.
  package func estimatedCount(_ index: IndexDefinition, _ search: IndexSearch) -> Double { 0 }

  /// Entries, and distinct values (of all keys together), of an index; estimates.
  package func statistics(of index: IndexDefinition) -> (entries: Double, distinct: Double) {
    (0, 0)
  }
}

/// See `GraphReader.lookup`.
package final class IndexLookup {
  /// Appends the nodes whose key equals the value (in Cypher's sense: 1 finds 1.0; null finds none).
  package func find(_ value: Value, appendingTo nodes: inout [NodeID]) throws(StoreError) {}
  package func find(_ value: Int64, appendingTo nodes: inout [NodeID]) throws(StoreError) {}
}

extension WriteTransaction {
  /// Makes an index and fills it from the data as the transaction sees it. `id` and `state` of the
  /// definition are given by the store.
  /// - Parameter progress: called with the share that is done.
  /// - Throws: `schemaConflict`; `constraint` if it is unique and the data is not.
  @discardableResult
  package func createIndex(
    _ definition: IndexDefinition, progress: ((Double) -> Void)? = nil
  ) throws(StoreError) -> IndexDefinition {
    throw StoreError(.invalidArgument, "there are no indexes yet")
  }

  /// Makes a constraint with the index it needs and checks the data.
  /// - Throws: `schemaConflict`; `constraint`, naming an entity that violates it.
  @discardableResult
  package func createConstraint(
    _ definition: ConstraintDefinition, progress: ((Double) -> Void)? = nil
  ) throws(StoreError) -> ConstraintDefinition {
    throw StoreError(.invalidArgument, "there are no constraints yet")
  }

  /// - Throws: `schemaNotFound`; `schemaConflict` for the index of a constraint.
  package func dropIndex(named name: String) throws(StoreError) {
    throw StoreError(.schemaNotFound, "there is no index \(name)")
  }
  /// Also drops its index.
  package func dropConstraint(named name: String) throws(StoreError) {
    throw StoreError(.schemaNotFound, "there is no constraint \(name)")
  }
}
