internal import GraphTypes

/// A graph without loops, directions and parallel relationships, each relationship at the end with
/// the smaller rank, where nodes are ranked by degree: no list is longer than √(2*m*), so that
/// triangles can be counted by comparing lists.
struct ForwardNeighbours: Sendable {
  /// Node of each rank.
  let nodes: Scratch<UInt32>
  /// By rank; shape `[n + 1]`.
  let offsets: Scratch<Int>
  /// Ranks, ascending in each list.
  let targets: Scratch<UInt32>
  /// The number of different neighbours of each node, by node.
  let degrees: Scratch<UInt32>

  var count: Int { nodes.count }

  /// - Parameter maxDegree: nodes with more neighbours have no relationships here.
  /// - Complexity: O(*n* + *m* log of the longest list).
  init(
    _ view: GraphView, maxDegree: Int, concurrency: Int, monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let table = view.undirected().outgoing
    let n = table.nodeCount
    let ranks = Scratch<UInt32>(n, repeating: 0)
    let nodes = Scratch<UInt32>(n, repeating: 0)
    Self.rank(table, ranks: ranks.base, nodes: nodes.base)

    // With room for all neighbours of higher rank first; repeated ones are closed up after.
    let room = Scratch<Int>(n + 1, repeating: 0)
    let morsels = Morsels(table)
    try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      for node in morsels.range(morsel) {
        let rank = ranks.base[node]
        var length = 0
        table.forEachRun(of: node) { run in
          for i in 0..<Int(run.count) {
            length &+= ranks.base[Int(run.start[i])] > rank ? 1 : 0
          }
        }
        room.base[Int(rank) + 1] = length
      }
    }
    for rank in 0..<n { room.base[rank + 1] += room.base[rank] }
    let lists = Scratch<UInt32>(room.base[n], repeating: 0)
    let lengths = Scratch<UInt32>(n, repeating: 0)
    try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      for node in morsels.range(morsel) {
        let rank = ranks.base[node]
        let list = lists.base + room.base[Int(rank)]
        var length = 0
        table.forEachRun(of: node) { run in
          for i in 0..<Int(run.count) {
            let target = ranks.base[Int(run.start[i])]
            if target > rank {
              list[length] = target
              length &+= 1
            }
          }
        }
        lengths.base[Int(rank)] = UInt32(Self.sortUnique(list, length))
      }
    }

    let degrees = Scratch<UInt32>(n, repeating: 0)
    for rank in 0..<n {
      if rank & 0xFFFF == 0 { try monitor.checkpoint() }
      let list = lists.base + room.base[rank]
      let length = Int(lengths.base[rank])
      degrees.base[Int(nodes.base[rank])] &+= UInt32(truncatingIfNeeded: length)
      for i in 0..<length { degrees.base[Int(nodes.base[Int(list[i])])] &+= 1 }
    }
    let offsets = Scratch<Int>(n + 1, repeating: 0)
    func isDropped(_ rank: Int) -> Bool { Int(degrees.base[Int(nodes.base[rank])]) > maxDegree }
    var end = 0
    let dropsSome = maxDegree < n
    for rank in 0..<n {
      let list = lists.base + room.base[rank]
      if !dropsSome || !isDropped(rank) {
        for i in 0..<Int(lengths.base[rank]) where !dropsSome || !isDropped(Int(list[i])) {
          // Never behind the place that is read.
          lists.base[end] = list[i]
          end &+= 1
        }
      }
      offsets.base[rank + 1] = end
    }
    self.nodes = nodes
    self.offsets = offsets
    targets = lists
    self.degrees = degrees
  }

  /// Nodes by ascending degree, then index.
  private static func rank(
    _ table: NeighbourTable, ranks: UnsafeMutablePointer<UInt32>,
    nodes: UnsafeMutablePointer<UInt32>
  ) {
    let n = table.nodeCount
    var greatest = 0
    for node in 0..<n {
      let degree = table.degree(of: node)
      ranks[node] = UInt32(truncatingIfNeeded: degree)
      greatest = max(greatest, degree)
    }
    let begins = Scratch<Int>(greatest + 2, repeating: 0)
    for node in 0..<n { begins.base[Int(ranks[node]) + 1] += 1 }
    for degree in 0...greatest { begins.base[degree + 1] += begins.base[degree] }
    for node in 0..<n {
      let degree = Int(ranks[node])
      let rank = begins.base[degree]
      begins.base[degree] = rank + 1
      ranks[node] = UInt32(truncatingIfNeeded: rank)
      nodes[rank] = UInt32(truncatingIfNeeded: node)
    }
  }

  /// - Returns: how many different ones there are, which lie first then.
  private static func sortUnique(_ list: UnsafeMutablePointer<UInt32>, _ count: Int) -> Int {
    if count < 2 { return count }
    var all = UnsafeMutableBufferPointer(start: list, count: count)
    all.sort()
    var end = 1
    for i in 1..<count where list[i] != list[end - 1] {
      list[end] = list[i]
      end &+= 1
    }
    return end
  }

  /// Ranges of ranks with about equal work.
  func morsels() -> [Range<Int>] {
    var result: [Range<Int>] = []
    var begin = 0
    var work = 0
    for rank in 0..<count {
      let length = offsets.base[rank + 1] - offsets.base[rank]
      work += length * 16 + 4
      if work >= 65_536 {
        result.append(begin..<rank + 1)
        begin = rank + 1
        work = 0
      }
    }
    if begin < count { result.append(begin..<count) }
    return result
  }

  static func memoryEstimate(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    // Backward lists are half as long as those of both ends.
    let bytes = 40 * nodeCount + 4 * relationshipCount
    return MemoryEstimate(bytesMin: bytes, bytesMax: bytes + 24 * nodeCount + 2 * relationshipCount)
  }
}

