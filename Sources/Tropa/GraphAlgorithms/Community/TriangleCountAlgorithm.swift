internal import GraphKernels

extension GraphAlgorithm {
  static let triangleCount = GraphAlgorithm(
    "gds.triangleCount", "The triangles that each node is a corner of.",
    stream: [.integer("nodeId"), .integer("triangleCount")],
    summary: [.integer("globalTriangleCount"), .integer("nodeCount")]
  ) { settings in
    var configuration = try settings.triangleConfiguration()
    configuration.countsNodes = settings.mode != .stats
    let view = settings.view
    return PreparedAlgorithm(
      memory: TriangleCount.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount,
        concurrency: settings.concurrency)
    ) { [configuration] monitor in
      let result = try TriangleCount.run(view, configuration, monitor: monitor)
      return .perNode(
        view, [.integers(result.triangleCounts)],
        summary: {
          [
            "globalTriangleCount": .count(result.globalTriangleCount),
            "nodeCount": .count(view.nodes.memberCount),
          ]
        })
    }
  }

  /// All triangles; without modes.
  static let triangles = GraphAlgorithm(
    "gds.triangles", "All triangles of the graph.", modes: [],
    stream: [.integer("nodeA"), .integer("nodeB"), .integer("nodeC")]
  ) { settings in
    let configuration = try settings.triangleConfiguration()
    let view = settings.view
    return PreparedAlgorithm(
      memory: TriangleCount.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount, concurrency: 1)
    ) { monitor in
      let triangles = try TriangleCount.triangles(view, configuration, monitor: monitor)
      return AlgorithmOutput(stream: {
        [
          .integers(triangles.map { view.id($0.0) }), .integers(triangles.map { view.id($0.1) }),
          .integers(triangles.map { view.id($0.2) }),
        ]
      })
    }
  }
}

extension AlgorithmSettings {
  fileprivate mutating func triangleConfiguration() throws -> TriangleCount.Configuration {
    var configuration = TriangleCount.Configuration()
    configuration.concurrency = concurrency
    configuration.maxDegree = try map.integer("maxDegree", default: .max)
    return configuration
  }
}
