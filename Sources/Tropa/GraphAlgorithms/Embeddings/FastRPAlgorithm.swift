internal import GraphKernels

extension GraphAlgorithm {
  static let fastRP = GraphAlgorithm(
    "gds.fastRP", "Vectors for nodes by fast random projection of their surroundings.",
    isWeightable: true, stream: [.integer("nodeId"), .floats("embedding")],
    summary: [.integer("nodeCount")]
  ) { settings in
    var configuration = FastRP.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.usesWeights = settings.isWeighted
    configuration.embeddingDimension = try settings.map.requiredInteger(
      "embeddingDimension", in: 1...100_000)
    configuration.iterationWeights =
      try settings.map.floats("iterationWeights") ?? configuration.iterationWeights
    configuration.nodeSelfInfluence = try settings.map.float("nodeSelfInfluence", default: 0)
    configuration.normalizationStrength = try settings.map.float(
      "normalizationStrength", default: 0)
    configuration.propertyRatio = try settings.map.float("propertyRatio", default: 0)
    configuration.randomSeed = try settings.randomSeed()
    let features = try settings.map.strings("featureProperties", default: [])
    if !features.isEmpty {
      configuration.features = try settings.rows(features, "featureProperties").matrix
    }
    let view = settings.view
    return PreparedAlgorithm(
      memory: FastRP.memoryEstimate(nodeCount: view.nodeCount, configuration)
    ) { [configuration] monitor in
      .embeddings(try FastRP.run(view, configuration, monitor: monitor), view)
    }
  }
}

extension AlgorithmOutput {
  static func embeddings(
    _ matrix: FloatMatrix, _ view: GraphView, summary: @escaping () -> [String: Value] = { [:] }
  ) -> Self {
    perNode(
      view, [.vectors(matrix)],
      summary: {
        summary().merging(["nodeCount": .count(view.nodes.memberCount)]) { $1 }
      })
  }
}
