/// Which number of clusters suits the rows.
package struct ClusterCountSelection: Sendable {
  package struct Candidate: Sendable {
    package var k: Int
    package var inertia: Double
    /// Of a sample.
    package var silhouette: Double?
    package var daviesBouldin: Double?
    package var calinskiHarabasz: Double?
    /// Of a sample.
    package var gap: GapStatistic?
    /// Of fuzzy c-means.
    package var partitionCoefficient: Double?
    package var smallestCluster: Int
  }

  package enum Criterion: String, Sendable, CaseIterable {
    case silhouette, daviesBouldin, calinskiHarabasz, gap
    /// The bend of the curve of inertia: farthest below the straight line between its ends (as
    /// "Kneedle", Satopää and others 2011).
    case elbow
  }

  package struct Configuration: Sendable {
    package var range = 2...10
    /// Only what these need is computed.
    package var criteria = Set(Criterion.allCases)
    /// Rows of the sample for silhouettes and gaps.
    package var sampleSize = 2000
    /// Evenly spread data sets that the gap statistic compares with.
    package var references = 10
    package var seed: UInt64 = 42
    package var concurrency = 4
    package init() {}
  }

  package let candidates: [Candidate]

  /// Clusters the rows with each k.
  ///
  /// - Parameter method: k-means or c-means; its number of clusters does not count.
  /// - Throws: as the method does; when cancelled.
  /// - Complexity: a clustering for each k, and for gaps so many of a sample as there are references.
  package init(
    _ matrix: Matrix, _ method: ClusteringMethod, _ configuration: Configuration = .init(),
    isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) {
    var candidates: [Candidate] = []
    let criteria = configuration.criteria
    var random = RandomSource(seed: configuration.seed)
    let rows = random.sample(configuration.sampleSize, of: matrix.rowCount)
    let sample = rows.count < matrix.rowCount ? matrix.selecting(rows: rows) : matrix
    let references =
      criteria.contains(.gap)
      ? GapStatistic.references(
        for: sample, count: configuration.references, seed: configuration.seed) : []
    for k in configuration.range {
      let result = try method.with(k: k).run(matrix, isCancelled: isCancelled)
      var sizes = [Int](repeating: 0, count: result.clusterCount)
      for label in result.labels { sizes[label] += 1 }
      var candidate = Candidate(
        k: k, inertia: result.inertia, partitionCoefficient: result.partitionCoefficient,
        smallestCluster: sizes.min() ?? 0)
      if criteria.contains(.silhouette) {
        candidate.silhouette = ClusterQuality.silhouettes(
          sample, labels: rows.map { result.labels[$0] }, concurrency: configuration.concurrency
        ).map { $0.reduce(0, +) / Double($0.count) }
      }
      if criteria.contains(.daviesBouldin) {
        candidate.daviesBouldin = ClusterQuality.daviesBouldin(matrix, labels: result.labels)
      }
      if criteria.contains(.calinskiHarabasz) {
        candidate.calinskiHarabasz = ClusterQuality.calinskiHarabasz(
          matrix, labels: result.labels)
      }
      if criteria.contains(.gap) && k <= sample.rowCount {
        let inertia =
          rows.count < matrix.rowCount
          ? try method.with(k: k).run(sample, isCancelled: isCancelled).inertia : result.inertia
        candidate.gap = try GapStatistic(
          k: k, inertia: inertia, references: references, method, isCancelled: isCancelled)
      }
      candidates.append(candidate)
    }
    self.candidates = candidates
  }

  /// The best k by a criterion; equals: the smaller. Nil when the criterion exists for none of them.
  package func best(by criterion: Criterion) -> Int? {
    switch criterion {
    case .silhouette: greatest { $0.silhouette }
    case .daviesBouldin: greatest { $0.daviesBouldin.map { -$0 } }
    case .calinskiHarabasz: greatest { $0.calinskiHarabasz }
    case .gap: GapStatistic.best(candidates.compactMap(\.gap))
    case .elbow: elbow()
    }
  }

  private func greatest(_ value: (Candidate) -> Double?) -> Int? {
    var best: (k: Int, value: Double)?
    for candidate in candidates {
      guard let value = value(candidate) else { continue }
      if best.map({ value > $0.value }) ?? true { best = (candidate.k, value) }
    }
    return best?.k
  }

  private func elbow() -> Int? {
    let points = candidates.map { (x: Double($0.k), y: $0.inertia) }
    return Knee.position(points).map { candidates[$0].k }
  }
}
