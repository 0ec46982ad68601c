/// A sparse matrix, row by row.
struct SparseRows: Sendable {
  /// Where each row begins, and the number of entries at the end.
  private(set) var starts = [0]
  private(set) var columns: [UInt32] = []
  private(set) var values: [Float] = []
  let columnCount: Int
  var count: Int { starts.count - 1 }

  init(columnCount: Int) { self.columnCount = columnCount }

  mutating func append(_ vector: ReviewVector) {
    columns.append(contentsOf: UnsafeBufferPointer(start: vector.columns, count: vector.count))
    values.append(contentsOf: UnsafeBufferPointer(start: vector.values, count: vector.count))
    starts.append(columns.count)
  }

  mutating func append(columns: [UInt32], values: [Float]) {
    self.columns += columns
    self.values += values
    starts.append(self.columns.count)
  }

  mutating func append(_ other: SparseRows) {
    let offset = columns.count
    columns += other.columns
    values += other.values
    starts += other.starts.dropFirst().map { $0 + offset }
  }
}
