extension GraphAlgorithm {
  /// All of them, by family.
  static let all: [GraphAlgorithm] =
    centrality + community + similarity + paths + embeddings
    + recommendations

  private static let centrality: [GraphAlgorithm] = [
    pageRank, articleRank, eigenvector, hits, degree, betweenness, closeness, harmonic,
    articulationPoints, bridges,
  ]
  private static let community: [GraphAlgorithm] = [
    weaklyConnectedComponents, stronglyConnectedComponents, louvain, leiden, labelPropagation,
    triangleCount, triangles, localClusteringCoefficient, kCore, k1Colouring, modularity,
    conductance, kMeans,
  ]
  private static let paths: [GraphAlgorithm] = [
    dijkstra, allDijkstra, deltaStepping, aStar, yens, bellmanFord, breadthFirstSearch,
    depthFirstSearch, spanningTree, randomWalk,
  ]
  private static let similarity: [GraphAlgorithm] = [
    nodeSimilarity, filteredNodeSimilarity, kNearestNeighbours, filteredKNearestNeighbours,
  ]
  private static let embeddings: [GraphAlgorithm] = [fastRP, node2Vec, scaleProperties]
  private static let recommendations: [GraphAlgorithm] = [
    coOccurrence, recommendByItems, recommendByPageRank, recommendByFactors,
  ]
}
