internal import GraphKernels

extension GraphAlgorithm {
  static let node2Vec = GraphAlgorithm(
    "gds.node2vec", "Vectors for nodes that random walks meet together.",
    modes: [.stream, .mutate, .write], isWeightable: true,
    stream: [.integer("nodeId"), .floats("embedding")],
    summary: [.integer("nodeCount"), .floats("lossPerIteration")]
  ) { settings in
    var configuration = Node2Vec.Configuration()
    configuration.walks = try settings.walks()
    configuration.windowSize = try settings.map.integer("windowSize", default: 10)
    configuration.negativeSamplingRate = try settings.map.integer(
      "negativeSamplingRate", default: 5)
    configuration.positiveSamplingFactor = try settings.map.float(
      "positiveSamplingFactor", default: 0.001)
    configuration.negativeSamplingExponent = try settings.map.float(
      "negativeSamplingExponent", default: 0.75)
    configuration.embeddingDimension = try settings.map.integer(
      "embeddingDimension", default: 128, in: 1...100_000)
    configuration.embeddingInitializer = try settings.map.choice(
      "embeddingInitializer", default: Node2Vec.Initializer.normalized)
    configuration.iterations = try settings.map.integer("iterations", default: 1)
    configuration.initialLearningRate = try settings.map.float(
      "initialLearningRate", default: 0.01)
    configuration.minLearningRate = try settings.map.float("minLearningRate", default: 0.0001)
    let view = settings.view
    return PreparedAlgorithm(
      memory: Node2Vec.memoryEstimate(nodeCount: view.nodeCount, configuration)
    ) { [configuration] monitor in
      let result = try Node2Vec.run(view, configuration, monitor: monitor)
      return .embeddings(result.embeddings, view) {
        ["lossPerIteration": .floats(result.lossPerIteration)]
      }
    }
  }
}
