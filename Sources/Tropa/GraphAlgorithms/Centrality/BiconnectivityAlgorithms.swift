internal import GraphKernels

extension GraphAlgorithm {
  static let articulationPoints = GraphAlgorithm(
    "gds.articulationPoints", "Nodes without which a component falls apart.",
    stream: [.integer("nodeId")], summary: [.integer("articulationPointCount")]
  ) { settings in
    let view = settings.view
    return PreparedAlgorithm(
      memory: Biconnectivity.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { monitor in
      let result = try Biconnectivity.run(view, monitor: monitor).isArticulationPoint
      let points = result.indices.filter { result[$0] }.map { UInt32($0) }
      var output = AlgorithmOutput.perNode(
        view, [.integers(result.map { $0 ? 1 : 0 })],
        summary: { ["articulationPointCount": .count(points.count)] })
      output.stream = { [.integers(view.ids(points))] }
      return output
    }
  }

  static let bridges = GraphAlgorithm(
    "gds.bridges", "Relationships without which a component falls apart.", modes: [.stream],
    stream: [.integer("from"), .integer("to")]
  ) { settings in
    let view = settings.view
    return PreparedAlgorithm(
      memory: Biconnectivity.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { monitor in
      let bridges = try Biconnectivity.run(view, monitor: monitor).bridges
      return AlgorithmOutput(stream: {
        [.integers(bridges.map { view.id($0.0) }), .integers(bridges.map { view.id($0.1) })]
      })
    }
  }
}
