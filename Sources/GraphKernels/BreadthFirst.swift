internal import GraphTypes

/// Levels of nodes at equal distance from a source, one after the other.
///
/// A level is found *top down*, by the neighbours of the level before, in the order of that level
/// and of the lists; or, where that level has much of what is left of the graph, *bottom up*, by
/// looking at each unseen node for a neighbour that has been seen, which ends with the first
/// (Beamer, Asanović, Patterson: "Direction-optimizing breadth-first search", 2012). A level found
/// bottom up is in order of index. Which it is depends on the graph alone.
struct BreadthFirst: Sendable {
  private let outgoing: NeighbourTable
  private let incoming: NeighbourTable?
  private let n: Int
  private let concurrency: Int
  /// A bit for each node.
  private let seen: Scratch<UInt64>
  private let coming: Scratch<UInt64>
  /// The nodes visited; room for one more.
  let order: Scratch<UInt32>
  /// The positions in `order` of the last level.
  private(set) var frontier = 0..<0
  /// Relationships of nodes that have been neither visited nor are in the last level.
  private var unexplored: Int

  /// Smaller graphs are searched top down only.
  static let leastRelationships = 1 << 16
  /// Nodes of one piece of a bottom-up level; whole words.
  private static let pieceSize = 1 << 13

  init(_ view: GraphView, concurrency: Int) {
    outgoing = view.outgoing
    incoming = view.relationshipCount >= Self.leastRelationships ? view.incoming : nil
    n = view.nodeCount
    self.concurrency = concurrency
    unexplored = view.relationshipCount
    seen = Scratch((n + 63) / 64, repeating: 0)
    coming = Scratch(incoming == nil ? 0 : (n + 63) / 64, repeating: 0)
    order = Scratch(n + 1, repeating: 0)
  }

  var isDone: Bool { frontier.isEmpty }

  func visited(upTo end: Int) -> [UInt32] {
    Array(UnsafeBufferPointer(start: order.base, count: end))
  }

  mutating func start(_ source: UInt32) {
    order.base[0] = source
    seen.base[Int(source) >> 6] |= 1 << (UInt64(source) & 63)
    frontier = 0..<1
  }

  mutating func advance(monitor: some AlgorithmMonitor) throws(QueryError) {
    if let incoming {
      var work = 0
      for position in frontier { work += outgoing.degree(of: Int(order.base[position])) }
      unexplored -= work
      if work > unexplored / 15 && frontier.count > 64 {
        return try bottomUp(incoming, monitor: monitor)
      }
    }
    try topDown(monitor: monitor)
  }

  private mutating func topDown(monitor: some AlgorithmMonitor) throws(QueryError) {
    let order = order.base
    let seen = seen.base
    var end = frontier.upperBound
    for position in frontier {
      if position & 0xFFF == 0 { try monitor.checkpoint() }
      var run = outgoing.runs[Int(order[position])]
      while true {
        for i in 0..<Int(run.count) {
          let neighbour = run.start[i]
          let word = Int(neighbour >> 6)
          let bits = seen[word]
          let shift = UInt64(neighbour) & 63
          // Written ahead, counted when it is new.
          order[end] = neighbour
          end &+= Int(1 &- (bits >> shift & 1))
          seen[word] = bits | 1 << shift
        }
        if run.next == 0 { break }
        run = outgoing.runs[Int(run.next)]
      }
    }
    frontier = frontier.upperBound..<end
  }

  /// An unseen node has no neighbour before the last level, so any seen one is in it.
  private mutating func bottomUp(
    _ incoming: NeighbourTable, monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let pieces = Morsels(count: n, size: Self.pieceSize)
    let counts = Scratch<Int>(pieces.count + 1, repeating: 0)
    let seen = seen.base
    let coming = coming.base
    try parallelFor(pieces.count, concurrency: concurrency, monitor: monitor) {
      (_, piece) throws(QueryError) in
      let range = pieces.range(piece)
      var count = 0
      for word in range.lowerBound >> 6..<(range.upperBound + 63) >> 6 {
        var found: UInt64 = 0
        var unseen = ~seen[word]
        while unseen != 0 {
          let bit = unseen.trailingZeroBitCount
          unseen &= unseen &- 1
          let node = word << 6 | bit
          if node >= n { break }
          if Self.hasSeenNeighbour(node, incoming, seen) { found |= 1 << UInt64(bit) }
        }
        coming[word] = found
        count += found.nonzeroBitCount
      }
      counts.base[piece + 1] = count
    }
    counts.base[0] = frontier.upperBound
    for piece in 0..<pieces.count { counts.base[piece + 1] += counts.base[piece] }
    let order = order.base
    try parallelFor(pieces.count, concurrency: concurrency, monitor: monitor) {
      (_, piece) throws(QueryError) in
      let range = pieces.range(piece)
      var end = counts.base[piece]
      for word in range.lowerBound >> 6..<(range.upperBound + 63) >> 6 {
        var found = coming[word]
        seen[word] |= found
        while found != 0 {
          order[end] = UInt32(truncatingIfNeeded: word << 6 | found.trailingZeroBitCount)
          end &+= 1
          found &= found &- 1
        }
      }
    }
    frontier = frontier.upperBound..<counts.base[pieces.count]
  }

  @inline(__always)
  private static func hasSeenNeighbour(
    _ node: Int, _ incoming: NeighbourTable, _ seen: UnsafePointer<UInt64>
  ) -> Bool {
    var run = incoming.runs[node]
    while true {
      for i in 0..<Int(run.count) {
        let neighbour = run.start[i]
        if seen[Int(neighbour >> 6)] >> (UInt64(neighbour) & 63) & 1 != 0 { return true }
      }
      if run.next == 0 { return false }
      run = incoming.runs[Int(run.next)]
    }
  }
}
