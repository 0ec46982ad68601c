internal import GraphStore
import Synchronization

/// The named projections of a database, which live as long as the object.
package final class GraphCatalogue: Sendable {
  private let graphs = Mutex<[String: ProjectedGraph]>([:])

  package init() {}

  package func removeAll() { graphs.withLock { $0.removeAll() } }

  package var all: [ProjectedGraph] {
    graphs.withLock { Array($0.values) }.sorted { $0.name < $1.name }
  }

  package func graph(_ name: String) -> ProjectedGraph? { graphs.withLock { $0[name] } }

  func require(_ name: String) throws(QueryError) -> ProjectedGraph {
    if let graph = graph(name) { return graph }
    let hint = NameSuggestion.nearest(to: name, among: all.map(\.name))
      .map { "did you mean `\($0)`?" }
    throw QueryError(
      .argumentError, "GraphNotFound", "there is no projected graph `\(name)`",
      hint: hint ?? "make it with CALL gds.graph.project, or give a map such as "
        + "{nodeLabels: ['Client'], relationshipTypes: ['FOLLOWS']}, or '*'")
  }

  /// Throws unless the name can be that of a new graph.
  func checkNew(_ name: String) throws(QueryError) {
    guard !name.isEmpty, name != "*" else {
      throw QueryError(
        .argumentError, "InvalidGraphName", "a graph's name cannot be empty or '*'")
    }
    if graph(name) != nil { throw Self.exists(name) }
  }

  private static func exists(_ name: String) -> QueryError {
    QueryError(
      .argumentError, "GraphExists", "there is a projected graph `\(name)` already",
      hint: "drop it with CALL gds.graph.drop('\(name)'), or choose another name")
  }

  func insert(_ graph: ProjectedGraph) throws(QueryError) {
    let isNew = graphs.withLock { graphs in
      if graphs[graph.name] != nil { return false }
      graphs[graph.name] = graph
      return true
    }
    if !isNew { throw Self.exists(graph.name) }
  }

  func remove(_ name: String) -> ProjectedGraph? {
    graphs.withLock { $0.removeValue(forKey: name) }
  }
}
