package import GraphTypes

/// The *k* shortest paths without repeated nodes between two nodes (Yen 1971).
package enum YenPaths {
  /// - Parameter k: how many paths at most.
  /// - Returns: ascending in cost, then by the nodes. Parallel relationships make one path, the
  ///   cheapest.
  /// - Throws: `ArgumentError` for negative weights or *k* below 1; what the monitor throws.
  /// - Complexity: O(*k* · path length · *m* log *n*) time; 30 bytes a node.
  package static func run(
    _ view: GraphView, from source: UInt32, to target: UInt32, k: Int, usesWeights: Bool = true,
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [WeightedPath] {
    try require(k >= 1, "k", k, "at least 1")
    let isWeighted = usesWeights && view.isWeighted
    if isWeighted { try view.outgoing.requireWeights(above: 0, orEqual: true) }
    let search = RestrictedSearch(view.outgoing, isWeighted: isWeighted)
    guard
      let first = try search.path(
        from: source, to: target, avoiding: [], notNext: [], monitor: monitor)
    else { return [] }
    var found = [first]
    var candidates: [WeightedPath] = []
    while found.count < k {
      let last = found[found.count - 1]
      for position in 0..<last.nodes.count - 1 {
        let prefix = Array(last.nodes[...position])
        // Other paths with the same beginning must not be found again.
        var notNext: Set<UInt32> = []
        for path in found + candidates
        where path.nodes.count > position + 1 && path.nodes.starts(with: prefix) {
          notNext.insert(path.nodes[position + 1])
        }
        guard
          let rest = try search.path(
            from: prefix[position], to: target, avoiding: prefix.dropLast(), notNext: notNext,
            monitor: monitor)
        else { continue }
        let base = last.costs[position]
        candidates.append(
          WeightedPath(
            nodes: prefix + rest.nodes.dropFirst(),
            costs: last.costs[...position] + rest.costs.dropFirst().map { $0 + base }))
      }
      guard let best = candidates.indices.min(by: { isBefore(candidates[$0], candidates[$1]) })
      else { break }
      found.append(candidates.remove(at: best))
      monitor.report("paths", fraction: Double(found.count) / Double(k))
    }
    return found
  }

  private static func isBefore(_ a: WeightedPath, _ b: WeightedPath) -> Bool {
    a.totalCost < b.totalCost
      || a.totalCost == b.totalCost && a.nodes.lexicographicallyPrecedes(b.nodes)
  }

  package static func memoryEstimate(nodeCount: Int, k: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 30 * nodeCount, bytesMax: 30 * nodeCount + 12 * k * nodeCount)
  }
}

/// Dijkstra's algorithm that leaves out some nodes and first steps.
private final class RestrictedSearch {
  private let table: NeighbourTable
  private let isWeighted: Bool
  private let heap: DistanceHeap
  private let parents: Scratch<UInt32>
  private let isAvoided: Scratch<Bool>

  init(_ table: NeighbourTable, isWeighted: Bool) {
    self.table = table
    self.isWeighted = isWeighted
    heap = DistanceHeap(table.nodeCount)
    parents = Scratch(table.nodeCount, repeating: 0)
    isAvoided = Scratch(table.nodeCount, repeating: false)
  }

  func path(
    from source: UInt32, to target: UInt32, avoiding: some Sequence<UInt32>,
    notNext: Set<UInt32>, monitor: some AlgorithmMonitor
  ) throws(QueryError) -> WeightedPath? {
    heap.reset()
    for node in avoiding { isAvoided.base[Int(node)] = true }
    defer { for node in avoiding { isAvoided.base[Int(node)] = false } }
    heap.lower(source, to: 0)
    var steps = 0
    while let node = heap.removeLeast() {
      steps += 1
      if steps & 0xFFF == 0 { try monitor.checkpoint() }
      if node == target {
        return ShortestPathTree(
          source: source, reached: [target], parents: parents,
          distances: heap.settledDistances()
        ).path(to: target)
      }
      let distance = heap.distances[Int(node)]
      table.forEachRun(of: Int(node)) { run in
        let weights = isWeighted ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let neighbour = run.start[i]
          if isAvoided.base[Int(neighbour)] { continue }
          if node == source && notNext.contains(neighbour) { continue }
          let length = distance + (weights?[i] ?? 1)
          if length < heap.distances[Int(neighbour)] {
            heap.lower(neighbour, to: length)
            parents.base[Int(neighbour)] = node
          }
        }
      }
    }
    return nil
  }
}
