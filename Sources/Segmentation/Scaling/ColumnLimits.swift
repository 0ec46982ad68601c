/// Limits and weights of scaled columns.
extension Matrix {
  /// Draws values beyond ± `limit` in to it (winsorising, for columns with centre 0 and scale 1): an
  /// outlier stays the greatest, and no longer decides the clusters alone.
  package mutating func clip(to limit: Double) {
    for position in values.indices { values[position] = min(max(values[position], -limit), limit) }
  }

  /// - Parameter weights: one a column; its square is the column's part in squared distances.
  /// - Precondition: `weights.count == columnCount`.
  package mutating func multiplyColumns(by weights: [Double]) {
    precondition(weights.count == columnCount)
    for column in 0..<columnCount {
      for row in 0..<rowCount { self[row, column] *= weights[column] }
    }
  }
}
