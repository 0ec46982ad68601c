@testable import Segmentation

/// Rows that Benchmarks/supervised.py makes too, so that scikit-learn's figures apply to them.
struct SupervisedSample {
  /// Six columns in −1 … 1; a tenth of the last is missing.
  var features: Matrix
  var labels: [Bool] = []

  init(rows: Int, seed: UInt64) {
    var random = RandomSource(seed: seed)
    features = Matrix(rowCount: rows, columnCount: 6)
    for row in 0..<rows {
      let x = (0..<6).map { _ in 2 * random.unit() - 1 }
      let isMissing = random.unit() < 0.1
      let score =
        1.5 * x[0] - x[1] + 2 * x[2] * x[3] + (x[4] > 0.3 ? 1 : 0)
        + (isMissing ? 1.5 : 0.5 * x[5]) - 0.6
      labels.append(random.unit() < 1 / (1 + exponential(-score)))
      for column in 0..<6 { features[row, column] = x[column] }
      if isMissing { features[row, 5] = .nan }
    }
  }

  /// Missing values as 0.
  var filled: Matrix {
    get throws { try features.filling(.constant(0)) }
  }
}
