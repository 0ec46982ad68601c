internal import GraphKernels

extension GraphAlgorithm {
  static let localClusteringCoefficient = GraphAlgorithm(
    "gds.localClusteringCoefficient", "How many of a node's neighbours know each other.",
    stream: [.integer("nodeId"), .float("localClusteringCoefficient")],
    summary: [.float("averageClusteringCoefficient"), .integer("nodeCount")]
  ) { settings in
    var configuration = LocalClusteringCoefficient.Configuration()
    configuration.concurrency = settings.concurrency
    if let property = try settings.map.string("triangleCountProperty") {
      configuration.triangleCounts = try settings.numbers(property, "triangleCountProperty")
        .map { $0 ?? 0 }
    }
    let view = settings.view
    return PreparedAlgorithm(
      memory: TriangleCount.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount,
        concurrency: settings.concurrency)
    ) { [configuration] monitor in
      let result = try LocalClusteringCoefficient.run(view, configuration, monitor: monitor)
      return .perNode(
        view, [.floats(result.coefficients)],
        summary: {
          [
            "averageClusteringCoefficient": .float(result.average),
            "nodeCount": .count(view.nodes.memberCount),
          ]
        })
    }
  }
}
