/// Whether a clustering comes out again on other samples of the same rows (Hennig 2007; Ben-Hur,
/// Elisseeff, Guyon 2002).
package struct ClusterStability: Sendable {
  package enum Resampling: String, Sendable, CaseIterable {
    /// A share of the rows, each at most once.
    case subsample
    /// As many rows as there are, drawn with replacement.
    case bootstrap
  }

  package struct Configuration: Sendable {
    package var repetitions = 20
    package var resampling = Resampling.subsample
    /// Of the rows, for `subsample`.
    package var share = 0.8
    package var seed: UInt64 = 42
    package init() {}
  }

  /// Above this mean Jaccard similarity a cluster is stable (Hennig).
  package static let stableFrom = 0.75

  /// Adjusted Rand index between each repetition and the reference, on the rows that both have.
  package let agreements: [Double]
  /// For each cluster of the reference, the mean over the repetitions of its greatest Jaccard
  /// similarity to a cluster there; below 0.5 a cluster dissolves.
  package let jaccard: [Double]

  package var mean: Double {
    agreements.isEmpty ? 1 : agreements.reduce(0, +) / Double(agreements.count)
  }
  package var deviation: Double {
    let mean = mean
    return
      (agreements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(agreements.count, 1)))
      .squareRoot()
  }

  /// - Parameter reference: the method's clustering of all rows.
  /// - Throws: as the method does, for a share outside 0 ... 1, when cancelled.
  /// - Complexity: a clustering a repetition.
  package init(
    _ matrix: Matrix, _ method: ClusteringMethod, of reference: Clustering,
    _ configuration: Configuration = .init(),
    isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) {
    try require(
      configuration.share > 0 && configuration.share <= 1, "share",
      "it is \(configuration.share); it must be above 0 and at most 1")
    try require(
      configuration.repetitions >= 1, "repetitions",
      "it is \(configuration.repetitions); it must be at least 1")
    var random = RandomSource(seed: configuration.seed)
    var agreements: [Double] = []
    var sums = [Double](repeating: 0, count: reference.clusterCount)
    var seen = [Int](repeating: 0, count: reference.clusterCount)
    for _ in 0..<configuration.repetitions {
      let rows: [Int]
      switch configuration.resampling {
      case .subsample:
        rows = random.sample(
          max(1, Int((configuration.share * Double(matrix.rowCount)).rounded())),
          of: matrix.rowCount)
      case .bootstrap:
        rows = (0..<matrix.rowCount).map { _ in random.index(below: matrix.rowCount) }
      }
      let result = try method.with(seed: random.next()).run(
        matrix.selecting(rows: rows), isCancelled: isCancelled)
      // A row counts once, however often it was drawn. Noise is a group of its own.
      var isCounted = [Bool](repeating: false, count: matrix.rowCount)
      var before: [Int] = []
      var after: [Int] = []
      for (position, row) in rows.enumerated() where !isCounted[row] {
        isCounted[row] = true
        before.append(
          reference.labels[row] < 0 ? reference.clusterCount : reference.labels[row])
        after.append(
          result.labels[position] < 0 ? result.clusterCount : result.labels[position])
      }
      let agreement = PartitionAgreement(before, after)
      agreements.append(agreement.adjustedRandIndex)
      for (cluster, similarity) in agreement.jaccardSimilarities.enumerated()
      where cluster < reference.clusterCount
        && agreement.counts[cluster].contains(where: { $0 > 0 })
      {
        sums[cluster] += similarity
        seen[cluster] += 1
      }
    }
    self.agreements = agreements
    jaccard = sums.indices.map { seen[$0] > 0 ? sums[$0] / Double(seen[$0]) : 0 }
  }
}
