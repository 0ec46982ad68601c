/// What one thread needs to compare one source after the other.
final class SimilarityWorkspace: @unchecked Sendable {
  /// Shared targets per source, all zero between sources.
  private(set) var counts = Scratch<UInt32>(0, repeating: 0)
  /// The same for weighted sets.
  private(set) var sums = Scratch<Double>(0, repeating: 0)
  private(set) var touched = Scratch<UInt32>(0, repeating: 0)
  /// The same in bytes, for sets of at most 127, padded to whole lines of 64.
  private(set) var byteCounts = Scratch<UInt8>(0, repeating: 0)
  fileprivate var best = BestCandidates(capacity: 0, descending: true)

  func prepare(_ sets: NeighbourSets) {
    if touched.count > 0 { return }
    counts = Scratch(sets.sourceCount + 1, repeating: 0)
    if sets.forward.isWeighted { sums = Scratch(sets.sourceCount + 1, repeating: 0) }
    touched = Scratch(sets.sourceCount + 1, repeating: 0)
    byteCounts = Scratch(sets.sourceCount + 64, repeating: 0)
  }
}

/// Compares one source with all others that share a target.
struct SimilarityKernel: Sendable {
  private let sets: NeighbourSets
  private let metric: SimilarityMetric
  private let cutoff: Double
  private let capacity: Int
  private let wantsTop: Bool

  init(_ sets: NeighbourSets, _ configuration: NodeSimilarity.Configuration) {
    self.sets = sets
    metric = configuration.metric
    cutoff = configuration.similarityCutoff
    wantsTop = configuration.bottomK == nil
    capacity = min(configuration.topK ?? configuration.bottomK ?? .max, max(sets.sourceCount, 1))
  }

  func compare(_ source: Int, workspace: SimilarityWorkspace, into pairs: SimilarPairs) {
    workspace.best.reset(capacity: capacity, descending: wantsTop)
    if sets.forward.isWeighted {
      compareWeighted(source, workspace)
    } else {
      compareSets(source, workspace)
    }
    workspace.best.finish()
    for candidate in workspace.best.candidates {
      pairs.firstNodes.append(sets.sourceNodes[source])
      pairs.secondNodes.append(sets.sourceNodes[Int(candidate.source)])
      pairs.similarities.append(candidate.similarity)
    }
  }

  private func compareSets(_ source: Int, _ workspace: SimilarityWorkspace) {
    let items = sets.forward.runs[source]
    let size = Int(items.count)
    var work = 0
    for i in 0..<size { work += Int(sets.inverted.runs[Int(items.start[i])].count) }
    if wantsTop && capacity <= BestCandidates.sortedLimit && size <= 127
      && work > sets.sourceCount / 16
    {
      compareDensely(source, workspace)
      return
    }
    let counts = workspace.counts.base
    let touched = workspace.touched.base
    var found = 0
    for position in 0..<size {
      let list = sets.inverted.runs[Int(items.start[position])]
      for i in 0..<Int(list.count) {
        let other = list.start[i]
        let count = counts[Int(other)]
        touched[found] = other
        found &+= count == 0 ? 1 : 0
        counts[Int(other)] = count &+ 1
      }
    }
    score(source, found, workspace, into: &workspace.best)
    for i in 0..<found { counts[Int(touched[i])] = 0 }
  }

  /// Many candidates: counts in bytes, which fit the cache, and no list of those touched. The best
  /// are looked for from high counts to low ones, until no lower count can be among them.
  private func compareDensely(_ source: Int, _ workspace: SimilarityWorkspace) {
    let counts = workspace.byteCounts.base
    let items = sets.forward.runs[source]
    let size = Int(items.count)
    for position in 0..<size {
      let list = sets.inverted.runs[Int(items.start[position])]
      for i in 0..<Int(list.count) { counts[Int(list.start[i])] &+= 1 }
    }
    counts[source] = 0
    var above = 128
    var from = max((size + 3) / 4, 1)
    while true {
      offerCandidates(source, counts: from..<above, workspace)
      let least = max(Int(workspace.best.leastCount(metric, size: Double(size))), 1)
      if least >= from || from == 1 { break }
      above = from
      from = workspace.best.isFull ? least : max(from / 2, 1)
    }
    counts.update(repeating: 0, count: sets.sourceCount)
  }

  /// Offers all candidates whose count is in a range within `1 ..< 129`.
  private func offerCandidates(
    _ source: Int, counts range: Range<Int>, _ workspace: SimilarityWorkspace
  ) {
    let counts = workspace.byteCounts.base
    let words = UnsafeRawPointer(counts)
    let size = sets.size(source)
    // A byte of at most 127 plus this has its top bit set just when it is in the range or above.
    let lift = UInt64(128 - range.lowerBound) &* 0x0101_0101_0101_0101
    let top: UInt64 = 0x8080_8080_8080_8080
    let low = UInt8(range.lowerBound)
    let high = UInt8(range.upperBound)
    var begin = 0
    while begin < sets.sourceCount {
      var any: UInt64 = 0
      for word in 0..<8 {
        any |= words.load(fromByteOffset: begin &+ word &* 8, as: UInt64.self) &+ lift
      }
      if any & top != 0 {
        for other in begin..<begin + 64 where counts[other] >= low && counts[other] < high {
          let similarity = metric.value(
            common: Double(counts[other]), size, sets.size(other))
          if similarity < cutoff || similarity < workspace.best.threshold { continue }
          _ = workspace.best.offer(UInt32(other), similarity)
        }
      }
      begin &+= 64
    }
  }

