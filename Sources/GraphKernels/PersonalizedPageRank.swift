package import GraphTypes

/// Recommends the targets that a walker from a source comes to: at each step it stops with
/// probability 1 − *d*, else goes on over a relationship in either direction, with probability in
/// proportion to its weight. A target's score is the probability that the walk stops there.
///
/// By *forward push* (Andersen, Chung, Lang: "Local graph partitioning using PageRank vectors",
/// 2006): the rank that a node has not passed on is passed on while it is above `tolerance` times
/// the node's strength; what is left undone is below that for each node.
package enum PersonalizedPageRank {
  package struct Configuration: Sendable {
    package var common = Recommendations.Configuration()
    /// d: the share of rank that follows relationships, in `0 ..< 1`.
    package var dampingFactor = 0.85
    /// Above 0.
    package var tolerance = 1e-6
    package init() {}
  }

  /// The result does not depend on the number of threads.
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(1 / (tolerance · (1 − d))) steps for each source, in units of mean weight, and
  ///   at most those of some iterations over the whole graph; memory O(*m* + *n* · threads).
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Recommendations {
    try configuration.common.validate()
    try require(
      configuration.dampingFactor >= 0 && configuration.dampingFactor < 1, "dampingFactor",
      configuration.dampingFactor, "at least 0 and less than 1")
    try require(
      configuration.tolerance > 0, "tolerance", configuration.tolerance, "above 0")
    let matrix = InteractionMatrix(view, usesWeights: configuration.common.usesWeights)
    let graph = BipartiteWalk(matrix, configuration)
    let search = RecommendationSearch(matrix, configuration.common)
    let workers = (0..<max(configuration.common.concurrency, 1)).map { _ in
      WalkState(matrix.sources.count + matrix.targets.count)
    }
    return try search.run(blockSize: 4, "walking", monitor: monitor) {
      (worker, rows, select) throws(QueryError) in
      for row in rows {
        try graph.push(from: row, workers[worker], monitor: monitor)
        select(row) { graph.offer(workers[worker], to: $0) }
      }
    }
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    let matrix = InteractionMatrix.bytes(
      nodeCount: nodeCount, relationshipCount: relationshipCount)
    let threads = 30 * nodeCount * max(configuration.common.concurrency, 1)
    let results = 36 * nodeCount * min(configuration.common.topK, nodeCount)
    return MemoryEstimate(
      bytesMin: matrix.bytesMin, bytesMax: matrix.bytesMax + threads + results)
  }
}

/// Sources and, behind them, targets as one index space.
private struct BipartiteWalk: Sendable {
  private let matrix: InteractionMatrix
  private let damping: Double
  /// A node passes its rank on when it has more than this.
  private let limits: Scratch<Double>
  /// d / strength.
  private let shares: Scratch<Double>

  init(_ matrix: InteractionMatrix, _ configuration: PersonalizedPageRank.Configuration) {
    self.matrix = matrix
    damping = configuration.dampingFactor
    let sources = matrix.sources.count
    let count = sources + matrix.targets.count
    limits = Scratch(count, repeating: 0)
    shares = Scratch(count, repeating: 0)
    // In units of the mean weight, so that the scale of the weights does not matter.
    var total = 0.0
    for i in 0..<matrix.rows.entryCount { total += Double(matrix.rows.values.base[i]) }
    let mean = max(total / Double(max(matrix.rows.entryCount, 1)), .leastNormalMagnitude)
    for node in 0..<count {
      let (rows, row) = node < sources ? (matrix.rows, node) : (matrix.columns, node - sources)
      var strength = 0.0
      for i in rows.range(row) { strength += Double(rows.values.base[i]) }
      limits.base[node] = configuration.tolerance * strength / mean
      shares.base[node] = strength > 0 ? damping / strength : 0
    }
  }

  /// Passes rank on, first come, first served, until no node has more than its limit.
  func push(
    from row: Int, _ state: WalkState, monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let sources = matrix.sources.count
    let count = state.count
    let limits = UnsafePointer(limits.base)
    let shares = UnsafePointer(shares.base)
    let ranks = state.ranks.base
    let residuals = state.residuals.base
    let isQueued = state.isQueued.base
    let touched = state.touched.base
    let queue = state.queue.base
    var head = 0
    var queued = 1
    var found = 1
    residuals[row] = 1
    touched[0] = UInt32(truncatingIfNeeded: row)
    queue[0] = UInt32(truncatingIfNeeded: row)
    isQueued[row] = 1
    var steps = 0
    while queued > 0 {
      let node = Int(queue[head])
      head &+= 1
      if head == count { head = 0 }
      queued &-= 1
      isQueued[node] = 0
      let residual = residuals[node]
      residuals[node] = 0
      ranks[node] += (1 - damping) * residual
      let share = residual * shares[node]
      let isSource = node < sources
      let rows = isSource ? matrix.rows : matrix.columns
      let offset = isSource ? sources : 0
      let columns = UnsafePointer(rows.columns.base)
      let values = UnsafePointer(rows.values.base)
      let range = rows.range(isSource ? node : node - sources)
      for i in range {
        let other = offset &+ Int(columns[i])
        let amount = share * Double(values[i])
        if amount <= 0 { continue }  // Underflow.
        let before = residuals[other]
        if before == 0 && ranks[other] == 0 {
          touched[found] = UInt32(truncatingIfNeeded: other)
          found &+= 1
        }
        let after = before + amount
        residuals[other] = after
        if after > limits[other] && isQueued[other] == 0 {
          isQueued[other] = 1
          var position = head &+ queued
          if position >= count { position &-= count }
          queue[position] = UInt32(truncatingIfNeeded: other)
          queued &+= 1
        }
      }
      steps &+= range.count
      if steps > 1_000_000 {
        steps = 0
        try monitor.checkpoint()
      }
    }
    state.found = found
  }

  /// Offers the targets, and makes all zero again.
  func offer(_ state: WalkState, to selection: RecommendationSearch.Selection) {
    let sources = matrix.sources.count
    for i in 0..<state.found {
      let node = Int(state.touched.base[i])
      // What has come and was not passed on would stop with the same probability.
      let score = state.ranks.base[node] + (1 - damping) * state.residuals.base[node]
      state.ranks.base[node] = 0
      state.residuals.base[node] = 0
      if node >= sources, score >= selection.threshold {
        selection.offer(node - sources, score)
      }
    }
    state.found = 0
  }
}

/// Ranks and residuals of one thread; all zero between sources.
private final class WalkState: @unchecked Sendable {
  let count: Int
  let ranks: Scratch<Double>
  let residuals: Scratch<Double>
  let isQueued: Scratch<UInt8>
  /// Nodes that ever had some, in order of their coming.
  let touched: Scratch<UInt32>
  var found = 0
  /// A ring: each node is in it at most once.
  let queue: Scratch<UInt32>

  init(_ count: Int) {
    self.count = count
    ranks = Scratch(count, repeating: 0)
    residuals = Scratch(count, repeating: 0)
    isQueued = Scratch(count, repeating: 0)
    touched = Scratch(count, repeating: 0)
    queue = Scratch(count, repeating: 0)
  }
}
