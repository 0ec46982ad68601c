internal import GraphKernels

extension GraphAlgorithm {
  static let bellmanFord = GraphAlgorithm(
    "gds.bellmanFord",
    "Shortest paths from one node to all others, with weights of any sign; or negative cycles.",
    target: .relationships(property: nil), isWeightable: true,
    stream: PathAlgorithm.columns.dropLast() + [.path("route"), .boolean("isNegativeCycle")],
    summary: [.boolean("containsNegativeCycle")]
  ) { settings in
    let source = try settings.requiredNode("sourceNode")
    var writesCycles = false
    if settings.isWriting {
      writesCycles = try settings.map.boolean(
        settings.mode == .write ? "writeNegativeCycles" : "mutateNegativeCycles", default: false)
    }
    let written = try settings.pathProperties()
    return PreparedAlgorithm(
      memory: BellmanFord.memoryEstimate(nodeCount: settings.view.nodeCount)
    ) { [settings, writesCycles] monitor in
      let result = try BellmanFord.run(
        settings.view, from: source, usesWeights: settings.isWeighted, monitor: monitor)
      let isCyclic = result.tree == nil
      var paths = result.negativeCycles
      if isCyclic && settings.isWriting && !writesCycles { paths = [] }
      if let tree = result.tree { paths = tree.reached.map { tree.path(to: $0) } }
      return .paths(
        paths, settings, written: written,
        extra: [.booleans(Array(repeating: isCyclic, count: paths.count))]
      ) { ["containsNegativeCycle": .boolean(isCyclic)] }
    }
  }
}
