internal import GraphTypes

/// Sums of weights per community that one thread collects for one node at a time.
final class CommunityWorkspace: @unchecked Sendable {
  /// All zero between nodes.
  private(set) var sums = Scratch<Double>(0, repeating: 0)
  private(set) var touched = Scratch<UInt32>(0, repeating: 0)
  private var order = Scratch<UInt32>(0, repeating: 0)
  private var numbers = Scratch<Double>(0, repeating: 0)

  func reserve(_ communities: Int) {
    if sums.count >= communities + 1 { return }
    sums = Scratch(communities + 1, repeating: 0)
    touched = Scratch(communities + 1, repeating: 0)
  }

  /// The nodes in an order that the random numbers decide.
  func shuffled(
    _ nodes: UnsafeBufferPointer<UInt32>, _ random: inout SplitMix
  ) -> UnsafeBufferPointer<UInt32> {
    if order.count < nodes.count { order = Scratch(2 * nodes.count, repeating: 0) }
    for (i, node) in nodes.enumerated() {
      let j = random.next(below: i + 1)
      order.base[i] = order.base[j]
      order.base[j] = node
    }
    return UnsafeBufferPointer(start: order.base, count: nodes.count)
  }

  /// Room for some numbers.
  func values(_ count: Int) -> UnsafeMutablePointer<Double> {
    if numbers.count < count { numbers = Scratch(2 * count, repeating: 0) }
    return numbers.base
  }
}

/// One level of the Louvain method: a weighted undirected graph and a division of its nodes.
///
/// With A the symmetric matrix of weights, a loop of weight w counting 2w: `strength[v] = Σ A[v, u]`,
/// `loop[v] = A[v, v]`, `totalWeight = Σ A`.
struct LouvainLevel {
  let table: NeighbourTable
  let usesWeights: Bool
  /// Made by `aggregated`: loops are in `loop` only, not in the lists.
  let isCoarse: Bool
  let strength: Scratch<Double>
  let loop: Scratch<Double>
  let totalWeight: Double
  /// How much the weight that chance would give counts (γ); 1 in Louvain.
  let resolution: Double
  let community: Scratch<UInt32>
  /// The sum of the strengths of a community's nodes.
  let communityStrength: Scratch<Double>
  let communitySize: Scratch<UInt32>
  let concurrency: Int
  /// The loops in the lists of a coarse level: zeros.
  fileprivate let noLoops: Scratch<Double>

  var nodeCount: Int { table.nodeCount }

