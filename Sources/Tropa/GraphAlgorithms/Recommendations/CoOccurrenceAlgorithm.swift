internal import GraphKernels

extension GraphAlgorithm {
  static let coOccurrence = GraphAlgorithm(
    "recommend.coOccurrence", "Items that go together because the same sources have them.",
    target: .relationships(property: "score"),
    stream: [
      .integer("node1"), .integer("node2"), .integer("count"), .float("support"),
      .float("confidence"), .float("lift"), .float("logLikelihoodRatio"), .float("score"),
    ],
    summary: [
      .integer("sourceCount"), .integer("itemCount"), .integer("pairs"), .map("scoreDistribution"),
    ], statsOnly: ["pairs"]
  ) { settings in
    var configuration = CoOccurrence.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.measure = try settings.map.choice(
      "measure", default: CoOccurrence.Measure.logLikelihoodRatio)
    configuration.topK = try settings.map.integer("topK", default: 10)
    configuration.minimumCount = try settings.map.integer("minCount", default: 2)
    configuration.minimumLift = try settings.map.float("minLift", default: 1)
    configuration.minimumConfidence = try settings.map.float("minConfidence", default: 0)
    configuration.minimumLogLikelihoodRatio = try settings.map.float(
      "minLogLikelihoodRatio", default: 0)
    configuration.upperDegreeCutoff = try settings.map.integer(
      "upperDegreeCutoff", default: Int(Int32.max))
    configuration.items = try settings.nodeFilter("itemFilter")
    let view = settings.view
    return PreparedAlgorithm(
      memory: CoOccurrence.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, configuration)
    ) { [configuration, settings] monitor in
      .coOccurrences(
        try CoOccurrence.run(view, configuration, monitor: monitor), settings)
    }
  }
}

extension AlgorithmOutput {
  fileprivate static func coOccurrences(
    _ result: CoOccurrence.Result, _ settings: AlgorithmSettings
  ) -> Self {
    let view = settings.view
    let property = settings.relationshipProperty
    return AlgorithmOutput(
      stream: {
        [
          .integers(view.ids(result.firstItems)), .integers(view.ids(result.secondItems)),
          .integers(result.counts), .floats(result.supports), .floats(result.confidences),
          .floats(result.lifts), .floats(result.logLikelihoodRatios), .floats(result.scores),
        ]
      },
      summary: {
        [
          "sourceCount": .count(result.sourceCount), "itemCount": .count(result.itemCount),
          "pairs": .count(result.scores.count),
          "scoreDistribution": .distribution(Distribution(result.scores).similarityEntries),
        ]
      },
      result: {
        .relationships(
          from: view.nodeIDs(result.firstItems), to: view.nodeIDs(result.secondItems),
          properties: [(property, .floats(result.scores)), ("lift", .floats(result.lifts))])
      })
  }
}
