internal import GraphTypes

/// Lists of the nearest neighbours as they get better. Nodes are numbered by their place among the
/// members.
final class NeighbourSearch<Similarity: PairSimilarity>: @unchecked Sendable {
  /// The length of the lists: half as many again as are wanted, which finds most of those.
  let k: Int
  private let wanted: Int
  private let count: Int
  private let view: GraphView
  private let members: [UInt32]
  private let indices: Scratch<UInt32>
  private let similarity: Similarity
  private let configuration: KNearestNeighbours.Configuration
  private var lists: NeighbourLists
  private let filter: NeighbourFilter?
  private let workspaces: [SearchWorkspace]

  init(
    _ view: GraphView, _ members: [UInt32], _ similarity: Similarity,
    _ configuration: KNearestNeighbours.Configuration
  ) {
    self.view = view
    self.members = members
    indices = Scratch(members.count, repeating: 0)
    for (place, node) in members.enumerated() { indices.base[place] = node }
    self.similarity = similarity
    self.configuration = configuration
    count = members.count
    wanted = min(configuration.topK, max(members.count - 1, 1))
    k = min(wanted + (wanted + 1) / 2, max(members.count - 1, 1))
    lists = NeighbourLists(members.count, k)
    filter =
      configuration.sourceFilter == nil && configuration.targetFilter == nil
      ? nil : NeighbourFilter(members, configuration, k)
    let (count, k) = (count, k)
    workspaces = (0..<max(configuration.concurrency, 1)).map { _ in SearchWorkspace(count, k) }
  }

  /// All pairs are compared: where there are few, or nearly all are wanted.
  var isExhaustive: Bool { count <= max(512, 2 * k) }

  /// Those that are wanted.
  func neighbours(_ place: Int) -> [(UInt32, Double)] {
    let lists = filter?.lists ?? lists
    return (0..<min(wanted, Int(lists.lengths.base[place]))).map { i in
      (lists.nodes.base[place * k + i], lists.similarities.base[place * k + i])
    }
  }

  @inline(__always)
  private func compare(_ a: Int, _ b: Int) -> Double {
    similarity.value(Int(indices.base[a]), Int(indices.base[b]))
  }

  /// Fills the lists with nodes from the leaves of random trees or from random walks, and with
  /// random ones where these are not enough.
  /// - Returns: how many pairs were compared.
  func start(_ monitor: some AlgorithmMonitor) throws(QueryError) -> Int {
    let blocks = Morsels(count: count, size: 512)
    let compared = Scratch<Int>(blocks.count, repeating: 0)
    let forest = try PivotForest(
      of: indices, count: count,
      trees: isExhaustive || configuration.initialSampler == .randomWalk ? 0 : Self.trees,
      leafSize: max(2 * k, 16), seed: configuration.randomSeed, similarity: similarity,
      concurrency: configuration.concurrency, monitor: monitor)
    try parallelFor(blocks.count, concurrency: configuration.concurrency, monitor: monitor) {
      (worker, block) throws(QueryError) in
      let workspace = workspaces[worker]
      for place in blocks.range(block) {
        var random = SplitMix(configuration.randomSeed, place)
        workspace.begin(place)
        workspace.compared = 0
        defer { compared.base[block] += workspace.compared }
        if let filter, configuration.seedTargetNodes, filter.isSource[place] {
          seed(place, filter, &random)
        }
        if isExhaustive {
          for other in 0..<count where other != place { offer(place, other, workspace) }
          continue
        }
        if configuration.initialSampler == .randomWalk {
          walk(from: place, &random, workspace)
        }
        for tree in 0..<forest.treeCount {
          for other in forest.leaf(tree, of: place) where workspace.isNew(Int(other)) {
            offer(place, Int(other), workspace)
          }
        }
        while Int(lists.lengths.base[place]) < k {
          let other = random.next(below: count)
          if workspace.isNew(other) { offer(place, other, workspace) }
        }
      }
    }
    return compared.array.prefix(blocks.count).reduce(0, +)
  }

  private static var trees: Int { 5 }

