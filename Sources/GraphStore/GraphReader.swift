package import GraphColumns
package import GraphTypes

// CONTRACT between the store and its readers (executor, algorithms, import).

/// One consistent state of the graph, read in place: a snapshot, or what a write transaction sees
/// of itself.
///
/// A snapshot's reader may be used by many threads at once. A write transaction's reader follows
/// the transaction's changes and belongs to its thread; what it hands out (pointers, string
/// references) stays valid until the transaction ends.
package class GraphReader: @unchecked Sendable {
  init() {}

  // MARK: Names. Unknown names give nil, unknown ids trap.
  package func labelID(_ name: String) -> LabelID? { fatalError("contract") }
  package func relationshipTypeID(_ name: String) -> RelationshipTypeID? { fatalError("contract") }
  package func propertyKeyID(_ name: String) -> PropertyKeyID? { fatalError("contract") }
  package func name(of label: LabelID) -> String { fatalError("contract") }
  package func name(of type: RelationshipTypeID) -> String { fatalError("contract") }
  package func name(of key: PropertyKeyID) -> String { fatalError("contract") }
  /// All names, indexed by id (also of those that nothing uses any more).
  package var labelNames: [String] { fatalError("contract") }
  package var relationshipTypeNames: [String] { fatalError("contract") }
  package var propertyKeyNames: [String] { fatalError("contract") }

  // MARK: Counts, in constant time.
  package var nodeCount: Int { fatalError("contract") }
  package func nodeCount(label: LabelID) -> Int { fatalError("contract") }
  package var relationshipCount: Int { fatalError("contract") }
  package func relationshipCount(type: RelationshipTypeID) -> Int { fatalError("contract") }

  // MARK: Nodes.
  /// Rows ever handed out: all ids are below. Segments are `0 ..< nodeSegmentCount`.
  package var nodeRowCount: Int { fatalError("contract") }
  package var nodeSegmentCount: Int { fatalError("contract") }
  package func exists(_ node: NodeID) -> Bool { fatalError("contract") }
  /// Ascending by id.
  package func labels(of node: NodeID) -> [LabelID] { fatalError("contract") }
  package func hasLabel(_ node: NodeID, _ label: LabelID) -> Bool { fatalError("contract") }
  /// Appends the existing nodes of a segment that have all the labels, ascending.
  /// - Parameter nodes: room for `Segments.rowCount`.
  /// - Returns: how many.
  package func scanNodes(
    segment: Int, labels: [LabelID], into nodes: UnsafeMutablePointer<NodeID>
  ) -> Int { fatalError("contract") }

  // MARK: Columns.
  /// The chunk of a key over a node segment or over a segment of a relationship type's table.
  package func column(_ key: PropertyKeyID, nodeSegment: Int) throws(StoreError) -> ColumnChunk? {
    fatalError("contract")
  }
  package func column(
    _ key: PropertyKeyID, type: RelationshipTypeID, segment: Int
  ) throws(StoreError) -> ColumnChunk? { fatalError("contract") }

  /// The values of a key for many nodes, as a vector of `count` rows: typed when all chunks touched
  /// have one type, else `.any`; a constant null vector when there are none. Keeps this reader alive.
  /// Rows whose bit in `validity` is 0 are null and their ids not looked at.
  package func gather(
    _ key: PropertyKeyID, nodes: UnsafePointer<NodeID>, count: Int,
    validity: UnsafePointer<UInt64>? = nil
  ) throws(StoreError) -> Vector { fatalError("contract") }
  package func gather(
    _ key: PropertyKeyID, relationships: UnsafePointer<RelationshipRef>, count: Int,
    validity: UnsafePointer<UInt64>? = nil
  ) throws(StoreError) -> Vector { fatalError("contract") }
  package func property(_ key: PropertyKeyID, of node: NodeID) throws(StoreError) -> Value {
    fatalError("contract")
  }
  package func property(_ key: PropertyKeyID, of id: RelationshipID) throws(StoreError) -> Value {
    fatalError("contract")
  }
  /// Keys with a value that is not null, ascending by key id.
  package func properties(of node: NodeID) throws(StoreError) -> [(key: PropertyKeyID, value: Value)] {
    fatalError("contract")
  }
  package func properties(
    of id: RelationshipID
  ) throws(StoreError) -> [(key: PropertyKeyID, value: Value)] { fatalError("contract") }

  // MARK: Relationships.
  /// Rows ever handed out in a type's table.
  package func relationshipRowCount(type: RelationshipTypeID) -> Int { fatalError("contract") }
  /// Both ends by identity, nil when it does not exist. Slow (searches the adjacency): for look-ups
  /// by id only; everywhere else relationships travel with their ends.
  package func relationship(_ id: RelationshipID) throws(StoreError) -> RelationshipRef? {
    fatalError("contract")
  }
  /// The adjacency of one type, `.outgoing` or `.incoming`. Cheap; valid as long as the reader (in a
  /// write transaction: until its next change).
  package func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> Adjacency { fatalError("contract") }
}

/// Neighbour lists of all nodes, for one relationship type and direction. Lists are in chunks; the
/// list of a hub continues over several chunks, so it comes as one or more runs.
package struct Adjacency {
  /// A contiguous part of a node's list: neighbours ascending (parallel relationships side by side),
  /// and the relationships' rows: `rows[i]`, or `firstRow + i` where `rows` is nil.
  package struct Run {
    package var neighbours: UnsafePointer<UInt32>
    package var rows: UnsafePointer<UInt32>?
    package var firstRow: UInt32
    package var count: Int
    @inlinable package func row(_ index: Int) -> UInt32 {
      rows.map { $0[index] } ?? firstRow &+ UInt32(truncatingIfNeeded: index)
    }
    @inlinable package init(
      neighbours: UnsafePointer<UInt32>, rows: UnsafePointer<UInt32>?, firstRow: UInt32, count: Int
    ) {
      self.neighbours = neighbours
      self.rows = rows
      self.firstRow = firstRow
      self.count = count
    }
  }
  /// Calls `body` for each run of the node's list, in order of neighbours; none for no neighbours.
  package func forEachRun(of node: NodeID, _ body: (Run) throws -> Void) rethrows {
    fatalError("contract")
  }
  package func degree(of node: NodeID) -> Int { fatalError("contract") }
}
