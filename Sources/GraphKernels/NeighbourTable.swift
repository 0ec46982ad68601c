internal import GraphTypes

/// A contiguous part of one node's neighbour list.
package struct NeighbourRun: BitwiseCopyable, @unchecked Sendable {
  package let start: UnsafePointer<UInt32>
  package let count: UInt32
  /// The position of the list's next run in the table, 0 when this is the last one.
  package fileprivate(set) var next: UInt32

  @inlinable init(start: UnsafePointer<UInt32>, count: UInt32, next: UInt32) {
    self.start = start
    self.count = count
    self.next = next
  }
}

/// The neighbour lists of nodes `0 ..< nodeCount` in one direction: 16 bytes a node, and pointers
/// to the neighbours wherever they lie.
///
/// Entry *v* of `runs` is the first run of node *v*. Lists in several pieces (hubs that continue
/// over several chunks, several relationship types, both directions) go on at `runs[run.next]`:
/// ```
/// var run = table.runs[node]
/// while true {
///   for i in 0..<Int(run.count) { visit(run.start[i]) }
///   if run.next == 0 { break }
///   run = table.runs[Int(run.next)]
/// }
/// ```
/// Immutable, so it may be shared by threads.
package final class NeighbourTable: @unchecked Sendable {
  package let nodeCount: Int
  /// The sum of all lists' lengths.
  package let relationshipCount: Int
  package let runs: UnsafePointer<NeighbourRun>
  /// True when some node's list has more than one run.
  package let hasContinuations: Bool
  private let firstNeighbour: UnsafePointer<UInt32>?
  private let firstWeight: UnsafePointer<Double>?
  /// Whatever keeps the neighbours' memory alive.
  private let owners: [AnyObject]

  fileprivate init(
    nodeCount: Int, relationshipCount: Int, runs: UnsafePointer<NeighbourRun>,
    hasContinuations: Bool, firstNeighbour: UnsafePointer<UInt32>?,
    firstWeight: UnsafePointer<Double>?, owners: [AnyObject]
  ) {
    self.nodeCount = nodeCount
    self.relationshipCount = relationshipCount
    self.runs = runs
    self.hasContinuations = hasContinuations
    self.firstNeighbour = firstNeighbour
    self.firstWeight = firstWeight
    self.owners = owners
  }

  deinit { runs.deallocate() }

  package var isWeighted: Bool { firstWeight != nil }

  /// The weights beside a run's neighbours; only when `isWeighted`.
  @inline(__always)
  func weights(of run: NeighbourRun) -> UnsafePointer<Double>? {
    guard let firstWeight, let firstNeighbour else { return nil }
    return firstWeight + (run.start - firstNeighbour)
  }

  @inline(__always)
  func degree(of node: Int) -> Int {
    var run = runs[node]
    var degree = Int(run.count)
    while run.next != 0 {
      run = runs[Int(run.next)]
      degree += Int(run.count)
    }
    return degree
  }

  /// A node's neighbours, copied. For tests and small work.
  package func neighbours(of node: Int) -> [UInt32] {
    var result: [UInt32] = []
    forEachRun(of: node) { run in
      result.append(contentsOf: UnsafeBufferPointer(start: run.start, count: Int(run.count)))
    }
    return result
  }

  @inline(__always)
  func forEachRun(of node: Int, _ body: (NeighbourRun) -> Void) {
    var run = runs[node]
    while true {
      body(run)
      if run.next == 0 { return }
      run = runs[Int(run.next)]
    }
  }

  /// Throws unless every weight is a number above (or equal to) a bound.
  func requireWeights(above bound: Double, orEqual: Bool) throws(QueryError) {
    guard isWeighted else { return }
    var wrong: Double?
    for node in 0..<nodeCount {
      forEachRun(of: node) { run in
        guard let weights = weights(of: run) else { return }
        for i in 0..<Int(run.count) {
          if !(weights[i] > bound || orEqual && weights[i] == bound) { wrong = weights[i] }
        }
      }
      if let wrong {
        try require(
          false, "relationshipWeightProperty", wrong, "\(orEqual ? "at least" : "above") \(bound)")
      }
    }
  }

  /// The sum of the weights of a node's list, negative ones left out; its length when unweighted.
  func strength(of node: Int) -> Double {
    guard isWeighted else { return Double(degree(of: node)) }
    var sum = 0.0
    forEachRun(of: node) { run in
      guard let weights = weights(of: run) else { return }
      for i in 0..<Int(run.count) { sum += max(weights[i], 0) }
    }
    return sum
  }
}

