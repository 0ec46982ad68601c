package import GraphTypes

/// The projected graphs that functions can reach.
package protocol ProjectedGraphTable: Sendable {
  /// Of the algorithms.
  var version: String { get }
  func exists(_ name: String) -> Bool
  /// Null if the node has no such property or is not in the graph.
  func nodeProperty(
    graph: String, node: NodeID, key: String, label: String
  ) throws -> Value
  /// Makes a graph from the rows of a query.
  /// - Returns: a map `graphName`, `nodeCount`, `relationshipCount`, `projectMillis`,
  ///   `configuration`.
  func project(_ rows: ProjectedRows, context: ExecutionContext) throws -> Value
}

/// There are none.
package struct NoProjectedGraphs: ProjectedGraphTable {
  package init() {}
  package var version: String { "" }
  package func exists(_ name: String) -> Bool { false }
  private func missing(_ name: String) -> QueryError {
    QueryError(.argumentError, "GraphNotFound", "there is no projected graph `\(name)`")
  }
  package func nodeProperty(
    graph: String, node: NodeID, key: String, label: String
  ) throws -> Value { throw missing(graph) }
  package func project(_ rows: ProjectedRows, context: ExecutionContext) throws -> Value {
    throw missing(rows.name)
  }
}

extension ProcedureTable {
  package var projectedGraphs: any ProjectedGraphTable { NoProjectedGraphs() }
}

/// What the rows of `gds.graph.project(name, source, target, {…}, {…})` say of one graph.
package struct ProjectedRows {
  package struct Relationships {
    package var sources: [NodeID] = []
    package var targets: [NodeID] = []
    /// By name; NaN where a row has none.
    package var properties: [String: [Double]] = [:]
  }
  package var name: String
  package var configuration: Value
  package var nodes: Set<NodeID> = []
  package var labels: [String: Set<NodeID>] = [:]
  package var nodeProperties: [String: [NodeID: Value]] = [:]
  package var relationships: [String: Relationships] = [:]

  package init(name: String, configuration: Value) {
    self.name = name
    self.configuration = configuration
  }

  mutating func merge(_ other: ProjectedRows) {
    nodes.formUnion(other.nodes)
    labels.merge(other.labels) { $0.union($1) }
    nodeProperties.merge(other.nodeProperties) { $0.merging($1) { $1 } }
    for (type, added) in other.relationships {
      var own = relationships[type, default: Relationships()]
      let count = own.sources.count
      own.sources += added.sources
      own.targets += added.targets
      for key in Set(own.properties.keys).union(added.properties.keys) {
        let first = own.properties[key] ?? Array(repeating: .nan, count: count)
        own.properties[key] =
          first + (added.properties[key] ?? Array(repeating: .nan, count: added.sources.count))
      }
      relationships[type] = own
    }
  }
}