  private func offer(_ place: Int, _ other: Int, _ workspace: SearchWorkspace) {
    workspace.compared &+= 1
    let value = compare(place, other)
    _ = lists.insert(place, UInt32(other), value, replacesEqual: false)
    filter?.offer(place, other, value)
  }

  /// Fills the list of wanted neighbours with random targets.
  private func seed(_ place: Int, _ filter: NeighbourFilter, _ random: inout SplitMix) {
    if filter.targets.isEmpty { return }
    for _ in 0..<k {
      let other = Int(filter.targets[random.next(below: filter.targets.count)])
      if other != place { filter.offer(place, other, compare(place, other)) }
    }
  }

  private func walk(
    from place: Int, _ random: inout SplitMix, _ workspace: SearchWorkspace
  ) {
    var node = members[place]
    for _ in 0..<8 * k where Int(lists.lengths.base[place]) < k {
      let degree = view.outgoing.degree(of: Int(node))
      if degree == 0 { return }
      var position = random.next(below: degree)
      var run = view.outgoing.runs[Int(node)]
      while position >= Int(run.count) && run.next != 0 {
        position -= Int(run.count)
        run = view.outgoing.runs[Int(run.next)]
      }
      node = run.start[position]
      let other = self.place(of: node)
      if workspace.isNew(other) { offer(place, other, workspace) }
    }
  }

  private func place(of node: UInt32) -> Int {
    var before = 0
    for range in view.nodes.members {
      if range.contains(Int(node)) { return before + Int(node) - range.lowerBound }
      before += range.count
    }
    return 0
  }

  /// One iteration: each node looks at the neighbours of its neighbours, in both directions.
  func improve(
    iteration: Int, _ monitor: some AlgorithmMonitor
  ) throws(QueryError) -> (compared: Int, replaced: Int) {
    let width = max(Int((configuration.sampleRate * Double(k)).rounded(.up)), 1)
    let samples = try NeighbourSamples(
      lists, count: count, width: width, seed: configuration.randomSeed ^ UInt64(iteration + 1),
      concurrency: configuration.concurrency, monitor: monitor)
    let blocks = Morsels(count: count, size: 256)
    let compared = Scratch<Int>(blocks.count, repeating: 0)
    let replaced = Scratch<Int>(blocks.count, repeating: 0)
    let next = lists.copy()
    try parallelFor(blocks.count, concurrency: configuration.concurrency, monitor: monitor) {
      (worker, block) throws(QueryError) in
      let workspace = workspaces[worker]
      for place in blocks.range(block) {
        var random = SplitMix(
          configuration.randomSeed &+ UInt64(iteration + 1) &* 0x9E37_79B9, place)
        workspace.begin(place)
        for i in 0..<Int(next.lengths.base[place]) {
          _ = workspace.isNew(Int(next.nodes.base[place * k + i]))
        }
        workspace.compared = 0
        workspace.replaced = 0
        for i in samples.range(place) {
          let middle = Int(samples.nodes.base[i])
          let isFresh = samples.isFresh.base[i]
          for j in samples.range(middle) where isFresh || samples.isFresh.base[j] {
            consider(place, Int(samples.nodes.base[j]), next, workspace, &random)
          }
        }
        for _ in 0..<min(configuration.randomJoins, count - 1 - k) {
          consider(place, random.next(below: count), next, workspace, &random)
        }
        compared.base[block] += workspace.compared
        replaced.base[block] += workspace.replaced
      }
    }
    lists = next
    return (compared.array.reduce(0, +), replaced.array.reduce(0, +))
  }

  @inline(__always)
  private func consider(
    _ place: Int, _ other: Int, _ lists: NeighbourLists, _ workspace: SearchWorkspace,
    _ random: inout SplitMix
  ) {
    guard workspace.isNew(other) else { return }
    workspace.compared &+= 1
    let rate = configuration.perturbationRate
    let replaces = rate > 0 && random.nextUnit() < rate
    let value = compare(place, other)
    filter?.offer(place, other, value)
    if lists.insert(place, UInt32(other), value, replacesEqual: replaces) {
      workspace.replaced &+= 1
    }
  }
}

