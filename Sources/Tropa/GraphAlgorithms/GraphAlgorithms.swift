extension GraphAlgorithm {
  /// All of them, by family.
  static let all: [GraphAlgorithm] = centrality + community + similarity

  private static let centrality: [GraphAlgorithm] = [
    pageRank, articleRank, eigenvector, hits, degree, betweenness, closeness, harmonic,
    articulationPoints, bridges,
  ]
  private static let community: [GraphAlgorithm] = [
    weaklyConnectedComponents, stronglyConnectedComponents, louvain, leiden, labelPropagation,
    triangleCount, triangles, localClusteringCoefficient, kCore, k1Colouring, modularity,
    conductance,
  ]
  private static let similarity: [GraphAlgorithm] = [nodeSimilarity]
}
