import GraphKernels
import GraphTypes
import Testing

/// Lets nothing go on.
private struct StoppingMonitor: AlgorithmMonitor {
  func checkpoint() throws(QueryError) {
    throw QueryError(.cancelled, "Cancelled", "the statement was cancelled")
  }
  func report(_ task: @autoclosure () -> String, fraction: Double) {}
}

@Suite struct CancellationTests {
  @Test func everyAlgorithmCanBeStopped() {
    let stop = StoppingMonitor()
    let count = 40_000
    let view = graph(count, (0..<count).map { ($0, ($0 + 1) % count) })
    let rows = FloatMatrix(rows: count, dimension: 2)
    var similarities = NodeSimilarities()
    similarities.add(vectors: rows, .euclidean)
    let places = [Double](repeating: 0, count: count)
    let runs: [(String, () throws -> Void)] = [
      ("PageRank", { _ = try PageRank.run(view, monitor: stop) }),
      ("ArticleRank", { _ = try ArticleRank.run(view, monitor: stop) }),
      ("Eigenvector", { _ = try EigenvectorCentrality.run(view, monitor: stop) }),
      ("HITS", { _ = try HITS.run(view, monitor: stop) }),
      ("Degree", { _ = try DegreeCentrality.run(view, monitor: stop) }),
      ("Betweenness", { _ = try BetweennessCentrality.run(view, monitor: stop) }),
      ("Closeness", { _ = try ClosenessCentrality.run(view, monitor: stop) }),
      ("Harmonic", { _ = try HarmonicCentrality.run(view, monitor: stop) }),
      ("Biconnectivity", { _ = try Biconnectivity.run(view, monitor: stop) }),
      ("WCC", { _ = try WeaklyConnectedComponents.run(view, monitor: stop) }),
      ("SCC", { _ = try StronglyConnectedComponents.run(view, monitor: stop) }),
      ("Louvain", { _ = try Louvain.run(view, monitor: stop) }),
      ("Leiden", { _ = try Leiden.run(view, monitor: stop) }),
      ("LabelPropagation", { _ = try LabelPropagation.run(view, monitor: stop) }),
      ("TriangleCount", { _ = try TriangleCount.run(view, monitor: stop) }),
      ("LCC", { _ = try LocalClusteringCoefficient.run(view, monitor: stop) }),
      ("KCore", { _ = try KCore.run(view, monitor: stop) }),
      ("Colouring", { _ = try GraphColouring.run(view, monitor: stop) }),
      ("KMeans", { _ = try KMeans.run(rows, monitor: stop) }),
      ("NodeSimilarity", { _ = try NodeSimilarity.run(view, monitor: stop) }),
      ("KNN", { _ = try KNearestNeighbours.run(view, similarities, monitor: stop) }),
      ("BFS", { _ = try GraphTraversal.breadthFirst(view, from: 0, monitor: stop) }),
      ("DFS", { _ = try GraphTraversal.depthFirst(view, from: 0, monitor: stop) }),
      ("Dijkstra", { _ = try Dijkstra.run(view, from: 0, monitor: stop) }),
      ("Delta", { _ = try DeltaStepping.run(view, from: 0, monitor: stop) }),
      ("BellmanFord", { _ = try BellmanFord.run(view, from: 0, monitor: stop) }),
      (
        "AStar",
        {
          _ = try AStar.run(
            view, from: 0, to: 39_999, latitudes: places, longitudes: places, monitor: stop)
        }
      ),
      ("Yen", { _ = try YenPaths.run(view, from: 0, to: 39_999, k: 2, monitor: stop) }),
      ("SpanningTree", { _ = try SpanningTree.run(view, from: 0, monitor: stop) }),
      ("RandomWalk", { _ = try RandomWalk.run(view, monitor: stop) }),
      ("FastRP", { _ = try FastRP.run(view, .init(), monitor: stop) }),
      ("Node2Vec", { _ = try Node2Vec.run(view, monitor: stop) }),
    ]
    for (name, run) in runs {
      let error = #expect(throws: QueryError.self, "\(name)") { try run() }
      #expect(error?.kind == .cancelled, "\(name)")
    }
  }
}
