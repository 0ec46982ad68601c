package import GraphTypes

/// Which targets (items) go together because the same sources (clients, baskets) have them.
///
/// Of *n* sources let *a* have the first item, *b* the second and *c* both:
/// support *c*/*n*, confidence *c*/*a*, lift *c*·*n*/(*a*·*b*) (Brin, Motwani, Ullman, Tsur:
/// "Dynamic itemset counting", 1997), and the logarithm of the likelihood ratio against
/// independence, G² = 2 Σ observed · ln(observed / expected) over the four cells (Dunning:
/// "Accurate methods for the statistics of surprise and coincidence", 1993), which is large only
/// where there is evidence: above 10.83 chance would do it once in a thousand pairs.
package enum CoOccurrence {
  package enum Measure: String, Sendable, CaseIterable {
    case support = "SUPPORT"
    case confidence = "CONFIDENCE"
    case lift = "LIFT"
    case logLikelihoodRatio = "LOG_LIKELIHOOD_RATIO"
    case cosine = "COSINE"
    case jaccard = "JACCARD"
  }

  package struct Configuration: Sendable {
    /// What the order of the pairs goes by.
    package var measure = Measure.logLikelihoodRatio
    /// Items for each item.
    package var topK = 10
    /// Pairs that fewer sources have are left out.
    package var minimumCount = 2
    package var minimumLift = 0.0
    package var minimumConfidence = 0.0
    /// G² below which a pair is taken for chance.
    package var minimumLogLikelihoodRatio = 0.0
    /// Sources with more different targets say little and cost much.
    package var upperDegreeCutoff = Int(Int32.max)
    /// Only items of this list are looked at, and given; nil: all.
    package var items: [UInt32]?
    package var concurrency = 4
    package init() {}
  }

  /// Columns side by side; by first item, each one's best first, equals by index.
  package struct Result: Sendable {
    package var firstItems: [UInt32] = []
    package var secondItems: [UInt32] = []
    package var counts: [Int64] = []
    package var supports: [Double] = []
    package var confidences: [Double] = []
    package var lifts: [Double] = []
    package var logLikelihoodRatios: [Double] = []
    /// By the measure asked for.
    package var scores: [Double] = []
    package var sourceCount = 0
    package var itemCount = 0
  }

  /// Counts, for each item, the items of its sources in dense counters. Parallel relationships
  /// count once. The result does not depend on the number of threads.
  ///
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(Σ out-degree²) time; memory O(*m* + items · threads).
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    try validate(configuration)
    let matrix = InteractionMatrix(
      view, usesWeights: false, upperDegreeCutoff: configuration.upperDegreeCutoff)
    return try run(matrix, configuration, monitor: monitor)
  }

  static func run(
    _ matrix: InteractionMatrix, _ configuration: Configuration, monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Result {
    let items = matrix.targets.count
    let wanted = configuration.items.map { list in
      let set = Set(list)
      return matrix.targets.map { set.contains($0) }
    }
    let block = 8
    let blocks = (items + block - 1) / block
    let parts = (0..<blocks).map { _ in Part() }
    let counters = (0..<max(configuration.concurrency, 1)).map { _ in Counters(items) }
    try parallelFor(blocks, concurrency: configuration.concurrency, monitor: monitor) {
      (worker, index) throws(QueryError) in
      for item in index * block..<min((index + 1) * block, items) where wanted?[item] ?? true {
        counters[worker].countTogether(item, matrix)
        select(item, counters[worker], matrix, wanted, configuration, into: &parts[index].result)
      }
      if index & 15 == 0 {
        monitor.report("counting pairs", fraction: Double(index) / Double(blocks))
      }
    }
    var result = Result(sourceCount: matrix.sources.count, itemCount: items)
    for part in parts { result.append(part.result) }
    return result
  }

  private final class Part: @unchecked Sendable { var result = Result() }

  private final class Counters: @unchecked Sendable {
    lazy var counts = Scratch<UInt32>(items + 1, repeating: 0)
    lazy var touched = Scratch<UInt32>(items + 1, repeating: 0)
    var found = 0
    private let items: Int
    var best = BestCandidates(capacity: 0, descending: true)
    init(_ items: Int) { self.items = items }

    func countTogether(_ item: Int, _ matrix: InteractionMatrix) {
      let counts = counts.base
      let touched = touched.base
      let sources = matrix.columns.columns.base
      let targets = matrix.rows.columns.base
      found = 0
      for position in matrix.columns.range(item) {
        for i in matrix.rows.range(Int(sources[position])) {
          let other = targets[i]
          let count = counts[Int(other)]
          touched[found] = other
          found &+= count == 0 ? 1 : 0
          counts[Int(other)] = count &+ 1
        }
      }
    }
  }

  /// Keeps the best partners of an item, and empties the counters.
  private static func select(
    _ item: Int, _ counters: Counters, _ matrix: InteractionMatrix, _ wanted: [Bool]?,
    _ configuration: Configuration, into result: inout Result
  ) {
    let counts = counters.counts.base
    let n = matrix.sources.count
    let own = matrix.columns.count(item)
    counters.best.reset(
      capacity: min(configuration.topK, matrix.targets.count), descending: true)
    for position in 0..<counters.found {
      let other = Int(counters.touched.base[position])
      let common = Int(counts[other])
      guard other != item, common >= configuration.minimumCount, wanted?[other] ?? true
      else { continue }
      let pair = PairCounts(
        sources: n, first: own, second: matrix.columns.count(other), both: common)
      guard pair.lift >= configuration.minimumLift,
        pair.confidence >= configuration.minimumConfidence
      else { continue }
      if configuration.minimumLogLikelihoodRatio > 0,
        pair.logLikelihoodRatio < configuration.minimumLogLikelihoodRatio
      {
        continue
      }
      _ = counters.best.offer(UInt32(other), pair.value(configuration.measure))
    }
    counters.best.finish()
    for candidate in counters.best.candidates {
      let other = Int(candidate.source)
      let pair = PairCounts(
        sources: n, first: own, second: matrix.columns.count(other), both: Int(counts[other]))
      result.firstItems.append(matrix.targets[item])
      result.secondItems.append(matrix.targets[other])
      result.counts.append(Int64(pair.both))
      result.supports.append(pair.support)
      result.confidences.append(pair.confidence)
      result.lifts.append(pair.lift)
      result.logLikelihoodRatios.append(pair.logLikelihoodRatio)
      result.scores.append(candidate.similarity)
    }
    for position in 0..<counters.found { counts[Int(counters.touched.base[position])] = 0 }
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    let threads = 8 * nodeCount * max(configuration.concurrency, 1)
    let matrix = InteractionMatrix.bytes(
      nodeCount: nodeCount, relationshipCount: relationshipCount)
    return MemoryEstimate(
      bytesMin: matrix.bytesMin,
      bytesMax: matrix.bytesMax + threads + 56 * nodeCount * min(configuration.topK, nodeCount))
  }

  private static func validate(_ configuration: Configuration) throws(QueryError) {
    try require(configuration.topK >= 1, "topK", configuration.topK, "at least 1")
    try require(
      configuration.minimumCount >= 1, "minCount", configuration.minimumCount, "at least 1")
    try require(configuration.minimumLift >= 0, "minLift", configuration.minimumLift, "at least 0")
    try require(
      configuration.minimumConfidence >= 0 && configuration.minimumConfidence <= 1,
      "minConfidence", configuration.minimumConfidence, "in 0 ... 1")
    try require(
      configuration.upperDegreeCutoff >= 1, "upperDegreeCutoff", configuration.upperDegreeCutoff,
      "at least 1")
  }
}

