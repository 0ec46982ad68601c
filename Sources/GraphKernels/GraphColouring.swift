package import GraphTypes

/// Colours for nodes such that neighbours have different ones: GDS's K-1 Colouring. Directions and
/// loops are ignored.
package enum GraphColouring {
  package struct Configuration: Sendable {
    package var maxIterations = 10
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`, from 0.
    package var colours: [Int64]
    package var colourCount: Int
    package var ranIterations: Int
    /// No two neighbours have the same colour.
    package var didConverge: Bool
  }

  /// Greedy colouring in rounds (Çatalyürek, Feo, Gebremedhin, Halappanavar, Pothen: "Graph
  /// coloring algorithms for multi-core and massively multithreaded architectures", 2012): blocks of
  /// nodes are coloured side by side, each node in its block after the other; then of neighbours
  /// with the same colour the later one is coloured again. Blocks depend on the graph alone, so the
  /// result does not depend on the number of threads; a graph of one block is coloured greedily.
  /// - Complexity: O(rounds · (*n* + *m*)) time at most; 16 bytes a node.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try require(
      configuration.maxIterations >= 1, "maxIterations", configuration.maxIterations, "at least 1")
    let table = view.undirected().outgoing
    let n = table.nodeCount
    let old = Scratch<UInt32>(n, repeating: .max)
    let new = Scratch<UInt32>(n, repeating: .max)
    let queue = Scratch<UInt32>(n, repeating: 0)
    for node in 0..<n { queue.base[node] = UInt32(node) }
    let isClashing = Scratch<Bool>(n, repeating: false)
    var greatestDegree = 0
    for node in 0..<n { greatestDegree = max(greatestDegree, table.degree(of: node)) }
    let workspaces = (0..<max(configuration.concurrency, 1)).map { _ in
      ColourWorkspace(greatestDegree + 2)
    }
    let block = 4096
    var waiting = n
    var iteration = 0
    while waiting > 0 && iteration < configuration.maxIterations {
      let blocks = (waiting + block - 1) / block
      let count = waiting
      // Those coloured again have no colour while the others choose.
      for i in 0..<count { old.base[Int(queue.base[i])] = .max }
      try parallelFor(blocks, concurrency: configuration.concurrency, monitor: monitor) {
        (worker, index) throws(QueryError) in
        colour(
          table, queue.base, index * block..<min((index + 1) * block, count), old: old.base,
          new: new.base, workspace: workspaces[worker])
      }
      try parallelFor(blocks, concurrency: configuration.concurrency, monitor: monitor) {
        (_, index) throws(QueryError) in
        for i in index * block..<min((index + 1) * block, count) {
          let node = Int(queue.base[i])
          isClashing.base[node] = clashes(node, table, new.base)
        }
      }
      waiting = 0
      for i in 0..<count {
        let node = Int(queue.base[i])
        old.base[node] = new.base[node]
        if isClashing.base[node] {
          queue.base[waiting] = UInt32(node)
          waiting += 1
        }
      }
      iteration += 1
      monitor.report(
        "round \(iteration) of at most \(configuration.maxIterations)",
        fraction: Double(iteration) / Double(configuration.maxIterations))
    }
    var used = Set<UInt32>()
    for range in view.nodes.members { for node in range { used.insert(new.base[node]) } }
    return Result(
      colours: (0..<n).map { Int64(new.base[$0]) }, colourCount: used.count,
      ranIterations: iteration, didConverge: waiting == 0)
  }

  /// Gives nodes of one block the least colours that no neighbour has: `new` in the block itself,
  /// where it is set before it is read, `old` outside.
  private static func colour(
    _ table: NeighbourTable, _ queue: UnsafePointer<UInt32>, _ range: Range<Int>,
    old: UnsafeMutablePointer<UInt32>, new: UnsafeMutablePointer<UInt32>,
    workspace: ColourWorkspace
  ) {
    let first = queue[range.lowerBound]
    let forbidden = workspace.stamps.base
    var stamp = workspace.stamp
    defer { workspace.stamp = stamp }
    for i in range {
      let node = queue[i]
      stamp &+= 1
      table.forEachRun(of: Int(node)) { run in
        for j in 0..<Int(run.count) {
          let neighbour = run.start[j]
          if neighbour == node { continue }
          // Of this block only the nodes before this one are coloured anew; `old` of those that
          // wait is empty, so the others are told apart by it.
          var colour = old[Int(neighbour)]
          if colour == .max && neighbour >= first && neighbour < node {
            colour = new[Int(neighbour)]
          }
          if colour != .max { forbidden[Int(colour)] = stamp }
        }
      }
      var colour: UInt32 = 0
      while forbidden[Int(colour)] == stamp { colour &+= 1 }
      new[Int(node)] = colour
    }
  }

  private static func clashes(
    _ node: Int, _ table: NeighbourTable, _ colours: UnsafePointer<UInt32>
  ) -> Bool {
    var found = false
    table.forEachRun(of: node) { run in
      for i in 0..<Int(run.count) where Int(run.start[i]) < node {
        found = found || colours[Int(run.start[i])] == colours[node]
      }
    }
    return found
  }

  package static func memoryEstimate(nodeCount: Int, concurrency: Int) -> MemoryEstimate {
    MemoryEstimate(
      bytesMin: 21 * nodeCount, bytesMax: (40 + 4 * max(concurrency, 1)) * nodeCount)
  }
}

/// Which colours the neighbours of the node at hand have: those with its stamp.
private final class ColourWorkspace: @unchecked Sendable {
  let stamps: Scratch<UInt64>
  var stamp: UInt64 = 0
  init(_ colours: Int) { stamps = Scratch(colours, repeating: 0) }
}
