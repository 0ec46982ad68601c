/// How well scores tell rows that are positive from those that are not.
package enum BinaryMetrics {
  /// The probability that a positive row scores above a negative one, ties counting a half: the area
  /// under the ROC curve. NaN without rows of both kinds.
  package static func rocAUC(_ labels: [Bool], _ scores: [Double]) -> Double {
    var (positives, negatives, pairs) = (0.0, 0.0, 0.0)
    for group in descending(labels, scores) {
      // Positives seen before score above the negatives of this group.
      pairs += group.negatives * (positives + group.positives / 2)
      positives += group.positives
      negatives += group.negatives
    }
    return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : .nan
  }

  /// Average precision: Σ (recall − previous recall) · precision over the scores as thresholds, as
  /// scikit-learn's `average_precision_score`. NaN without a positive row.
  package static func averagePrecision(_ labels: [Bool], _ scores: [Double]) -> Double {
    var (positives, seen, sum) = (0.0, 0.0, 0.0)
    for group in descending(labels, scores) {
      positives += group.positives
      seen += group.positives + group.negatives
      sum += group.positives * positives / seen
    }
    return positives > 0 ? sum / positives : .nan
  }

  /// How many times more positives are among the best-scored share of the rows than among all. Of a
  /// group of equal scores at the boundary, the share that fits counts evenly. NaN without a
  /// positive row.
  /// - Parameter share: of the rows, in `0 ... 1`; at least one row counts.
  package static func lift(_ labels: [Bool], _ scores: [Double], share: Double = 0.1) -> Double {
    let wanted = max(1, (share * Double(labels.count)).rounded())
    var (found, seen, positives) = (0.0, 0.0, 0.0)
    for group in descending(labels, scores) {
      let size = group.positives + group.negatives
      let taken = min(size, wanted - seen)
      if taken > 0 {
        found += group.positives * taken / size
        seen += taken
      }
      positives += group.positives
    }
    return positives > 0 ? found / seen / (positives / Double(labels.count)) : .nan
  }

  /// The mean squared difference of probability and outcome.
  package static func brier(_ labels: [Bool], _ probabilities: [Double]) -> Double {
    var sum = 0.0
    for row in labels.indices {
      let difference = probabilities[row] - (labels[row] ? 1 : 0)
      sum += difference * difference
    }
    return sum / Double(labels.count)
  }

  /// The mean of −ln of the probability that was given to what happened; probabilities are kept
  /// 1e-15 away from 0 and 1.
  package static func logLoss(_ labels: [Bool], _ probabilities: [Double]) -> Double {
    var sum = 0.0
    for row in labels.indices {
      let likely = labels[row] ? probabilities[row] : 1 - probabilities[row]
      sum -= naturalLogarithm(min(max(likely, 1e-15), 1 - 1e-15))
    }
    return sum / Double(labels.count)
  }

  package struct CalibrationBin: Sendable, Equatable {
    package var count: Int
    /// The mean probability that was said.
    package var predicted: Double
    /// The share of positives that came.
    package var observed: Double
  }

  /// Rows in order of probability, in bins of equal size (equal probabilities stay together).
  package static func calibration(
    _ labels: [Bool], _ probabilities: [Double], bins: Int = 10
  ) -> [CalibrationBin] {
    let order = probabilities.indices.sorted {
      (probabilities[$0], $0) < (probabilities[$1], $1)
    }
    var result: [CalibrationBin] = []
    var begin = 0
    for bin in 1...max(bins, 1) {
      var end = max(begin, order.count * bin / max(bins, 1))
      while end > begin, end < order.count,
        probabilities[order[end]] == probabilities[order[end - 1]]
      {
        end += 1
      }
      if end == begin { continue }
      let rows = order[begin..<end]
      let said = rows.reduce(0) { $0 + probabilities[$1] }
      let came = rows.reduce(0) { $0 + (labels[$1] ? 1 : 0) }
      result.append(
        CalibrationBin(
          count: rows.count, predicted: said / Double(rows.count),
          observed: Double(came) / Double(rows.count)))
      begin = end
    }
    return result
  }

  /// The mean difference of what was said and what came over the bins, by their sizes.
  package static func calibrationError(_ bins: [CalibrationBin]) -> Double {
    let total = bins.reduce(0) { $0 + $1.count }
    return bins.reduce(0) { $0 + Double($1.count) * abs($1.predicted - $1.observed) }
      / Double(max(total, 1))
  }

  /// Groups of equal scores, the greatest first.
  private static func descending(
    _ labels: [Bool], _ scores: [Double]
  ) -> [(positives: Double, negatives: Double)] {
    precondition(labels.count == scores.count)
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var groups: [(positives: Double, negatives: Double)] = []
    var last = Double.nan
    for row in order {
      if scores[row] != last {
        groups.append((0, 0))
        last = scores[row]
      }
      if labels[row] {
        groups[groups.count - 1].positives += 1
      } else {
        groups[groups.count - 1].negatives += 1
      }
    }
    return groups
  }
}
