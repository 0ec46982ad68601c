internal import GraphKernels

extension GraphAlgorithm {
  static let dijkstra = GraphAlgorithm(
    "gds.shortestPath.dijkstra", "Shortest paths from one node to others.",
    target: .relationships(property: nil), isWeightable: true, stream: PathAlgorithm.columns
  ) { settings in
    let source = try settings.requiredNode("sourceNode")
    let targets = try settings.targets()
    let written = try settings.pathProperties()
    return PreparedAlgorithm(
      memory: Dijkstra.memoryEstimate(nodeCount: settings.view.nodeCount)
    ) { [settings] monitor in
      let tree = try Dijkstra.run(
        settings.view, from: source, to: targets, usesWeights: settings.isWeighted,
        monitor: monitor)
      let wanted = Set(targets)
      return .paths(
        tree.reached.lazy.filter { wanted.contains($0) }.map { tree.path(to: $0) }, settings,
        written: written)
    }
  }

  static let allDijkstra = GraphAlgorithm(
    "gds.allShortestPaths.dijkstra", "Shortest paths from one node to all others.",
    target: .relationships(property: nil), isWeightable: true, stream: PathAlgorithm.columns
  ) { settings in
    let source = try settings.requiredNode("sourceNode")
    let written = try settings.pathProperties()
    return PreparedAlgorithm(
      memory: Dijkstra.memoryEstimate(nodeCount: settings.view.nodeCount)
    ) { [settings] monitor in
      let tree = try Dijkstra.run(
        settings.view, from: source, usesWeights: settings.isWeighted, monitor: monitor)
      return .paths(tree.reached.lazy.map { tree.path(to: $0) }, settings, written: written)
    }
  }

  static let deltaStepping = GraphAlgorithm(
    "gds.allShortestPaths.delta",
    "Shortest paths from one node to all others, by several threads.",
    target: .relationships(property: nil), isWeightable: true, stream: PathAlgorithm.columns
  ) { settings in
    let source = try settings.requiredNode("sourceNode")
    let delta = try settings.map.float("delta", default: 2)
    let written = try settings.pathProperties()
    return PreparedAlgorithm(
      memory: DeltaStepping.memoryEstimate(nodeCount: settings.view.nodeCount)
    ) { [settings] monitor in
      let tree = try DeltaStepping.run(
        settings.view, from: source, delta: delta, usesWeights: settings.isWeighted,
        concurrency: settings.concurrency, monitor: monitor)
      return .paths(tree.reached.lazy.map { tree.path(to: $0) }, settings, written: written)
    }
  }
}

extension AlgorithmSettings {
  /// `targetNode`, or `targetNodes`.
  fileprivate mutating func targets() throws -> [UInt32] {
    let several = try nodes("targetNodes")
    if !several.isEmpty {
      if map.has("targetNode") {
        throw QueryError(
          .argumentError, "InvalidConfigurationValue",
          "`targetNode` and `targetNodes` are given together", hint: "leave one of them out")
      }
      return several
    }
    return [try requiredNode("targetNode")]
  }
}