  /// The first level, each node a community. In the lists of an undirected view a loop is there
  /// twice.
  init(
    _ table: NeighbourTable, usesWeights: Bool, resolution: Double = 1, concurrency: Int,
    monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let strength = Scratch<Double>(table.nodeCount, repeating: 0)
    let loop = Scratch<Double>(table.nodeCount, repeating: 0)
    let isWeighted = usesWeights && table.isWeighted
    let morsels = Morsels(table)
    try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      for node in morsels.range(morsel) {
        strength.base[node] =
          isWeighted ? table.strength(of: node) : Double(table.degree(of: node))
        var own = 0.0
        table.forEachRun(of: node) { run in
          let weights = isWeighted ? table.weights(of: run) : nil
          for i in 0..<Int(run.count) where Int(run.start[i]) == node {
            own += max(weights?[i] ?? 1, 0)
          }
        }
        loop.base[node] = own
      }
    }
    self.init(
      table: table, usesWeights: isWeighted, isCoarse: false, strength: strength, loop: loop,
      resolution: resolution, concurrency: concurrency)
  }

  init(
    table: NeighbourTable, usesWeights: Bool, isCoarse: Bool, strength: Scratch<Double>,
    loop: Scratch<Double>, resolution: Double, concurrency: Int
  ) {
    self.table = table
    self.usesWeights = usesWeights
    self.isCoarse = isCoarse
    self.strength = strength
    self.loop = loop
    self.resolution = resolution
    self.concurrency = concurrency
    let n = table.nodeCount
    community = Scratch(n, repeating: 0)
    communityStrength = Scratch(n, repeating: 0)
    communitySize = Scratch(n, repeating: 1)
    noLoops = Scratch(isCoarse ? n : 0, repeating: 0)
    var total = 0.0
    for node in 0..<n {
      community.base[node] = UInt32(node)
      communityStrength.base[node] = strength.base[node]
      total += strength.base[node]
    }
    totalWeight = total
  }

  /// Puts nodes with the same seed into one community.
  func start(from seeds: [Int64?]) {
    var first: [Int64: UInt32] = [:]
    for node in 0..<nodeCount {
      guard let seed = seeds[node] else { continue }
      guard let target = first[seed] else {
        first[seed] = UInt32(node)
        continue
      }
      move(node, to: target)
    }
  }

  /// Takes over a division of the nodes.
  func assign(_ communities: [UInt32]) {
    for node in 0..<nodeCount { move(node, to: communities[node]) }
  }

  @inline(__always)
  private func move(_ node: Int, to target: UInt32) {
    let own = Int(community.base[node])
    communityStrength.base[own] -= strength.base[node]
    communitySize.base[own] -= 1
    communityStrength.base[Int(target)] += strength.base[node]
    communitySize.base[Int(target)] += 1
    community.base[node] = target
  }

  /// Q = Σ over communities (inner weight / total − (strength / total)²), each node a community.
  func modularityOfSingletons() -> Double {
    var sum = 0.0
    for node in 0..<nodeCount {
      let share = strength.base[node] / totalWeight
      sum += loop.base[node] / totalWeight - share * share
    }
    return sum
  }

  // MARK: Moving nodes.

  /// Sweeps over the nodes whose surroundings changed until little is gained.
  /// - Returns: the number of moves.
  func moveNodes(
    maxIterations: Int, tolerance: Double, workspaces: [CommunityWorkspace],
    monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Int {
    let n = nodeCount
    for workspace in workspaces { workspace.reserve(n) }
    let active = Scratch<UInt8>(n, repeating: 1)
    let queue = Scratch<UInt32>(n, repeating: 0)
    let proposal = Scratch<UInt32>(n, repeating: 0)
    let gains = Scratch<Double>(n, repeating: 0)
    // Small batches are close to one node after the other, which finds the better communities;
    // large ones keep threads busy. Small graphs go node by node.
    let batch = n < 4096 ? 1 : max(256, n / 256)
    var moves = 0
    for iteration in 0..<maxIterations {
      var moved = 0
      var gained = 0.0
      var begin = 0
      while begin < n {
        let end = min(begin + batch, n)
        let made = try moveBatch(
          begin..<end, isAlone: batch == 1, marksNeighbours: iteration > 0, active: active,
          queue: queue, proposal: proposal, gains: gains, workspaces: workspaces,
          monitor: monitor, gained: &gained)
        moved += made
        begin = end
      }
      moves += moved
      if moved == 0 || gained * 2 / totalWeight < tolerance { break }
      // Nearly all nodes move in the first sweep: look at all of them again.
      if iteration == 0 { active.base.update(repeating: 1, count: n) }
    }
    return moves
  }

  private func moveBatch(
    _ range: Range<Int>, isAlone: Bool, marksNeighbours: Bool, active: Scratch<UInt8>,
    queue: Scratch<UInt32>, proposal: Scratch<UInt32>, gains: Scratch<Double>,
    workspaces: [CommunityWorkspace], monitor: some AlgorithmMonitor, gained: inout Double
  ) throws(QueryError) -> Int {
    var length = 0
    for node in range where active.base[node] != 0 {
      queue.base[length] = UInt32(node)
      length += 1
      active.base[node] = 0
    }
    if length == 0 { return 0 }
    let chooser = MoveChooser(self)
    if isAlone {
      if range.lowerBound & 255 == 0 { try monitor.checkpoint() }
      chooser.choose(
        queue.base, 0..<1, proposal: proposal.base, gains: gains.base, isAlone: true,
        workspace: workspaces[0])
    } else {
      let block = 64
      try parallelFor(
        (length + block - 1) / block, concurrency: concurrency, monitor: monitor
      ) { (worker, index) throws(QueryError) in
        chooser.choose(
          queue.base, index * block..<min((index + 1) * block, length), proposal: proposal.base,
          gains: gains.base, isAlone: false, workspace: workspaces[worker])
      }
    }
    var moved = 0
    for i in 0..<length {
      let node = Int(queue.base[i])
      let target = proposal.base[i]
      if target == community.base[node] { continue }
      move(node, to: target)
      gained += gains.base[i]
      queue.base[moved] = UInt32(node)
      moved += 1
    }
    if marksNeighbours {
      for i in 0..<moved { markNeighbours(of: Int(queue.base[i]), active.base) }
    }
    return moved
  }

  @inline(__always)
  private func markNeighbours(of node: Int, _ active: UnsafeMutablePointer<UInt8>) {
    let own = community.base[node]
    let community = community.base
    table.forEachRun(of: node) { run in
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        if community[neighbour] != own { active[neighbour] = 1 }
      }
    }
  }
}

