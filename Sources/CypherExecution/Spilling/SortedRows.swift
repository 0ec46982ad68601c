internal import GraphColumns
internal import GraphTypes

/// Sorted rows of one thread or of one run in a temporary file, seen through a window of columns.
final class SortedRows {
  private(set) var columns: [Vector]
  /// Nil before the first window and after the last one.
  private(set) var entries: SortEntries?
  private var reader: SpillRun.Reader?
  private let order: SortOrder
  private let control: ExecutionControl
  private var position = 0

  /// Rows that are all in memory.
  init(_ columns: [Vector], _ entries: SortEntries, order: SortOrder, _ control: ExecutionControl) {
    self.control = control
    self.columns = columns
    self.entries = entries
    self.order = order
  }

  /// A run that was written in sorted order.
  init(_ run: SpillRun, order: SortOrder, _ control: ExecutionControl) {
    columns = []
    reader = run.reader()
    self.order = order
    self.control = control
  }

  /// The first row of the window; nil when all rows of the window have been taken.
  var first: SortEntry? {
    guard let entries, position < entries.count else { return nil }
    return entries.base[position]
  }

  func removeFirst() { position += 1 }

  /// The next rows of the window as numbers of rows in its columns.
  func take(_ limit: Int) -> [Int32] {
    guard let entries else { return [] }
    let end = min(entries.count, position + limit)
    defer { position = end }
    return (position..<end).map { entries.base[$0].row }
  }

  /// Moves the window on when all of its rows have been taken.
  /// - Returns: false at the end.
  func refill() throws -> Bool {
    position = 0
    guard let batch = try reader?.next() else {
      columns = []
      entries = nil
      return false
    }
    columns = batch.columns
    entries = try SortEntries(count: batch.count, control) {
      order.entries(batch.columns, $0, into: $1)
    }
    return true
  }
}
