internal import GraphKernels

extension GraphAlgorithm {
  static let breadthFirstSearch = GraphAlgorithm(
    "gds.bfs", "The nodes reached from one node, the nearest first.",
    modes: [.stream, .stats, .mutate], target: .relationships(property: nil),
    stream: [.integer("sourceNode"), .integers("nodeIds"), .path("path")]
  ) { settings in
    try settings.traversal { view, source, configuration, monitor in
      try GraphTraversal.breadthFirst(view, from: source, configuration, monitor: monitor)
    }
  }

  static let depthFirstSearch = GraphAlgorithm(
    "gds.dfs", "The nodes reached from one node, going on from each before its siblings.",
    modes: [.stream, .mutate], target: .relationships(property: nil),
    stream: [.integer("sourceNode"), .integers("nodeIds"), .path("path")]
  ) { settings in
    try settings.traversal { view, source, configuration, monitor in
      try GraphTraversal.depthFirst(view, from: source, configuration, monitor: monitor)
    }
  }
}

extension AlgorithmSettings {
  fileprivate mutating func traversal(
    _ visit:
      @escaping (GraphView, UInt32, GraphTraversal.Configuration, StatementMonitor) throws
      -> [UInt32]
  ) throws -> PreparedAlgorithm {
    let source = try requiredNode("sourceNode")
    var configuration = GraphTraversal.Configuration()
    configuration.concurrency = concurrency
    configuration.targets = try nodes("targetNodes")
    let depth = try map.integer("maxDepth", default: -1, in: -1 ... .max)
    configuration.maxDepth = depth < 0 ? nil : depth
    let settings = self
    return PreparedAlgorithm(
      memory: GraphTraversal.memoryEstimate(nodeCount: view.nodeCount)
    ) { [configuration] monitor in
      let view = settings.view
      let order = try visit(view, source, configuration, monitor)
      return AlgorithmOutput(
        stream: {
          [
            .integers([view.id(source)]), .values([.integers(view.ids(order))]),
            .values([
              settings.isWanted("path")
                ? VirtualPath.value(view.nodeIDs(order), type: "NEXT") : .null
            ]),
          ]
        },
        result: {
          let nodes = view.nodeIDs(order)
          return .relationships(
            from: Array(nodes.dropLast()), to: Array(nodes.dropFirst()), properties: [])
        })
    }
  }
}
