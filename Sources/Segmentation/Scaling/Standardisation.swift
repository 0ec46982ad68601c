/// How columns are brought to one scale.
package enum StandardisationMethod: String, Sendable, CaseIterable {
  case none
  /// (x − mean) / standard deviation of the population.
  case standard
  /// (x − least) / (greatest − least), so in 0 ... 1.
  case minMax
  /// (x − median) / (third − first quartile).
  case robust
  /// All columns by their logarithm, then as `standard`.
  case log
}

/// A fitted scaling, column by column: `scaled = (transformed − centre) / scale`. A column that does
/// not vary becomes 0.
package struct Standardisation: Sendable, Equatable {
  package var centres: [Double]
  package var scales: [Double]
  /// Columns that go through sign(x) · log(1 + |x|) first: for money and counts, whose tails are
  /// long.
  package var logarithmic: [Bool]

  /// - Parameter logarithmic: one flag a column, or empty for none.
  /// - Throws: for missing values.
  package init(
    fitting matrix: Matrix, _ method: StandardisationMethod, logarithmic: [Bool] = []
  ) throws(SegmentationError) {
    try require(
      logarithmic.isEmpty || logarithmic.count == matrix.columnCount, "logarithmic",
      "there are \(logarithmic.count) flags for \(matrix.columnCount) columns")
    self.logarithmic =
      logarithmic.isEmpty || method == .log
      ? [Bool](repeating: method == .log, count: matrix.columnCount) : logarithmic
    centres = []
    scales = []
    for column in 0..<matrix.columnCount {
      let values = try Self.transformed(matrix, column, self.logarithmic[column])
      let (centre, scale) = Self.fit(values, method)
      centres.append(centre)
      scales.append(scale)
    }
  }

  /// - Throws: as the initialiser; for another number of columns.
  package func apply(to matrix: Matrix) throws(SegmentationError) -> Matrix {
    try require(
      matrix.columnCount == centres.count, "features",
      "there are \(matrix.columnCount) columns, the scaling was fitted to \(centres.count)")
    var result = matrix
    for column in 0..<matrix.columnCount {
      let values = try Self.transformed(matrix, column, logarithmic[column])
      let centre = centres[column]
      let factor = scales[column] == 0 ? 0 : 1 / scales[column]
      for row in 0..<matrix.rowCount { result[row, column] = (values[row] - centre) * factor }
    }
    return result
  }

  /// Scaled numbers in the columns' own units, for example centroids for a report.
  package func invert(_ matrix: Matrix) -> Matrix {
    var result = matrix
    for column in 0..<matrix.columnCount {
      for row in 0..<matrix.rowCount {
        let value = matrix[row, column] * scales[column] + centres[column]
        result[row, column] = logarithmic[column] ? signedExponential(value) : value
      }
    }
    return result
  }

  private static func transformed(
    _ matrix: Matrix, _ column: Int, _ isLogarithmic: Bool
  ) throws(SegmentationError) -> [Double] {
    var values = Array(matrix.column(column))
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw SegmentationError(
        "features", "row \(row + 1), column \(column + 1) has no finite value; replace it first")
    }
    guard isLogarithmic else { return values }
    for row in values.indices { values[row] = signedLogarithm(values[row]) }
    return values
  }

  private static func fit(
    _ values: [Double], _ method: StandardisationMethod
  ) -> (centre: Double, scale: Double) {
    guard !values.isEmpty else { return (0, 0) }
    switch method {
    case .none: return (0, 1)
    case .standard, .log:
      let mean = values.reduce(0, +) / Double(values.count)
      var squares = 0.0
      for value in values { squares += (value - mean) * (value - mean) }
      let deviation = (squares / Double(values.count)).squareRoot()
      // Equal values whose mean was rounded have a tiny deviation.
      return (mean, deviation <= 1e-14 * abs(mean) ? 0 : deviation)
    case .minMax:
      let least = values.min() ?? 0
      return (least, (values.max() ?? 0) - least)
    case .robust:
      let sorted = values.sorted()
      let spread = quantile(ofSorted: sorted, 0.75) - quantile(ofSorted: sorted, 0.25)
      return (quantile(ofSorted: sorted, 0.5), spread)
    }
  }
}

/// sign(x) · log(1 + |x|): odd, 0 at 0.
private func signedLogarithm(_ value: Double) -> Double {
  value < 0 ? -naturalLogarithm1p(-value) : naturalLogarithm1p(value)
}

private func signedExponential(_ value: Double) -> Double {
  value < 0 ? -exponentialMinus1(-value) : exponentialMinus1(value)
}
