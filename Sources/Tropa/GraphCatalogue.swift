import Synchronization

/// The named projections of a database, which live as long as the object.
package final class GraphCatalogue: Sendable {
  package init() {}
  package func removeAll() {}
}