/// The other ends of `ForwardNeighbours`: of each rank the lower ones that it is joined to.
struct BackwardNeighbours: Sendable {
  /// By rank; shape `[n + 1]`.
  let offsets: Scratch<Int>
  /// Ranks, ascending in each list.
  let sources: Scratch<UInt32>

  /// Each thread goes through all lists and takes the targets of its own range.
  /// - Complexity: O(*n* + *m*) time for each thread.
  init(
    _ graph: ForwardNeighbours, concurrency: Int, monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let n = graph.count
    let count = graph.offsets.base[n]
    let targets = graph.targets.base
    let ends = Scratch<Int>(n + 1, repeating: 0)
    let sources = Scratch<UInt32>(count, repeating: 0)
    let parts = max(min(concurrency, n), 1)
    // Ranges of targets with about equal lists cannot be known before they are counted.
    try parallelFor(parts, concurrency: parts, monitor: monitor) { (_, part) throws(QueryError) in
      let low = UInt32(n * part / parts)
      let high = UInt32(n * (part + 1) / parts)
      for i in 0..<count where targets[i] >= low && targets[i] < high {
        ends.base[Int(targets[i]) &+ 1] &+= 1
      }
    }
    for rank in 0..<n { ends.base[rank + 1] += ends.base[rank] }
    let positions = Scratch<Int>(n, repeating: 0)
    positions.base.update(from: ends.base, count: n)
    var bounds = [0]
    for part in 1..<(parts + 1) {
      var bound = bounds[part - 1]
      while bound < n && ends.base[bound] < count * part / parts { bound += 1 }
      bounds.append(part == parts ? n : bound)
    }
    try parallelFor(parts, concurrency: parts, monitor: monitor) {
      [bounds] (_, part) throws(QueryError) in
      let low = UInt32(bounds[part])
      let high = UInt32(bounds[part + 1])
      for rank in 0..<n {
        for i in graph.offsets.base[rank]..<graph.offsets.base[rank + 1]
        where targets[i] >= low && targets[i] < high {
          let target = Int(targets[i])
          let position = positions.base[target]
          positions.base[target] = position &+ 1
          sources.base[position] = UInt32(truncatingIfNeeded: rank)
        }
        if rank & 0xFFFF == 0 { try monitor.checkpoint() }
      }
    }
    offsets = ends
    self.sources = sources
  }
}
