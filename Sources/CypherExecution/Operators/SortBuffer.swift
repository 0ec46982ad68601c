internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Rows with their sort keys, and the order in which they come out. Equal keys keep the order of
/// arrival.
///
/// The first key of each row is turned into a word whose order agrees with the key's as far as it
/// goes; whole keys are only compared where these words are equal.
final class SortBuffer {
  private var keys: [ColumnBuffer] = []
  private var rows: [ColumnBuffer] = []
  private(set) var count = 0
  private let isDescending: [Bool]
  private let columnCount: Int
  /// After `truncate`: the word of the last row kept, and the type of the first key.
  private var bound: (prefix: UInt64, type: VectorType)?

  private struct Entry {
    var prefix: UInt64
    var row: Int32
  }

  init(isDescending: [Bool], columnCount: Int) {
    self.isDescending = isDescending
    self.columnCount = columnCount
    removeAll()
  }

  func removeAll() {
    keys = isDescending.map { _ in ColumnBuffer() }
    rows = (0..<columnCount).map { _ in ColumnBuffer() }
    count = 0
    bound = nil
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
    _ = Self.prefixes(of: first, count: count, isDescending: isDescending[0]) { prefix, row in
      rows[found] = row
      found += prefix <= bound.prefix ? 1 : 0
    }
    return found
  }

  func append(_ batch: Batch, keys newKeys: [Vector]) {
    for (buffer, key) in zip(keys, newKeys) { buffer.append(key, rows: nil, count: batch.count) }
    for (buffer, column) in zip(rows, batch.columns) {
      buffer.append(column, rows: nil, count: batch.count)
    }
    count += batch.count
  }

  var byteCount: Int { (keys + rows).reduce(0) { $0 + $1.byteCount } + count * 16 }

  /// The numbers of all rows in sorted order.
  func sorted() -> [Int32] {
    let columns = keys.map(\.contents)
    guard let first = columns.first else { return (0..<Int32(count)).map { $0 } }
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    let isExact = Self.prefixes(of: first, count: count, isDescending: isDescending[0]) {
      entries.append(Entry(prefix: $0, row: $1))
    }
    if isExact && columns.count == 1 {
      entries.sort { $0.prefix != $1.prefix ? $0.prefix < $1.prefix : $0.row < $1.row }
    } else {
      let isDescending = isDescending
      entries.sort { a, b in
        if a.prefix != b.prefix { return a.prefix < b.prefix }
        for (index, column) in columns.enumerated() {
          let order = Self.order(column, Int(a.row), Int(b.row))
          if order != 0 { return isDescending[index] ? order > 0 : order < 0 }
        }
        return a.row < b.row
      }
    }
    return entries.map(\.row)
  }

  /// Some of the rows in an order given by `sorted`.
  func batch(_ order: ArraySlice<Int32>) -> Batch {
    order.withUnsafeBufferPointer { order in
      guard let base = order.baseAddress else { return Batch(columns: [], count: 0) }
      return Batch(
        columns: rows.map { $0.contents.gather(base, count: order.count) }, count: order.count)
    }
  }

  /// Keeps only the first rows of the order.
  func truncate(to limit: Int) {
    if count <= limit { return }
    let order = Array(sorted().prefix(limit))
    let (oldKeys, oldRows) = (keys, rows)
    removeAll()
    order.withUnsafeBufferPointer { order in
      guard let base = order.baseAddress else { return }
      for (new, old) in zip(keys, oldKeys) {
        new.append(old.contents, rows: base, count: order.count)
      }
      for (new, old) in zip(rows, oldRows) {
        new.append(old.contents, rows: base, count: order.count)
      }
    }
    count = order.count
    if let first = keys.first?.contents, let type = keys.first?.type, count == limit, count > 0 {
      let last = first.slice(from: count - 1, count: 1)
      _ = Self.prefixes(of: last, count: 1, isDescending: isDescending[0]) { prefix, _ in
        bound = (prefix, type)
      }
    }
  }

  // MARK: Keys

  /// - Returns: whether the words decide alone.
  @inline(__always)
  private static func prefixes(
    of column: Vector, count: Int, isDescending: Bool, _ append: (UInt64, Int32) -> Void
  ) -> Bool {
    let flip: UInt64 = isDescending ? ~0 : 0
    // Null is last; the largest word of a type may be the same, so whole keys decide then.
    let hasNulls = !column.hasNoNulls
    for row in 0..<count {
      let word = hasNulls && column.isNull(row) ? UInt64.max : word(column, column.physical(row))
      append(word ^ flip, Int32(row))
    }
    switch column.type {
    case .boolean, .integer, .float, .date, .node: return !hasNulls
    default: return false
    }
  }

  @inline(__always)
  private static func word(_ column: Vector, _ row: Int) -> UInt64 {
    let signBit: UInt64 = 1 << 63
    switch column.type {
    case .boolean: return column.booleans[row] ? 1 : 0
    case .integer: return UInt64(bitPattern: column.integers[row]) ^ signBit
    case .date: return UInt64(bitPattern: column.dates[row].days) ^ signBit
    case .localDateTime: return UInt64(bitPattern: column.localDateTimes[row].seconds) ^ signBit
    case .node: return column.nodes[row].rawValue
    case .relationship: return column.relationships[row].id.rawValue
    case .float:
      let value = column.floats[row]
      if value.isNaN { return UInt64.max - 1 }
      if value == 0 { return signBit }
      let bits = value.bitPattern
      return bits & signBit == 0 ? bits | signBit : ~bits
    case .string:
      let text = column.strings[row]
      var word: UInt64 = 0
      for index in 0..<min(8, text.count) {
        word |= UInt64(text.bytes[index]) << UInt64(56 - 8 * index)
      }
      return word
    case .any: return 0
    }
  }

  private static func order(_ column: Vector, _ a: Int, _ b: Int) -> Int {
    let (a, b) = (column.physical(a), column.physical(b))
    if column.type == .any { return Value.order(column.values[a], column.values[b]) }
    if !column.hasNoNulls {
      let (aIsNull, bIsNull) = (column.isNull(a), column.isNull(b))
      if aIsNull || bIsNull { return (aIsNull ? 1 : 0) - (bIsNull ? 1 : 0) }
    }
    switch column.type {
    case .string: return column.strings[a].byteOrder(column.strings[b])
    case .localDateTime:
      let (x, y) = (column.localDateTimes[a], column.localDateTimes[b])
      if x.seconds != y.seconds { return x.seconds < y.seconds ? -1 : 1 }
      return x.nanoseconds < y.nanoseconds ? -1 : x.nanoseconds == y.nanoseconds ? 0 : 1
    default:
      let (x, y) = (word(column, a), word(column, b))
      return x < y ? -1 : x == y ? 0 : 1
    }
  }
}
