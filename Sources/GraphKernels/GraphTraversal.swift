package import GraphTypes

/// Visits nodes from one on, along outgoing relationships, in breadth-first or depth-first order.
package enum GraphTraversal {
  package struct Configuration: Sendable {
    /// The visit ends with the first of these.
    package var targets: [UInt32] = []
    /// Nodes more steps away from the source are not visited; nil: no limit.
    package var maxDepth: Int?
    package var concurrency = 4
    package init() {}
  }

  /// - Returns: the nodes in order of visit, by distance; those of one distance as `BreadthFirst`
  ///   says.
  /// - Complexity: O(*n* + *m*) time; 9 bytes a node.
  package static func breadthFirst(
    _ view: GraphView, from source: UInt32, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [UInt32] {
    var search = BreadthFirst(view, concurrency: configuration.concurrency)
    search.start(source)
    let isTarget = targets(configuration, view.nodeCount)
    var depth = 0
    while !search.isDone {
      if !configuration.targets.isEmpty {
        for position in search.frontier where isTarget.base[Int(search.order.base[position])] {
          return search.visited(upTo: position + 1)
        }
      }
      if depth == configuration.maxDepth { break }
      try search.advance(monitor: monitor)
      depth += 1
    }
    return search.visited(upTo: search.frontier.upperBound)
  }

  @inline(__always)
  private static func expand(
    _ node: Int, _ table: NeighbourTable, isSeen: UnsafeMutablePointer<Bool>,
    order: UnsafeMutablePointer<UInt32>, count: Int
  ) -> Int {
    var count = count
    table.forEachRun(of: node) { run in
      for i in 0..<Int(run.count) {
        let neighbour = run.start[i]
        // Written ahead, counted when it is new.
        order[count] = neighbour
        count &+= isSeen[Int(neighbour)] ? 0 : 1
        isSeen[Int(neighbour)] = true
      }
    }
    return count
  }

  /// Neighbours are put on a stack when they are first seen, and visited from its top, as in GDS:
  /// of a node's neighbours the last comes first.
  /// - Returns: the nodes in order of visit.
  /// - Complexity: O(*n* + *m*) time; 13 bytes a node. One thread.
  package static func depthFirst(
    _ view: GraphView, from source: UInt32, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [UInt32] {
    let n = view.nodeCount
    let isTarget = targets(configuration, n)
    let isSeen = Scratch<Bool>(n, repeating: false)
    let stack = Scratch<UInt32>(n + 1, repeating: 0)
    let depths = Scratch<UInt32>(n, repeating: 0)
    stack.base[0] = source
    isSeen.base[Int(source)] = true
    var height = 1
    var visited: [UInt32] = []
    while height > 0 {
      if visited.count & 0xFFF == 0 { try monitor.checkpoint() }
      height -= 1
      let node = stack.base[height]
      visited.append(node)
      if !configuration.targets.isEmpty && isTarget.base[Int(node)] { break }
      let depth = depths.base[Int(node)]
      if let limit = configuration.maxDepth, Int(depth) >= limit { continue }
      let begin = height
      height = expand(
        Int(node), view.outgoing, isSeen: isSeen.base, order: stack.base, count: height)
      for i in begin..<height { depths.base[Int(stack.base[i])] = depth + 1 }
    }
    return visited
  }

  private static func targets(_ configuration: Configuration, _ n: Int) -> Scratch<Bool> {
    let isTarget = Scratch<Bool>(configuration.targets.isEmpty ? 0 : n, repeating: false)
    for target in configuration.targets { isTarget.base[Int(target)] = true }
    return isTarget
  }

  package static func memoryEstimate(nodeCount: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 9 * nodeCount, bytesMax: 17 * nodeCount)
  }
}
