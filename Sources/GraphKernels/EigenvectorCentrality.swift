package import GraphTypes

/// The eigenvector of the greatest eigenvalue of the transposed adjacency matrix, by power
/// iteration: important is who is pointed at by the important.
package enum EigenvectorCentrality {
  package struct Configuration: Sendable {
    package var maxIterations = 20
    /// Stop when no score changes by more.
    package var tolerance = 1e-7
    /// Where the iteration starts; nil for every node.
    package var sourceNodes: [UInt32]?
    package var usesWeights = true
    package var scaler = ScoreScaler.none
    package var scalerOffset = 0.0
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`, of length 1 (Euclidean) unless scaled.
    package var scores: [Double]
    package var ranIterations: Int
    package var didConverge: Bool
  }

  /// The steps are those of GDS, so that unfinished iterations are equal too: a step adds what
  /// comes along the relationships to the normalised scores of the step before, but passes on what
  /// is not normalised. Weights are taken as shares of a node's outgoing weight.
  /// - Complexity: O(iterations · (*n* + *m*)) time; 40 bytes a node.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try require(
      configuration.maxIterations >= 1, "maxIterations", configuration.maxIterations, "at least 1")
    try require(configuration.tolerance >= 0, "tolerance", configuration.tolerance, "at least 0")
    let n = view.nodeCount
    let isWeighted = configuration.usesWeights && view.isWeighted
    let incoming = view.requireIncoming()
    let morsels = Morsels(incoming)
    let concurrency = configuration.concurrency
    let scores = Scratch<Double>(n, repeating: 0)
    let raw = Scratch<Double>(n, repeating: 0)
    let passed = Scratch<Double>(n, repeating: 0)
    let share = Scratch<Double>(n, repeating: 1)
    start(scores, view, configuration)
    raw.base.update(from: scores.base, count: n)
    if isWeighted {
      for node in 0..<n {
        let strength = view.outgoing.strength(of: node)
        share.base[node] = strength > 0 ? 1 / strength : 0
      }
    }
    let parts = Scratch<Double>(morsels.count, repeating: 0)
    var iteration = 0
    var didConverge = false
    // The raw scores are those of the definition times this.
    var scale = 1.0
    while iteration < configuration.maxIterations && !didConverge {
      let isFirst = iteration == 0
      let identity = scale
      try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
        (_, morsel) throws(QueryError) in
        var squares = 0.0
        for node in morsels.range(morsel) {
          if !isFirst {
            let sum =
              isWeighted
              ? incoming.weightedSum(over: node, of: passed.base)
              : incoming.sum(over: node, of: passed.base)
            raw.base[node] = scores.base[node] * identity + sum
          }
          squares += raw.base[node] * raw.base[node]
        }
        parts.base[morsel] = squares
      }
      let norm = sum(parts).squareRoot()
      let length = norm > 0 ? norm : 1
      // Far from overflowing.
      let shrink = length > 1e100 ? 1 / length : 1
      scale *= shrink
      try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
        (_, morsel) throws(QueryError) in
        var change = 0.0
        for node in morsels.range(morsel) {
          let score = raw.base[node] / length
          change = max(change, abs(score - scores.base[node]))
          scores.base[node] = score
          passed.base[node] = raw.base[node] * shrink * share.base[node]
        }
        parts.base[morsel] = change
      }
      var change = 0.0
      for morsel in 0..<morsels.count { change = max(change, parts.base[morsel]) }
      didConverge = !isFirst && change <= configuration.tolerance
      iteration += 1
      monitor.report(
        "iteration \(iteration) of at most \(configuration.maxIterations)",
        fraction: Double(iteration) / Double(configuration.maxIterations))
    }
    return Result(
      scores: configuration.scaler.applied(
        to: scores.array, members: view.nodes, offset: configuration.scalerOffset),
      ranIterations: iteration, didConverge: didConverge)
  }

  private static func start(
    _ scores: Scratch<Double>, _ view: GraphView, _ configuration: Configuration
  ) {
    if let sources = configuration.sourceNodes {
      for node in sources { scores.base[Int(node)] = 1 / Double(Set(sources).count) }
      return
    }
    for range in view.nodes.members {
      for node in range { scores.base[node] = 1 / Double(view.nodes.memberCount) }
    }
  }

  private static func sum(_ parts: Scratch<Double>) -> Double {
    var sum = 0.0
    for part in 0..<parts.count { sum += parts.base[part] }
    return sum
  }

  package static func memoryEstimate(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    MemoryEstimate(
      bytesMin: 40 * nodeCount, bytesMax: 72 * nodeCount + 12 * relationshipCount)
  }
}
