package import GraphTypes

/// Weakly connected components: which nodes are joined by relationships, whatever their direction.
package enum WeaklyConnectedComponents {
  package struct Configuration: Sendable {
    /// Relationships of at most this weight are not followed; nil follows all.
    package var threshold: Double?
    /// Components known before, shape `[nodeCount]`, nil for nodes without one. Nodes with the
    /// same seed start in one component.
    package var seeds: [Int64?]?
    /// Number the components 0, 1, 2 … in order of their smallest index.
    package var consecutiveIds = false
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`. The smallest index in the component; with seeds, the smallest seed in
    /// it, or a number above all seeds where it has none.
    package var componentIds: [Int64]
    /// Among the members of the view.
    package var componentCount: Int
    /// The number of members of each component.
    package var distribution: Distribution
  }

  /// Union-find without locks; where both directions are at hand, Afforest (Sutton, Ben-Nun,
  /// Barak: "Optimizing Parallel Graph Connectivity Computation via Subgraph Sampling", 2018).
  /// The result does not depend on the number of threads.
  /// - Complexity: nearly O(*n* + *m*) time; 4 bytes a node and the result.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    let n = view.nodeCount
    if let seeds = configuration.seeds {
      try require(seeds.count == n, "seedProperty", seeds.count, "one value a node (\(n))")
    }
    let forest = UnionForest(n)
    if let seeds = configuration.seeds {
      var first: [Int64: Int] = [:]
      for node in 0..<n {
        guard let seed = seeds[node] else { continue }
        if let other = first[seed] { forest.link(node, other) } else { first[seed] = node }
      }
    }
    let weighted = configuration.threshold != nil && view.isWeighted
    if !weighted, let incoming = view.incoming {
      try afforest(view, incoming, forest, configuration.concurrency, monitor)
    } else {
      try linkAll(view, forest, weighted ? configuration.threshold : nil, configuration, monitor)
    }
    let size = Morsels(count: n, size: 16_384)
    try parallelFor(size.count, concurrency: configuration.concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      for node in size.range(morsel) { forest.compress(node) }
    }
    monitor.report("components", fraction: 1)
    return number(view, forest, configuration)
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 12 * nodeCount, bytesMax: 40 * nodeCount)
  }

  private static func linkAll(
    _ view: GraphView, _ forest: UnionForest, _ threshold: Double?,
    _ configuration: Configuration, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let table = view.outgoing
    let morsels = Morsels(table)
    try parallelFor(morsels.count, concurrency: configuration.concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      for node in morsels.range(morsel) {
        table.forEachRun(of: node) { run in
          let weights = table.weights(of: run)
          for i in 0..<Int(run.count) {
            if let threshold, let weights, !(weights[i] > threshold) { continue }
            forest.link(node, Int(run.start[i]))
          }
        }
      }
    }
  }

  /// Links a few neighbours of every node, which finds most of the largest component, then all
  /// relationships of the nodes outside it.
  private static func afforest(
    _ view: GraphView, _ incoming: NeighbourTable, _ forest: UnionForest, _ concurrency: Int,
    _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let n = view.nodeCount
    let blocks = Morsels(count: n, size: 16_384)
    for round in 0..<2 {
      try parallelFor(blocks.count, concurrency: concurrency, monitor: monitor) {
        (_, morsel) throws(QueryError) in
        for node in blocks.range(morsel) {
          var run = view.outgoing.runs[node]
          if run.count == 0 { run = incoming.runs[node] }
          if round < Int(run.count) { forest.link(node, Int(run.start[round])) }
        }
      }
      try parallelFor(blocks.count, concurrency: concurrency, monitor: monitor) {
        (_, morsel) throws(QueryError) in
        for node in blocks.range(morsel) { forest.compress(node) }
      }
    }
    let largest = mostFrequentRoot(forest, n)
    try parallelFor(blocks.count, concurrency: concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      for node in blocks.range(morsel) where forest.parent(node) != largest {
        view.outgoing.forEachRun(of: node) { run in
          for i in 0..<Int(run.count) { forest.link(node, Int(run.start[i])) }
        }
        if view.isUndirected { continue }
        incoming.forEachRun(of: node) { run in
          for i in 0..<Int(run.count) { forest.link(node, Int(run.start[i])) }
        }
      }
    }
  }

  private static func mostFrequentRoot(_ forest: UnionForest, _ n: Int) -> UInt32 {
    var counts: [UInt32: Int] = [:]
    for node in stride(from: 0, to: n, by: max(n / 1024, 1)) {
      counts[forest.parent(node), default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
  }

  private static func number(
    _ view: GraphView, _ forest: UnionForest, _ configuration: Configuration
  ) -> Result {
    let n = view.nodeCount
    let roots = (0..<n).map { forest.parent($0) }
    let counts = CommunityNumbering.memberCounts(roots, members: view.nodes.members)
    // A root is the smallest index of its tree.
    let areRootsIds = configuration.seeds == nil && !configuration.consecutiveIds
    return Result(
      componentIds: areRootsIds
        ? roots.map(Int64.init)
        : CommunityNumbering.ids(
          roots, members: view.nodes.members, seeds: configuration.seeds,
          consecutive: configuration.consecutiveIds),
      componentCount: counts.count, distribution: Distribution(counts: counts))
  }
}
