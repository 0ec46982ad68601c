internal import GraphKernels

extension GraphAlgorithm {
  static let degree = GraphAlgorithm(
    "gds.degree", "The number of relationships of nodes, or the sum of their weights.",
    isWeightable: true, stream: [.integer("nodeId"), .float("score")],
    summary: [.map("centralityDistribution")]
  ) { settings in
    var configuration = DegreeCentrality.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.orientation = try settings.map.choice(
      "orientation", default: RelationshipOrientation.natural)
    let view = settings.view
    return PreparedAlgorithm(
      memory: DegreeCentrality.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { [configuration] monitor in
      .scores(try DegreeCentrality.run(view, configuration, monitor: monitor), view)
    }
  }
}
