internal import GraphColumns
internal import GraphTypes

/// Sorted rows of one thread or of one run in a temporary file, seen through a window of columns.
final class SortedRows {
  private(set) var columns: [Vector]
  private(set) var entries: SortEntries
  private var reader: SpillRun.Reader?
  private let order: SortOrder
  private var position = 0

  /// Rows that are all in memory.
  init(_ columns: [Vector], _ entries: SortEntries, order: SortOrder) {
    self.columns = columns
    self.entries = entries
    self.order = order
  }

  /// A run that was written in sorted order.
  init(_ run: SpillRun, order: SortOrder) {
    columns = []
    entries = SortEntries(count: 0) { _ in true }
    reader = run.reader()
    self.order = order
  }

  /// The first row of the window; nil when all rows of the window have been taken.
  var first: SortEntry? { position < entries.count ? entries.base[position] : nil }

  func removeFirst() { position += 1 }

  /// The next rows of the window as numbers of rows in its columns.
  func take(_ limit: Int) -> [Int32] {
    let end = min(entries.count, position + limit)
    defer { position = end }
    return (position..<end).map { entries.base[$0].row }
  }

  /// Moves the window on when all of its rows have been taken.
  /// - Returns: false at the end.
  func refill() throws -> Bool {
    guard let batch = try reader?.next() else {
      columns = []
      entries = SortEntries(count: 0) { _ in true }
      position = 0
      return false
    }
    columns = batch.columns
    entries = SortEntries(count: batch.count) {
      order.entries(batch.columns, count: batch.count, into: $0)
    }
    position = 0
    return true
  }
}
