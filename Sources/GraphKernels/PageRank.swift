package import GraphTypes

/// PageRank as GDS defines it: `score(v) = (1 - d) * bias(v) + d * Σ score(u) * w(u, v) / W(u)`
/// over the relationships u → v; scores are not normalised, and the rank that reaches a node
/// without outgoing relationships stays there.
package enum PageRank {
  package struct Configuration: Sendable {
    /// d: the share of rank that follows relationships, in `0 ..< 1`.
    package var dampingFactor = 0.85
    /// GDS counts the initial assignment `(1 - d) * bias` as the first iteration.
    package var maxIterations = 20
    /// Stop when no score changes by more.
    package var tolerance = 1e-7
    /// Personalised PageRank: indices and their bias; nil means bias 1 for every node.
    package var sourceNodes: [(index: UInt32, bias: Double)]?
    package var usesWeights = true
    /// Counts as further outgoing weight of every node that has some (ArticleRank).
    var addedDegree = 0.0
    package var scaler = ScoreScaler.none
    package var scalerOffset = 0.0
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`; scaled over the members of the view.
    package var scores: [Double]
    package var ranIterations: Int
    package var didConverge: Bool
  }

  /// Pulls along incoming relationships, Jacobi steps. Negative weights count as 0. The result
  /// does not depend on the number of threads.
  ///
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(iterations · (*n* + *m*)) time; 32 bytes a node.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration, view)
    let n = view.nodeCount
    let damping = configuration.dampingFactor
    let isWeighted = configuration.usesWeights && view.isWeighted
    let incoming = view.requireIncoming()
    let morsels = Morsels(incoming)
    let concurrency = configuration.concurrency

    let base = base(view, configuration)
    let inverse = Scratch<Double>(n, repeating: 0)
    let scores = Scratch<Double>(n, repeating: 0)
    var current = Scratch<Double>(n, repeating: 0)
    var next = Scratch<Double>(n, repeating: 0)
    try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
      [current] (_, morsel) throws(QueryError) in
      for node in morsels.range(morsel) {
        let strength =
          isWeighted
          ? view.outgoing.strength(of: node) : Double(view.outgoing.degree(of: node))
        inverse.base[node] = strength > 0 ? 1 / (strength + configuration.addedDegree) : 0
        scores.base[node] = base[node]
        current.base[node] = base[node] * inverse.base[node]
      }
    }

    let changes = Scratch<Double>(morsels.count, repeating: 0)
    var iteration = 1
    var didConverge = false
    while iteration < configuration.maxIterations && !didConverge {
      try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
        [current, next] (_, morsel) throws(QueryError) in
        let range = morsels.range(morsel)
        changes.base[morsel] =
          isWeighted
          ? pullWeighted(
            incoming, range, contribution: current.base, base: base, damping: damping,
            inverse: inverse.base, scores: scores.base, next: next.base)
          : pull(
            incoming, range, contribution: current.base, base: base, damping: damping,
            inverse: inverse.base, scores: scores.base, next: next.base)
      }
      var change = 0.0
      for morsel in 0..<morsels.count { change = max(change, changes.base[morsel]) }
      didConverge = change <= configuration.tolerance
      swap(&current, &next)
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

  /// Arrays of scores, base, inverse degrees and two of contributions; incoming lists where the
  /// view has none.
  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    let arrays = 48 * nodeCount
    return MemoryEstimate(
      bytesMin: arrays,
      bytesMax: arrays + 24 * nodeCount
        + (configuration.usesWeights ? 12 : 4) * relationshipCount)
  }

  private static func validate(
    _ configuration: Configuration, _ view: GraphView
  ) throws(QueryError) {
    try require(
      configuration.dampingFactor >= 0 && configuration.dampingFactor < 1, "dampingFactor",
      configuration.dampingFactor, "at least 0 and less than 1")
    try require(
      configuration.maxIterations >= 1, "maxIterations", configuration.maxIterations, "at least 1")
    try require(configuration.tolerance >= 0, "tolerance", configuration.tolerance, "at least 0")
    for (index, _) in configuration.sourceNodes ?? [] {
      try require(
        Int(index) < view.nodeCount, "sourceNodes", index, "nodes of the projected graph")
    }
  }

  private static func base(_ view: GraphView, _ configuration: Configuration) -> Base {
    let share = 1 - configuration.dampingFactor
    guard let sources = configuration.sourceNodes else {
      return Base(uniform: share, single: nil)
    }
    let single = Scratch<Double>(view.nodeCount, repeating: 0)
    for (index, bias) in sources { single.base[Int(index)] = share * bias }
    return Base(uniform: 0, single: single)
  }

  /// One Jacobi step for some nodes.
  /// - Returns: the greatest change of a score.
  private static func pull(
    _ incoming: NeighbourTable, _ range: Range<Int>, contribution: UnsafePointer<Double>,
    base: Base, damping: Double, inverse: UnsafePointer<Double>,
    scores: UnsafeMutablePointer<Double>, next: UnsafeMutablePointer<Double>
  ) -> Double {
    var greatest = 0.0
    for node in range {
      let score = base[node] + damping * incoming.sum(over: node, of: contribution)
      greatest = max(greatest, abs(score - scores[node]))
      scores[node] = score
      next[node] = score * inverse[node]
    }
    return greatest
  }

  private static func pullWeighted(
    _ incoming: NeighbourTable, _ range: Range<Int>, contribution: UnsafePointer<Double>,
    base: Base, damping: Double, inverse: UnsafePointer<Double>,
    scores: UnsafeMutablePointer<Double>, next: UnsafeMutablePointer<Double>
  ) -> Double {
    var greatest = 0.0
    for node in range {
      let score = base[node] + damping * incoming.weightedSum(over: node, of: contribution)
      greatest = max(greatest, abs(score - scores[node]))
      scores[node] = score
      next[node] = score * inverse[node]
    }
    return greatest
  }
}

/// What each node has by itself. Indices that are no members may have it, too: nobody is joined to
/// them.
private struct Base: Sendable {
  let uniform: Double
  /// Nil: all nodes have the same.
  let single: Scratch<Double>?

  @inline(__always)
  subscript(_ node: Int) -> Double { single?.base[node] ?? uniform }
}
