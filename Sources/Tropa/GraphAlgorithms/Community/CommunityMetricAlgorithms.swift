internal import GraphKernels

extension GraphAlgorithm {
  static let modularity = GraphAlgorithm(
    "gds.modularity", "The modularity of communities that are known.", modes: [.stream, .stats],
    isWeightable: true, stream: [.integer("communityId"), .float("modularity")],
    summary: [
      .integer("nodeCount"), .integer("relationshipCount"), .integer("communityCount"),
      .float("modularity"),
    ]
  ) { settings in
    let communities = try settings.requiredCommunities()
    let view = settings.view
    let usesWeights = settings.isWeighted
    return PreparedAlgorithm(memory: settings.memory(40 * view.nodeCount)) { _ in
      let result = CommunityModularity.run(
        view, communities: communities, usesWeights: usesWeights)
      return AlgorithmOutput(
        stream: { [.integers(result.communities), .floats(result.modularities)] },
        summary: {
          [
            "nodeCount": .count(view.nodes.memberCount),
            "relationshipCount": .count(view.relationshipCount),
            "communityCount": .count(result.communities.count),
            "modularity": .float(result.total),
          ]
        })
    }
  }

  static let conductance = GraphAlgorithm(
    "gds.conductance", "The share of relationships that leave each community.",
    modes: [.stream], isWeightable: true,
    stream: [.integer("community"), .float("conductance")]
  ) { settings in
    let communities = try settings.requiredCommunities()
    let view = settings.view
    let usesWeights = settings.isWeighted
    return PreparedAlgorithm(memory: settings.memory(40 * view.nodeCount)) { _ in
      let result = Conductance.run(view, communities: communities, usesWeights: usesWeights)
      return AlgorithmOutput(stream: {
        [.integers(result.communities), .floats(result.conductances)]
      })
    }
  }
}

extension AlgorithmSettings {
  fileprivate mutating func requiredCommunities() throws -> [Int64?] {
    try integers(map.requiredString("communityProperty"), "communityProperty")
  }
}
