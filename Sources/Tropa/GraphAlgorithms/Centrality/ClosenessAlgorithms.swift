internal import GraphKernels

extension GraphAlgorithm {
  static let closeness = GraphAlgorithm(
    "gds.closeness", "How near a node is to those that reach it.",
    stream: [.integer("nodeId"), .float("score")], summary: [.map("centralityDistribution")]
  ) { settings in
    var configuration = ClosenessCentrality.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.useWassermanFaust = try settings.map.boolean(
      "useWassermanFaust", default: false)
    let view = settings.view
    return PreparedAlgorithm(
      memory: ClosenessCentrality.memoryEstimate(
        nodeCount: view.nodeCount, concurrency: settings.concurrency)
    ) { [configuration] monitor in
      .scores(try ClosenessCentrality.run(view, configuration, monitor: monitor), view)
    }
  }

  static let harmonic = GraphAlgorithm(
    "gds.closeness.harmonic", "The mean of the reciprocal distances to a node.",
    stream: [.integer("nodeId"), .float("score")], summary: [.map("centralityDistribution")]
  ) { settings in
    let view = settings.view
    let concurrency = settings.concurrency
    return PreparedAlgorithm(
      memory: ClosenessCentrality.memoryEstimate(
        nodeCount: view.nodeCount, concurrency: concurrency)
    ) { monitor in
      .scores(
        try HarmonicCentrality.run(view, concurrency: concurrency, monitor: monitor), view)
    }
  }
}