/// Collects the runs of a `NeighbourTable`.
///
/// Give the pieces of one list in order; different nodes may come in any order, and a node that
/// never comes has no neighbours.
package struct NeighbourTableBuilder {
  private let nodeCount: Int
  private let runs: UnsafeMutablePointer<NeighbourRun>
  private var continuations: [NeighbourRun] = []
  /// The position of the last run of each list that has several.
  private var tails: [UInt32: UInt32] = [:]
  private var relationshipCount = 0

  package init(nodeCount: Int) {
    precondition(nodeCount < Int(UInt32.max), "a view has fewer than 2^32 nodes")
    self.nodeCount = nodeCount
    runs = .allocate(capacity: max(nodeCount, 1))
    runs.initialize(
      repeating: NeighbourRun(start: emptyList, count: 0, next: 0), count: max(nodeCount, 1))
  }

  /// Adds a piece to a node's list. The memory must stay as it is while the table lives.
  package mutating func append(
    node: UInt32, start: UnsafePointer<UInt32>, count: Int
  ) {
    precondition(Int(node) < nodeCount, "a list of a node that the view does not have")
    guard count > 0 else { return }
    relationshipCount += count
    let run = NeighbourRun(start: start, count: UInt32(count), next: 0)
    if runs[Int(node)].count == 0 {
      runs[Int(node)] = run
      return
    }
    let position = UInt32(nodeCount + continuations.count)
    if let tail = tails[node] {
      continuations[Int(tail) - nodeCount].next = position
    } else {
      runs[Int(node)].next = position
    }
    tails[node] = position
    continuations.append(run)
  }

  /// Adds the lists of consecutive nodes: node `firstNode + i` has
  /// `neighbours[offsets[i] ..< offsets[i + 1]]`.
  package mutating func append(_ chunk: NeighbourChunk) {
    for i in 0..<chunk.nodeCount {
      let lower = chunk.offsets[i]
      append(
        node: chunk.firstNode + UInt32(i), start: chunk.neighbours + Int(lower),
        count: Int(chunk.offsets[i + 1] - lower))
    }
  }

  /// Adds all lists of another table of as many nodes, for example the opposite direction.
  mutating func append(_ table: NeighbourTable) {
    for node in 0..<nodeCount {
      table.forEachRun(of: node) { run in
        append(node: UInt32(node), start: run.start, count: Int(run.count))
      }
    }
  }

  /// - Parameter owners: kept alive with the table; their memory holds the neighbours.
  package consuming func finish(owners: [AnyObject]) -> NeighbourTable {
    var final = runs
    if !continuations.isEmpty {
      final = .allocate(capacity: nodeCount + continuations.count)
      final.initialize(from: runs, count: nodeCount)
      for (i, run) in continuations.enumerated() { (final + nodeCount + i).initialize(to: run) }
      runs.deallocate()
    }
    return NeighbourTable(
      nodeCount: nodeCount, relationshipCount: relationshipCount, runs: UnsafePointer(final),
      hasContinuations: !continuations.isEmpty, firstNeighbour: nil, firstWeight: nil,
      owners: owners)
  }
}

/// The neighbour lists of consecutive nodes as they lie in memory, for example in a memory map.
package struct NeighbourChunk {
  package var firstNode: UInt32
  package var nodeCount: Int
  /// `nodeCount + 1` ascending positions in `neighbours`.
  package var offsets: UnsafePointer<UInt32>
  package var neighbours: UnsafePointer<UInt32>

  package init(
    firstNode: UInt32, nodeCount: Int, offsets: UnsafePointer<UInt32>,
    neighbours: UnsafePointer<UInt32>
  ) {
    self.firstNode = firstNode
    self.nodeCount = nodeCount
    self.offsets = offsets
    self.neighbours = neighbours
  }
}

extension NeighbourTable {
  /// A table over compressed sparse rows, which it keeps.
  /// - Parameters:
  ///   - offsets: shape `[nodeCount + 1]`, ascending from 0.
  ///   - neighbours: shape `[offsets.last]`.
  ///   - weights: as many, or nil.
  convenience init(
    offsets: Scratch<Int>, neighbours: Scratch<UInt32>, weights: Scratch<Double>?
  ) {
    let nodeCount = offsets.count - 1
    let runs = UnsafeMutablePointer<NeighbourRun>.allocate(capacity: max(nodeCount, 1))
    for node in 0..<nodeCount {
      let lower = offsets.base[node]
      (runs + node).initialize(
        to: NeighbourRun(
          start: UnsafePointer(neighbours.base + lower),
          count: UInt32(offsets.base[node + 1] - lower), next: 0))
    }
    self.init(
      nodeCount: nodeCount, relationshipCount: offsets.base[nodeCount], runs: UnsafePointer(runs),
      hasContinuations: false, firstNeighbour: UnsafePointer(neighbours.base),
      firstWeight: weights.map { UnsafePointer($0.base) },
      owners: [neighbours] + (weights.map { [$0] } ?? []))
  }
}

/// What the run of an empty list points to; never read.
nonisolated(unsafe) private let emptyList: UnsafePointer<UInt32> = {
  let pointer = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
  pointer.initialize(to: 0)
  return UnsafePointer(pointer)
}()
