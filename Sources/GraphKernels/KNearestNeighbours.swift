package import GraphTypes

/// For each node the *k* nodes whose properties are most like its own, approximately (Dong,
/// Charikar, Li: "Efficient k-nearest neighbor graph construction for generic similarity measures",
/// 2011): neighbours of neighbours are likely to be neighbours. The first ones come from random
/// trees.
package enum KNearestNeighbours {
  package enum Sampler: String, Sendable, CaseIterable {
    /// Nodes in the same leaves of random trees.
    case uniform
    /// Nodes met on a random walk.
    case randomWalk = "randomwalk"
  }

  package struct Configuration: Sendable {
    package var topK = 10
    /// The share of a node's neighbours that are compared with each other in an iteration.
    package var sampleRate = 0.5
    /// Ends when no greater share of all neighbours is replaced.
    package var deltaThreshold = 0.001
    package var maxIterations = 100
    /// Random nodes that each node is compared with in an iteration.
    package var randomJoins = 10
    package var initialSampler = Sampler.uniform
    package var randomSeed: UInt64 = 42
    package var similarityCutoff = 0.0
    /// How often a neighbour of equal similarity takes the place of the least similar one.
    package var perturbationRate = 0.0
    /// Neighbours are wanted of these only, among those only; nil: all.
    package var sourceFilter: [UInt32]?
    package var targetFilter: [UInt32]?
    /// Start with random nodes of the filter of targets.
    package var seedTargetNodes = false
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Pairs side by side: by node, each node's best first.
    package var firstNodes: [UInt32] = []
    package var secondNodes: [UInt32] = []
    package var similarities: [Double] = []
    package var nodesCompared = 0
    package var ranIterations = 0
    package var didConverge = false
    package var nodePairsConsidered = 0
  }

  /// Every node improves its own list from the lists of the iteration before, so that threads need
  /// no locks and the result does not depend on their number. Of few nodes all pairs are compared.
  /// - Parameter view: for the nodes, and for random walks of the initial sampler.
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: about O(*n*^1.14) comparisons in practice; 20 · *k* bytes a node, twice.
  package static func run(
    _ view: GraphView, _ similarity: NodeSimilarities, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration)
    return try similarity.withPairs { (pairs) throws(QueryError) in
      try search(view, pairs, configuration, monitor)
    } others: { (pairs) throws(QueryError) in
      try search(view, pairs, configuration, monitor)
    }
  }

  private static func search(
    _ view: GraphView, _ similarity: some PairSimilarity, _ configuration: Configuration,
    _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Result {
    var members: [UInt32] = []
    for range in view.nodes.members { for node in range { members.append(UInt32(node)) } }
    let search = NeighbourSearch(view, members, similarity, configuration)
    var result = Result()
    result.nodesCompared = members.count
    guard members.count > 1 else { return result }
    result.nodePairsConsidered = try search.start(monitor)
    if search.isExhaustive {
      result.ranIterations = 1
      result.didConverge = true
    }
    let limit = configuration.deltaThreshold * Double(search.k * members.count)
    while result.ranIterations < configuration.maxIterations && !result.didConverge {
      let step = try search.improve(iteration: result.ranIterations, monitor)
      result.nodePairsConsidered += step.compared
      result.ranIterations += 1
      result.didConverge = Double(step.replaced) <= limit
      monitor.report(
        "iteration \(result.ranIterations) of at most \(configuration.maxIterations)",
        fraction: Double(result.ranIterations) / Double(configuration.maxIterations))
    }
    for place in members.indices {
      for (other, value) in search.neighbours(place)
      where value >= configuration.similarityCutoff {
        result.firstNodes.append(members[place])
        result.secondNodes.append(members[Int(other)])
        result.similarities.append(value)
      }
    }
    return result
  }

  package static func memoryEstimate(
    nodeCount: Int, _ configuration: Configuration
  ) -> MemoryEstimate {
    let lists = 39 * nodeCount * min(configuration.topK, max(nodeCount - 1, 0))
    let stamps = 4 * nodeCount * max(configuration.concurrency, 1)
    return MemoryEstimate(bytesMin: lists + stamps, bytesMax: 2 * lists + stamps)
  }

  private static func validate(_ configuration: Configuration) throws(QueryError) {
    try require(configuration.topK >= 1, "topK", configuration.topK, "at least 1")
    let rate = configuration.sampleRate
    try require(rate > 0 && rate <= 1, "sampleRate", rate, "above 0, and at most 1")
    let delta = configuration.deltaThreshold
    try require(delta >= 0 && delta <= 1, "deltaThreshold", delta, "in 0 ... 1")
    try require(
      configuration.maxIterations >= 1, "maxIterations", configuration.maxIterations, "at least 1")
    try require(
      configuration.randomJoins >= 0, "randomJoins", configuration.randomJoins, "at least 0")
    let perturbation = configuration.perturbationRate
    try require(
      perturbation >= 0 && perturbation <= 1, "perturbationRate", perturbation, "in 0 ... 1")
  }
}