extension CoOccurrence.Result {
  fileprivate mutating func append(_ other: Self) {
    firstItems += other.firstItems
    secondItems += other.secondItems
    counts += other.counts
    supports += other.supports
    confidences += other.confidences
    lifts += other.lifts
    logLikelihoodRatios += other.logLikelihoodRatios
    scores += other.scores
  }
}

/// How often two items are had, alone and together.
package struct PairCounts: Sendable {
  package var sources: Int
  package var first: Int
  package var second: Int
  package var both: Int

  package init(sources: Int, first: Int, second: Int, both: Int) {
    self.sources = sources
    self.first = first
    self.second = second
    self.both = both
  }

  package var support: Double { Double(both) / Double(sources) }
  package var confidence: Double { Double(both) / Double(first) }
  package var lift: Double {
    Double(both) * Double(sources) / (Double(first) * Double(second))
  }
  package var cosine: Double { Double(both) / (Double(first) * Double(second)).squareRoot() }
  package var jaccard: Double { Double(both) / Double(first + second - both) }

  package var logLikelihoodRatio: Double {
    func entropy(_ counts: Double...) -> Double {
      let sum = counts.reduce(0, +)
      return counts.reduce(0) { $0 - ($1 > 0 ? $1 * naturalLogarithm($1 / sum) : 0) }
    }
    let n = Double(sources)
    let (a, b, c) = (Double(first), Double(second), Double(both))
    let rows = entropy(a, n - a)
    let columns = entropy(b, n - b)
    let cells = entropy(c, a - c, b - c, n - a - b + c)
    return max(0, 2 * (rows + columns - cells))
  }

  func value(_ measure: CoOccurrence.Measure) -> Double {
    switch measure {
    case .support: support
    case .confidence: confidence
    case .lift: lift
    case .logLikelihoodRatio: logLikelihoodRatio
    case .cosine: cosine
    case .jaccard: jaccard
    }
  }
}
