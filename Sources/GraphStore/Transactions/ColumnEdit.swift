internal import GraphColumns
internal import GraphTypes

/// Which column chunk: a key over a segment of a table.
struct ColumnAddress: Hashable {
  var key: PropertyKeyID
  var space: ColumnSpace
  var segment: Int

  var treeKey: Key { .column(key, space, segment: segment) }
}

/// Changed values of a column chunk: a few rows over the base chunk, or, when many rows have
/// changed, all values decoded.
///
/// The base chunk is the caller's to know; it is looked for only where it is needed, so that
/// changes can be made without it. Each method must be given the same.
final class ColumnEdit {
  typealias Base = () throws(StoreError) -> ColumnChunk?

  /// Changed rows beyond which all are decoded: a search and an insertion among them cost about as
  /// much as a look into the chunk.
  static let sparseMaximum = 32

  /// Changed rows, ascending, and their values. Unused once there is `dense`.
  @exclusivity(unchecked) private var rows: [UInt16] = []
  @exclusivity(unchecked) private var values: [Value] = []
  @exclusivity(unchecked) private var dense: DenseColumn?
  /// The present values in the encoding of stored chunks, if anybody has asked since the last
  /// change; nil inside when all are null.
  @exclusivity(unchecked) private var encoded: EncodedColumn??

  /// - Parameter segmentRows: the most rows that the segment can have.
  init(segmentRows: Int) { self.segmentRows = segmentRows }
  private let segmentRows: Int

  /// The first changed row that is not below `row`, as a place in `rows`.
  private func place(_ row: Int) -> Int {
    // Rows mostly come in ascending order.
    if let last = rows.last, Int(last) < row { return rows.count }
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Nil for a row that has not been changed.
  func value(_ row: Int) -> Value? {
    if let dense { return dense.value(row) }
    let place = place(row)
    return place < rows.count && Int(rows[place]) == row ? values[place] : nil
  }

  /// Nil for a row that has not been changed.
  func isPresent(_ row: Int) -> Bool? {
    if let dense { return dense.isPresent(row) }
    let place = place(row)
    return place < rows.count && Int(rows[place]) == row ? values[place].isPresent : nil
  }

  func set(_ row: Int, _ value: Value, base: Base) throws(StoreError) {
    if encoded != nil { encoded = nil }
    if let dense {
      dense.set(row, value)
      return
    }
    let place = place(row)
    if place < rows.count, Int(rows[place]) == row {
      values[place] = value
    } else if rows.count < Self.sparseMaximum {
      rows.insert(UInt16(truncatingIfNeeded: row), at: place)
      values.insert(value, at: place)
    } else {
      let dense = try decoded(base())
      dense.set(row, value)
      self.dense = dense
      rows = []
      values = []
    }
  }

  /// All values.
  private func decoded(_ base: ColumnChunk?) -> DenseColumn {
    if let dense { return dense }
    let column = DenseColumn(
      base, type: values.first { $0.isPresent }?.vectorType, rowMaximum: segmentRows)
    for (place, row) in rows.enumerated() { column.set(Int(row), values[place]) }
    return column
  }

  /// The present values as a chunk; the same object until the next change.
  func chunk(base: Base) throws(StoreError) -> EncodedColumn? {
    if let encoded { return encoded }
    let made = try decoded(base()).encoded(usingWords: false).map { (bytes) throws(StoreError) in
      try EncodedColumn(bytes)
    }
    encoded = .some(made)
    return made
  }

  /// As it is to be stored. Nil when all values are null.
  func encodedBytes(base: Base) throws(StoreError) -> [UInt8]? {
    try decoded(base()).encoded(usingWords: true)
  }
}

/// The bytes of a chunk that is not stored.
final class EncodedColumn {
  private let buffer: UnsafeMutableRawBufferPointer
  /// Stays in place as long as this.
  let chunk: UnsafePointer<ColumnChunk>

  init(_ bytes: [UInt8]) throws(StoreError) {
    buffer = .allocate(byteCount: bytes.count, alignment: 16)
    buffer.copyBytes(from: bytes)
    do throws(StoreError) {
      let made = try ColumnChunk(UnsafeRawBufferPointer(buffer))
      let place = UnsafeMutablePointer<ColumnChunk>.allocate(capacity: 1)
      place.initialize(to: made)
      chunk = UnsafePointer(place)
    } catch {
      buffer.deallocate()
      throw error
    }
  }
  deinit {
    chunk.deallocate()
    buffer.deallocate()
  }
}
