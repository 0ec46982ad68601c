/// What one thread needs to compare one source after the other.
final class SimilarityWorkspace: @unchecked Sendable {
  /// Shared targets per source, all zero between sources.
  private(set) var counts = Scratch<UInt32>(0, repeating: 0)
  /// The same for weighted sets.
  private(set) var sums = Scratch<Double>(0, repeating: 0)
  private(set) var touched = Scratch<UInt32>(0, repeating: 0)
  /// 1 for some targets of the source at hand, all zero between sources.
  private(set) var marks = Scratch<UInt8>(0, repeating: 0)
  fileprivate var best = BestCandidates(capacity: 0, descending: true)
  fileprivate var lowerBounds = BestCandidates(capacity: 0, descending: true)

  func prepare(_ sets: NeighbourSets) {
    if touched.count > 0 { return }
    counts = Scratch(sets.sourceCount + 1, repeating: 0)
    if sets.forward.isWeighted { sums = Scratch(sets.sourceCount + 1, repeating: 0) }
    touched = Scratch(sets.sourceCount + 1, repeating: 0)
    marks = Scratch(sets.targetCount + 1, repeating: 0)
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
    let counts = workspace.counts.base
    let touched = workspace.touched.base
    let items = sets.forward.runs[source]
    let size = Int(items.count)
    let mayPrune = wantsTop && metric != .overlap && capacity <= 256
    var found = 0
    var position = 0
    var threshold: Double?
    var left = 0
    if mayPrune {
      for i in 0..<size { left += Int(sets.inverted.runs[Int(items.start[i])].count) }
    }
    var checkAbove = 0
    while position < size {
      let list = sets.inverted.runs[Int(items.start[position])]
      let length = Int(list.count)
      // Looking for the threshold is a walk over the candidates: only where far more is left.
      if mayPrune && found > max(capacity, checkAbove) && left > 4 * found,
        let bound = metric.bound(common: Double(size - position), size: Double(size)), bound < 1
      {
        let least = kthLowerBound(source, found, workspace)
        if least > bound
          && survivors(source, found, left: size - position, least, workspace) * 16 < left
        {
          threshold = least
          break
        }
        checkAbove = 2 * found
      }
      for i in 0..<length {
        let other = list.start[i]
        let count = counts[Int(other)]
        touched[found] = other
        found &+= count == 0 ? 1 : 0
        counts[Int(other)] = count &+ 1
      }
      left -= length
      position += 1
    }
    if let threshold {
      finishCandidates(
        source, found, position: position, threshold: threshold, workspace)
    } else {
      score(source, found, workspace, into: &workspace.best)
    }
    for i in 0..<found { counts[Int(touched[i])] = 0 }
  }

  /// How many candidates can still reach the threshold with all targets left.
  private func survivors(
    _ source: Int, _ found: Int, left: Int, _ threshold: Double, _ workspace: SimilarityWorkspace
  ) -> Int {
    let norms = sets.norms.base
    let size = norms[source]
    var result = 0
    for i in 0..<found {
      let other = Int(workspace.touched.base[i])
      let reachable = min(Double(workspace.counts.base[other]) + Double(left), norms[other])
      result += metric.value(common: reachable, size, norms[other]) >= threshold ? 1 : 0
    }
    return result
  }

  /// The similarity that at least `capacity` candidates reach by the targets counted so far.
  private func kthLowerBound(
    _ source: Int, _ found: Int, _ workspace: SimilarityWorkspace
  ) -> Double {
    workspace.lowerBounds.reset(capacity: capacity, descending: true)
    score(source, found, workspace, into: &workspace.lowerBounds)
    return workspace.lowerBounds.threshold
  }

  @inline(__always)
  private func score(
    _ source: Int, _ found: Int, _ workspace: SimilarityWorkspace, into best: inout BestCandidates
  ) {
    let counts = workspace.counts.base
    let touched = workspace.touched.base
    let norms = sets.norms.base
    let size = norms[source]
    var leastCount = best.leastCount(metric, size: size)
    for i in 0..<found {
      let other = Int(touched[i])
      let common = counts[other]
      if common < leastCount || other == source { continue }
      let similarity = metric.value(common: Double(common), size, norms[other])
      if similarity < cutoff { continue }
      if best.offer(UInt32(other), similarity) {
        leastCount = best.leastCount(metric, size: size)
      }
    }
  }

  /// Exact values for those candidates that can still reach the threshold, from the targets at
  /// `position` and after.
  private func finishCandidates(
    _ source: Int, _ found: Int, position: Int, threshold: Double, _ workspace: SimilarityWorkspace
  ) {
    let items = sets.forward.runs[source]
    let size = Int(items.count)
    let marks = workspace.marks.base
    let norms = sets.norms.base
    let first = items.start[position]
    for i in position..<size { marks[Int(items.start[i])] = 1 }
    let left = Double(size - position)
    for i in 0..<found {
      let other = Int(workspace.touched.base[i])
      if other == source { continue }
      let common = Double(workspace.counts.base[other])
      let reachable = min(common + left, norms[other])
      let bound = metric.value(common: reachable, norms[source], norms[other])
      if bound < max(threshold, workspace.best.threshold) { continue }
      let list = sets.forward.runs[other]
      var exact = common
      var j = Int(list.count) - 1
      while j >= 0 && list.start[j] >= first {
        exact += Double(marks[Int(list.start[j])])
        j -= 1
      }
      let similarity = metric.value(common: exact, norms[source], norms[other])
      if similarity >= cutoff { _ = workspace.best.offer(UInt32(other), similarity) }
    }
    for i in position..<size { marks[Int(items.start[i])] = 0 }
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
    // Long lists are sorted once, at the end.
    if capacity > 256 {
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
    guard capacity > 256 else { return }
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
