internal import GraphKernels

extension GraphAlgorithm {
  static let weaklyConnectedComponents = GraphAlgorithm(
    "gds.wcc", "Weakly connected components: which nodes are joined, whatever the direction.",
    isWeightable: true, stream: [.integer("nodeId"), .integer("componentId")],
    summary: [.integer("componentCount"), .map("componentDistribution")]
  ) { settings in
    var configuration = WeaklyConnectedComponents.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.threshold =
      try settings.map.float("threshold") ?? (settings.isWeighted ? 0 : nil)
    configuration.consecutiveIds = try settings.map.boolean("consecutiveIds", default: false)
    configuration.seeds = try settings.seeds()
    let minimumSize = try settings.minimumCommunitySize("minComponentSize")
    let view = settings.view
    return PreparedAlgorithm(
      memory: WeaklyConnectedComponents.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { [configuration] monitor in
      let result = try WeaklyConnectedComponents.run(view, configuration, monitor: monitor)
      return .communities(result.componentIds, view, minimumSize: minimumSize) {
        [
          "componentCount": .count(result.componentCount),
          "componentDistribution": .communityDistribution(result.distribution),
        ]
      }
    }
  }
}
