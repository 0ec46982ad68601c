internal import GraphTypes

/// Trees that divide nodes by which of two of them they are more like, down to small leaves: nodes
/// that share a leaf are likely to be near each other (Dasgupta, Freund: "Random projection trees
/// and low dimensional manifolds", 2008, with pivots for hyperplanes).
struct PivotForest: Sendable {
  /// By tree: the nodes, leaf after leaf, and by node where its leaf begins and ends.
  private let orders: [Scratch<UInt32>]
  private let begins: [Scratch<UInt32>]
  private let ends: [Scratch<UInt32>]

  /// - Parameter nodes: shape `[n]`, what the similarity compares; the forest numbers them 0, 1 …
  /// - Complexity: O(trees · *n* · log(*n* / leaf size)) comparisons; 12 bytes a node and tree.
  init(
    of nodes: Scratch<UInt32>, count: Int, trees: Int, leafSize: Int, seed: UInt64,
    similarity: some PairSimilarity, concurrency: Int, monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let orders = (0..<trees).map { _ in Scratch<UInt32>(count, repeating: 0) }
    let begins = (0..<trees).map { _ in Scratch<UInt32>(count, repeating: 0) }
    let ends = (0..<trees).map { _ in Scratch<UInt32>(count, repeating: 0) }
    try parallelFor(trees, concurrency: concurrency, monitor: monitor) {
      (_, tree) throws(QueryError) in
      let order = orders[tree].base
      for place in 0..<count { order[place] = UInt32(place) }
      var random = SplitMix(seed ^ 0x7EE5, tree)
      var waiting = [0..<count]
      while let range = waiting.popLast() {
        if range.count <= leafSize {
          for i in range {
            begins[tree].base[Int(order[i])] = UInt32(range.lowerBound)
            ends[tree].base[Int(order[i])] = UInt32(range.upperBound)
          }
          continue
        }
        try monitor.checkpoint()
        let middle = Self.divide(range, order, &random, nodes.base, similarity)
        waiting.append(range.lowerBound..<middle)
        waiting.append(middle..<range.upperBound)
      }
    }
    self.orders = orders
    self.begins = begins
    self.ends = ends
  }

  /// Puts those that are more like the first of two random nodes before the others.
  /// - Returns: where the others begin; neither part is empty.
  private static func divide(
    _ range: Range<Int>, _ order: UnsafeMutablePointer<UInt32>, _ random: inout SplitMix,
    _ nodes: UnsafePointer<UInt32>, _ similarity: some PairSimilarity
  ) -> Int {
    let first = Int(nodes[Int(order[range.lowerBound + random.next(below: range.count)])])
    let second = Int(nodes[Int(order[range.lowerBound + random.next(below: range.count)])])
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let node = Int(nodes[Int(order[low])])
      let difference = similarity.value(node, first) - similarity.value(node, second)
      if difference > 0 || difference == 0 && random.next() & 1 == 0 {
        low += 1
      } else {
        high -= 1
        order.swapAt(low, high)
      }
    }
    // Nearly all on one side: such a division would not end.
    let least = range.count / 16
    if low - range.lowerBound < least || range.upperBound - low < least {
      return range.lowerBound + range.count / 2
    }
    return low
  }

  var treeCount: Int { orders.count }

  /// The nodes in a node's leaf, itself included.
  @inline(__always)
  func leaf(_ tree: Int, of place: Int) -> UnsafeBufferPointer<UInt32> {
    let begin = Int(begins[tree].base[place])
    return UnsafeBufferPointer(
      start: orders[tree].base + begin, count: Int(ends[tree].base[place]) - begin)
  }
}

extension UnsafeMutablePointer<UInt32> {
  @inline(__always)
  fileprivate func swapAt(_ a: Int, _ b: Int) {
    let value = self[a]
    self[a] = self[b]
    self[b] = value
  }
}
