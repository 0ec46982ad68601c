package import GraphTypes

/// Targets (items) for sources (clients), best first: what all recommenders give.
package struct Recommendations: Sendable {
  /// Indices in the view, side by side; by source, equal scores by index.
  package var sources: [UInt32] = []
  package var targets: [UInt32] = []
  package var scores: [Double] = []
  /// From 1, of each source.
  package var ranks: [Int64] = []
  /// How many sources were asked for and have relationships.
  package var sourceCount = 0

  /// What all recommenders are told.
  package struct Configuration: Sendable {
    /// Targets for each source.
    package var topK = 10
    /// Only these sources, only those targets; nil: all.
    package var sources: [UInt32]?
    package var targets: [UInt32]?
    /// Leaves out what a source has already.
    package var excludesKnown = true
    package var usesWeights = true
    package var concurrency = 4
    package init() {}

    func validate() throws(QueryError) { try require(topK >= 1, "topK", topK, "at least 1") }
  }
}

/// Asks for the candidates of one source after the other and keeps the best.
struct RecommendationSearch: Sendable {
  let matrix: InteractionMatrix
  private let configuration: Recommendations.Configuration
  /// Rows of the matrix that are asked for.
  let wanted: [Int]
  /// 1 for targets that may be given.
  private let isAllowed: Scratch<UInt8>

  init(_ matrix: InteractionMatrix, _ configuration: Recommendations.Configuration) {
    self.matrix = matrix
    self.configuration = configuration
    if let sources = configuration.sources {
      let set = Set(sources)
      wanted = matrix.sources.indices.filter { set.contains(matrix.sources[$0]) }
    } else {
      wanted = Array(matrix.sources.indices)
    }
    isAllowed = Scratch(matrix.targets.count, repeating: configuration.targets == nil ? 1 : 0)
    if let targets = configuration.targets {
      let set = Set(targets)
      for (i, target) in matrix.targets.enumerated() where set.contains(target) {
        isAllowed.base[i] = 1
      }
    }
  }

  /// One thread's list of the best, and what may not be in it.
  final class Selection: @unchecked Sendable {
    /// 1 for targets that may be given to the present source.
    fileprivate let mask: Scratch<UInt8>
    fileprivate var best = BestCandidates(capacity: 0, descending: true)

    fileprivate init(_ count: Int) { mask = Scratch(count, repeating: 0) }

    /// Scores below need not be offered.
    @inline(__always)
    var threshold: Double { best.threshold }

    @inline(__always)
    func offer(_ target: Int, _ score: Double) {
      if mask.base[target] != 0 { _ = best.offer(UInt32(target), score) }
    }
  }

  /// - Parameters:
  ///   - blockSize: so many sources are given to `body` at a time, at most.
  ///   - body: offers candidates of the rows of the matrix that it is given to the selection made
  ///     for each of them by `select`.
  func run(
    blockSize: Int, _ task: String, from start: Double = 0, monitor: some AlgorithmMonitor,
    _ body: (
      _ worker: Int, _ rows: ArraySlice<Int>, _ select: (_ row: Int, (Selection) -> Void) -> Void
    ) throws(QueryError) -> Void
  ) throws(QueryError) -> Recommendations {
    let count = matrix.targets.count
    let capacity = min(configuration.topK, max(count, 1))
    let workers = (0..<max(configuration.concurrency, 1)).map { _ in LazySelection(count) }
    let blocks = (wanted.count + blockSize - 1) / blockSize
    let parts = (0..<blocks).map { _ in RecommendedPart() }
    try parallelFor(blocks, concurrency: configuration.concurrency, monitor: monitor) {
      (worker, index) throws(QueryError) in
      let selection = workers[worker].selection
      let part = parts[index]
      try body(
        worker, wanted[index * blockSize..<min((index + 1) * blockSize, wanted.count)]
      ) { row, candidates in
        prepare(selection, row, capacity)
        candidates(selection)
        selection.best.finish()
        for (rank, candidate) in selection.best.candidates.enumerated() {
          part.result.sources.append(matrix.sources[row])
          part.result.targets.append(matrix.targets[Int(candidate.source)])
          part.result.scores.append(candidate.similarity)
          part.result.ranks.append(Int64(rank + 1))
        }
      }
      if index & 15 == 0 {
        monitor.report(task, fraction: start + (1 - start) * Double(index) / Double(blocks))
      }
    }
    var result = Recommendations(sourceCount: wanted.count)
    for part in parts {
      result.sources += part.result.sources
      result.targets += part.result.targets
      result.scores += part.result.scores
      result.ranks += part.result.ranks
    }
    return result
  }

  private func prepare(_ selection: Selection, _ row: Int, _ capacity: Int) {
    selection.best.reset(capacity: capacity, descending: true)
    let mask = selection.mask.base
    mask.update(from: isAllowed.base, count: matrix.targets.count)
    guard configuration.excludesKnown else { return }
    let columns = matrix.rows.columns.base
    for i in matrix.rows.range(row) { mask[Int(columns[i])] = 0 }
    // Nobody is recommended to themselves, where sources are targets too.
    if let own = matrix.target(of: matrix.sources[row]) { mask[own] = 0 }
  }

  private final class RecommendedPart: @unchecked Sendable { var result = Recommendations() }
  private final class LazySelection: @unchecked Sendable {
    private let count: Int
    lazy var selection = Selection(count)
    init(_ count: Int) { self.count = count }
  }
}

extension InteractionMatrix {
  /// The number of an index among the targets. O(log targets).
  func target(of index: UInt32) -> Int? {
    var low = 0
    var high = targets.count
    while low < high {
      let middle = (low + high) / 2
      if targets[middle] < index { low = middle + 1 } else { high = middle }
    }
    return low < targets.count && targets[low] == index ? low : nil
  }
}
