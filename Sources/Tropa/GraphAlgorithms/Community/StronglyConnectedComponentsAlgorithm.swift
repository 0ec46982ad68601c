internal import GraphKernels

extension GraphAlgorithm {
  static let stronglyConnectedComponents = GraphAlgorithm(
    "gds.scc", "Strongly connected components: nodes that reach each other.",
    stream: [.integer("nodeId"), .integer("componentId")],
    summary: [.integer("componentCount"), .map("componentDistribution")]
  ) { settings in
    var configuration = StronglyConnectedComponents.Configuration()
    configuration.consecutiveIds = try settings.map.boolean("consecutiveIds", default: false)
    let view = settings.view
    return PreparedAlgorithm(
      memory: StronglyConnectedComponents.memoryEstimate(nodeCount: view.nodeCount)
    ) { [configuration] monitor in
      let result = try StronglyConnectedComponents.run(view, configuration, monitor: monitor)
      return .communities(result.componentIds, view) {
        [
          "componentCount": .count(result.componentCount),
          "componentDistribution": .communityDistribution(result.distribution),
        ]
      }
    }
  }
}
