internal import CLMDB

/// A place in the tree `fulltext` of a state or of a transaction that writes. What it hands out is
/// valid as long as the state, or until the next write. Not for use by two threads at once.
final class FullTextCursor {
  typealias Entry = (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)

  private let cursor: OpaquePointer
  private let path: String

  /// The reader must outlive what the cursor finds.
  init(_ reader: GraphReader) throws(StoreError) {
    cursor = try reader.core.openCursor(.fulltext)
    path = reader.store.path
  }
  /// To be gone before the writer commits.
  init(_ writer: TreeWriter) throws(StoreError) {
    cursor = try writer.openCursor(.fulltext)
    path = writer.environment.path
  }
  deinit { mdb_cursor_close(cursor) }

  private func move(
    _ operation: MDB_cursor_op, to target: [UInt8]? = nil
  ) throws(StoreError) -> Entry? {
    var key = MDB_val()
    var value = MDB_val()
    var code: Int32
    if let target {
      code = target.withUnsafeBytes { bytes in
        key = LMDB.value(bytes)
        return mdb_cursor_get(cursor, &key, &value, operation)
      }
    } else {
      code = mdb_cursor_get(cursor, &key, &value, operation)
    }
    if code == MDB_NOTFOUND { return nil }
    try LMDB.check(code, "read", path)
    return (LMDB.bytes(key), LMDB.bytes(value))
  }

  func value(of key: [UInt8]) throws(StoreError) -> UnsafeRawBufferPointer? {
    try move(MDB_SET, to: key)?.value
  }
  /// The first entry whose key is not below `key`.
  func first(from key: [UInt8]) throws(StoreError) -> Entry? {
    try move(MDB_SET_RANGE, to: key)
  }
  /// The last entry whose key is not above `key`.
  func last(upTo key: [UInt8]) throws(StoreError) -> Entry? {
    guard let entry = try first(from: key) else { return try last() }
    return entry.key.elementsEqual(key) ? entry : try move(MDB_PREV)
  }
  func next() throws(StoreError) -> Entry? { try move(MDB_NEXT) }
  func last() throws(StoreError) -> Entry? { try move(MDB_LAST) }

  /// - Parameter appending: the key is above all others: fills pages without searching.
  func put(_ key: [UInt8], _ bytes: [UInt8], appending: Bool = false) throws(StoreError) {
    let code = key.withUnsafeBytes { key in
      bytes.withUnsafeBytes { value in
        var key = LMDB.value(key)
        var value = LMDB.value(value)
        return mdb_cursor_put(cursor, &key, &value, appending ? UInt32(MDB_APPEND) : 0)
      }
    }
    try LMDB.check(code, "write to", path)
  }

  /// Removes an entry; that it is missing is no error.
  func delete(_ key: [UInt8]) throws(StoreError) {
    if try value(of: key) != nil { try deleteCurrent() }
  }

  /// Removes all entries whose keys begin so.
  func deleteAll(prefix: [UInt8]) throws(StoreError) {
    while let entry = try first(from: prefix), entry.key.starts(with: prefix) {
      try deleteCurrent()
    }
  }

  private func deleteCurrent() throws(StoreError) {
    try LMDB.check(mdb_cursor_del(cursor, 0), "write to", path)
  }
}
