internal import GraphKernels

extension GraphAlgorithm {
  static let yens = GraphAlgorithm(
    "gds.shortestPath.yens", "The k shortest paths between two nodes.",
    target: .relationships(property: nil), isWeightable: true, stream: PathAlgorithm.columns
  ) { settings in
    let source = try settings.requiredNode("sourceNode")
    let target = try settings.requiredNode("targetNode")
    let count = try settings.map.requiredInteger("k", in: 1 ... .max)
    let written = try settings.pathProperties()
    return PreparedAlgorithm(
      memory: YenPaths.memoryEstimate(nodeCount: settings.view.nodeCount, k: 1)
    ) { [settings] monitor in
      let paths = try YenPaths.run(
        settings.view, from: source, to: target, k: count, usesWeights: settings.isWeighted,
        monitor: monitor)
      return .paths(paths, settings, written: written)
    }
  }
}
