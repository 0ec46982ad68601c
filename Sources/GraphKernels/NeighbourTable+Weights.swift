extension NeighbourTable {
  /// A node's neighbours with their weights (1 when unweighted), copied. For small work.
  package func weightedNeighbours(of node: Int) -> [(neighbour: UInt32, weight: Double)] {
    var result: [(neighbour: UInt32, weight: Double)] = []
    forEachRun(of: node) { run in
      let weights = weights(of: run)
      for i in 0..<Int(run.count) { result.append((run.start[i], weights?[i] ?? 1)) }
    }
    return result
  }
}
