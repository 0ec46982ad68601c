internal import GraphColumns
internal import GraphTypes

/// What becomes of a field.
struct FieldPlan: Sendable {
  enum Target: Sendable {
    case ignored
    case column(ColumnType)
    /// A relationship's end: an id of the space, which becomes a node's row.
    case endpoint(IdentifierMap, IdentifierLookup)
  }
  /// The column's name, for messages.
  var name: String
  var target: Target
  /// Whether a row without a value is bad.
  var isRequired = false
}

/// A block of rows as columns. Rows that could not be read are not in the columns but in `rejects`.
final class ParsedBlock: @unchecked Sendable {
  let text: ByteBlock
  let rowCount: Int
  /// A vector per field; nil for ignored fields and endpoints. Strings refer to this block.
  let columns: [Vector?]
  /// Node rows per field; nil for everything that is not an endpoint.
  let endpoints: [RowNumbers?]
  /// Where each row's record begins in `text`, and the line, counted from 0.
  let offsets: RowNumbers
  let lines: RowNumbers
  /// Bad rows in order.
  let rejects: [RejectedRow]
  /// Number of records, with bad ones, without empty lines.
  let recordCount: Int
  let lineCount: Int
  let boundary: RecordBoundary
  var fileBytes: Int { text.fileBytes }

  init(
    text: ByteBlock, rowCount: Int, columns: [Vector?], endpoints: [RowNumbers?],
    offsets: RowNumbers, lines: RowNumbers, rejects: [RejectedRow], lineCount: Int,
    boundary: RecordBoundary
  ) {
    self.text = text
    self.rowCount = rowCount
    self.columns = columns
    self.endpoints = endpoints
    self.offsets = offsets
    self.lines = lines
    self.rejects = rejects
    recordCount = rowCount + rejects.count
    self.lineCount = lineCount
    self.boundary = boundary
  }

  /// A row's record as it stands in the file.
  func record(_ row: Int) -> [UInt8] {
    let start = Int(offsets.values[row])
    var end =
      boundary.firstEnd(text.bytes, from: start, to: text.count).map { $0 - 1 } ?? text.count
    if end > start && text.bytes[end - 1] == 13 { end -= 1 }
    return Array(UnsafeBufferPointer(start: text.bytes + start, count: end - start))
  }

  /// A row that turned out to be bad after it had been read.
  func reject(_ row: Int, _ message: String, hint: String? = nil) -> RejectedRow {
    RejectedRow(
      line: Int(lines.values[row]), column: nil, message: message, hint: hint, text: record(row))
  }
}

/// A number per row.
final class RowNumbers: @unchecked Sendable {
  let values: UnsafeMutablePointer<UInt32>
  init(capacity: Int) { values = .allocate(capacity: max(capacity, 1)) }
  deinit { values.deallocate() }
}
