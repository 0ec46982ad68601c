import Tropa

/// How rows are written.
package enum ResultFormat: String, CaseIterable, Sendable {
  /// Columns fitted to the screen.
  case table
  /// RFC 4180 with a heading; null is an empty field.
  case csv
  /// One array of objects.
  case json
  /// One object a line.
  case jsonl
}

/// Writes a result, row by row.
package protocol ResultWriter: AnyObject {
  func begin(columns: [String]) throws
  func row(_ values: [Value]) throws
  /// After the last row.
  func end() throws
}

extension ResultFormat {
  /// - Parameters:
  ///   - width: columns of the screen for `table`; nil: as wide as it needs.
  ///   - output: takes text, whole lines at a time.
  package func writer(
    width: Int?, output: @escaping (String) throws -> Void
  ) -> any ResultWriter {
    switch self {
    case .table: TableWriter(width: width, output: output)
    case .csv: CSVWriter(output: output)
    case .json: JSONWriter(isLines: false, output: output)
    case .jsonl: JSONWriter(isLines: true, output: output)
    }
  }
}

extension Value {
  /// The value in a cell of a table or CSV file. Floats are written without exponent up to 2^54:
  /// people and spreadsheets read 77642329.82 better than 7.764232982E7.
  var cellText: String {
    if case .float(let number) = self, number.isFinite { "\(number)" } else { text(.display) }
  }
}

extension ResultWriter {
  /// Writes all rows of a cursor.
  /// - Returns: how many there were.
  @discardableResult
  package func write(_ cursor: ResultCursor) throws -> Int {
    var count = 0
    try begin(columns: cursor.columns)
    while let row = try cursor.nextRow() {
      try self.row(row.values)
      count += 1
    }
    try end()
    return count
  }
}
