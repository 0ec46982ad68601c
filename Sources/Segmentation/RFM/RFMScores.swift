/// Recency, frequency and monetary scores of customers and the segments that follow from them.
package struct RFMScores: Sendable {
  /// 5 for the most recent purchase, shape `[customers]`.
  package let recency: [Int]
  package let frequency: [Int]
  package let monetary: [Int]

  /// - Parameters:
  ///   - recency: days from the last purchase to the reference date.
  ///   - frequency: number of orders, or of days with one.
  ///   - monetary: sum of the amounts.
  /// - Throws: for columns of different length; see `QuantileScores`.
  package init(
    recency: [Double], frequency: [Double], monetary: [Double], q: Int = 5,
    ties: QuantileScores.Ties = .preserved
  ) throws(SegmentationError) {
    try require(
      recency.count == frequency.count && recency.count == monetary.count, "rfm",
      "recency, frequency and monetary have \(recency.count), \(frequency.count) and "
        + "\(monetary.count) rows; they must have as many")
    self.recency = try QuantileScores.scores(recency, q: q, ascending: false, ties: ties)
    self.frequency = try QuantileScores.scores(frequency, q: q, ties: ties)
    self.monetary = try QuantileScores.scores(monetary, q: q, ties: ties)
  }

  /// The named segment of each customer; nil where q is not 5 and a score above it.
  package var segments: [RFMSegment?] {
    recency.indices.map {
      RFMSegment(recency: recency[$0], frequency: frequency[$0], monetary: monetary[$0])
    }
  }
}
