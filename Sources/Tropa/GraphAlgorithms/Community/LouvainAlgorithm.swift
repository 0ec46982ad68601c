internal import GraphKernels

extension GraphAlgorithm {
  static let louvain = GraphAlgorithm(
    "gds.louvain", "Communities of high modularity by the Louvain method.", isWeightable: true,
    stream: [
      .integer("nodeId"), .integer("communityId"), .integers("intermediateCommunityIds"),
    ],
    summary: [
      .integer("communityCount"), .integer("ranLevels"), .float("modularity"),
      .floats("modularities"), .map("communityDistribution"),
    ]
  ) { settings in
    var configuration = Louvain.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.maxLevels = try settings.map.integer("maxLevels", default: 10)
    configuration.maxIterations = try settings.map.integer("maxIterations", default: 10)
    configuration.tolerance = try settings.map.float("tolerance", default: 1e-4)
    configuration.includeIntermediateCommunities = try settings.map.boolean(
      "includeIntermediateCommunities", default: false)
    configuration.consecutiveIds = try settings.map.boolean("consecutiveIds", default: false)
    configuration.seeds = try settings.seeds()
    let minimumSize = try settings.minimumCommunitySize()
    let view = settings.view
    return PreparedAlgorithm(
      memory: Louvain.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration] monitor in
      let result = try Louvain.run(view, configuration, monitor: monitor)
      return .levels(
        result.communityIds, result.intermediateCommunityIds, view, minimumSize: minimumSize
      ) {
        [
          "communityCount": .count(result.communityCount), "ranLevels": .count(result.ranLevels),
          "modularity": .float(result.modularity), "modularities": .floats(result.modularities),
          "communityDistribution": .communityDistribution(result.distribution),
        ]
      }
    }
  }
}

extension AlgorithmOutput {
  /// Communities with those of each level, which are written instead when they were asked for.
  static func levels(
    _ ids: [Int64], _ intermediate: [[Int64]], _ view: GraphView, minimumSize: Int,
    summary: @escaping () -> [String: Value]
  ) -> Self {
    let levels = NodeColumn.values { index in
      intermediate.isEmpty ? .null : .integers(intermediate.map { $0[index] })
    }
    return communities(
      ids, view, minimumSize: minimumSize, others: [levels],
      property: intermediate.isEmpty ? nil : levels, summary: summary)
  }
}
