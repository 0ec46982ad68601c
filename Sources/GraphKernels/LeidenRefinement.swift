internal import GraphTypes

extension LouvainLevel {
  /// Divides every community into parts that hang together well: the refinement of the Leiden
  /// method (`MergeNodesSubset` of Traag, Waltman, van Eck 2019).
  ///
  /// Communities are divided side by side, each by numbers drawn for it alone.
  /// - Parameter theta: the greater, the more often a node joins a part that is not the best.
  /// - Returns: the part of each node, named by one of its nodes.
  func refined(
    theta: Double, seed: UInt64, workspaces: [CommunityWorkspace], monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Scratch<UInt32> {
    let n = nodeCount
    let grouped = GroupedNodes(community, n)
    let refinement = Refinement(self, theta: theta)
    for workspace in workspaces { workspace.reserve(n) }
    let blocks = grouped.blocks(of: 2048)
    try parallelFor(blocks.count - 1, concurrency: concurrency, monitor: monitor) {
      (worker, block) throws(QueryError) in
      for group in blocks[block]..<blocks[block + 1] {
        let nodes = grouped.nodes(group)
        if nodes.count < 2 { continue }
        try refinement.divide(
          nodes, seed: seed &+ UInt64(nodes[0]), workspace: workspaces[worker], monitor)
      }
    }
    return refinement.part
  }

  /// The modularity of the division, resolution included.
  func modularity(monitor: some AlgorithmMonitor) throws(QueryError) -> Double {
    let morsels = Morsels(table)
    let inner = Scratch<Double>(morsels.count, repeating: 0)
    try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
      (_, morsel) throws(QueryError) in
      var sum = 0.0
      for node in morsels.range(morsel) {
        let own = community.base[node]
        if isCoarse { sum += loop.base[node] }
        table.forEachRun(of: node) { run in
          let weights = usesWeights ? table.weights(of: run) : nil
          for i in 0..<Int(run.count) where community.base[Int(run.start[i])] == own {
            sum += max(weights?[i] ?? 1, 0)
          }
        }
      }
      inner.base[morsel] = sum
    }
    var quality = 0.0
    for morsel in 0..<morsels.count { quality += inner.base[morsel] }
    quality /= totalWeight
    for node in 0..<nodeCount {
      let share = communityStrength.base[node] / totalWeight
      quality -= resolution * share * share
    }
    return quality
  }
}

/// Nodes by community.
private struct GroupedNodes {
  private let members: Scratch<UInt32>
  private let begins: Scratch<Int>
  let count: Int

  init(_ community: Scratch<UInt32>, _ n: Int) {
    let numbers = Scratch<UInt32>(n, repeating: .max)
    var count = 0
    for node in 0..<n where numbers.base[Int(community.base[node])] == .max {
      numbers.base[Int(community.base[node])] = UInt32(count)
      count += 1
    }
    begins = Scratch(count + 1, repeating: 0)
    for node in 0..<n { begins.base[Int(numbers.base[Int(community.base[node])]) + 1] += 1 }
    for group in 0..<count { begins.base[group + 1] += begins.base[group] }
    let places = Scratch<Int>(count, repeating: 0)
    places.base.update(from: begins.base, count: count)
    members = Scratch(n, repeating: 0)
    for node in 0..<n {
      let group = Int(numbers.base[Int(community.base[node])])
      members.base[places.base[group]] = UInt32(node)
      places.base[group] += 1
    }
    self.count = count
  }

  func nodes(_ group: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(
      start: members.base + begins.base[group],
      count: begins.base[group + 1] - begins.base[group])
  }

  /// First groups of blocks of at least `size` nodes, and the number of groups.
  func blocks(of size: Int) -> [Int] {
    var blocks = [0]
    for group in 0..<count
    where begins.base[group + 1] - begins.base[blocks[blocks.count - 1]] >= size {
      blocks.append(group + 1)
    }
    if blocks[blocks.count - 1] != count { blocks.append(count) }
    return blocks
  }
}

