/// The gap statistic (Tibshirani, Walther, Hastie 2001): by how much the logarithm of the inertia
/// is below what it would be for rows without clusters, spread evenly over the same box.
package struct GapStatistic: Sendable {
  package let k: Int
  /// Mean log inertia of the references less the log inertia of the rows.
  package let gap: Double
  /// Standard deviation of the references' log inertia · √(1 + 1 / references).
  package let deviation: Double

  /// - Parameters:
  ///   - inertia: of the rows for this k.
  ///   - references: evenly spread rows, as `references(for:)` makes them, which are clustered here.
  init(
    k: Int, inertia: Double, references: [Matrix], _ method: ClusteringMethod,
    isCancelled: () -> Bool
  ) throws(SegmentationError) {
    self.k = k
    var logarithms: [Double] = []
    for reference in references {
      let inertia = try method.with(k: k).run(reference, isCancelled: isCancelled).inertia
      logarithms.append(naturalLogarithm(max(inertia, .leastNormalMagnitude)))
    }
    let mean = logarithms.reduce(0, +) / Double(logarithms.count)
    let variance =
      logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(logarithms.count)
    gap = mean - naturalLogarithm(max(inertia, .leastNormalMagnitude))
    deviation = (variance * (1 + 1 / Double(logarithms.count))).squareRoot()
  }

  /// Rows spread evenly between each column's least and greatest value.
  static func references(for matrix: Matrix, count: Int, seed: UInt64) -> [Matrix] {
    var random = RandomSource(seed: seed)
    let ranges = (0..<matrix.columnCount).map { column in
      let values = matrix.column(column)
      let least = values.min() ?? 0
      return (least, (values.max() ?? 0) - least)
    }
    return (0..<count).map { _ in
      var reference = Matrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount)
      for (column, (least, width)) in ranges.enumerated() {
        for row in 0..<matrix.rowCount { reference[row, column] = least + width * random.unit() }
      }
      return reference
    }
  }

  /// The least k whose gap is not below the next one's by more than that one's deviation; where
  /// there is none, the one of the greatest gap.
  static func best(_ statistics: [GapStatistic]) -> Int? {
    for (statistic, next) in zip(statistics, statistics.dropFirst())
    where statistic.gap >= next.gap - next.deviation {
      return statistic.k
    }
    return statistics.max { ($0.gap, $1.k) < ($1.gap, $0.k) }?.k
  }
}
