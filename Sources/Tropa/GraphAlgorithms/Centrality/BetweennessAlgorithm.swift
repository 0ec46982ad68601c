internal import GraphKernels

extension GraphAlgorithm {
  static let betweenness = GraphAlgorithm(
    "gds.betweenness", "On how many shortest paths between others a node lies.",
    isWeightable: true, stream: [.integer("nodeId"), .float("score")],
    summary: [.map("centralityDistribution")]
  ) { settings in
    var configuration = BetweennessCentrality.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.samplingSize = try settings.map.integer("samplingSize")
    configuration.samplingSeed = try settings.randomSeed("samplingSeed")
    let view = settings.view
    return PreparedAlgorithm(
      memory: BetweennessCentrality.memoryEstimate(
        nodeCount: view.nodeCount, concurrency: settings.concurrency)
    ) { [configuration] monitor in
      .scores(try BetweennessCentrality.run(view, configuration, monitor: monitor), view)
    }
  }
}
