package import GraphTypes

/// Random walks of the second order (Grover, Leskovec: "node2vec: scalable feature learning for
/// networks", 2016).
package enum RandomWalk {
  package struct Configuration: Sendable {
    /// Nil: every node.
    package var sources: [UInt32]?
    /// Nodes of a walk, the first included; fewer where there is no way on.
    package var walkLength = 80
    package var walksPerNode = 10
    /// *q*: the greater, the nearer walks stay to where they came from.
    package var inOutFactor = 1.0
    /// *p*: the greater, the less often a walk goes straight back.
    package var returnFactor = 1.0
    package var randomSeed: UInt64 = 42
    package var usesWeights = true
    package var concurrency = 4
    package init() {}
  }

  /// Walks, one after the other.
  package struct Walks: Sendable {
    package var nodes: [UInt32] = []
    /// Walk *i* is `nodes[offsets[i] ..< offsets[i + 1]]`.
    package var offsets: [Int] = [0]
    package var count: Int { offsets.count - 1 }
    package func walk(_ index: Int) -> ArraySlice<UInt32> {
      nodes[offsets[index]..<offsets[index + 1]]
    }
  }

  /// Each walk draws its own numbers, so that walks do not depend on the number of threads. Negative
  /// weights count as 0.
  /// - Returns: the walks by source, `walksPerNode` of each.
  /// - Complexity: O(walks · length · expected draws); drawing by weight or looking for a common
  ///   neighbour takes the length of a list.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Walks {
    try validate(configuration)
    var sources = configuration.sources ?? []
    if configuration.sources == nil {
      for range in view.nodes.members { for node in range { sources.append(UInt32(node)) } }
    }
    let starts = sources
    let walker = Walker(view.outgoing, configuration)
    let block = 256
    let blocks = (starts.count + block - 1) / block
    let parts = (0..<blocks).map { _ in WalkPart() }
    try parallelFor(blocks, concurrency: configuration.concurrency, monitor: monitor) {
      (_, index) throws(QueryError) in
      for i in index * block..<min((index + 1) * block, starts.count) {
        for number in 0..<configuration.walksPerNode {
          walker.walk(
            from: starts[i], number: i * configuration.walksPerNode + number,
            into: &parts[index].walks)
        }
      }
      if index & 15 == 0 {
        monitor.report("walks", fraction: Double(index) / Double(blocks))
      }
    }
    var result = Walks()
    result.nodes.reserveCapacity(parts.reduce(0) { $0 + $1.walks.nodes.count })
    for part in parts {
      let begin = result.nodes.count
      result.nodes.append(contentsOf: part.walks.nodes)
      result.offsets.append(contentsOf: part.walks.offsets.dropFirst().map { $0 + begin })
    }
    return result
  }

  private static func validate(_ configuration: Configuration) throws(QueryError) {
    try require(
      configuration.walkLength >= 2, "walkLength", configuration.walkLength, "at least 2")
    try require(
      configuration.walksPerNode >= 1, "walksPerNode", configuration.walksPerNode, "at least 1")
    try require(
      configuration.inOutFactor > 0, "inOutFactor", configuration.inOutFactor, "above 0")
    try require(
      configuration.returnFactor > 0, "returnFactor", configuration.returnFactor, "above 0")
  }

  package static func memoryEstimate(
    nodeCount: Int, _ configuration: Configuration
  ) -> MemoryEstimate {
    let walks = (configuration.sources?.count ?? nodeCount) * configuration.walksPerNode
    return MemoryEstimate(
      bytesMin: 12 * walks, bytesMax: 8 * walks * (configuration.walkLength + 2))
  }
}

private final class WalkPart: @unchecked Sendable { var walks = RandomWalk.Walks() }

private struct Walker: Sendable {
  private let table: NeighbourTable
  private let configuration: RandomWalk.Configuration
  private let isWeighted: Bool
  private let isBiased: Bool
  /// The chances of steps back, near and away, the greatest 1.
  private let back: Double
  private let near: Double
  private let away: Double

  init(_ table: NeighbourTable, _ configuration: RandomWalk.Configuration) {
    self.table = table
    self.configuration = configuration
    isWeighted = configuration.usesWeights && table.isWeighted
    isBiased = configuration.inOutFactor != 1 || configuration.returnFactor != 1
    let greatest = max(1, 1 / configuration.returnFactor, 1 / configuration.inOutFactor)
    back = 1 / configuration.returnFactor / greatest
    near = 1 / greatest
    away = 1 / configuration.inOutFactor / greatest
  }

  func walk(from source: UInt32, number: Int, into walks: inout RandomWalk.Walks) {
    var random = SplitMix(configuration.randomSeed, number)
    var node = source
    var previous: UInt32?
    walks.nodes.append(node)
    for _ in 1..<configuration.walkLength {
      guard let next = step(from: node, after: previous, &random) else { break }
      previous = node
      node = next
      walks.nodes.append(node)
    }
    walks.offsets.append(walks.nodes.count)
  }

  private func step(
    from node: UInt32, after previous: UInt32?, _ random: inout SplitMix
  ) -> UInt32? {
    let degree = table.degree(of: Int(node))
    let strength = isWeighted ? table.strength(of: Int(node)) : Double(degree)
    if degree == 0 || strength <= 0 { return nil }
    // Refused steps are drawn again, which gives the accepted ones their shares.
    while true {
      let next =
        isWeighted
        ? drawn(node, random.nextUnit() * strength)
        : neighbour(node, at: random.next(below: degree))
      guard isBiased, let previous else { return next }
      let chance: Double =
        next == previous ? back : table.contains(Int(previous), next) ? near : away
      if chance >= 1 || random.nextUnit() < chance { return next }
    }
  }

  private func neighbour(_ node: UInt32, at place: Int) -> UInt32 {
    var place = place
    var run = table.runs[Int(node)]
    while place >= Int(run.count) && run.next != 0 {
      place -= Int(run.count)
      run = table.runs[Int(run.next)]
    }
    return run.start[place]
  }

  private func drawn(_ node: UInt32, _ mark: Double) -> UInt32 {
    var left = mark
    var result: UInt32 = 0
    var isFound = false
    table.forEachRun(of: Int(node)) { run in
      guard let weights = table.weights(of: run) else { return }
      for i in 0..<Int(run.count) where weights[i] > 0 && !isFound {
        result = run.start[i]
        left -= weights[i]
        isFound = left < 0
      }
    }
    return result
  }
}

extension NeighbourTable {
  /// Whether a node is in another's list.
  func contains(_ node: Int, _ neighbour: UInt32) -> Bool {
    var found = false
    forEachRun(of: node) { run in
      for i in 0..<Int(run.count) { found = found || run.start[i] == neighbour }
    }
    return found
  }
}
