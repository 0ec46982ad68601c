internal import GraphTypes

extension LouvainLevel {
  /// The graph of the communities, or of another division: one node each, weights summed.
  /// - Returns: the next level, and for each node of this one its node there; numbered by first
  ///   appearance.
  func aggregated(
    by division: Scratch<UInt32>? = nil,
    workspaces: [CommunityWorkspace], monitor: some AlgorithmMonitor
  ) throws(QueryError) -> (coarse: LouvainLevel, numbers: [UInt32]) {
    let n = nodeCount
    let community = division ?? self.community
    var numbers = [UInt32](repeating: .max, count: n)
    var count = 0
    let coarseOf = Scratch<UInt32>(n, repeating: 0)
    for node in 0..<n {
      let community = Int(community.base[node])
      if numbers[community] == .max {
        numbers[community] = UInt32(count)
        count += 1
      }
      coarseOf.base[node] = numbers[community]
    }

    // Nodes by community.
    let begins = Scratch<Int>(count + 1, repeating: 0)
    for node in 0..<n { begins.base[Int(coarseOf.base[node]) + 1] += 1 }
    for i in 0..<count { begins.base[i + 1] += begins.base[i] }
    let positions = Scratch<Int>(count, repeating: 0)
    positions.base.update(from: begins.base, count: count)
    let members = Scratch<UInt32>(n, repeating: 0)
    for node in 0..<n {
      let number = Int(coarseOf.base[node])
      members.base[positions.base[number]] = UInt32(node)
      positions.base[number] += 1
    }

    // Communities in blocks of about equal numbers of nodes; each block keeps its rows.
    var bounds = [0]
    for i in 0..<count where begins.base[i + 1] - begins.base[bounds[bounds.count - 1]] >= 2048 {
      bounds.append(i + 1)
    }
    if bounds[bounds.count - 1] != count { bounds.append(count) }
    let blocks = bounds
    let strength = Scratch<Double>(count, repeating: 0)
    let loop = Scratch<Double>(count, repeating: 0)
    let lengths = Scratch<Int>(count, repeating: 0)
    let rows = (0..<blocks.count - 1).map { _ in AggregatedRows() }
    for workspace in workspaces { workspace.reserve(n) }
    try parallelFor(blocks.count - 1, concurrency: concurrency, monitor: monitor) {
      (worker, block) throws(QueryError) in
      for number in blocks[block]..<blocks[block + 1] {
        let nodes = UnsafeBufferPointer(
          start: members.base + begins.base[number],
          count: begins.base[number + 1] - begins.base[number])
        let row = aggregateRow(
          UInt32(number), nodes: nodes, coarseOf: coarseOf.base, workspace: workspaces[worker],
          into: rows[block])
        strength.base[number] = row.strength
        loop.base[number] = row.loop
        lengths.base[number] = row.length
      }
    }

    let offsets = Scratch<Int>(count + 1, repeating: 0)
    for i in 0..<count { offsets.base[i + 1] = offsets.base[i] + lengths.base[i] }
    let neighbours = Scratch<UInt32>(offsets.base[count], repeating: 0)
    let weights = Scratch<Double>(offsets.base[count], repeating: 0)
    for (block, row) in rows.enumerated() {
      let begin = offsets.base[blocks[block]]
      row.neighbours.withUnsafeBufferPointer {
        if let base = $0.baseAddress {
          (neighbours.base + begin).update(from: base, count: $0.count)
        }
      }
      row.weights.withUnsafeBufferPointer {
        if let base = $0.baseAddress { (weights.base + begin).update(from: base, count: $0.count) }
      }
    }
    let coarse = LouvainLevel(
      table: NeighbourTable(offsets: offsets, neighbours: neighbours, weights: weights),
      usesWeights: true, isCoarse: true, strength: strength, loop: loop,
      resolution: resolution, concurrency: concurrency)
    return (coarse, coarseOf.array)
  }

  private func aggregateRow(
    _ number: UInt32, nodes: UnsafeBufferPointer<UInt32>, coarseOf: UnsafePointer<UInt32>,
    workspace: CommunityWorkspace, into rows: AggregatedRows
  ) -> (strength: Double, loop: Double, length: Int) {
    let sums = workspace.sums.base
    let touched = workspace.touched.base
    var count = 0
    var total = 0.0
    // Loops of coarse levels are not in the lists; those of the first level are.
    var inner = 0.0
    let loopsAreInLists = !isCoarse
    for node in nodes {
      total += strength.base[Int(node)]
      if !loopsAreInLists { inner += loop.base[Int(node)] }
      table.forEachRun(of: Int(node)) { run in
        let weights = usesWeights ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let weight = weights?[i] ?? 1
          if weight <= 0 { continue }
          let target = Int(coarseOf[Int(run.start[i])])
          let sum = sums[target]
          touched[count] = UInt32(truncatingIfNeeded: target)
          count &+= sum == 0 ? 1 : 0
          sums[target] = sum + weight
        }
      }
    }
    var length = 0
    for i in 0..<count {
      let target = touched[i]
      if target == number {
        inner += sums[Int(target)]
      } else {
        rows.neighbours.append(target)
        rows.weights.append(sums[Int(target)])
        length += 1
      }
      sums[Int(target)] = 0
    }
    return (total, inner, length)
  }
}

/// The rows of consecutive communities, made by one thread.
private final class AggregatedRows: @unchecked Sendable {
  var neighbours: [UInt32] = []
  var weights: [Double] = []
}
