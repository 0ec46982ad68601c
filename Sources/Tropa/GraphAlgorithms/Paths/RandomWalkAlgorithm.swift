internal import GraphKernels

extension GraphAlgorithm {
  static let randomWalk = GraphAlgorithm(
    "gds.randomWalk", "Random walks through the graph.", modes: [.stream, .stats, .mutate],
    isWeightable: true, stream: [.integers("nodeIds"), .path("path")]
  ) { settings in
    var configuration = try settings.walks()
    let sources = try settings.nodes("sourceNodes")
    configuration.sources = sources.isEmpty ? nil : sources
    let view = settings.view
    return PreparedAlgorithm(
      memory: RandomWalk.memoryEstimate(nodeCount: view.nodeCount, configuration)
    ) { [configuration, settings] monitor in
      let walks = try RandomWalk.run(view, configuration, monitor: monitor)
      let isPathWanted = settings.isWanted("path")
      // What is written is how often walks come by.
      var visits: [Int64] = []
      if settings.isWriting {
        visits = [Int64](repeating: 0, count: view.nodeCount)
        for node in walks.nodes { visits[Int(node)] += 1 }
      }
      var output = AlgorithmOutput.perNode(view, [.integers(visits)])
      output.stream = {
        var lists: [Value] = []
        var paths: [Value] = []
        for index in 0..<walks.count {
          let nodes = view.nodeIDs(walks.walk(index))
          lists.append(.list(nodes.map { .integer(Int64($0.rawValue)) }))
          paths.append(isPathWanted ? VirtualPath.value(nodes, type: "NEXT") : .null)
        }
        return [.values(lists), .values(paths)]
      }
      return output
    }
  }
}

extension AlgorithmSettings {
  /// The keys of walks, those of sources left out.
  mutating func walks() throws -> RandomWalk.Configuration {
    var configuration = RandomWalk.Configuration()
    configuration.concurrency = concurrency
    configuration.usesWeights = isWeighted
    configuration.walkLength = try map.integer("walkLength", default: 80)
    configuration.walksPerNode = try map.integer("walksPerNode", default: 10)
    configuration.inOutFactor = try map.float("inOutFactor", default: 1)
    configuration.returnFactor = try map.float("returnFactor", default: 1)
    configuration.randomSeed = try randomSeed()
    // Walks are kept as they come.
    map.ignore("walkBufferSize")
    return configuration
  }
}
