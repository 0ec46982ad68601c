package import GraphTypes

/// Hyperlink-induced topic search (Kleinberg 1999): good authorities are pointed at by good hubs,
/// good hubs point at good authorities.
package enum HITS {
  package struct Configuration: Sendable {
    package var iterations = 20
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`, each of length 1 (Euclidean).
    package var authorities: [Double]
    package var hubs: [Double]
  }

  /// - Complexity: O(iterations · (*n* + *m*)) time; 16 bytes a node.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try require(
      configuration.iterations >= 1, "hitsIterations", configuration.iterations, "at least 1")
    let n = view.nodeCount
    let incoming = view.requireIncoming()
    let authorities = Scratch<Double>(n, repeating: 1)
    let hubs = Scratch<Double>(n, repeating: 1)
    for iteration in 0..<configuration.iterations {
      try step(incoming, from: hubs, to: authorities, configuration.concurrency, monitor)
      try step(view.outgoing, from: authorities, to: hubs, configuration.concurrency, monitor)
      monitor.report(
        "iteration \(iteration + 1) of \(configuration.iterations)",
        fraction: Double(iteration + 1) / Double(configuration.iterations))
    }
    return Result(authorities: authorities.array, hubs: hubs.array)
  }

  private static func step(
    _ table: NeighbourTable, from: Scratch<Double>, to: Scratch<Double>, _ concurrency: Int,
    _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let morsels = Morsels(table)
    let parts = Scratch<Double>(morsels.count, repeating: 0)
    try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      var squares = 0.0
      for node in morsels.range(morsel) {
        let sum = table.sum(over: node, of: from.base)
        to.base[node] = sum
        squares += sum * sum
      }
      parts.base[morsel] = squares
    }
    var squares = 0.0
    for morsel in 0..<morsels.count { squares += parts.base[morsel] }
    let norm = squares > 0 ? squares.squareRoot() : 1
    try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      for node in morsels.range(morsel) { to.base[node] /= norm }
    }
  }

  package static func memoryEstimate(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    MemoryEstimate(
      bytesMin: 16 * nodeCount, bytesMax: 48 * nodeCount + 4 * relationshipCount)
  }
}
