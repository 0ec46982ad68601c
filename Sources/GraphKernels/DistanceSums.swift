internal import GraphTypes

/// For each node, sums over the distances from all other nodes that reach it, by breadth-first
/// searches from many nodes at once (Then, Kaufmann, Chirigati et al.: "The more the merrier:
/// efficient multi-source graph traversal", 2014): bit *i* of a node's mask says that search *i* has
/// been there.
struct DistanceSums {
  /// Shape `[nodeCount]`: how many other nodes reach the node.
  private(set) var counts: [Int]
  /// Σ distance, or Σ 1 / distance.
  private(set) var sums: [Double]

  private static let width = 256
  /// Sums of a lane are added up in order, lanes too: not by the thread that was there first.
  private static let lanes = 16

  /// - Complexity: O(*n* / 256 · diameter · (*n* + *m*)) time at most; 104 bytes a node and thread,
  ///   256 bytes a node.
  init(
    _ view: GraphView, reciprocal: Bool, concurrency: Int, monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let n = view.nodeCount
    var sources: [UInt32] = []
    for range in view.nodes.members { for node in range { sources.append(UInt32(node)) } }
    let batches = (sources.count + Self.width - 1) / Self.width
    let lanes = min(Self.lanes, batches)
    let counts = (0..<lanes).map { _ in Scratch<Int>(n, repeating: 0) }
    let sums = (0..<lanes).map { _ in Scratch<Double>(n, repeating: 0) }
    let order = sources
    try parallelFor(lanes, concurrency: concurrency, monitor: monitor) {
      (_, lane) throws(QueryError) in
      let search = MaskSearch(view.outgoing)
      for batch in stride(from: lane, to: batches, by: lanes) {
        let begin = batch * Self.width
        let end = min(begin + Self.width, order.count)
        try search.run(
          order[begin..<end], reciprocal: reciprocal, counts: counts[lane].base,
          sums: sums[lane].base, monitor)
        if lane == 0 { monitor.report("distances", fraction: Double(batch) / Double(batches)) }
      }
    }
    self.counts = [Int](repeating: 0, count: n)
    self.sums = [Double](repeating: 0, count: n)
    for lane in 0..<lanes {
      for node in 0..<n {
        self.counts[node] += counts[lane].base[node]
        self.sums[node] += sums[lane].base[node]
      }
    }
  }

  static func memoryEstimate(nodeCount: Int, concurrency: Int) -> MemoryEstimate {
    let bytes = (104 * min(max(concurrency, 1), lanes) + 256) * nodeCount
    return MemoryEstimate(bytesMin: bytes, bytesMax: bytes + 16 * nodeCount)
  }
}

/// Up to 256 searches at once.
private final class MaskSearch {
  private typealias Mask = SIMD4<UInt64>
  private let table: NeighbourTable
  private let seen: Scratch<Mask>
  private let visits: Scratch<Mask>
  private let next: Scratch<Mask>
  private let frontier: Scratch<UInt32>
  private let touched: Scratch<UInt32>

  init(_ table: NeighbourTable) {
    self.table = table
    let n = table.nodeCount
    seen = Scratch(n, repeating: .zero)
    visits = Scratch(n, repeating: .zero)
    next = Scratch(n, repeating: .zero)
    frontier = Scratch(n, repeating: 0)
    // One more: written ahead.
    touched = Scratch(n + 1, repeating: 0)
  }

  func run(
    _ sources: ArraySlice<UInt32>, reciprocal: Bool, counts: UnsafeMutablePointer<Int>,
    sums: UnsafeMutablePointer<Double>, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let n = table.nodeCount
    let seen = seen.base
    let visits = visits.base
    let next = next.base
    let frontier = frontier.base
    let touched = touched.base
    seen.update(repeating: .zero, count: n)
    var length = 0
    for (bit, source) in sources.enumerated() {
      seen[Int(source)][bit >> 6] |= 1 << UInt64(bit & 63)
      visits[Int(source)] = seen[Int(source)]
      frontier[length] = source
      length += 1
    }
    var distance = 1
    while length > 0 {
      var touchedCount = 0
      for i in 0..<length {
        if i & 0xFFF == 0 { try monitor.checkpoint() }
        let node = Int(frontier[i])
        let mask = visits[node]
        table.forEachRun(of: node) { run in
          for j in 0..<Int(run.count) {
            let neighbour = Int(run.start[j])
            let old = next[neighbour]
            touched[touchedCount] = UInt32(truncatingIfNeeded: neighbour)
            touchedCount &+= old == .zero ? 1 : 0
            next[neighbour] = old | mask
          }
        }
      }
      let step = reciprocal ? 1 / Double(distance) : Double(distance)
      length = 0
      for i in 0..<touchedCount {
        let node = Int(touched[i])
        let new = next[node] & ~seen[node]
        next[node] = .zero
        if new == .zero { continue }
        seen[node] |= new
        visits[node] = new
        frontier[length] = UInt32(truncatingIfNeeded: node)
        length &+= 1
        let found =
          new[0].nonzeroBitCount + new[1].nonzeroBitCount + new[2].nonzeroBitCount
          + new[3].nonzeroBitCount
        counts[node] &+= found
        sums[node] += Double(found) * step
      }
      distance += 1
    }
  }
}
