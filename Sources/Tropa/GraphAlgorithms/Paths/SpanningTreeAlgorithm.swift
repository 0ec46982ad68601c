internal import GraphKernels

extension GraphAlgorithm {
  static let spanningTree = GraphAlgorithm(
    "gds.spanningTree", "The cheapest relationships that join all nodes reached from one.",
    target: .relationships(property: "weight"), isWeightable: true,
    stream: [.integer("nodeId"), .integer("parentId"), .float("weight")],
    summary: [.integer("effectiveNodeCount"), .float("totalWeight")]
  ) { settings in
    let source = try settings.requiredNode("sourceNode")
    var configuration = SpanningTree.Configuration()
    configuration.usesWeights = settings.isWeighted
    configuration.isMaximum =
      try settings.map.choice("objective", default: Objective.minimum) == .maximum
    let view = settings.view
    let property = settings.relationshipProperty
    return PreparedAlgorithm(
      memory: SpanningTree.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { [configuration] monitor in
      let tree = try SpanningTree.run(view, from: source, configuration, monitor: monitor)
      return AlgorithmOutput(
        stream: {
          let order = tree.nodes.indices.sorted { tree.nodes[$0] < tree.nodes[$1] }
          return [
            .integers(order.map { view.id(tree.nodes[$0]) }),
            .integers(order.map { view.id(tree.parents[$0]) }),
            .floats(order.map { tree.weights[$0] }),
          ]
        },
        summary: {
          [
            "effectiveNodeCount": .count(tree.nodes.count),
            "totalWeight": .float(tree.totalWeight),
          ]
        },
        result: {
          .relationships(
            from: view.nodeIDs(tree.parents.dropFirst()),
            to: view.nodeIDs(tree.nodes.dropFirst()),
            properties: [(property, .floats(Array(tree.weights.dropFirst())))])
        })
    }
  }

  private enum Objective: String, CaseIterable { case minimum, maximum }
}