/// Which neighbours are wanted of which nodes, and the best of them that searches come by. Nodes
/// are places among the members.
private final class NeighbourFilter: @unchecked Sendable {
  let isSource: [Bool]
  private let isTarget: [Bool]
  let targets: [UInt32]
  let lists: NeighbourLists
  private let k: Int

  init(_ members: [UInt32], _ configuration: KNearestNeighbours.Configuration, _ k: Int) {
    func marks(_ filter: [UInt32]?) -> [Bool] {
      guard let filter else { return members.map { _ in true } }
      let wanted = Set(filter)
      return members.map { wanted.contains($0) }
    }
    self.k = k
    isSource = marks(configuration.sourceFilter)
    let isTarget = marks(configuration.targetFilter)
    self.isTarget = isTarget
    targets = members.indices.filter { isTarget[$0] }.map { UInt32($0) }
    lists = NeighbourLists(members.count, k)
  }

  /// Only for the places of the calling thread.
  func offer(_ place: Int, _ other: Int, _ value: Double) {
    guard isSource[place], isTarget[other] else { return }
    let list = place * k..<place * k + Int(lists.lengths.base[place])
    // What was found in another iteration is there already.
    for i in list where lists.nodes.base[i] == UInt32(other) { return }
    _ = lists.insert(place, UInt32(other), value, replacesEqual: false)
  }
}

/// What one thread knows of the node at hand.
private final class SearchWorkspace: @unchecked Sendable {
  private let stamps: Scratch<UInt32>
  private var stamp: UInt32 = 0
  var compared = 0
  var replaced = 0

  init(_ count: Int, _ k: Int) { stamps = Scratch(count, repeating: 0) }

  func begin(_ place: Int) {
    stamp &+= 1
    if stamp == 0 {
      stamps.base.update(repeating: 0, count: stamps.count)
      stamp = 1
    }
    stamps.base[place] = stamp
  }

  /// Whether a node was not asked for since `begin`.
  @inline(__always)
  func isNew(_ other: Int) -> Bool {
    if stamps.base[other] == stamp { return false }
    stamps.base[other] = stamp
    return true
  }
}

/// For each node up to *k* others, the most similar first.
final class NeighbourLists: @unchecked Sendable {
  let nodes: Scratch<UInt32>
  let similarities: Scratch<Double>
  /// Not sampled yet.
  let isFresh: Scratch<Bool>
  let lengths: Scratch<UInt32>
  private let k: Int
  private let count: Int

  init(_ count: Int, _ k: Int) {
    self.count = count
    self.k = k
    nodes = Scratch(count * k, repeating: 0)
    similarities = Scratch(count * k, repeating: 0)
    isFresh = Scratch(count * k, repeating: true)
    lengths = Scratch(count, repeating: 0)
  }

  func copy() -> NeighbourLists {
    let copy = NeighbourLists(count, k)
    copy.nodes.base.update(from: nodes.base, count: count * k)
    copy.similarities.base.update(from: similarities.base, count: count * k)
    copy.isFresh.base.update(from: isFresh.base, count: count * k)
    copy.lengths.base.update(from: lengths.base, count: count)
    return copy
  }

  /// Adds a node to another's list, unless the list is full of better ones.
  func insert(_ place: Int, _ node: UInt32, _ similarity: Double, replacesEqual: Bool) -> Bool {
    let begin = place * k
    var length = Int(lengths.base[place])
    if length == k {
      let worst = similarities.base[begin + k - 1]
      if similarity < worst || similarity == worst && !replacesEqual { return false }
      length -= 1
    }
    var i = begin + length
    while i > begin && similarities.base[i - 1] < similarity {
      nodes.base[i] = nodes.base[i - 1]
      similarities.base[i] = similarities.base[i - 1]
      isFresh.base[i] = isFresh.base[i - 1]
      i -= 1
    }
    nodes.base[i] = node
    similarities.base[i] = similarity
    isFresh.base[i] = true
    lengths.base[place] = UInt32(length + 1)
    return true
  }
}

