internal import GraphKernels

extension GraphAlgorithm {
  static let pageRank = GraphAlgorithm(
    "gds.pageRank", "Importance of nodes by the importance of those that point at them.",
    isWeightable: true, stream: [.integer("nodeId"), .float("score")],
    summary: [
      .integer("ranIterations"), .boolean("didConverge"), .map("centralityDistribution"),
    ]
  ) { settings in
    var configuration = PageRank.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.dampingFactor = try settings.map.float("dampingFactor", default: 0.85)
    configuration.maxIterations = try settings.map.integer("maxIterations", default: 20)
    configuration.tolerance = try settings.map.float("tolerance", default: 1e-7)
    configuration.sourceNodes = try settings.biasedNodes("sourceNodes")
    (configuration.scaler, configuration.scalerOffset) = try settings.scaler()
    let view = settings.view
    return PreparedAlgorithm(
      memory: PageRank.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration] monitor in
      let result = try PageRank.run(view, configuration, monitor: monitor)
      return .scores(result.scores, view) {
        [
          "ranIterations": .count(result.ranIterations),
          "didConverge": .boolean(result.didConverge),
        ]
      }
    }
  }
}
