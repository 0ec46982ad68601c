internal import GraphKernels

extension GraphAlgorithm {
  static let labelPropagation = GraphAlgorithm(
    "gds.labelPropagation", "Communities in which nodes take the label of most neighbours.",
    isWeightable: true, stream: [.integer("nodeId"), .integer("communityId")],
    summary: [
      .integer("communityCount"), .integer("ranIterations"), .boolean("didConverge"),
      .map("communityDistribution"),
    ]
  ) { settings in
    var configuration = LabelPropagation.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.maxIterations = try settings.map.integer("maxIterations", default: 10)
    configuration.consecutiveIds = try settings.map.boolean("consecutiveIds", default: false)
    configuration.seeds = try settings.seeds()
    if let property = try settings.map.string("nodeWeightProperty") {
      configuration.nodeWeights = try settings.numbers(property, "nodeWeightProperty")
        .map { $0 ?? 1 }
    }
    let minimumSize = try settings.minimumCommunitySize()
    let view = settings.view
    return PreparedAlgorithm(
      memory: LabelPropagation.memoryEstimate(
        nodeCount: view.nodeCount, concurrency: settings.concurrency)
    ) { [configuration] monitor in
      let result = try LabelPropagation.run(view, configuration, monitor: monitor)
      return .communities(result.communityIds, view, minimumSize: minimumSize) {
        [
          "communityCount": .count(result.communityCount),
          "ranIterations": .count(result.ranIterations),
          "didConverge": .boolean(result.didConverge),
          "communityDistribution": .communityDistribution(result.distribution),
        ]
      }
    }
  }
}
