package import GraphTypes

/// On how many shortest paths between other nodes a node lies, each pair of nodes counting as one,
/// shared by its shortest paths.
package enum BetweennessCentrality {
  package struct Configuration: Sendable {
    /// From how many nodes paths are looked at; nil: from all. Scores are not extrapolated.
    package var samplingSize: Int?
    package var samplingSeed: UInt64 = 42
    package var usesWeights = true
    package var concurrency = 4
    package init() {}
  }

  /// Sums of a lane are added up in order, lanes too: not by the thread that was there first.
  private static let lanes = 16

  /// Brandes: "A faster algorithm for betweenness centrality" (2001). Along outgoing relationships;
  /// in an undirected view each pair counts once. Samples are drawn by degree, as in GDS.
  ///
  /// - Returns: shape `[nodeCount]`.
  /// - Throws: `ArgumentError` for weights that are not positive; what the monitor throws.
  /// - Complexity: O(sources · (*n* + *m*)) time, weighted O(sources · *m* log *n*); 28 bytes a node
  ///   and thread, 128 bytes a node.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [Double] {
    if let size = configuration.samplingSize {
      try require(size >= 1, "samplingSize", size, "at least 1")
    }
    let n = view.nodeCount
    let isWeighted = configuration.usesWeights && view.isWeighted
    if isWeighted { try view.outgoing.requireWeights(above: 0, orEqual: false) }
    let sources = sources(view, configuration)
    let lanes = min(lanes, max(sources.count, 1))
    let scores = (0..<lanes).map { _ in Scratch<Double>(n, repeating: 0) }
    try parallelFor(lanes, concurrency: configuration.concurrency, monitor: monitor) {
      (_, lane) throws(QueryError) in
      let search = PathCounter(view.outgoing, isWeighted: isWeighted)
      for index in stride(from: lane, to: sources.count, by: lanes) {
        try monitor.checkpoint()
        search.add(from: sources[index], to: scores[lane].base)
        if lane == 0 {
          monitor.report("paths", fraction: Double(index) / Double(sources.count))
        }
      }
    }
    let divisor = view.isUndirected ? 2.0 : 1
    return (0..<n).map { node in
      var sum = 0.0
      for lane in scores { sum += lane.base[node] }
      return sum / divisor
    }
  }

  private static func sources(_ view: GraphView, _ configuration: Configuration) -> [UInt32] {
    var nodes: [UInt32] = []
    for range in view.nodes.members { for node in range { nodes.append(UInt32(node)) } }
    guard let size = configuration.samplingSize, size < nodes.count else { return nodes }
    var random = SplitMix(configuration.samplingSeed)
    let degrees = nodes.map { view.outgoing.degree(of: Int($0)) }
    let greatest = max(degrees.max() ?? 1, 1)
    var isChosen = [Bool](repeating: false, count: nodes.count)
    var count = 0
    for (i, degree) in degrees.enumerated() where count < size {
      if random.next(below: greatest) < degree {
        isChosen[i] = true
        count += 1
      }
    }
    while count < size {
      for i in isChosen.indices where !isChosen[i] && count < size && random.next() & 1 == 1 {
        isChosen[i] = true
        count += 1
      }
    }
    return nodes.indices.filter { isChosen[$0] }.map { nodes[$0] }
  }

  package static func memoryEstimate(nodeCount: Int, concurrency: Int) -> MemoryEstimate {
    let bytes = (8 * lanes + 44 * min(max(concurrency, 1), lanes)) * nodeCount
    return MemoryEstimate(bytesMin: bytes, bytesMax: bytes + 8 * nodeCount)
  }
}

/// Shortest paths from one node after the other.
private final class PathCounter {
  private let table: NeighbourTable
  /// How many shortest paths lead to a node.
  private let paths: Scratch<Double>
  private let dependency: Scratch<Double>
  /// In order of distance.
  private let order: Scratch<UInt32>
  private let levels: Scratch<Int32>
  private let heap: DistanceHeap?

  init(_ table: NeighbourTable, isWeighted: Bool) {
    self.table = table
    let n = table.nodeCount
    paths = Scratch(n, repeating: 0)
    dependency = Scratch(n, repeating: 0)
    order = Scratch(n, repeating: 0)
    levels = Scratch(isWeighted ? 0 : n, repeating: -1)
    heap = isWeighted ? DistanceHeap(n) : nil
  }

  func add(from source: UInt32, to scores: UnsafeMutablePointer<Double>) {
    paths.base[Int(source)] = 1
    let count = heap.map { searchWeighted($0, source) } ?? search(source)
    var i = count - 1
    while i >= 0 {
      let node = Int(order.base[i])
      dependency.base[node] = heap.map { dependencyWeighted($0, node) } ?? dependency(of: node)
      if i > 0 { scores[node] += dependency.base[node] }
      i -= 1
    }
    for i in 0..<count {
      let node = Int(order.base[i])
      paths.base[node] = 0
      dependency.base[node] = 0
      if let heap { heap.forget(node) } else { levels.base[node] = -1 }
    }
  }

  /// - Returns: how many nodes are reached, the source included.
  private func search(_ source: UInt32) -> Int {
    let levels = levels.base
    let order = order.base
    let paths = paths.base
    levels[Int(source)] = 0
    order[0] = source
    var count = 1
    var position = 0
    while position < count {
      let node = Int(order[position])
      position &+= 1
      let level = levels[node] &+ 1
      let ways = paths[node]
      table.forEachRun(of: node) { run in
        for i in 0..<Int(run.count) {
          let neighbour = Int(run.start[i])
          if levels[neighbour] < 0 {
            levels[neighbour] = level
            order[count] = UInt32(truncatingIfNeeded: neighbour)
            count &+= 1
          }
          if levels[neighbour] == level { paths[neighbour] += ways }
        }
      }
    }
    return count
  }

  private func dependency(of node: Int) -> Double {
    let levels = levels.base
    let level = levels[node] &+ 1
    var sum = 0.0
    table.forEachRun(of: node) { run in
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        if levels[neighbour] == level {
          sum += (1 + dependency.base[neighbour]) / paths.base[neighbour]
        }
      }
    }
    return sum * paths.base[node]
  }

  private func searchWeighted(_ heap: DistanceHeap, _ source: UInt32) -> Int {
    heap.lower(source, to: 0)
    var count = 0
    while let node = heap.removeLeast() {
      order.base[count] = node
      count += 1
      let distance = heap.distances[Int(node)]
      let ways = paths.base[Int(node)]
      table.forEachRun(of: Int(node)) { run in
        guard let weights = table.weights(of: run) else { return }
        for i in 0..<Int(run.count) {
          let neighbour = Int(run.start[i])
          let length = distance + weights[i]
          if length < heap.distances[neighbour] {
            heap.lower(UInt32(truncatingIfNeeded: neighbour), to: length)
            paths.base[neighbour] = ways
          } else if length == heap.distances[neighbour] {
            paths.base[neighbour] += ways
          }
        }
      }
    }
    return count
  }

  private func dependencyWeighted(_ heap: DistanceHeap, _ node: Int) -> Double {
    let distance = heap.distances[node]
    var sum = 0.0
    table.forEachRun(of: node) { run in
      guard let weights = table.weights(of: run) else { return }
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        if heap.distances[neighbour] == distance + weights[i] {
          sum += (1 + dependency.base[neighbour]) / paths.base[neighbour]
        }
      }
    }
    return sum * paths.base[node]
  }
}
