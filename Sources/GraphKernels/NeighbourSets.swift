/// The sets that Node Similarity compares, numbered densely: sources 0, 1 … in order of index,
/// targets from the rarest to the most popular.
struct NeighbourSets: Sendable {
  /// Index of each source.
  let sourceNodes: [UInt32]
  /// Targets of each source, ascending, each once.
  let forward: NeighbourTable
  /// Sources of each target, ascending; of those that the filter of targets lets through.
  let inverted: NeighbourTable
  /// Size, sum of weights or sum of squared weights of each source's set.
  let norms: Scratch<Double>
  /// Sizes of the sets once more, small enough for the cache; 65,535 for that and more.
  private let sizes: Scratch<UInt16>

  var sourceCount: Int { sourceNodes.count }

  @inline(__always)
  func size(_ source: Int) -> Double {
    let size = sizes.base[source]
    return size == .max ? norms.base[source] : Double(size)
  }

  init(_ view: GraphView, _ configuration: NodeSimilarity.Configuration) {
    let n = view.nodeCount
    let table = view.outgoing
    let isWeighted = configuration.usesWeights && table.isWeighted
    var sources: [UInt32] = []
    var ends = [0]
    var targets: [UInt32] = []
    var weights: [Double] = []
    targets.reserveCapacity(table.relationshipCount)
    for node in 0..<n where table.runs[node].count > 0 {
      let begin = targets.count
      Self.appendSet(of: node, table, isWeighted: isWeighted, &targets, &weights)
      let size = targets.count - begin
      if size < configuration.degreeCutoff || size > configuration.upperDegreeCutoff {
        targets.removeLast(size)
        if isWeighted { weights.removeLast(size) }
      } else {
        sources.append(UInt32(node))
        ends.append(targets.count)
      }
    }

    // Rank targets by how many sources they have.
    var popularity = [Int](repeating: 0, count: n)
    for target in targets { popularity[Int(target)] += 1 }
    var byPopularity = [UInt32]()
    for node in 0..<n where popularity[node] > 0 { byPopularity.append(UInt32(node)) }
    byPopularity.sort { (popularity[Int($0)], $0) < (popularity[Int($1)], $1) }
    var rank = [UInt32](repeating: 0, count: n)
    for (i, node) in byPopularity.enumerated() { rank[Int(node)] = UInt32(i) }

    // One square index space serves both sides; transposing twice sorts both kinds of lists.
    let space = max(sources.count, byPopularity.count)
    let offsets = Scratch<Int>(space + 1, repeating: targets.count)
    for (i, end) in ends.enumerated() { offsets.base[i] = end }
    let neighbours = Scratch<UInt32>(targets.count, repeating: 0)
    for (i, target) in targets.enumerated() { neighbours.base[i] = rank[Int(target)] }
    let values = isWeighted ? Scratch<Double>(targets.count, repeating: 0) : nil
    if let values { for (i, weight) in weights.enumerated() { values.base[i] = weight } }
    let all = transposed(
      NeighbourTable(offsets: offsets, neighbours: neighbours, weights: values))
    forward = transposed(all)
    if let filter = configuration.targetFilter {
      let wanted = Set(filter)
      inverted = Self.filtered(all, sources.map { wanted.contains($0) })
    } else {
      inverted = all
    }

    norms = Scratch<Double>(sources.count, repeating: 0)
    sizes = Scratch<UInt16>(sources.count, repeating: 0)
    for source in 0..<sources.count {
      var norm = Double(ends[source + 1] - ends[source])
      sizes.base[source] = UInt16(clamping: ends[source + 1] - ends[source])
      if isWeighted {
        norm = 0
        for i in ends[source]..<ends[source + 1] {
          norm += configuration.metric == .cosine ? weights[i] * weights[i] : weights[i]
        }
      }
      norms.base[source] = norm
    }
    sourceNodes = sources
  }

  /// The lists without the neighbours that are not wanted.
  private static func filtered(_ table: NeighbourTable, _ isWanted: [Bool]) -> NeighbourTable {
    let offsets = Scratch<Int>(table.nodeCount + 1, repeating: 0)
    let neighbours = Scratch<UInt32>(table.relationshipCount, repeating: 0)
    let kept = table.isWeighted ? Scratch<Double>(table.relationshipCount, repeating: 0) : nil
    var end = 0
    for node in 0..<table.nodeCount {
      table.forEachRun(of: node) { run in
        let weights = table.weights(of: run)
        for i in 0..<Int(run.count) where isWanted[Int(run.start[i])] {
          neighbours.base[end] = run.start[i]
          if let kept, let weights { kept.base[end] = weights[i] }
          end += 1
        }
      }
      offsets.base[node + 1] = end
    }
    return NeighbourTable(offsets: offsets, neighbours: neighbours, weights: kept)
  }

  /// Appends a node's different neighbours; ascending unless they lie in another order without
  /// repetition.
  private static func appendSet(
    of node: Int, _ table: NeighbourTable, isWeighted: Bool, _ targets: inout [UInt32],
    _ weights: inout [Double]
  ) {
    let begin = targets.count
    var ascends = true
    table.forEachRun(of: node) { run in
      let values = isWeighted ? table.weights(of: run) : nil
      for i in 0..<Int(run.count) {
        let target = run.start[i]
        if targets.count > begin {
          let last = targets[targets.count - 1]
          if target == last {
            if isWeighted { weights[weights.count - 1] += max(values?[i] ?? 1, 0) }
            continue
          }
          if target < last { ascends = false }
        }
        targets.append(target)
        if isWeighted { weights.append(max(values?[i] ?? 1, 0)) }
      }
    }
    if ascends { return }
    let order = (begin..<targets.count).sorted { (targets[$0], $0) < (targets[$1], $1) }
    let oldTargets = targets
    let oldWeights = weights
    var end = begin
    for position in order {
      if end > begin && targets[end - 1] == oldTargets[position] {
        if isWeighted { weights[end - 1] += oldWeights[position] }
        continue
      }
      targets[end] = oldTargets[position]
      if isWeighted { weights[end] = oldWeights[position] }
      end += 1
    }
    targets.removeLast(targets.count - end)
    if isWeighted { weights.removeLast(weights.count - end) }
  }
}