/// The plain pointers that the choice of moves reads.
private struct MoveChooser: @unchecked Sendable {
  let table: NeighbourTable
  let isWeighted: Bool
  let strength: UnsafePointer<Double>
  let loop: UnsafePointer<Double>
  let community: UnsafePointer<UInt32>
  let communityStrength: UnsafePointer<Double>
  let communitySize: UnsafePointer<UInt32>
  /// γ / total weight.
  let perTotal: Double
  let least: Double

  init(_ level: LouvainLevel) {
    table = level.table
    isWeighted = level.usesWeights
    strength = UnsafePointer(level.strength.base)
    // What the lists hold of loops, to be taken off the sum to the node's own community.
    loop = UnsafePointer((level.isCoarse ? level.noLoops : level.loop).base)
    community = UnsafePointer(level.community.base)
    communityStrength = UnsafePointer(level.communityStrength.base)
    communitySize = UnsafePointer(level.communitySize.base)
    perTotal = level.resolution / level.totalWeight
    least = 1e-12 * level.totalWeight
  }

  /// The best community for each of some nodes, and what the move gains (in half weights).
  /// - Parameter isAlone: the move is made before the next is chosen. Otherwise two lone nodes
  ///   might change places for ever: then the one with the smaller number waits.
  func choose(
    _ queue: UnsafePointer<UInt32>, _ range: Range<Int>,
    proposal: UnsafeMutablePointer<UInt32>, gains: UnsafeMutablePointer<Double>, isAlone: Bool,
    workspace: CommunityWorkspace
  ) {
    let sums = workspace.sums.base
    let touched = workspace.touched.base
    for position in range {
      let node = Int(queue[position])
      let count = collect(node, sums: sums, touched: touched)
      let own = Int(community[node])
      let weight = strength[node]
      let scale = weight * perTotal
      let stay = sums[own] - loop[node] - scale * (communityStrength[own] - weight)
      sums[own] = 0
      let ownIsAlone = communitySize[own] == 1
      var best = own
      var bestGain = stay + least
      for i in 0..<count {
        let candidate = Int(touched[i])
        if candidate == own { continue }
        let gain = sums[candidate] - scale * communityStrength[candidate]
        sums[candidate] = 0
        if gain < bestGain { continue }
        if gain == bestGain && candidate > best { continue }
        if !isAlone && ownIsAlone && candidate > own && communitySize[candidate] == 1 { continue }
        best = candidate
        bestGain = gain
      }
      proposal[position] = UInt32(best)
      gains[position] = best == own ? 0 : bestGain - stay
    }
  }

  /// Sums the weights from a node to each community.
  /// - Returns: how many communities were touched.
  @inline(__always)
  private func collect(
    _ node: Int, sums: UnsafeMutablePointer<Double>, touched: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var count = 0
    let runs = table.runs
    var run = runs[node]
    while true {
      let length = Int(run.count)
      if isWeighted, let weights = table.weights(of: run) {
        for i in 0..<length where weights[i] > 0 {
          let target = Int(community[Int(run.start[i])])
          let sum = sums[target]
          touched[count] = UInt32(truncatingIfNeeded: target)
          count &+= sum == 0 ? 1 : 0
          sums[target] = sum + weights[i]
        }
      } else {
        for i in 0..<length {
          let target = Int(community[Int(run.start[i])])
          let sum = sums[target]
          touched[count] = UInt32(truncatingIfNeeded: target)
          count &+= sum == 0 ? 1 : 0
          sums[target] = sum + 1
        }
      }
      if run.next == 0 { return count }
      run = runs[Int(run.next)]
    }
  }
}
