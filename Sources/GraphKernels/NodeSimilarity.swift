package import GraphTypes

/// The similarity of nodes by the neighbours that they share, as GDS's Node Similarity: sources of
/// relationships are compared by their targets.
package enum NodeSimilarity {
  package struct Configuration: Sendable {
    package var metric = SimilarityMetric.jaccard
    /// Pairs below are left out.
    package var similarityCutoff = 1e-42
    /// Sources with fewer or more different targets are left out.
    package var degreeCutoff = 1
    package var upperDegreeCutoff = Int(Int32.max)
    /// The most similar (or least similar, among those that share a target) for each source.
    package var topK: Int? = 10
    package var bottomK: Int?
    /// The most (least) similar pairs of all those left by `topK`; 0 leaves all.
    package var topN = 0
    package var bottomN = 0
    package var usesWeights = true
    /// Only these are compared, only with those; nil: all.
    package var sourceFilter: [UInt32]?
    package var targetFilter: [UInt32]?
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Pairs side by side: by source, each source's best first; with topN or bottomN by
    /// similarity. Equal similarities by index.
    package var firstNodes: [UInt32]
    package var secondNodes: [UInt32]
    package var similarities: [Double]
    /// The number of sources compared.
    package var nodesCompared: Int
    package var similarityPairs: Int { similarities.count }
    /// - Complexity: O(pairs · log pairs).
    package func distribution() -> Distribution { Distribution(similarities) }
  }

  /// Counts shared targets by walking, for each source, the sources of each of its targets, into
  /// dense counters. Parallel relationships count once (their weights are summed, negative ones are
  /// 0). The result does not depend on the number of threads.
  ///
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(Σ in-degree²) time in the worst case; memory O(*n* · threads + *m*).
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration)
    let sets = NeighbourSets(view, configuration)
    let sources = sets.sourceCount
    let kernel = SimilarityKernel(sets, configuration)
    let block = 128
    let blocks = (sources + block - 1) / block
    let pairs = (0..<blocks).map { _ in SimilarPairs() }
    let isWanted = configuration.sourceFilter.map { filter in
      let wanted = Set(filter)
      return sets.sourceNodes.map { wanted.contains($0) }
    }
    let workers = (0..<max(configuration.concurrency, 1)).map { _ in SimilarityWorkspace() }
    try parallelFor(blocks, concurrency: configuration.concurrency, monitor: monitor) {
      (worker, index) throws(QueryError) in
      workers[worker].prepare(sets)
      for source in index * block..<min((index + 1) * block, sources)
      where isWanted?[source] ?? true {
        kernel.compare(source, workspace: workers[worker], into: pairs[index])
      }
      if index & 15 == 0 {
        monitor.report("comparing nodes", fraction: Double(index) / Double(blocks))
      }
    }
    var result = Result(
      firstNodes: [], secondNodes: [], similarities: [],
      nodesCompared: isWanted?.count { $0 } ?? sources)
    let total = pairs.reduce(0) { $0 + $1.similarities.count }
    result.firstNodes.reserveCapacity(total)
    result.secondNodes.reserveCapacity(total)
    result.similarities.reserveCapacity(total)
    for part in pairs {
      result.firstNodes.append(contentsOf: part.firstNodes)
      result.secondNodes.append(contentsOf: part.secondNodes)
      result.similarities.append(contentsOf: part.similarities)
    }
    keepExtremes(&result, configuration)
    monitor.report("similarities", fraction: 1)
    return result
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    let rows = 2 * (16 * nodeCount + 12 * relationshipCount)
    let threads = (8 + 4 + 1) * nodeCount * max(configuration.concurrency, 1)
    let k = configuration.topK ?? configuration.bottomK ?? nodeCount
    return MemoryEstimate(
      bytesMin: rows / 2 + threads, bytesMax: rows + threads + 32 * nodeCount * min(k, nodeCount))
  }

  private static func validate(_ configuration: Configuration) throws(QueryError) {
    if let topK = configuration.topK { try require(topK >= 1, "topK", topK, "at least 1") }
    if let bottomK = configuration.bottomK {
      try require(bottomK >= 1, "bottomK", bottomK, "at least 1")
    }
    try require(
      configuration.topK == nil || configuration.bottomK == nil, "bottomK",
      configuration.bottomK ?? 0, "left out where topK is given")
    try require(configuration.topN >= 0, "topN", configuration.topN, "at least 0")
    try require(configuration.bottomN >= 0, "bottomN", configuration.bottomN, "at least 0")
    try require(
      configuration.topN == 0 || configuration.bottomN == 0, "bottomN", configuration.bottomN,
      "left out where topN is given")
    try require(
      configuration.degreeCutoff >= 1, "degreeCutoff", configuration.degreeCutoff, "at least 1")
    try require(
      configuration.upperDegreeCutoff >= configuration.degreeCutoff, "upperDegreeCutoff",
      configuration.upperDegreeCutoff, "at least degreeCutoff (\(configuration.degreeCutoff))")
    try require(
      configuration.similarityCutoff >= 0 && configuration.similarityCutoff <= 1,
      "similarityCutoff", configuration.similarityCutoff, "in 0 ... 1")
  }

  private static func keepExtremes(_ result: inout Result, _ configuration: Configuration) {
    let wanted = max(configuration.topN, configuration.bottomN)
    guard wanted > 0 else { return }
    let similarities = result.similarities
    var order = Array(similarities.indices)
    // Positions ascend by source, so they decide between equals.
    if configuration.topN > 0 {
      order.sort { (similarities[$1], $0) < (similarities[$0], $1) }
    } else {
      order.sort { (similarities[$0], $0) < (similarities[$1], $1) }
    }
    order = Array(order.prefix(wanted))
    result.firstNodes = order.map { result.firstNodes[$0] }
    result.secondNodes = order.map { result.secondNodes[$0] }
    result.similarities = order.map { similarities[$0] }
  }
}

/// The pairs of consecutive sources, made by one thread.
final class SimilarPairs: @unchecked Sendable {
  var firstNodes: [UInt32] = []
  var secondNodes: [UInt32] = []
  var similarities: [Double] = []
}
