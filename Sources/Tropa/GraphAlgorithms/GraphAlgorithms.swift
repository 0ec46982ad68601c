extension GraphAlgorithm {
  /// All of them, by family.
  static let all: [GraphAlgorithm] = centrality + community + similarity

  private static let centrality: [GraphAlgorithm] = [pageRank, degree]
  private static let community: [GraphAlgorithm] = [weaklyConnectedComponents, louvain]
  private static let similarity: [GraphAlgorithm] = [nodeSimilarity]
}
