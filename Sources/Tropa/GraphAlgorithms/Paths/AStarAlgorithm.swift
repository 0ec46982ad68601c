internal import GraphKernels

extension GraphAlgorithm {
  static let aStar = GraphAlgorithm(
    "gds.shortestPath.astar", "The shortest path between two places on the earth.",
    target: .relationships(property: nil), isWeightable: true, stream: PathAlgorithm.columns
  ) { settings in
    let source = try settings.requiredNode("sourceNode")
    let target = try settings.requiredNode("targetNode")
    let latitudes = try settings.coordinates("latitudeProperty")
    let longitudes = try settings.coordinates("longitudeProperty")
    let written = try settings.pathProperties()
    return PreparedAlgorithm(
      memory: AStar.memoryEstimate(nodeCount: settings.view.nodeCount)
    ) { [settings] monitor in
      let path = try AStar.run(
        settings.view, from: source, to: target, latitudes: latitudes, longitudes: longitudes,
        usesWeights: settings.isWeighted, monitor: monitor)
      return .paths([path].compactMap { $0 }, settings, written: written)
    }
  }
}

extension AlgorithmSettings {
  fileprivate mutating func coordinates(_ key: String) throws -> [Double] {
    try numbers(map.requiredString(key), key).map { $0 ?? .nan }
  }
}
