package import GraphTypes

/// Communities of high modularity, each connected, by the Leiden method (Traag, Waltman, van Eck:
/// "From Louvain to Leiden: guaranteeing well-connected communities", 2019): as Louvain, but what
/// becomes one node is a well-connected part of a community.
package enum Leiden {
  package struct Configuration: Sendable {
    package var maxLevels = 10
    /// The resolution: greater values make smaller communities.
    package var gamma = 1.0
    /// How random the refinement is.
    package var theta = 0.01
    /// A sweep or a level that gains less modularity is the last.
    package var tolerance = 1e-4
    package var includeIntermediateCommunities = false
    package var seeds: [Int64?]?
    package var consecutiveIds = false
    package var randomSeed: UInt64 = 42
    package var usesWeights = true
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`. The smallest index in the community; with seeds, the smallest seed in
    /// it, or a number above all seeds.
    package var communityIds: [Int64]
    package var intermediateCommunityIds: [[Int64]]
    package var communityCount: Int
    package var ranLevels: Int
    package var modularity: Double
    package var modularities: [Double]
    package var didConverge: Bool
    package var distribution: Distribution
  }

  /// A directed view is taken as undirected. Negative weights count as 0. Communities that the last
  /// moves left unconnected are divided, which never lowers the modularity.
  ///
  /// The result does not depend on the number of threads.
  /// - Complexity: O(levels · sweeps · (*n* + *m*)) time at most.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration, view)
    let n = view.nodeCount
    let workspaces = (0..<max(configuration.concurrency, 1)).map { _ in CommunityWorkspace() }
    let first = try LouvainLevel(
      view.undirected().outgoing, usesWeights: configuration.usesWeights,
      resolution: configuration.gamma, concurrency: configuration.concurrency, monitor: monitor)
    if let seeds = configuration.seeds { first.start(from: seeds) }

    var level = first
    // The node of `level` that each node has become part of.
    var places = [UInt32](0..<UInt32(n))
    var communities = [UInt32](0..<UInt32(n))
    var kept: [[UInt32]] = []
    var modularities: [Double] = []
    var didConverge = level.totalWeight == 0
    while !didConverge && modularities.count < configuration.maxLevels {
      let number = modularities.count
      monitor.report(
        "level \(number + 1)", fraction: Double(number) / Double(configuration.maxLevels))
      let moves = try level.moveNodes(
        maxIterations: 10, tolerance: configuration.tolerance, workspaces: workspaces,
        monitor: monitor)
      if moves == 0 && number > 0 {
        didConverge = true
        break
      }
      let modularity = try level.modularity(monitor: monitor)
      for node in 0..<n { communities[node] = level.community.base[Int(places[node])] }
      // Communities are named by nodes of the level; any node of the graph in them will do.
      communities = CommunityNumbering.smallestMember(communities).map { UInt32($0) }
      if configuration.includeIntermediateCommunities { kept.append(communities) }
      let gain = modularity - (modularities.last ?? -1)
      modularities.append(modularity)
      if gain < configuration.tolerance {
        didConverge = true
        break
      }
      let parts = try level.refined(
        theta: configuration.theta, seed: configuration.randomSeed &+ UInt64(number) << 32,
        workspaces: workspaces, monitor: monitor)
      let (coarse, numbers) = try level.aggregated(
        by: parts, workspaces: workspaces, monitor: monitor)
      if coarse.nodeCount == level.nodeCount {
        didConverge = true
        break
      }
      var groups = [Int64?](repeating: nil, count: coarse.nodeCount)
      for node in 0..<level.nodeCount {
        groups[Int(numbers[node])] = Int64(level.community.base[node])
      }
      coarse.start(from: groups)
      for node in 0..<n { places[node] = numbers[Int(places[node])] }
      level = coarse
    }

    let connected = try divided(communities, first, monitor)
    if connected != communities && !modularities.isEmpty {
      communities = connected
      first.assign(communities)
      modularities[modularities.count - 1] = try first.modularity(monitor: monitor)
      if !kept.isEmpty { kept[kept.count - 1] = communities }
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
      modularity: modularities.last ?? 0, modularities: modularities, didConverge: didConverge,
      distribution: Distribution(counts: counts))
  }

  /// The connected parts of each community.
  private static func divided(
    _ communities: [UInt32], _ level: LouvainLevel, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> [UInt32] {
    let table = level.table
    let forest = UnionForest(communities.count)
    let morsels = Morsels(table)
    try parallelFor(morsels.count, concurrency: level.concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      communities.withUnsafeBufferPointer { communities in
        for node in morsels.range(morsel) {
          let own = communities[node]
          table.forEachRun(of: node) { run in
            let weights = level.usesWeights ? table.weights(of: run) : nil
            for i in 0..<Int(run.count)
            where communities[Int(run.start[i])] == own && (weights?[i] ?? 1) > 0 {
              forest.link(node, Int(run.start[i]))
            }
          }
        }
      }
    }
    return (0..<communities.count).map { node in
      forest.compress(node)
      return forest.parent(node)
    }
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    var base = Louvain.Configuration()
    base.concurrency = configuration.concurrency
    base.includeIntermediateCommunities = configuration.includeIntermediateCommunities
    base.maxLevels = configuration.maxLevels
    // Beside Louvain's: parts, their strengths, cuts and sizes, and nodes by community.
    return Louvain.memoryEstimate(
      nodeCount: nodeCount, relationshipCount: relationshipCount, base)
      + MemoryEstimate(bytesMin: 36 * nodeCount, bytesMax: 56 * nodeCount)
  }

  private static func validate(
    _ configuration: Configuration, _ view: GraphView
  ) throws(QueryError) {
    try require(configuration.maxLevels >= 1, "maxLevels", configuration.maxLevels, "at least 1")
    try require(configuration.gamma >= 0, "gamma", configuration.gamma, "at least 0")
    try require(configuration.theta > 0, "theta", configuration.theta, "above 0")
    try require(configuration.tolerance >= 0, "tolerance", configuration.tolerance, "at least 0")
    if let seeds = configuration.seeds {
      try require(
        seeds.count == view.nodeCount, "seedProperty", seeds.count,
        "one value a node (\(view.nodeCount))")
    }
  }
}