  @inline(__always)
  private func score(
    _ source: Int, _ found: Int, _ workspace: SimilarityWorkspace, into best: inout BestCandidates
  ) {
    let counts = workspace.counts.base
    let touched = workspace.touched.base
    let size = sets.size(source)
    var leastCount = best.leastCount(metric, size: size)
    for i in 0..<found {
      let other = Int(touched[i])
      let common = counts[other]
      if common < leastCount || other == source { continue }
      let similarity = metric.value(common: Double(common), size, sets.size(other))
      if similarity < cutoff { continue }
      if best.offer(UInt32(other), similarity) {
        leastCount = best.leastCount(metric, size: size)
      }
    }
  }

  private func compareWeighted(_ source: Int, _ workspace: SimilarityWorkspace) {
    let sums = workspace.sums.base
    let counts = workspace.counts.base
    let touched = workspace.touched.base
    let items = sets.forward.runs[source]
    guard let own = sets.forward.weights(of: items) else { return }
    var found = 0
    for position in 0..<Int(items.count) {
      let list = sets.inverted.runs[Int(items.start[position])]
      guard let weights = sets.inverted.weights(of: list) else { continue }
      let weight = own[position]
      for i in 0..<Int(list.count) {
        let other = Int(list.start[i])
        touched[found] = UInt32(truncatingIfNeeded: other)
        found &+= counts[other] == 0 ? 1 : 0
        counts[other] = 1
        sums[other] += metric == .cosine ? weight * weights[i] : min(weight, weights[i])
      }
    }
    let norms = sets.norms.base
    for i in 0..<found {
      let other = Int(touched[i])
      let common = sums[other]
      sums[other] = 0
      counts[other] = 0
      if other == source || common <= 0 { continue }
      let similarity = metric.value(common: common, norms[source], norms[other])
      if similarity >= cutoff { _ = workspace.best.offer(UInt32(other), similarity) }
    }
  }
}

/// The best few candidates: greatest (or least) similarity first, equals by number.
struct BestCandidates: Sendable {
  private(set) var candidates: [(source: UInt32, similarity: Double)] = []
  private var capacity: Int
  private var descending: Bool

  init(capacity: Int, descending: Bool) {
    self.capacity = capacity
    self.descending = descending
  }

  mutating func reset(capacity: Int, descending: Bool) {
    candidates.removeAll(keepingCapacity: true)
    self.capacity = capacity
    self.descending = descending
    threshold = -.infinity
  }

  /// What the last of a full list has; before that nothing. For the greatest only.
  private(set) var threshold = -Double.infinity

  var isFull: Bool { candidates.count >= capacity }

  /// Longer lists are collected whole and sorted once, at the end.
  static let sortedLimit = 256

  /// How many shared targets a candidate must have to be offered at all.
  @inline(__always)
  func leastCount(_ metric: SimilarityMetric, size: Double) -> UInt32 {
    guard descending, threshold > 0 else { return 1 }
    // A little less than exact, for rounding.
    let factor =
      switch metric {
      case .jaccard: threshold
      case .overlap: 0.0
      case .cosine: threshold * threshold
      }
    return UInt32(max((factor * size * (1 - 1e-9)).rounded(.up), 1))
  }

  /// - Returns: true when the candidate was taken.
  @inline(__always)
  mutating func offer(_ source: UInt32, _ similarity: Double) -> Bool {
    if capacity > Self.sortedLimit {
      candidates.append((source, similarity))
      return true
    }
    if candidates.count == capacity {
      let last = candidates[capacity - 1]
      if !precedes((source, similarity), last) { return false }
      candidates.removeLast()
    }
    var position = candidates.count
    candidates.append((source, similarity))
    while position > 0 && precedes((source, similarity), candidates[position - 1]) {
      candidates[position] = candidates[position - 1]
      position -= 1
    }
    candidates[position] = (source, similarity)
    if descending && candidates.count == capacity {
      threshold = candidates[capacity - 1].similarity
    }
    return true
  }

  mutating func finish() {
    guard capacity > Self.sortedLimit else { return }
    let descending = descending
    candidates.sort { Self.precedes($0, $1, descending) }
    if candidates.count > capacity { candidates.removeLast(candidates.count - capacity) }
  }

  @inline(__always)
  private func precedes(
    _ a: (source: UInt32, similarity: Double), _ b: (source: UInt32, similarity: Double)
  ) -> Bool { Self.precedes(a, b, descending) }

  @inline(__always)
  private static func precedes(
    _ a: (source: UInt32, similarity: Double), _ b: (source: UInt32, similarity: Double),
    _ descending: Bool
  ) -> Bool {
    if a.similarity != b.similarity {
      return descending ? a.similarity > b.similarity : a.similarity < b.similarity
    }
    return a.source < b.source
  }
}
