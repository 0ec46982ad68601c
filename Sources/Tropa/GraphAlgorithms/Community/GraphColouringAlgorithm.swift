internal import GraphKernels

extension GraphAlgorithm {
  static let k1Colouring = GraphAlgorithm(
    "gds.k1coloring", "Colours for nodes such that neighbours have different ones.",
    stream: [.integer("nodeId"), .integer("color")],
    summary: [
      .integer("nodeCount"), .integer("colorCount"), .integer("ranIterations"),
      .boolean("didConverge"),
    ]
  ) { settings in
    var configuration = GraphColouring.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.maxIterations = try settings.map.integer("maxIterations", default: 10)
    let minimumSize = try settings.minimumCommunitySize()
    let view = settings.view
    return PreparedAlgorithm(
      memory: GraphColouring.memoryEstimate(
        nodeCount: view.nodeCount, concurrency: settings.concurrency)
    ) { [configuration] monitor in
      let result = try GraphColouring.run(view, configuration, monitor: monitor)
      return .communities(result.colours, view, minimumSize: minimumSize) {
        [
          "nodeCount": .count(view.nodes.memberCount), "colorCount": .count(result.colourCount),
          "ranIterations": .count(result.ranIterations),
          "didConverge": .boolean(result.didConverge),
        ]
      }
    }
  }
}
