/// Recency, frequency and monetary scores of customers and the segments that follow from them.
package struct RFMScores: Sendable {
  /// 5 for the most recent purchase, shape `[customers]`.
  package let recency: [Int]
  package let frequency: [Int]
  package let monetary: [Int]

  /// How one of the three becomes a score from 1 to 5.
  package enum Scale: Sendable {
    case quintiles(QuantileScores.Ties)
    /// Four cuts.
    case cuts(ScoreCuts)

    func scores(_ values: [Double], ascending: Bool) throws(SegmentationError) -> [Int] {
      switch self {
      case .quintiles(let ties):
        return try QuantileScores.scores(values, q: 5, ascending: ascending, ties: ties)
      case .cuts(let cuts): return cuts.scores(values, ascending: ascending)
      }
    }
  }

  /// - Parameters:
  ///   - recency: days from the last purchase to the reference date.
  ///   - frequency: number of orders, or of days with one.
  ///   - monetary: sum of the amounts.
  /// - Throws: for columns of different length, cuts that are not four; see `QuantileScores`.
  package init(
    recency: [Double], frequency: [Double], monetary: [Double],
    scales: (recency: Scale, frequency: Scale, monetary: Scale)
  ) throws(SegmentationError) {
    try require(
      recency.count == frequency.count && recency.count == monetary.count, "rfm",
      "recency, frequency and monetary have \(recency.count), \(frequency.count) and "
        + "\(monetary.count) rows; they must have as many")
    for (name, scale) in [
      ("recencyCuts", scales.recency), ("frequencyCuts", scales.frequency),
      ("monetaryCuts", scales.monetary),
    ] {
      guard case .cuts(let cuts) = scale else { continue }
      try require(
        cuts.boundaries.count == 4, name,
        "there are \(cuts.boundaries.count) cuts; four make the scores 1 to 5")
    }
    self.recency = try scales.recency.scores(recency, ascending: false)
    self.frequency = try scales.frequency.scores(frequency, ascending: true)
    self.monetary = try scales.monetary.scores(monetary, ascending: true)
  }

  /// All three by quintiles.
  package init(
    recency: [Double], frequency: [Double], monetary: [Double],
    ties: QuantileScores.Ties = .preserved
  ) throws(SegmentationError) {
    let scale = Scale.quintiles(ties)
    try self.init(
      recency: recency, frequency: frequency, monetary: monetary, scales: (scale, scale, scale))
  }

  /// The segment of each customer.
  package func segments(_ scheme: RFMScheme = .elevenSegments) -> [RFMSegment] {
    recency.indices.map {
      scheme.segment(recency: recency[$0], frequency: frequency[$0], monetary: monetary[$0])
    }
  }
}
