/// Scores by fixed thresholds, the same for every period and every shop branch.
package struct ScoreCuts: Sendable, Equatable {
  /// Ascending; with *n* of them there are *n* + 1 scores.
  package let boundaries: [Double]

  /// - Throws: for boundaries that do not ascend or are not finite, and for none.
  package init(_ boundaries: [Double], of subject: String) throws(SegmentationError) {
    try require(
      !boundaries.isEmpty && boundaries.allSatisfy(\.isFinite), subject,
      "the cuts must be finite numbers, and at least one")
    try require(
      zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 < $1 }, subject,
      "the cuts \(boundaries.map { "\($0)" }.joined(separator: ", ")) must ascend")
    self.boundaries = boundaries
  }

  /// 1 up to the first boundary, inclusive, 2 up to the second, and so on.
  /// - Parameter ascending: otherwise the scores are turned round (recency in days).
  package func scores(_ values: [Double], ascending: Bool = true) -> [Int] {
    values.map { value in
      let score = 1 + boundaries.count { $0 < value }
      return ascending ? score : boundaries.count + 2 - score
    }
  }
}
