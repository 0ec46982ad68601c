/// Which number of clusters suits the rows.
package struct ClusterCountSelection: Sendable {
  package struct Candidate: Sendable {
    package var k: Int
    package var inertia: Double
    /// Of a sample.
    package var silhouette: Double?
    package var daviesBouldin: Double?
    package var calinskiHarabasz: Double?
  }

  package enum Criterion: String, Sendable, CaseIterable {
    case silhouette, daviesBouldin, calinskiHarabasz
    /// The bend of the curve of inertia: farthest below the straight line between its ends (as
    /// "Kneedle", Satopää and others 2011).
    case elbow
  }

  package let candidates: [Candidate]

  /// Clusters the rows with each k.
  /// - Throws: as `KMeans.run`; for an empty range.
  package init(
    _ matrix: Matrix, k range: ClosedRange<Int>, _ configuration: KMeans.Configuration = .init(),
    sampleSize: Int = 2000
  ) throws(SegmentationError) {
    var candidates: [Candidate] = []
    for k in range {
      var settings = configuration
      settings.k = k
      settings.initialCentroids = nil
      let result = try KMeans.run(matrix, settings)
      candidates.append(
        Candidate(
          k: k, inertia: result.inertia,
          silhouette: ClusterQuality.silhouette(
            matrix, labels: result.labels, sampleSize: sampleSize, seed: configuration.seed,
            concurrency: configuration.concurrency),
          daviesBouldin: ClusterQuality.daviesBouldin(matrix, labels: result.labels),
          calinskiHarabasz: ClusterQuality.calinskiHarabasz(matrix, labels: result.labels)))
    }
    self.candidates = candidates
  }

  /// The best k by a criterion; equals: the smaller. Nil when the criterion exists for none of them.
  package func best(by criterion: Criterion) -> Int? {
    switch criterion {
    case .silhouette: greatest { $0.silhouette }
    case .daviesBouldin: greatest { $0.daviesBouldin.map { -$0 } }
    case .calinskiHarabasz: greatest { $0.calinskiHarabasz }
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
    guard let first = candidates.first, let last = candidates.last else { return nil }
    let width = Double(last.k - first.k)
    let height = first.inertia - last.inertia
    guard width > 0, height > 0 else { return first.k }
    return greatest { candidate in
      1 - Double(candidate.k - first.k) / width - (candidate.inertia - last.inertia) / height
    }
  }
}
