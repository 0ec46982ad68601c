internal import GraphKernels

extension GraphAlgorithm {
  static let pageRank = GraphAlgorithm(
    "gds.pageRank", "Importance of nodes by the importance of those that point at them.",
    isWeightable: true, stream: [.integer("nodeId"), .float("score")], summary: rankSummary
  ) { settings in
    let configuration = try settings.pageRank()
    let view = settings.view
    return PreparedAlgorithm(
      memory: PageRank.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { monitor in
      .ranks(try PageRank.run(view, configuration, monitor: monitor), view)
    }
  }

  /// Of algorithms that iterate until scores stay as they are.
  static let rankSummary: [Procedure.Field] = [
    .integer("ranIterations"), .boolean("didConverge"), .map("centralityDistribution"),
  ]
}

extension AlgorithmSettings {
  /// The keys of PageRank and ArticleRank.
  mutating func pageRank() throws -> PageRank.Configuration {
    var configuration = PageRank.Configuration()
    configuration.concurrency = concurrency
    configuration.usesWeights = isWeighted
    configuration.dampingFactor = try map.float("dampingFactor", default: 0.85)
    configuration.maxIterations = try map.integer("maxIterations", default: 20)
    configuration.tolerance = try map.float("tolerance", default: 1e-7)
    configuration.sourceNodes = try biasedNodes("sourceNodes")
    (configuration.scaler, configuration.scalerOffset) = try scaler()
    return configuration
  }
}

extension AlgorithmOutput {
  static func ranks(_ result: PageRank.Result, _ view: GraphView) -> Self {
    .scores(result.scores, view) {
      [
        "ranIterations": .count(result.ranIterations),
        "didConverge": .boolean(result.didConverge),
      ]
    }
  }
}
