package import GraphTypes

/// How many triangles (three nodes, each joined to both others) every node is a corner of.
/// Directions, loops and parallel relationships are ignored.
package enum TriangleCount {
  package struct Configuration: Sendable {
    /// Nodes with more different neighbours are left out: their count is -1.
    package var maxDegree = Int.max
    /// Count for each node, too; else only all of them.
    package var countsNodes = true
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`; empty when not asked for.
    package var triangleCounts: [Int64]
    package var globalTriangleCount: Int
    /// The number of different neighbours of each node.
    package var degrees: [Int64]
  }

  /// Nodes are ranked by degree, and each relationship is kept at its lower end (Latapy: "Main-memory
  /// triangle computations for very large (sparse (power-law)) graphs", 2008). For each of them the
  /// shorter of both ends' lists is compared with marks of the longer.
  /// - Complexity: O(*m*^1.5) time at most; 8 bytes a node and thread.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try require(
      configuration.maxDegree >= 2, "maxDegree", configuration.maxDegree, "at least 2")
    let graph = try ForwardNeighbours(
      view, maxDegree: configuration.maxDegree, concurrency: configuration.concurrency,
      monitor: monitor)
    let backward = try BackwardNeighbours(
      graph, concurrency: configuration.concurrency, monitor: monitor)
    let n = graph.count
    let morsels = graph.morsels()
    let workers = min(max(configuration.concurrency, 1), max(morsels.count, 1))
    let counts = (0..<workers).map { _ in
      Scratch<Int>(configuration.countsNodes ? n : 0, repeating: 0)
    }
    let totals = Scratch<Int>(morsels.count, repeating: 0)
    let marks = (0..<workers).map { _ in Scratch<UInt8>(n, repeating: 0) }
    try parallelFor(morsels.count, concurrency: workers, monitor: monitor) {
      (worker, index) throws(QueryError) in
      for rank in morsels[index] {
        if !configuration.countsNodes {
          totals.base[index] += total(rank, graph, backward, marks: marks[worker].base)
          continue
        }
        count(
          rank, graph, backward, marks: marks[worker].base, counts: counts[worker].base)
      }
      if index & 31 == 0 {
        monitor.report("triangles", fraction: Double(index) / Double(morsels.count))
      }
    }
    if !configuration.countsNodes {
      return Result(
        triangleCounts: [], globalTriangleCount: totals.array.prefix(morsels.count).reduce(0, +),
        degrees: (0..<n).map { Int64(graph.degrees.base[$0]) })
    }
    var result = Result(
      triangleCounts: [Int64](repeating: 0, count: n), globalTriangleCount: 0,
      degrees: (0..<n).map { Int64(graph.degrees.base[$0]) })
    var corners = 0
    for rank in 0..<n {
      var sum = 0
      for part in counts { sum += part.base[rank] }
      let node = Int(graph.nodes.base[rank])
      result.triangleCounts[node] =
        result.degrees[node] > configuration.maxDegree ? -1 : Int64(sum)
      corners += sum
    }
    result.globalTriangleCount = corners / 3
    return result
  }

  /// The triangles that are found at `rank`, for each of their corners.
  private static func count(
    _ rank: Int, _ graph: ForwardNeighbours, _ backward: BackwardNeighbours,
    marks: UnsafeMutablePointer<UInt8>, counts: UnsafeMutablePointer<Int>
  ) {
    var own = 0
    scan(rank, graph, backward, marks: marks) { other, list, length in
      var closed = 0
      for i in 0..<length {
        let third = Int(list[i])
        let isClosed = Int(marks[third])
        counts[third] &+= isClosed
        closed &+= isClosed
      }
      counts[other] &+= closed
      own &+= closed
    }
    counts[rank] &+= own
  }

  /// How many triangles are found at `rank`.
  private static func total(
    _ rank: Int, _ graph: ForwardNeighbours, _ backward: BackwardNeighbours,
    marks: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var closed = 0
    scan(rank, graph, backward, marks: marks) { _, list, length in
      for i in 0..<length { closed &+= Int(marks[Int(list[i])]) }
    }
    return closed
  }

  /// Marks the neighbours of `rank` and gives the lists to be compared with them: of each two
  /// neighbours' lists the shorter one, so each triangle is found at one of its first two corners.
  @inline(__always)
  private static func scan(
    _ rank: Int, _ graph: ForwardNeighbours, _ backward: BackwardNeighbours,
    marks: UnsafeMutablePointer<UInt8>,
    _ compare: (_ other: Int, _ list: UnsafePointer<UInt32>, _ length: Int) -> Void
  ) {
    let offsets = graph.offsets.base
    let targets = UnsafePointer(graph.targets.base)
    let begin = offsets[rank]
    let end = offsets[rank + 1]
    if begin == end { return }
    for i in begin..<end { marks[Int(targets[i])] = 1 }
    for i in begin..<end {
      let other = Int(targets[i])
      let length = offsets[other &+ 1] &- offsets[other]
      if length <= end &- begin { compare(other, targets + offsets[other], length) }
    }
    for i in backward.offsets.base[rank]..<backward.offsets.base[rank + 1] {
      let other = Int(backward.sources.base[i])
      let length = offsets[other &+ 1] &- offsets[other]
      if length < end &- begin { compare(other, targets + offsets[other], length) }
    }
    for i in begin..<end { marks[Int(targets[i])] = 0 }
  }

  /// All triangles, each once: indices in ascending order.
  package static func triangles(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> [(UInt32, UInt32, UInt32)] {
    let graph = try ForwardNeighbours(
      view, maxDegree: configuration.maxDegree, concurrency: configuration.concurrency,
      monitor: monitor)
    let marks = Scratch<UInt8>(graph.count, repeating: 0)
    var result: [(UInt32, UInt32, UInt32)] = []
    for rank in 0..<graph.count {
      if rank & 0xFF == 0 { try monitor.checkpoint() }
      let list = graph.offsets.base[rank]..<graph.offsets.base[rank + 1]
      for i in list { marks.base[Int(graph.targets.base[i])] = 1 }
      for i in list {
        let second = Int(graph.targets.base[i])
        for j in graph.offsets.base[second]..<graph.offsets.base[second + 1] {
          let third = Int(graph.targets.base[j])
          if marks.base[third] == 0 { continue }
          let corners = [rank, second, third].map { graph.nodes.base[$0] }.sorted()
          result.append((corners[0], corners[1], corners[2]))
        }
      }
      for i in list { marks.base[Int(graph.targets.base[i])] = 0 }
    }
    result.sort { $0 < $1 }
    return result
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, concurrency: Int
  ) -> MemoryEstimate {
    let counts = (9 * max(concurrency, 1) + 16) * nodeCount
    return ForwardNeighbours.memoryEstimate(
      nodeCount: nodeCount, relationshipCount: relationshipCount)
      + MemoryEstimate(bytesMin: counts, bytesMax: counts)
  }
}
