package import GraphTypes

/// The number of a node's relationships, or the sum of their positive weights.
package enum DegreeCentrality {
  package struct Configuration: Sendable {
    package var orientation = RelationshipOrientation.natural
    package var usesWeights = true
    package var concurrency = 4
    package init() {}
  }

  /// - Returns: shape `[nodeCount]`. In an undirected view every orientation is the same.
  /// - Complexity: O(*n*), weighted O(*n* + *m*).
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [Double] {
    let tables: [NeighbourTable] =
      switch configuration.orientation {
      case _ where view.isUndirected: [view.outgoing]
      case .natural: [view.outgoing]
      case .reverse: [view.requireIncoming()]
      case .undirected: [view.outgoing, view.requireIncoming()]
      }
    let degrees = Scratch<Double>(view.nodeCount, repeating: 0)
    for table in tables {
      let morsels = Morsels(count: view.nodeCount, size: 16_384)
      try parallelFor(
        morsels.count, concurrency: configuration.concurrency, monitor: monitor
      ) { (_, morsel) throws(QueryError) in
        for node in morsels.range(morsel) {
          degrees.base[node] +=
            configuration.usesWeights
            ? table.strength(of: node) : Double(table.degree(of: node))
        }
      }
    }
    return degrees.array
  }

  package static func memoryEstimate(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    MemoryEstimate(
      bytesMin: 16 * nodeCount, bytesMax: 40 * nodeCount + 12 * relationshipCount)
  }
}
