package import GraphTypes

/// How near a node is to those that reach it: the reciprocal of the mean distance from them.
package enum ClosenessCentrality {
  package struct Configuration: Sendable {
    /// Multiply by the share of nodes that reach the node (Wasserman, Faust 1994).
    package var useWassermanFaust = false
    package var concurrency = 4
    package init() {}
  }

  /// - Returns: shape `[nodeCount]`; 0 for nodes that no other reaches.
  /// - Complexity: see `DistanceSums`.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [Double] {
    let distances = try DistanceSums(
      view, reciprocal: false, concurrency: configuration.concurrency, monitor: monitor)
    let others = Double(view.nodes.memberCount - 1)
    return (0..<view.nodeCount).map { node in
      let count = Double(distances.counts[node])
      if count == 0 { return 0 }
      let score = count / distances.sums[node]
      return configuration.useWassermanFaust ? score * count / others : score
    }
  }

  package static func memoryEstimate(nodeCount: Int, concurrency: Int) -> MemoryEstimate {
    DistanceSums.memoryEstimate(nodeCount: nodeCount, concurrency: concurrency)
  }
}

/// The mean of the reciprocal distances from all other nodes, of which those from nodes that do not
/// reach it are 0 (Marchiori, Latora 2000).
package enum HarmonicCentrality {
  /// - Returns: shape `[nodeCount]`.
  /// - Complexity: see `DistanceSums`.
  package static func run(
    _ view: GraphView, concurrency: Int = 4, monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [Double] {
    let distances = try DistanceSums(
      view, reciprocal: true, concurrency: concurrency, monitor: monitor)
    let others = Double(max(view.nodes.memberCount - 1, 1))
    return distances.sums.map { $0 / others }
  }
}