/// The neighbours through which nodes look for others in one iteration: some of each list, and some
/// of those in whose lists a node is.
struct NeighbourSamples: Sendable {
  let nodes: Scratch<UInt32>
  let isFresh: Scratch<Bool>
  private let lengths: Scratch<UInt32>
  private let capacity: Int

  @inline(__always)
  func range(_ place: Int) -> Range<Int> {
    place * capacity..<place * capacity + Int(lengths.base[place])
  }

  /// - Parameter width: how many fresh and how many other neighbours a node has here in each
  ///   direction. Sampled fresh neighbours are no longer fresh in the lists.
  init(
    _ lists: NeighbourLists, count: Int, width: Int, seed: UInt64, concurrency: Int,
    monitor: some AlgorithmMonitor
  ) throws(QueryError) {
    capacity = 4 * width
    let capacity = capacity
    let nodes = Scratch<UInt32>(count * capacity, repeating: 0)
    let isFresh = Scratch<Bool>(count * capacity, repeating: false)
    let lengths = Scratch<UInt32>(count, repeating: 0)
    let k = count > 0 ? lists.nodes.count / count : 0
    let blocks = Morsels(count: count, size: 2048)
    try parallelFor(blocks.count, concurrency: concurrency, monitor: monitor) {
      (_, block) throws(QueryError) in
      for place in blocks.range(block) {
        var random = SplitMix(seed, place)
        let begin = place * capacity
        var length = 0
        // Each of the candidates with the same chance.
        for wantsFresh in [true, false] {
          var left = 0
          let list = place * k..<place * k + Int(lists.lengths.base[place])
          for i in list where lists.isFresh.base[i] == wantsFresh { left += 1 }
          var wanted = min(width, left)
          for i in list where wanted > 0 && lists.isFresh.base[i] == wantsFresh {
            if random.next(below: left) < wanted {
              nodes.base[begin + length] = lists.nodes.base[i]
              isFresh.base[begin + length] = wantsFresh
              length += 1
              wanted -= 1
            }
            left -= 1
          }
        }
        lengths.base[place] = UInt32(length)
        // Marked by the fresh ones chosen, which lie first, in the order of the list.
        var chosen = begin
        for i in place * k..<place * k + Int(lists.lengths.base[place])
        where chosen < begin + length && isFresh.base[chosen] {
          if lists.isFresh.base[i] && lists.nodes.base[i] == nodes.base[chosen] {
            lists.isFresh.base[i] = false
            chosen += 1
          }
        }
      }
    }
    Self.addReverse(
      nodes, isFresh, lengths, count: count, width: width, capacity: capacity, seed: seed)
    self.nodes = nodes
    self.isFresh = isFresh
    self.lengths = lengths
  }

  /// Adds the reverse of what is sampled, up to `width` fresh and others each, with equal chances.
  private static func addReverse(
    _ nodes: Scratch<UInt32>, _ isFresh: Scratch<Bool>, _ lengths: Scratch<UInt32>, count: Int,
    width: Int, capacity: Int, seed: UInt64
  ) {
    // Reservoirs: fresh ones from one end of the second half, the others behind them.
    let seen = Scratch<UInt32>(2 * count, repeating: 0)
    let reverse = Scratch<UInt32>(2 * width * count, repeating: 0)
    var random = SplitMix(seed, -1)
    for place in 0..<count {
      for i in place * capacity..<place * capacity + Int(lengths.base[place]) {
        let other = Int(nodes.base[i])
        let half = isFresh.base[i] ? 0 : 1
        let number = Int(seen.base[2 * other + half])
        seen.base[2 * other + half] += 1
        let slot = number < width ? number : random.next(below: number + 1)
        if slot < width {
          reverse.base[2 * width * other + half * width + slot] = UInt32(place)
        }
      }
    }
    for place in 0..<count {
      var end = place * capacity + Int(lengths.base[place])
      for half in 0..<2 {
        for slot in 0..<min(width, Int(seen.base[2 * place + half])) {
          nodes.base[end] = reverse.base[2 * width * place + half * width + slot]
          isFresh.base[end] = half == 0
          end += 1
        }
      }
      lengths.base[place] = UInt32(end - place * capacity)
    }
  }
}
