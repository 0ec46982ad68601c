internal import GraphKernels

extension GraphAlgorithm {
  static let nodeSimilarity = GraphAlgorithm(
    "gds.nodeSimilarity", "Similarity of nodes by the neighbours that they share.",
    target: .relationships(property: "similarity"), isWeightable: true,
    stream: [.integer("node1"), .integer("node2"), .float("similarity")],
    summary: [
      .integer("nodesCompared"), .integer("similarityPairs"), .map("similarityDistribution"),
    ], statsOnly: ["similarityPairs"]
  ) { settings in
    var configuration = NodeSimilarity.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.metric = try settings.map.choice(
      "similarityMetric", default: SimilarityMetric.jaccard)
    configuration.similarityCutoff = try settings.map.float("similarityCutoff", default: 1e-42)
    configuration.degreeCutoff = try settings.map.integer("degreeCutoff", default: 1)
    configuration.upperDegreeCutoff = try settings.map.integer(
      "upperDegreeCutoff", default: Int(Int32.max))
    configuration.bottomK = try settings.map.integer("bottomK")
    let topK = try settings.map.integer("topK")
    configuration.topK = topK ?? (configuration.bottomK == nil ? 10 : nil)
    configuration.topN = try settings.map.integer("topN", default: 0)
    configuration.bottomN = try settings.map.integer("bottomN", default: 0)
    // Components only speed the search up in GDS; pairs in different ones share nothing anyway.
    settings.map.ignore("useComponents")
    let view = settings.view
    return PreparedAlgorithm(
      memory: NodeSimilarity.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration, settings] monitor in
      let result = try NodeSimilarity.run(view, configuration, monitor: monitor)
      return .similarPairs(
        result.firstNodes, result.secondNodes, result.similarities, settings
      ) { ["nodesCompared": .count(result.nodesCompared)] }
    }
  }
}
