package import GraphTypes

/// Shortest paths along outgoing relationships with weights that are not negative (Dijkstra 1959).
package enum Dijkstra {
  /// - Parameters:
  ///   - targets: where the search may end: when all of them are reached; nil: never.
  ///   - usesWeights: else every relationship costs 1.
  /// - Throws: `ArgumentError` for negative weights; what the monitor throws.
  /// - Complexity: O(*m* log *n*) time; 28 bytes a node. One thread.
  package static func run(
    _ view: GraphView, from source: UInt32, to targets: [UInt32]? = nil, usesWeights: Bool = true,
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> ShortestPathTree {
    let table = view.outgoing
    let isWeighted = usesWeights && table.isWeighted
    if isWeighted { try table.requireWeights(above: 0, orEqual: true) }
    let n = view.nodeCount
    let heap = DistanceHeap(n)
    let parents = Scratch<UInt32>(n, repeating: source)
    let isTarget = Scratch<Bool>(targets == nil ? 0 : n, repeating: false)
    var remaining = 0
    for target in targets ?? [] where !isTarget.base[Int(target)] {
      isTarget.base[Int(target)] = true
      remaining += 1
    }
    var reached: [UInt32] = []
    heap.lower(source, to: 0)
    while let node = heap.removeLeast() {
      if reached.count & 0xFFF == 0 { try monitor.checkpoint() }
      reached.append(node)
      if targets != nil && isTarget.base[Int(node)] {
        remaining -= 1
        if remaining == 0 { break }
      }
      relax(Int(node), table, isWeighted, heap, parents.base)
    }
    return ShortestPathTree(
      source: source, reached: reached, parents: parents, distances: heap.settledDistances())
  }

  @inline(__always)
  private static func relax(
    _ node: Int, _ table: NeighbourTable, _ isWeighted: Bool, _ heap: DistanceHeap,
    _ parents: UnsafeMutablePointer<UInt32>
  ) {
    let distance = heap.distances[node]
    table.forEachRun(of: node) { run in
      let weights = isWeighted ? table.weights(of: run) : nil
      for i in 0..<Int(run.count) {
        let neighbour = run.start[i]
        let length = distance + (weights?[i] ?? 1)
        if length < heap.distances[Int(neighbour)] {
          heap.lower(neighbour, to: length)
          parents[Int(neighbour)] = UInt32(truncatingIfNeeded: node)
        }
      }
    }
  }

  package static func memoryEstimate(nodeCount: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 28 * nodeCount, bytesMax: 36 * nodeCount)
  }
}

extension DistanceHeap {
  /// A copy, infinite for nodes that did not come out.
  func settledDistances() -> Scratch<Double> {
    let copy = Scratch<Double>(nodeCount, repeating: .infinity)
    for node in 0..<nodeCount where isRemoved(node) { copy.base[node] = distances[node] }
    return copy
  }
}
