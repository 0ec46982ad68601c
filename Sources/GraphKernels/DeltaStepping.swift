package import GraphTypes
import Synchronization

/// Shortest paths from one node by several threads (Meyer, Sanders: "Δ-stepping: a parallelizable
/// shortest path algorithm", 2003): nodes whose distances lie in one range of width Δ are settled
/// together.
package enum DeltaStepping {
  /// Distances, and so costs, are those of Dijkstra's algorithm; of equally short paths the one with
  /// the fewest steps, then the smallest indices is given, whatever the threads.
  /// - Throws: `ArgumentError` for negative weights or a Δ that is not positive; what the monitor
  ///   throws.
  /// - Complexity: O(*n* + *m* + longest distance / Δ) time where nodes have few relationships; 33
  ///   bytes a node.
  package static func run(
    _ view: GraphView, from source: UInt32, delta: Double = 2, usesWeights: Bool = true,
    concurrency: Int = 4, monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> ShortestPathTree {
    try require(delta > 0 && delta.isFinite, "delta", delta, "above 0")
    let table = view.outgoing
    let isWeighted = usesWeights && table.isWeighted
    if isWeighted { try table.requireWeights(above: 0, orEqual: true) }
    let n = view.nodeCount
    let distances = AtomicDistances(n)
    _ = distances.lower(Int(source), to: 0)
    var buckets = Buckets(delta: delta)
    buckets.append(source, distance: 0)
    let workers = max(concurrency, 1)
    let found = (0..<workers).map { _ in FoundNodes() }
    while let (range, first) = buckets.removeFirst() {
      var nodes = first
      while !nodes.isEmpty {
        let current = nodes
        let block = 128
        try parallelFor(
          (current.count + block - 1) / block, concurrency: workers, monitor: monitor
        ) { (worker, index) throws(QueryError) in
          for i in index * block..<min((index + 1) * block, current.count) {
            let node = Int(current[i])
            let distance = distances.value(node)
            // Settled in a range before this one.
            if Buckets.range(of: distance, delta) < range { continue }
            relax(
              node, distance, table, isWeighted: isWeighted, distances, into: found[worker])
          }
        }
        nodes = []
        for part in found {
          for (node, distance) in zip(part.nodes, part.distances)
          where distances.value(Int(node)) == distance {
            if Buckets.range(of: distance, delta) == range {
              nodes.append(node)
            } else {
              buckets.append(node, distance: distance)
            }
          }
          part.removeAll()
        }
      }
    }
    return tree(source, table, isWeighted, distances)
  }

  private static func relax(
    _ node: Int, _ distance: Double, _ table: NeighbourTable, isWeighted: Bool,
    _ distances: AtomicDistances, into found: FoundNodes
  ) {
    table.forEachRun(of: node) { run in
      let weights = isWeighted ? table.weights(of: run) : nil
      for i in 0..<Int(run.count) {
        let length = distance + (weights?[i] ?? 1)
        if distances.lower(Int(run.start[i]), to: length) {
          found.nodes.append(run.start[i])
          found.distances.append(length)
        }
      }
    }
  }

  /// Walks from the source along the relationships that are on shortest paths.
  private static func tree(
    _ source: UInt32, _ table: NeighbourTable, _ isWeighted: Bool, _ distances: AtomicDistances
  ) -> ShortestPathTree {
    let n = table.nodeCount
    let parents = Scratch<UInt32>(n, repeating: source)
    let result = Scratch<Double>(n, repeating: .infinity)
    result.base[Int(source)] = 0
    var queue = [source]
    var position = 0
    while position < queue.count {
      let node = queue[position]
      position += 1
      let distance = distances.value(Int(node))
      table.forEachRun(of: Int(node)) { run in
        let weights = isWeighted ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let neighbour = Int(run.start[i])
          if result.base[neighbour] < .infinity { continue }
          let length = distance + (weights?[i] ?? 1)
          if length == distances.value(neighbour) {
            result.base[neighbour] = length
            parents.base[neighbour] = node
            queue.append(run.start[i])
          }
        }
      }
    }
    // Distances beside the nodes: looked up while sorting, each would be a miss of the cache.
    var reached = queue.map { (distance: result.base[Int($0)], node: $0) }
    reached.sort { ($0.distance, $0.node) < ($1.distance, $1.node) }
    return ShortestPathTree(
      source: source, reached: reached.map(\.node), parents: parents, distances: result)
  }

  package static func memoryEstimate(nodeCount: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 24 * nodeCount, bytesMax: 48 * nodeCount)
  }
}

/// Nodes to look at, by the range of their distance; a node that came nearer is in several.
private struct Buckets {
  private let delta: Double
  private var nodes: [Double: [UInt32]] = [:]
  /// Descending.
  private var ranges: [Double] = []

  init(delta: Double) { self.delta = delta }

  @inline(__always)
  static func range(of distance: Double, _ delta: Double) -> Double {
    (distance / delta).rounded(.down)
  }

  mutating func append(_ node: UInt32, distance: Double) {
    let range = Self.range(of: distance, delta)
    if nodes[range]?.append(node) != nil { return }
    nodes[range] = [node]
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle] > range { low = middle + 1 } else { high = middle }
    }
    ranges.insert(range, at: low)
  }

  mutating func removeFirst() -> (range: Double, nodes: [UInt32])? {
    guard let range = ranges.popLast() else { return nil }
    return (range, nodes.removeValue(forKey: range) ?? [])
  }
}

/// What one thread found.
private final class FoundNodes: @unchecked Sendable {
  var nodes: [UInt32] = []
  var distances: [Double] = []
  func removeAll() {
    nodes.removeAll(keepingCapacity: true)
    distances.removeAll(keepingCapacity: true)
  }
}

/// Distances that several threads lower. Numbers that are not negative are in the order of their
/// bits.
private final class AtomicDistances: @unchecked Sendable {
  private let bits: UnsafeMutablePointer<Atomic<UInt64>>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    bits = .allocate(capacity: max(count, 1))
    for node in 0..<count {
      (bits + node).initialize(to: Atomic(Double.infinity.bitPattern))
    }
  }
  deinit {
    bits.deinitialize(count: count)
    bits.deallocate()
  }

  @inline(__always)
  func value(_ node: Int) -> Double {
    Double(bitPattern: bits[node].load(ordering: .relaxed))
  }

  /// - Returns: whether it was higher.
  @inline(__always)
  func lower(_ node: Int, to distance: Double) -> Bool {
    distance.bitPattern < bits[node].min(distance.bitPattern, ordering: .relaxed).oldValue
  }
}
