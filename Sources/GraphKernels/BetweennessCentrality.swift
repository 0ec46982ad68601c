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
        try search.add(from: sources[index], to: scores[lane].base, monitor)
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

/// What a search knows of a node; together, since it is looked at in no order.
private struct Visit: BitwiseCopyable {
  /// In steps; -1: not reached. Of no use with weights.
  var level: Int32 = -1
  /// On the way out, how many shortest paths lead to the node; on the way back, from when it is
  /// known, (1 + dependency) / paths.
  var value = 0.0
}

/// Shortest paths from one node after the other.
private final class PathCounter {
  private let table: NeighbourTable
  private let visits: Scratch<Visit>
  /// In order of distance.
  private let order: Scratch<UInt32>
  private let heap: DistanceHeap?

  init(_ table: NeighbourTable, isWeighted: Bool) {
    self.table = table
    let n = table.nodeCount
    visits = Scratch(n, repeating: Visit())
    order = Scratch(n, repeating: 0)
    heap = isWeighted ? DistanceHeap(n) : nil
  }

  func add(
    from source: UInt32, to scores: UnsafeMutablePointer<Double>, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    visits.base[Int(source)].value = 1
    let count =
      if let heap { try searchWeighted(heap, source, monitor) } else {
        try search(source, monitor)
      }
    var i = count - 1
    while i >= 0 {
      if i & 0x3FFF == 0 { try monitor.checkpoint() }
      let node = Int(order.base[i])
      let paths = visits.base[node].value
      let dependency = paths * (heap.map { sharesWeighted($0, node) } ?? shares(node))
      visits.base[node].value = (1 + dependency) / paths
      if i > 0 { scores[node] += dependency }
      i -= 1
    }
    for i in 0..<count {
      let node = Int(order.base[i])
      visits.base[node] = Visit()
      heap?.forget(node)
    }
  }

  /// - Returns: how many nodes are reached, the source included.
  private func search(
    _ source: UInt32, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Int {
    let visits = visits.base
    let order = order.base
    visits[Int(source)].level = 0
    order[0] = source
    var count = 1
    var position = 0
    while position < count {
      if position & 0x3FFF == 0 { try monitor.checkpoint() }
      let node = Int(order[position])
      position &+= 1
      let level = visits[node].level &+ 1
      let paths = visits[node].value
      table.forEachRun(of: node) { run in
        for i in 0..<Int(run.count) {
          let neighbour = Int(run.start[i])
          let found = visits[neighbour].level
          if found == level {
            visits[neighbour].value += paths
          } else if found < 0 {
            visits[neighbour].level = level
            visits[neighbour].value = paths
            order[count] = UInt32(truncatingIfNeeded: neighbour)
            count &+= 1
          }
        }
      }
    }
    return count
  }

  /// The sum of the shares of the nodes behind a node on shortest paths.
  private func shares(_ node: Int) -> Double {
    let visits = visits.base
    let level = visits[node].level &+ 1
    var sum = 0.0
    table.forEachRun(of: node) { run in
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        if visits[neighbour].level == level { sum += visits[neighbour].value }
      }
    }
    return sum
  }

  private func searchWeighted(
    _ heap: DistanceHeap, _ source: UInt32, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Int {
    let visits = visits.base
    heap.lower(source, to: 0)
    var count = 0
    while let node = heap.removeLeast() {
      if count & 0x3FFF == 0 { try monitor.checkpoint() }
      order.base[count] = node
      count += 1
      let distance = heap.distances[Int(node)]
      let paths = visits[Int(node)].value
      table.forEachRun(of: Int(node)) { run in
        guard let weights = table.weights(of: run) else { return }
        for i in 0..<Int(run.count) {
          let neighbour = Int(run.start[i])
          let length = distance + weights[i]
          if length < heap.distances[neighbour] {
            heap.lower(UInt32(truncatingIfNeeded: neighbour), to: length)
            visits[neighbour].value = paths
          } else if length == heap.distances[neighbour] {
            visits[neighbour].value += paths
          }
        }
      }
    }
    return count
  }

  private func sharesWeighted(_ heap: DistanceHeap, _ node: Int) -> Double {
    let distance = heap.distances[node]
    var sum = 0.0
    table.forEachRun(of: node) { run in
      guard let weights = table.weights(of: run) else { return }
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        if heap.distances[neighbour] == distance + weights[i] {
          sum += visits.base[neighbour].value
        }
      }
    }
    return sum
  }
}
