internal import GraphTypes

/// Which column chunk: a key over a segment of a table.
struct ColumnAddress: Hashable {
  var key: PropertyKeyID
  var space: ColumnSpace
  var segment: Int

  var treeKey: Key { .column(key, space, segment: segment) }
}

/// The values of a column chunk while a transaction changes them.
final class ColumnEdit {
  private(set) var values: [Value]
  private(set) var nonNullCount: Int
  /// Where the chunk has come from: a commit removes what has become empty.
  let isStored: Bool

  /// The present values in the encoding of stored chunks; made when somebody asks for the chunk.
  private var encoded: [UnsafeMutableRawBufferPointer] = []
  private var encodedChunk: ColumnChunk?
  private var isEncoded = false

  init(_ chunk: ColumnChunk?) {
    values = chunk?.decoded() ?? []
    nonNullCount = chunk.map { $0.rowCount - $0.nullCount } ?? 0
    isStored = chunk != nil
  }
  deinit { for buffer in encoded { buffer.deallocate() } }

  subscript(_ row: Int) -> Value { row < values.count ? values[row] : .null }

  /// - Returns: whether there was a value before.
  @discardableResult
  func set(_ row: Int, _ value: Value) -> Bool {
    if row >= values.count {
      if case .null = value { return false }
      if values.capacity <= row { values.reserveCapacity(max(row + 1, 2 * values.count)) }
      while values.count < row { values.append(.null) }
      values.append(value)
      nonNullCount += 1
      isEncoded = false
      return false
    }
    var had = true
    if case .null = values[row] { had = false }
    var has = true
    if case .null = value { has = false }
    values[row] = value
    nonNullCount += (has ? 1 : 0) - (had ? 1 : 0)
    isEncoded = false
    return had
  }

  /// The present values as a chunk. Earlier ones stay in place as long as texts may be referred to
  /// in them; others are overwritten.
  func chunk() throws(StoreError) -> ColumnChunk? {
    if isEncoded { return encodedChunk }
    let bytes = try encodedBytes()
    if let last = encodedChunk, last.vectorType != .string { encoded.removeLast().deallocate() }
    encodedChunk = nil
    if let bytes {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
      buffer.copyBytes(from: bytes)
      encoded.append(buffer)
      encodedChunk = try ColumnChunk(UnsafeRawBufferPointer(buffer))
    }
    isEncoded = true
    return encodedChunk
  }

  /// Nil when all values are null.
  func encodedBytes() throws(StoreError) -> [UInt8]? {
    if nonNullCount == 0 { return nil }
    do throws(QueryError) {
      return try ColumnEncoder.encode(values)
    } catch {
      throw StoreError(.invalidArgument, error.message, hint: error.hint)
    }
  }
}
