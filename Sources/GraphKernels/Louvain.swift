package import GraphTypes

/// Communities of high modularity by the Louvain method (Blondel, Guillaume, Lambiotte, Lefebvre:
/// "Fast unfolding of communities in large networks", 2008): move nodes between communities while
/// that helps, make each community a node, repeat.
package enum Louvain {
  package struct Configuration: Sendable {
    package var maxLevels = 10
    /// The most sweeps over the nodes in one level.
    package var maxIterations = 10
    /// A sweep or a level that gains less modularity is the last.
    package var tolerance = 1e-4
    package var includeIntermediateCommunities = false
    /// Communities to start from, shape `[nodeCount]`, nil for nodes without one.
    package var seeds: [Int64?]?
    /// Number the communities 0, 1, 2 … in order of their smallest index.
    package var consecutiveIds = false
    package var usesWeights = true
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`. The smallest index in the community; with seeds, the smallest seed in
    /// it, or a number above all seeds.
    package var communityIds: [Int64]
    /// When asked for: the communities after each level, shape `[ranLevels][nodeCount]`.
    package var intermediateCommunityIds: [[Int64]]
    /// Among the members of the view.
    package var communityCount: Int
    package var ranLevels: Int
    package var modularity: Double
    /// After each level.
    package var modularities: [Double]
    /// The number of members of each community.
    package var distribution: Distribution
  }

  /// A directed view is taken as undirected. Negative weights count as 0.
  ///
  /// The result does not depend on the number of threads: nodes are looked at in batches that
  /// depend on the graph alone; the moves of a batch are chosen in parallel against the same state
  /// and then made in order.
  ///
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(levels · sweeps · (*n* + *m*)) time at most, far less in later ones.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration, view)
    let n = view.nodeCount
    let concurrency = configuration.concurrency
    var level = try LouvainLevel(
      view.undirected().outgoing, usesWeights: configuration.usesWeights,
      concurrency: concurrency, monitor: monitor)
    let workspaces = (0..<max(concurrency, 1)).map { _ in CommunityWorkspace() }

    var communities = [UInt32](0..<UInt32(n))
    var kept: [[UInt32]] = []
    var modularities: [Double] = []
    if let seeds = configuration.seeds { level.start(from: seeds) }
    if level.totalWeight > 0 {
      for number in 0..<configuration.maxLevels {
        monitor.report(
          "level \(number + 1)", fraction: Double(number) / Double(configuration.maxLevels))
        let moves = try level.moveNodes(
          maxIterations: configuration.maxIterations, tolerance: configuration.tolerance,
          workspaces: workspaces, monitor: monitor)
        if moves == 0 && number > 0 { break }
        let (coarse, numbers) = try level.aggregated(workspaces: workspaces, monitor: monitor)
        let modularity = coarse.modularityOfSingletons()
        if let last = modularities.last, modularity <= last { break }
        for node in 0..<n { communities[node] = numbers[Int(communities[node])] }
        if configuration.includeIntermediateCommunities { kept.append(communities) }
        let gain = modularity - (modularities.last ?? -1)
        modularities.append(modularity)
        if gain < configuration.tolerance || coarse.nodeCount == level.nodeCount { break }
        level = coarse
      }
    }
    monitor.report("communities", fraction: 1)

    let counts = CommunityNumbering.memberCounts(communities, members: view.nodes.members)
    let ids = {
      CommunityNumbering.ids(
        $0, members: view.nodes.members, seeds: configuration.seeds,
        consecutive: configuration.consecutiveIds)
    }
    return Result(
      communityIds: ids(communities), intermediateCommunityIds: kept.map(ids),
      communityCount: counts.count, ranLevels: modularities.count,
      modularity: modularities.last ?? 0, modularities: modularities,
      distribution: Distribution(counts: counts))
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    // Per node: community, strength, loop, total, size, flag, proposal; per thread one sum and one
    // touched community a node. The second level has at most as many relationships as the first.
    let nodes = (8 * 3 + 4 * 5 + 16 + 12 * max(configuration.concurrency, 1)) * nodeCount
    let levels =
      configuration.includeIntermediateCommunities ? 12 * nodeCount * configuration.maxLevels : 0
    return MemoryEstimate(
      bytesMin: nodes, bytesMax: 2 * nodes + levels + 2 * (24 + 8) * relationshipCount)
  }

  private static func validate(
    _ configuration: Configuration, _ view: GraphView
  ) throws(QueryError) {
    try require(configuration.maxLevels >= 1, "maxLevels", configuration.maxLevels, "at least 1")
    try require(
      configuration.maxIterations >= 1, "maxIterations", configuration.maxIterations, "at least 1")
    try require(configuration.tolerance >= 0, "tolerance", configuration.tolerance, "at least 0")
    if let seeds = configuration.seeds {
      try require(
        seeds.count == view.nodeCount, "seedProperty", seeds.count,
        "one value a node (\(view.nodeCount))")
    }
  }
}