/// The parts, as they grow. A thread touches only the entries of its own communities' nodes.
private struct Refinement: @unchecked Sendable {
  let level: LouvainLevel
  let theta: Double
  let part: Scratch<UInt32>
  /// By part: the sum of its nodes' strengths, the weight to the rest of its community, its size.
  private let strength: Scratch<Double>
  private let cut: Scratch<Double>
  private let size: Scratch<UInt32>

  init(_ level: LouvainLevel, theta: Double) {
    self.level = level
    self.theta = theta
    let n = level.nodeCount
    part = Scratch(n, repeating: 0)
    strength = Scratch(n, repeating: 0)
    cut = Scratch(n, repeating: 0)
    size = Scratch(n, repeating: 1)
    for node in 0..<n {
      part.base[node] = UInt32(node)
      strength.base[node] = level.strength.base[node]
    }
  }

  func divide(
    _ nodes: UnsafeBufferPointer<UInt32>, seed: UInt64, workspace: CommunityWorkspace,
    _ monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    let community = level.community.base[Int(nodes[0])]
    let total = level.communityStrength.base[Int(community)]
    let scale = level.resolution / level.totalWeight
    // Weights to other nodes of the community.
    for node in nodes {
      var sum = 0.0
      let own = Int(node)
      level.table.forEachRun(of: own) { run in
        let weights = level.usesWeights ? level.table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let neighbour = Int(run.start[i])
          if neighbour != own && level.community.base[neighbour] == community {
            sum += max(weights?[i] ?? 1, 0)
          }
        }
      }
      cut.base[own] = sum
    }
    var random = SplitMix(seed)
    let order = workspace.shuffled(nodes, &random)
    for (i, node) in order.enumerated() {
      if i & 0x3FFF == 0 { try monitor.checkpoint() }
      let own = Int(node)
      if size.base[Int(part.base[own])] > 1 { continue }
      let weight = strength.base[own]
      if cut.base[own] < scale * weight * (total - weight) { continue }
      join(own, community, total, scale, workspace, &random)
    }
  }

  /// Moves a lone node into one of the parts that it has neighbours in.
  private func join(
    _ node: Int, _ community: UInt32, _ total: Double, _ scale: Double,
    _ workspace: CommunityWorkspace, _ random: inout SplitMix
  ) {
    let sums = workspace.sums.base
    let touched = workspace.touched.base
    var count = 0
    level.table.forEachRun(of: node) { run in
      let weights = level.usesWeights ? level.table.weights(of: run) : nil
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        if neighbour == node || level.community.base[neighbour] != community { continue }
        let weight = weights?[i] ?? 1
        if weight <= 0 { continue }
        let target = part.base[neighbour]
        if sums[Int(target)] == 0 {
          touched[count] = target
          count += 1
        }
        sums[Int(target)] += weight
      }
    }
    let weight = level.strength.base[node]
    let gains = workspace.values(count)
    var best = 0.0
    for i in 0..<count {
      let target = Int(touched[i])
      let isWellConnected =
        cut.base[target] >= scale * strength.base[target] * (total - strength.base[target])
      let gain = sums[target] - scale * weight * strength.base[target]
      gains[i] = isWellConnected && gain >= 0 ? gain : -.infinity
      best = max(best, gain)
    }
    var chances = 0.0
    for i in 0..<count {
      gains[i] = exponential((gains[i] - best) / theta)
      chances += gains[i]
    }
    var chosen: Int?
    var mark = random.nextUnit() * chances
    for i in 0..<count where gains[i] > 0 {
      chosen = i
      mark -= gains[i]
      if mark < 0 { break }
    }
    if let chosen {
      let target = Int(touched[chosen])
      let own = Int(part.base[node])
      part.base[node] = UInt32(target)
      strength.base[target] += weight
      cut.base[target] += cut.base[own] - 2 * sums[target]
      size.base[target] += 1
      size.base[own] = 0
    }
    for i in 0..<count { sums[Int(touched[i])] = 0 }
  }
}
