internal import GraphKernels

/// What the recommenders have in common. Their names begin with `recommend`, not with `gds`, which
/// has none: a name of ours there could come to mean something else in GDS.
extension GraphAlgorithm {
  static func recommender(
    _ name: String, _ summary: String, isWeightable: Bool = true,
    summary columns: [Procedure.Field] = [],
    prepare: @escaping @Sendable (inout AlgorithmSettings) throws -> PreparedAlgorithm
  ) -> GraphAlgorithm {
    GraphAlgorithm(
      name, summary, target: .relationships(property: "score"), isWeightable: isWeightable,
      stream: [
        .integer("sourceNodeId"), .integer("targetNodeId"), .float("score"), .integer("rank"),
      ],
      summary: [.integer("nodesConsidered"), .integer("recommendations")] + columns
        + [.map("scoreDistribution")],
      statsOnly: ["recommendations"], prepare: prepare)
  }
}

extension AlgorithmSettings {
  /// The keys of all recommenders.
  mutating func recommendations() throws -> Recommendations.Configuration {
    var configuration = Recommendations.Configuration()
    configuration.concurrency = concurrency
    configuration.usesWeights = isWeighted
    configuration.topK = try map.integer("topK", default: 10, in: 1 ... .max)
    configuration.excludesKnown = try map.boolean("excludeKnown", default: true)
    configuration.sources = try nodeFilter("sourceNodeFilter")
    configuration.targets = try nodeFilter("targetNodeFilter")
    return configuration
  }
}

extension AlgorithmOutput {
  static func recommendations(
    _ result: Recommendations, _ settings: AlgorithmSettings,
    summary: @escaping () -> [String: Value] = { [:] }
  ) -> Self {
    let view = settings.view
    let property = settings.relationshipProperty
    return AlgorithmOutput(
      stream: {
        [
          .integers(view.ids(result.sources)), .integers(view.ids(result.targets)),
          .floats(result.scores), .integers(result.ranks),
        ]
      },
      summary: {
        var row = summary()
        row["nodesConsidered"] = .count(result.sourceCount)
        row["recommendations"] = .count(result.scores.count)
        row["scoreDistribution"] = .distribution(
          Distribution(result.scores).similarityEntries)
        return row
      },
      result: {
        .relationships(
          from: view.nodeIDs(result.sources), to: view.nodeIDs(result.targets),
          properties: [(property, .floats(result.scores))])
      })
  }
}
