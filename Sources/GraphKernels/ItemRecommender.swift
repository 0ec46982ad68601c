package import GraphTypes

/// Recommends the items that go together with what a source has: its score is the sum of their
/// `CoOccurrence` with each of its items (Sarwar, Karypis, Konstan, Riedl: "Item-based
/// collaborative filtering recommendation algorithms", 2001). Each item counts once.
package enum ItemRecommender {
  package struct Configuration: Sendable {
    package var common = Recommendations.Configuration()
    /// How two items are compared.
    package var measure = CoOccurrence.Measure.cosine
    /// The items that each item speaks for.
    package var neighbours = 100
    package var minimumCount = 1
    package var upperDegreeCutoff = Int(Int32.max)
    package init() {}
  }

  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(Σ out-degree² + *m* · neighbours) time; memory O(*m* + items · neighbours).
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Recommendations {
    try configuration.common.validate()
    try require(
      configuration.neighbours >= 1, "neighbours", configuration.neighbours, "at least 1")
    let matrix = InteractionMatrix(view, usesWeights: false)
    let pairs = try neighbours(view, configuration, monitor: monitor)
    let partners = SparseRows(pairs, matrix)
    let search = RecommendationSearch(matrix, configuration.common)
    let workers = (0..<max(configuration.common.concurrency, 1)).map { _ in
      Sums(matrix.targets.count)
    }
    return try search.run(blockSize: 64, "recommending", from: 0.5, monitor: monitor) {
      (worker, rows, select) throws(QueryError) in
      for row in rows {
        workers[worker].add(row, matrix, partners)
        select(row) { workers[worker].offer(to: $0) }
      }
    }
  }

  private static func neighbours(
    _ view: GraphView, _ configuration: Configuration, monitor: some AlgorithmMonitor
  ) throws(QueryError) -> CoOccurrence.Result {
    var pairs = CoOccurrence.Configuration()
    pairs.measure = configuration.measure
    pairs.topK = configuration.neighbours
    pairs.minimumCount = configuration.minimumCount
    pairs.upperDegreeCutoff = configuration.upperDegreeCutoff
    pairs.concurrency = configuration.common.concurrency
    return try CoOccurrence.run(view, pairs, monitor: HalfMonitor(monitor: monitor))
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    let matrix = InteractionMatrix.bytes(
      nodeCount: nodeCount, relationshipCount: relationshipCount)
    let pairs = 68 * nodeCount * min(configuration.neighbours, nodeCount)
    let results = 36 * nodeCount * min(configuration.common.topK, nodeCount)
    return MemoryEstimate(
      bytesMin: matrix.bytesMin, bytesMax: 2 * matrix.bytesMax + pairs + results)
  }

  /// Sums of one source after the other.
  private final class Sums: @unchecked Sendable {
    private let count: Int
    private lazy var sums = Scratch<Double>(count, repeating: 0)
    private lazy var touched = Scratch<UInt32>(count + 1, repeating: 0)
    /// By item: 1 if it is among the touched ones. Its sum may be 0 all the same.
    private lazy var marks = Scratch<UInt8>(count, repeating: 0)
    private var found = 0
    init(_ count: Int) { self.count = count }

    func add(_ row: Int, _ matrix: InteractionMatrix, _ partners: SparseRows) {
      let sums = sums.base
      let touched = touched.base
      let marks = marks.base
      for position in matrix.rows.range(row) {
        let item = Int(matrix.rows.columns.base[position])
        for i in partners.range(item) {
          let other = Int(partners.columns.base[i])
          touched[found] = UInt32(truncatingIfNeeded: other)
          found &+= 1 &- Int(marks[other])
          marks[other] = 1
          sums[other] += Double(partners.values.base[i])
        }
      }
    }

    func offer(to selection: RecommendationSearch.Selection) {
      for i in 0..<found {
        let other = Int(touched.base[i])
        let sum = sums.base[other]
        sums.base[other] = 0
        marks.base[other] = 0
        if sum >= selection.threshold { selection.offer(other, sum) }
      }
      found = 0
    }
  }
}

/// The first half of the work.
private struct HalfMonitor<Monitor: AlgorithmMonitor>: AlgorithmMonitor {
  let monitor: Monitor
  func checkpoint() throws(QueryError) { try monitor.checkpoint() }
  func report(_ task: @autoclosure () -> String, fraction: Double) {
    monitor.report(task(), fraction: fraction / 2)
  }
}

extension SparseRows {
  /// The partners of each target of the matrix, with their scores.
  fileprivate init(_ pairs: CoOccurrence.Result, _ matrix: InteractionMatrix) {
    let count = matrix.targets.count
    offsets = Scratch(count + 1, repeating: 0)
    columns = Scratch(pairs.scores.count, repeating: 0)
    values = Scratch(pairs.scores.count, repeating: 0)
    // Pairs come by first item, in the order of the targets.
    for (i, first) in pairs.firstItems.enumerated() {
      if let row = matrix.target(of: first) { offsets.base[row + 1] = i + 1 }
      columns.base[i] = UInt32(matrix.target(of: pairs.secondItems[i]) ?? 0)
      values.base[i] = Float(pairs.scores[i])
    }
    for row in 0..<count {
      offsets.base[row + 1] = max(offsets.base[row + 1], offsets.base[row])
    }
  }
}
