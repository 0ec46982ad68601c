package import GraphTypes

/// Communities by label propagation (Raghavan, Albert, Kumara: "Near linear time algorithm to
/// detect community structures in large-scale networks", 2007): each node takes the label with the
/// most weight among its outgoing neighbours.
package enum LabelPropagation {
  package struct Configuration: Sendable {
    package var maxIterations = 10
    /// Labels to start from, shape `[nodeCount]`, nil for nodes without one.
    package var seeds: [Int64?]?
    /// How much a neighbour's label counts, shape `[nodeCount]`; nil: 1.
    package var nodeWeights: [Double]?
    package var consecutiveIds = false
    package var usesWeights = true
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`.
    package var communityIds: [Int64]
    package var communityCount: Int
    package var ranIterations: Int
    /// The last iteration changed nothing.
    package var didConverge: Bool
    package var distribution: Distribution
  }

  /// Of equal labels the smallest wins. Nodes without a neighbour keep theirs. Labels are indices;
  /// with seeds, nodes without one start with numbers above all seeds.
  ///
  /// The result does not depend on the number of threads: nodes are looked at in batches that
  /// depend on the graph alone (of one node in small graphs), each against the state before it.
  /// - Complexity: O(iterations · (*n* + *m*)); 16 bytes a node, and 12 a node and thread.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try require(
      configuration.maxIterations >= 1, "maxIterations", configuration.maxIterations, "at least 1")
    let n = view.nodeCount
    let (start, names) = numbered(configuration.seeds, n)
    let labels = Scratch<UInt32>(n, repeating: 0)
    for node in 0..<n { labels.base[node] = start[node] }
    let next = Scratch<UInt32>(n, repeating: 0)
    let votes = try LabelVotes(view.outgoing, labels, configuration, n)
    let workspaces = (0..<max(configuration.concurrency, 1)).map { _ in CommunityWorkspace() }
    for workspace in workspaces { workspace.reserve(n) }

    let batch = n < 4096 ? 1 : max(1024, n / 128)
    let block = 256
    var iteration = 0
    var didConverge = false
    while iteration < configuration.maxIterations && !didConverge {
      var changed = 0
      for begin in stride(from: 0, to: n, by: batch) {
        let end = min(begin + batch, n)
        if batch == 1 {
          if begin & 255 == 0 { try monitor.checkpoint() }
          next.base[begin] = votes.winner(begin, workspaces[0])
        } else {
          try parallelFor(
            (end - begin + block - 1) / block, concurrency: configuration.concurrency,
            monitor: monitor
          ) { (worker, index) throws(QueryError) in
            let first = begin + index * block
            for node in first..<min(first + block, end) {
              next.base[node] = votes.winner(node, workspaces[worker])
            }
          }
        }
        for node in begin..<end where next.base[node] != labels.base[node] {
          labels.base[node] = next.base[node]
          changed += 1
        }
      }
      iteration += 1
      didConverge = changed == 0
      monitor.report(
        "iteration \(iteration) of at most \(configuration.maxIterations)",
        fraction: Double(iteration) / Double(configuration.maxIterations))
    }
    let communities = labels.array
    var ids = communities.map { names?[Int($0)] ?? Int64($0) }
    if configuration.consecutiveIds {
      ids = CommunityNumbering.consecutive(
        communities.map(Int64.init), members: view.nodes.members)
    }
    let counts = CommunityNumbering.memberCounts(communities, members: view.nodes.members)
    return Result(
      communityIds: ids, communityCount: counts.count, ranIterations: iteration,
      didConverge: didConverge, distribution: Distribution(counts: counts))
  }

  package static func memoryEstimate(nodeCount: Int, concurrency: Int) -> MemoryEstimate {
    let bytes = (16 + 12 * max(concurrency, 1)) * nodeCount
    return MemoryEstimate(bytesMin: bytes, bytesMax: bytes + 32 * nodeCount)
  }

  /// Labels as numbers below *n*, ordered as the labels are, and their names; nil when these are
  /// the numbers themselves.
  private static func numbered(_ seeds: [Int64?]?, _ n: Int) -> ([UInt32], [Int64]?) {
    guard let seeds else { return (Array(0..<UInt32(n)), nil) }
    var above: Int64 = 0
    for seed in seeds {
      if let seed, seed >= above { above = seed == .max ? seed : seed + 1 }
    }
    let labels = (0..<n).map { seeds[$0] ?? above &+ Int64($0) }
    let names = Array(Set(labels)).sorted()
    var numbers: [Int64: UInt32] = [:]
    for (number, name) in names.enumerated() { numbers[name] = UInt32(number) }
    return (labels.map { numbers[$0] ?? 0 }, names)
  }
}

/// Counts votes for labels.
private struct LabelVotes: @unchecked Sendable {
  private let table: NeighbourTable
  private let labels: UnsafePointer<UInt32>
  private let owner: Scratch<UInt32>
  private let usesWeights: Bool
  private let nodeWeights: Scratch<Double>?

  init(
    _ table: NeighbourTable, _ labels: Scratch<UInt32>,
    _ configuration: LabelPropagation.Configuration, _ n: Int
  ) throws(QueryError) {
    self.table = table
    self.labels = UnsafePointer(labels.base)
    owner = labels
    usesWeights = configuration.usesWeights && table.isWeighted
    guard let weights = configuration.nodeWeights else {
      nodeWeights = nil
      return
    }
    try require(
      weights.count == n, "nodeWeightProperty", weights.count, "one value a node (\(n))")
    let copy = Scratch<Double>(n, repeating: 1)
    for node in 0..<n { copy.base[node] = weights[node] }
    nodeWeights = copy
  }

  @inline(__always)
  func winner(_ node: Int, _ workspace: CommunityWorkspace) -> UInt32 {
    let sums = workspace.sums.base
    let touched = workspace.touched.base
    var count = 0
    var run = table.runs[node]
    while true {
      let weights = usesWeights ? table.weights(of: run) : nil
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        var vote = weights?[i] ?? 1
        if let nodeWeights { vote *= nodeWeights.base[neighbour] }
        if vote <= 0 { continue }
        let label = Int(labels[neighbour])
        let sum = sums[label]
        touched[count] = UInt32(truncatingIfNeeded: label)
        count &+= sum == 0 ? 1 : 0
        sums[label] = sum + vote
      }
      if run.next == 0 { break }
      run = table.runs[Int(run.next)]
    }
    var best = labels[node]
    var most = 0.0
    for i in 0..<count {
      let label = touched[i]
      let sum = sums[Int(label)]
      sums[Int(label)] = 0
      if sum > most || sum == most && label < best {
        most = sum
        best = label
      }
    }
    return best
  }
}
