/// Scores 1 … q by quantile.
package enum QuantileScores {
  /// What becomes of equal values.
  package enum Ties: String, Sendable, CaseIterable {
    /// Equal values get equal scores. A group of equal values gets the score in which its middle
    /// rank lies, so that each boundary between scores is at the group edge nearest to where equal
    /// sizes would have it; but the smallest value always scores 1 and the greatest always q, so
    /// that both ends of the scale are in use. Scores between may be left out where one group is
    /// larger than a quantile.
    case preserved
    /// Equal values are ranked in order of row, as pandas' `rank(method="first")` with `qcut`:
    /// scores of equal size, but equal customers may score differently. For comparison with reports
    /// made that way.
    case firstOccurrence
  }

  /// - Parameters:
  ///   - values: finite numbers.
  ///   - q: the number of scores, at least 1.
  ///   - ascending: the greatest value scores q; otherwise the smallest (recency in days). Only the
  ///     scores are turned round: ranks ascend either way.
  /// - Returns: shape `[values.count]`. All equal values (with `preserved`): the middle score.
  /// - Throws: for q below 1 and for values that are not finite.
  /// - Complexity: O(*n* log *n*).
  package static func scores(
    _ values: [Double], q: Int = 5, ascending: Bool = true, ties: Ties = .preserved
  ) throws(SegmentationError) -> [Int] {
    try require(q >= 1, "quantiles", "it is \(q); it must be at least 1")
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw SegmentationError("values", "row \(row + 1) has no finite value; replace it first")
    }
    let n = values.count
    // Sorted by value, then row.
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var result = [Int](repeating: 0, count: n)
    var begin = 0
    while begin < n {
      var end = begin + 1
      var score = 0
      switch ties {
      case .firstOccurrence:
        score = scoreByFirstRank(rank: begin + 1, n: n, q: q)
      case .preserved:
        while end < n && values[order[end]] == values[order[begin]] { end += 1 }
        score = scoreByMiddle(begin: begin, end: end, n: n, q: q)
      }
      if !ascending { score = q + 1 - score }
      for position in begin..<end { result[order[position]] = score }
      begin = end
    }
    return result
  }

  /// The score of ranks `begin ..< end` of n.
  private static func scoreByMiddle(begin: Int, end: Int, n: Int, q: Int) -> Int {
    if begin == 0 && end < n { return 1 }
    if end == n && begin > 0 { return q }
    // Middle rank (begin + end) / 2 of n, in units of n / q. On a boundary: the lower score.
    let twice = (begin + end) * q
    return max((twice + 2 * n - 1) / (2 * n), 1)
  }

  /// The bin of rank 1 … n with edges `1 + (n − 1) · j / q`, closed above, as `qcut` has them.
  private static func scoreByFirstRank(rank: Int, n: Int, q: Int) -> Int {
    // Smallest j with rank <= 1 + (n - 1) * j / q.
    guard n > 1 else { return 1 }
    return max(((rank - 1) * q + n - 2) / (n - 1), 1)
  }
}
