/// Numbers in rows (objects) and columns (features), stored column after column. NaN is a missing
/// value.
package struct Matrix: Sendable, Equatable {
  package let rowCount: Int
  package let columnCount: Int
  /// Shape `[columnCount * rowCount]`; row *r* of column *c* is at `c * rowCount + r`.
  package var values: [Double]

  /// - Precondition: `values.count == rowCount * columnCount`.
  package init(rowCount: Int, columnCount: Int, values: [Double]) {
    precondition(values.count == rowCount * columnCount)
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.values = values
  }

  package init(rowCount: Int, columnCount: Int, repeating value: Double = 0) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      values: Array(repeating: value, count: rowCount * columnCount))
  }

  /// - Precondition: all columns have the same number of rows.
  package init(columns: [[Double]]) {
    let rowCount = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == rowCount })
    self.init(
      rowCount: rowCount, columnCount: columns.count, values: columns.flatMap { $0 })
  }

  /// - Precondition: all rows have the same number of columns.
  package init(rows: [[Double]]) {
    let columnCount = rows.first?.count ?? 0
    self.init(rowCount: rows.count, columnCount: columnCount)
    for (r, row) in rows.enumerated() {
      precondition(row.count == columnCount)
      for (c, value) in row.enumerated() { self[r, c] = value }
    }
  }

  @inlinable
  package subscript(row: Int, column: Int) -> Double {
    get { values[column * rowCount + row] }
    set { values[column * rowCount + row] = newValue }
  }

  package func column(_ column: Int) -> ArraySlice<Double> {
    values[column * rowCount..<(column + 1) * rowCount]
  }

  package func row(_ row: Int) -> [Double] { (0..<columnCount).map { self[row, $0] } }

  /// Some rows, in the order given.
  package func selecting(rows: [Int]) -> Matrix {
    var result = Matrix(rowCount: rows.count, columnCount: columnCount)
    for column in 0..<columnCount {
      for (position, row) in rows.enumerated() { result[position, column] = self[row, column] }
    }
    return result
  }

  /// The same numbers row after row.
  func rowMajor() -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for column in 0..<columnCount {
      for row in 0..<rowCount {
        result[row * columnCount + column] = values[column * rowCount + row]
      }
    }
    return result
  }

  /// The first position that is not a finite number, for an error message.
  package func firstNotFinite() -> (row: Int, column: Int)? {
    guard let position = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (position % rowCount, position / rowCount)
  }
}
