internal import GraphKernels

extension GraphAlgorithm {
  static let nodeSimilarity = nodeSimilarity(
    "gds.nodeSimilarity", "Similarity of nodes by the neighbours that they share.",
    isFiltered: false)

  static let filteredNodeSimilarity = nodeSimilarity(
    "gds.nodeSimilarity.filtered",
    "Similarity of some nodes to some others by the neighbours that they share.",
    isFiltered: true)

  private static func nodeSimilarity(
    _ name: String, _ summary: String, isFiltered: Bool
  ) -> GraphAlgorithm {
    GraphAlgorithm(
      name, summary, target: .relationships(property: "similarity"), isWeightable: true,
      stream: [.integer("node1"), .integer("node2"), .float("similarity")],
      summary: [
        .integer("nodesCompared"), .integer("similarityPairs"), .map("similarityDistribution"),
      ], statsOnly: ["similarityPairs"]
    ) { settings in
      var configuration = try settings.nodeSimilarity()
      if isFiltered {
        configuration.sourceFilter = try settings.nodeFilter("sourceNodeFilter")
        configuration.targetFilter = try settings.nodeFilter("targetNodeFilter")
      }
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
}

extension AlgorithmSettings {
  fileprivate mutating func nodeSimilarity() throws -> NodeSimilarity.Configuration {
    var configuration = NodeSimilarity.Configuration()
    configuration.concurrency = concurrency
    configuration.usesWeights = isWeighted
    configuration.metric = try map.choice("similarityMetric", default: SimilarityMetric.jaccard)
    configuration.similarityCutoff = try map.float("similarityCutoff", default: 1e-42)
    configuration.degreeCutoff = try map.integer("degreeCutoff", default: 1)
    configuration.upperDegreeCutoff = try map.integer(
      "upperDegreeCutoff", default: Int(Int32.max))
    configuration.bottomK = try map.integer("bottomK")
    let topK = try map.integer("topK")
    configuration.topK = topK ?? (configuration.bottomK == nil ? 10 : nil)
    configuration.topN = try map.integer("topN", default: 0)
    configuration.bottomN = try map.integer("bottomN", default: 0)
    // Components only speed the search up in GDS; pairs in different ones share nothing anyway.
    map.ignore("useComponents")
    return configuration
  }
}
