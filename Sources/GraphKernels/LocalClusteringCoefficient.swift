package import GraphTypes

/// The share of pairs of a node's neighbours that are joined themselves (Watts, Strogatz 1998):
/// `2 · triangles / (degree · (degree - 1))`, 0 for fewer than two neighbours.
package enum LocalClusteringCoefficient {
  package struct Configuration: Sendable {
    /// Triangles of each node if they are known, shape `[nodeCount]`.
    package var triangleCounts: [Double]?
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`.
    package var coefficients: [Double]
    /// Over the members of the view.
    package var average: Double
  }

  /// - Complexity: that of `TriangleCount`.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    let triangles: [Double]
    let degrees: [Double]
    if let known = configuration.triangleCounts {
      try require(
        known.count == view.nodeCount, "triangleCountProperty", known.count,
        "one value a node (\(view.nodeCount))")
      triangles = known
      let graph = try ForwardNeighbours(
        view, maxDegree: .max, concurrency: configuration.concurrency, monitor: monitor)
      degrees = (0..<graph.count).map { Double(graph.degrees.base[$0]) }
    } else {
      var counting = TriangleCount.Configuration()
      counting.concurrency = configuration.concurrency
      let counted = try TriangleCount.run(view, counting, monitor: monitor)
      triangles = counted.triangleCounts.map(Double.init)
      degrees = counted.degrees.map(Double.init)
    }
    var coefficients = [Double](repeating: 0, count: view.nodeCount)
    var sum = 0.0
    for range in view.nodes.members {
      for node in range where degrees[node] > 1 {
        coefficients[node] = 2 * triangles[node] / (degrees[node] * (degrees[node] - 1))
        sum += coefficients[node]
      }
    }
    let count = view.nodes.memberCount
    return Result(coefficients: coefficients, average: count > 0 ? sum / Double(count) : 0)
  }
}
