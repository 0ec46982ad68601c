/// What becomes of missing values (NaN) and infinities in a column.
package enum MissingValuePolicy: Sendable, Equatable {
  /// A missing value is an error that names its row and column.
  case reject
  /// The mean, median or constant of the column's present values; 0 for a column without any.
  case mean
  case median
  case constant(Double)
}

extension Matrix {
  /// - Throws: with `reject`, for the first missing value.
  package func filling(_ policy: MissingValuePolicy) throws(SegmentationError) -> Matrix {
    guard let first = firstNotFinite() else { return self }
    if policy == .reject {
      throw SegmentationError(
        "features",
        "row \(first.row + 1), column \(first.column + 1) has no finite value; fill it in or "
          + "choose how missing values are replaced (mean, median or a constant)")
    }
    var result = self
    for column in 0..<columnCount {
      let present = self.column(column).filter(\.isFinite)
      if present.count == rowCount { continue }
      let substitute: Double =
        switch policy {
        case .reject: 0
        case .mean: present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
        case .median: present.isEmpty ? 0 : quantile(ofSorted: present.sorted(), 0.5)
        case .constant(let value): value
        }
      for row in 0..<rowCount where !self[row, column].isFinite { result[row, column] = substitute }
    }
    return result
  }
}

/// By linear interpolation between the order statistics (type 7 of Hyndman and Fan; the default of
/// NumPy and R).
/// - Precondition: `values` ascend and are not empty; `fraction` in `0 ... 1`.
package func quantile(ofSorted values: [Double], _ fraction: Double) -> Double {
  let position = fraction * Double(values.count - 1)
  let lower = Int(position)
  let upper = min(lower + 1, values.count - 1)
  return values[lower] + (position - Double(lower)) * (values[upper] - values[lower])
}
