package import GraphTypes

/// Shortest paths from one node, weights of any sign; cycles of negative cost, which make paths
/// ever shorter, are found instead (Bellman 1958, Ford 1956).
package enum BellmanFord {
  package struct Result: Sendable {
    /// Nil when there are negative cycles: then there are no shortest paths.
    package var tree: ShortestPathTree?
    /// Each begins and ends with its smallest node.
    package var negativeCycles: [WeightedPath]
  }

  /// - Throws: what the monitor throws.
  /// - Complexity: O(*n* · *m*) time at most; 21 bytes a node. One thread.
  package static func run(
    _ view: GraphView, from source: UInt32, usesWeights: Bool = true,
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    let table = view.outgoing
    let isWeighted = usesWeights && table.isWeighted
    if isWeighted { try table.requireWeights(above: -.infinity, orEqual: false) }
    let n = view.nodeCount
    let distances = Scratch<Double>(n, repeating: .infinity)
    let parents = Scratch<UInt32>(n, repeating: source)
    let isWaiting = Scratch<Bool>(n, repeating: false)
    distances.base[Int(source)] = 0
    var current = [source]
    var next: [UInt32] = []
    var round = 0
    var cycles: [WeightedPath] = []
    while !current.isEmpty {
      for (i, node) in current.enumerated() {
        if i & 0xFFF == 0 { try monitor.checkpoint() }
        isWaiting.base[Int(node)] = false
        let distance = distances.base[Int(node)]
        table.forEachRun(of: Int(node)) { run in
          let weights = isWeighted ? table.weights(of: run) : nil
          for i in 0..<Int(run.count) {
            let neighbour = Int(run.start[i])
            let length = distance + (weights?[i] ?? 1)
            if length < distances.base[neighbour] {
              distances.base[neighbour] = length
              parents.base[neighbour] = node
              if !isWaiting.base[neighbour] {
                isWaiting.base[neighbour] = true
                next.append(run.start[i])
              }
            }
          }
        }
      }
      (current, next) = (next, [])
      round += 1
      // A cycle of parents is a negative one; looking for it now and then costs little.
      if round & (round - 1) == 0 || round >= n {
        cycles = parentCycles(source, table, isWeighted, parents, distances)
        if !cycles.isEmpty { return Result(tree: nil, negativeCycles: cycles) }
      }
    }
    var reached = (0..<UInt32(n)).filter { distances.base[Int($0)] < .infinity }
    reached.sort { (distances.base[Int($0)], $0) < (distances.base[Int($1)], $1) }
    return Result(
      tree: ShortestPathTree(
        source: source, reached: reached, parents: parents, distances: distances),
      negativeCycles: [])
  }

  private static func parentCycles(
    _ source: UInt32, _ table: NeighbourTable, _ isWeighted: Bool, _ parents: Scratch<UInt32>,
    _ distances: Scratch<Double>
  ) -> [WeightedPath] {
    let n = table.nodeCount
    var visitor = [UInt32](repeating: .max, count: n)
    var cycles: [WeightedPath] = []
    for start in 0..<UInt32(n) where distances.base[Int(start)] < .infinity {
      var node = start
      while visitor[Int(node)] == .max {
        visitor[Int(node)] = start
        // The source has no parent unless a cycle leads back to it.
        if node == source && distances.base[Int(source)] == 0 { break }
        node = parents.base[Int(node)]
      }
      if visitor[Int(node)] != start || node == source && distances.base[Int(source)] == 0 {
        continue
      }
      var cycle = [node]
      var other = parents.base[Int(node)]
      while other != node {
        cycle.append(other)
        other = parents.base[Int(other)]
      }
      cycle.reverse()
      if let first = cycle.indices.min(by: { cycle[$0] < cycle[$1] }) {
        cycle = Array(cycle[first...] + cycle[..<first])
      }
      cycle.append(cycle[0])
      cycles.append(weighted(cycle, table, isWeighted))
    }
    return cycles
  }

  private static func weighted(
    _ nodes: [UInt32], _ table: NeighbourTable, _ isWeighted: Bool
  ) -> WeightedPath {
    var costs = [0.0]
    for (a, b) in zip(nodes, nodes.dropFirst()) {
      var least = Double.infinity
      table.forEachRun(of: Int(a)) { run in
        let weights = isWeighted ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) where run.start[i] == b {
          least = min(least, weights?[i] ?? 1)
        }
      }
      costs.append(costs[costs.count - 1] + least)
    }
    return WeightedPath(nodes: nodes, costs: costs)
  }

  package static func memoryEstimate(nodeCount: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 21 * nodeCount, bytesMax: 36 * nodeCount)
  }
}
