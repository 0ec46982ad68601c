internal import GraphColumns
internal import GraphTypes

/// All values of a column chunk while they are changed: a vector of the values' type, which becomes
/// one of any values when they are mixed. Texts of the base chunk stay where they lie.
///
/// Like all that a writer changes row by row it belongs to one thread at a time. Its variables are not
/// watched for overlapping accesses: that took a third of a large transaction.
final class DenseColumn {
  @exclusivity(unchecked) private var vector: Vector
  private let rowMaximum: Int
  @exclusivity(unchecked) private var arena: StringArena?
  /// Of the arena, when texts that have been overwritten are dropped from it.
  @exclusivity(unchecked) private var arenaMaximum = 1 << 20

  /// - Parameters:
  ///   - type: for a column without base chunk.
  ///   - rowMaximum: rows that can ever be set.
  init(_ base: ColumnChunk?, type: VectorType?, rowMaximum: Int) {
    self.rowMaximum = rowMaximum
    let count = base?.rowCount ?? 0
    vector = Vector(
      type: base?.vectorType ?? type ?? .any,
      capacity: max(count, min(rowMaximum, max(256, count + count / 4))))
    vector.count = count
    guard let base, count > 0 else { return }
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { rows in
      guard let start = rows.baseAddress else { return }
      for row in 0..<count { start[row] = UInt16(truncatingIfNeeded: row) }
      base.gather(rows: start, count: count, into: vector, at: 0)
    }
  }

  func isPresent(_ row: Int) -> Bool { row < vector.count && !vector.isNull(row) }

  func value(_ row: Int) -> Value {
    row < vector.count ? vector.boxed(row) : .null
  }

  func set(_ row: Int, _ value: Value) {
    if !value.isPresent {
      if row < vector.count { vector.setNull(row) }
      return
    }
    if vector.type != .any, vector.type != value.vectorType { mix() }
    if row >= vector.count { extend(to: row + 1) }
    switch (vector.type, value) {
    case (.boolean, .boolean(let flag)): vector.booleans[row] = flag
    case (.integer, .integer(let number)): vector.integers[row] = number
    case (.float, .float(let number)): vector.floats[row] = number
    case (.date, .date(let date)): vector.dates[row] = date
    case (.localDateTime, .localDateTime(let moment)): vector.localDateTimes[row] = moment
    case (.string, .string(let text)): vector.strings[row] = stored(text)
    default:
      vector.values[row] = value
      return
    }
    if let validity = vector.validity { validity[row >> 6] |= 1 << UInt64(row & 63) }
  }

  private func stored(_ text: String) -> StringRef {
    if let arena, arena.byteCount > arenaMaximum { compact() }
    let arena = arena ?? StringArena(blockSize: 16 << 10)
    self.arena = arena
    return arena.append(text)
  }

  private func compact() {
    let fresh = StringArena(blockSize: 64 << 10)
    for row in 0..<vector.count where !vector.isNull(row) {
      vector.strings[row] = fresh.append(vector.strings[row].bytes)
    }
    arena = fresh
    arenaMaximum = max(arenaMaximum, 4 * fresh.byteCount)
  }

  /// The new rows are null.
  private func extend(to count: Int) {
    if count > vector.capacity {
      replaceVector(
        Vector(type: vector.type, capacity: min(rowMaximum, max(count, 2 * vector.capacity))))
    }
    let old = vector.count
    vector.count = count
    // The row that is set next becomes valid by itself; without a bitmap it need not be told.
    if vector.type != .any, count - old > 1 || vector.validity != nil {
      for row in old..<count { vector.setNull(row) }
    }
  }

  /// Copies all rows; texts stay where they lie.
  private func replaceVector(_ larger: Vector) {
    let count = vector.count
    larger.owners = vector.owners
    larger.count = count
    if vector.type == .any {
      larger.values.update(from: vector.values, count: count)
    } else {
      UnsafeMutableRawPointer(larger.elements(UInt8.self)).copyMemory(
        from: vector.elements(UInt8.self), byteCount: count * vector.type.stride)
      if let validity = vector.validity {
        larger.makeValidity().update(from: validity, count: (count + 63) / 64)
      }
    }
    vector = larger
  }

  private func mix() {
    let mixed = Vector(type: .any, capacity: vector.capacity)
    mixed.count = vector.count
    for row in 0..<vector.count { mixed.values[row] = vector.boxed(row) }
    vector = mixed
    arena = nil
  }

  /// As a chunk; nil when all values are null.
  func encoded(usingWords: Bool) throws(StoreError) -> [UInt8]? {
    var count = vector.count
    // Rows at the end may be those of a transaction that was taken back.
    while count > 0, vector.isNull(count - 1) { count -= 1 }
    do throws(QueryError) {
      return try ColumnEncoder.encode(vector, count: count, usingWords: usingWords)
    } catch {
      throw StoreError(.invalidArgument, error.message, hint: error.hint)
    }
  }
}
