internal import GraphKernels

extension GraphAlgorithm {
  static let kCore = GraphAlgorithm(
    "gds.kcore", "Cores: parts in which every node has at least k relationships.",
    stream: [.integer("nodeId"), .integer("coreValue")], summary: [.integer("degeneracy")]
  ) { settings in
    let view = settings.view
    return PreparedAlgorithm(
      memory: KCore.memoryEstimate(
        nodeCount: view.nodeCount, relationshipCount: view.relationshipCount)
    ) { monitor in
      let result = try KCore.run(view, monitor: monitor)
      return .perNode(
        view, [.integers(result.coreValues)],
        summary: { ["degeneracy": .count(result.degeneracy)] })
    }
  }
}
