internal import GraphKernels

extension GraphAlgorithm {
  static let eigenvector = GraphAlgorithm(
    "gds.eigenvector", "Importance of nodes by the greatest eigenvector of the graph's matrix.",
    isWeightable: true, stream: [.integer("nodeId"), .float("score")], summary: rankSummary
  ) { settings in
    var configuration = EigenvectorCentrality.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.maxIterations = try settings.map.integer("maxIterations", default: 20)
    configuration.tolerance = try settings.map.float("tolerance", default: 1e-7)
    let sources = try settings.nodes("sourceNodes")
    configuration.sourceNodes = sources.isEmpty ? nil : sources
    (configuration.scaler, configuration.scalerOffset) = try settings.scaler()
    let view = settings.view
    return PreparedAlgorithm(
      memory: EigenvectorCentrality.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { [configuration] monitor in
      let result = try EigenvectorCentrality.run(view, configuration, monitor: monitor)
      return .scores(result.scores, view) {
        [
          "ranIterations": .count(result.ranIterations),
          "didConverge": .boolean(result.didConverge),
        ]
      }
    }
  }
}
