internal import GraphKernels

extension GraphAlgorithm {
  static let leiden = GraphAlgorithm(
    "gds.leiden", "Connected communities of high modularity by the Leiden method.",
    isWeightable: true,
    stream: [
      .integer("nodeId"), .integer("communityId"), .integers("intermediateCommunityIds"),
    ],
    summary: [
      .integer("communityCount"), .integer("ranLevels"), .float("modularity"),
      .floats("modularities"), .integer("nodeCount"), .boolean("didConverge"),
      .map("communityDistribution"),
    ]
  ) { settings in
    var configuration = Leiden.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.maxLevels = try settings.map.integer("maxLevels", default: 10)
    configuration.gamma = try settings.map.float("gamma", default: 1)
    configuration.theta = try settings.map.float("theta", default: 0.01)
    configuration.tolerance = try settings.map.float("tolerance", default: 1e-4)
    configuration.includeIntermediateCommunities = try settings.map.boolean(
      "includeIntermediateCommunities", default: false)
    configuration.consecutiveIds = try settings.map.boolean("consecutiveIds", default: false)
    configuration.randomSeed = try settings.randomSeed()
    configuration.seeds = try settings.seeds()
    let minimumSize = try settings.minimumCommunitySize()
    let view = settings.view
    return PreparedAlgorithm(
      memory: Leiden.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration] monitor in
      let result = try Leiden.run(view, configuration, monitor: monitor)
      return .levels(
        result.communityIds, result.intermediateCommunityIds, view, minimumSize: minimumSize
      ) {
        [
          "communityCount": .count(result.communityCount), "ranLevels": .count(result.ranLevels),
          "modularity": .float(result.modularity), "modularities": .floats(result.modularities),
          "nodeCount": .count(view.nodes.memberCount),
          "didConverge": .boolean(result.didConverge),
          "communityDistribution": .communityDistribution(result.distribution),
        ]
      }
    }
  }
}
