/// Which optional parts of planning are in force. Every one can be switched off, so that a test can
/// compare the answers with and without it.
package struct PlannerOptions: Equatable, Sendable {
  package enum Rewrite: String, CaseIterable, Sendable {
    /// EXISTS in a filter becomes a semi-join, NOT EXISTS an anti-join.
    case semiApply
    /// Sorting under a limit keeps the first rows only.
    case top
    /// Variable-length walks whose multiplicity no one sees find their ends only.
    case distinctEnds
    /// Unconnected patterns joined by an equality are hash-joined.
    case hashJoin
    /// Both ends at once from a relationship table.
    case relationshipScan
    /// Counting all nodes or relationships of a kind reads the store's counts.
    case countStore
    /// Predicates on a scanned node become the scan's seek.
    case seek
    /// Predicates are answered by indexes, from constants or from the values of rows.
    case indexSeek
    /// ORDER BY, min and max take the order of an index instead of sorting.
    case indexOrder
    /// A MATCH after very few rows seeks nodes by their values, row by row.
    case rowSeek
    /// Cycles are closed by intersecting neighbour lists.
    case intersection
    /// The last hops of a pattern whose rows are only counted are counted by degrees.
    case multiplicity
    /// Groups of what comes node by node of a scan are given out node by node.
    case orderedAggregate
    /// Columns that no one reads are dropped early.
    case pruneColumns
    /// Projections on projections become one.
    case mergeProjections
    /// Filters move below projections, sorts and expansions.
    case pushPredicates
    /// Columns that ORDER BY … LIMIT does not need are computed after it.
    case lateProjection
    /// Uniqueness of relationships is not checked where predicates already imply it.
    case impliedUniqueness
  }
  package var disabled: Set<Rewrite>
  /// Groups for which ordered aggregation pays: fewer fit into a hash table in the processor's cache.
  package var orderedGroups = 20_000.0
  package init(disabled: Set<Rewrite> = []) { self.disabled = disabled }
  func isOn(_ rewrite: Rewrite) -> Bool { !disabled.contains(rewrite) }
}
