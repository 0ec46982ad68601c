package import GraphTypes

/// The tree of least (or greatest) total weight that joins all nodes of one component (Prim 1957).
package enum SpanningTree {
  package struct Configuration: Sendable {
    /// The greatest total weight instead of the least.
    package var isMaximum = false
    package var usesWeights = true
    package init() {}
  }

  package struct Result: Sendable {
    /// In the order in which they joined the tree; the source first.
    package var nodes: [UInt32]
    /// For each of `nodes` the one that it was joined to; the source's is itself.
    package var parents: [UInt32]
    /// Of the relationship to the parent; 0 for the source.
    package var weights: [Double]
    package var totalWeight: Double
  }

  /// A directed view is taken as undirected. Weights may be negative.
  /// - Complexity: O(*m* log *n*) time; 20 bytes a node. One thread.
  package static func run(
    _ view: GraphView, from source: UInt32, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    let table = view.undirected().outgoing
    let isWeighted = configuration.usesWeights && table.isWeighted
    if isWeighted { try table.requireWeights(above: -.infinity, orEqual: false) }
    let sign = configuration.isMaximum ? -1.0 : 1.0
    let heap = DistanceHeap(table.nodeCount)
    let parents = Scratch<UInt32>(table.nodeCount, repeating: source)
    heap.lower(source, to: 0)
    var result = Result(nodes: [], parents: [], weights: [], totalWeight: 0)
    while let node = heap.removeLeast() {
      if result.nodes.count & 0xFFF == 0 { try monitor.checkpoint() }
      let weight = node == source ? 0 : sign * heap.distances[Int(node)]
      result.nodes.append(node)
      result.parents.append(parents.base[Int(node)])
      result.weights.append(weight)
      result.totalWeight += weight
      table.forEachRun(of: Int(node)) { run in
        let weights = isWeighted ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let neighbour = run.start[i]
          let key = sign * (weights?[i] ?? 1)
          if !heap.isRemoved(Int(neighbour)) && key < heap.distances[Int(neighbour)] {
            heap.lower(neighbour, to: key)
            parents.base[Int(neighbour)] = node
          }
        }
      }
    }
    return result
  }

  package static func memoryEstimate(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    MemoryEstimate(
      bytesMin: 36 * nodeCount, bytesMax: 68 * nodeCount + 12 * relationshipCount)
  }
}
