internal import GraphColumns
internal import GraphTypes

/// Rows with their sort keys, and the order in which they come out. Equal keys keep the order of
/// arrival.
final class SortBuffer {
  private var buffers: [ColumnBuffer] = []
  private(set) var count = 0
  private let order: SortOrder
  private let columnCount: Int
  /// After `truncate`: the word of the last row kept, and the type of the first key.
  private var bound: (word: UInt64, type: VectorType)?

  init(_ order: SortOrder, columnCount: Int) {
    self.order = order
    self.columnCount = columnCount
    removeAll()
  }

  func removeAll() {
    buffers = (0..<columnCount).map { _ in ColumnBuffer() }
    count = 0
  }

  /// The rows that the last truncation does not rule out by their first key.
  /// - Returns: their number, written to `rows`; nil if nothing can be said.
  func candidates(
    _ first: Vector, count: Int, into rows: UnsafeMutablePointer<Int32>
  ) -> Int? {
    guard let bound, bound.type == first.type, !first.isConstant, first.type != .any else {
      return nil
    }
    var found = 0
    _ = SortOrder.words(of: first, 0..<count, isDescending: order.isDescending[0]) { word, row in
      rows[found] = row
      found += word <= bound.word ? 1 : 0
    }
    return found
  }

  func append(_ batch: Batch) {
    for (buffer, column) in zip(buffers, batch.columns) {
      buffer.append(column, rows: nil, count: batch.count)
    }
    count += batch.count
  }

  /// With what sorting will take.
  var byteCount: Int {
    buffers.reduce(count * SortEntries.bytesPerRow) { $0 + $1.byteCount }
  }

  /// All columns, keys included.
  var columns: [Vector] { buffers.map(\.contents) }

  /// The rows in sorted order.
  func sorted(_ control: ExecutionControl) throws -> SortEntries {
    let columns = columns
    let order = order
    let entries = try SortEntries(count: count, control) { order.entries(columns, $0, into: $1) }
    try entries.sort(control) { order.compare(columns, Int($0), columns, Int($1)) }
    return entries
  }

  /// Keeps only the first rows of the order.
  func truncate(to limit: Int, _ control: ExecutionControl) throws {
    if count <= limit { return }
    let entries = try sorted(control)
    let rows = (0..<limit).map { entries.base[$0].row }
    let old = buffers
    removeAll()
    count = limit
    rows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for (new, old) in zip(buffers, old) {
        new.append(old.contents, rows: base, count: limit)
      }
    }
    if let place = order.places.first, let type = buffers[place].type, limit > 0 {
      bound = (entries.base[limit - 1].word, type)
    }
  }
}
