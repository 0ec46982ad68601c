internal import CLMDB

/// A cursor over the keys of the tree of node indexes, or of that of relationship indexes, in one
/// state. Belongs to one thread; the state must outlive what it hands out.
final class IndexCursor {
  private let cursor: OpaquePointer
  private let path: String
  private var key = MDB_val()
  private var data = MDB_val()

  init(_ reader: GraphReader, onRelationships: Bool) throws(StoreError) {
    cursor = try reader.core.openCursor(onRelationships ? .relationshipIndexes : .indexes)
    path = reader.store.path
  }
  deinit { mdb_cursor_close(cursor) }

  @inline(__always)
  private func isFound(_ code: Int32) throws(StoreError) -> Bool {
    if code == MDB_SUCCESS { return true }
    if code != MDB_NOTFOUND { throw LMDB.error(code, "read", path) }
    return false
  }

  /// Goes to a key.
  /// - Complexity: O(log keys); less when the key is on the page of the one before.
  @inline(__always)
  func find(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> Bool {
    key = LMDB.value(bytes)
    return try isFound(mdb_cursor_get(cursor, &key, &data, MDB_SET))
  }

  /// Goes to the first key that is not below.
  func seek(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> Bool {
    key = LMDB.value(bytes)
    return try isFound(mdb_cursor_get(cursor, &key, &data, MDB_SET_RANGE))
  }

  /// Goes to the next key.
  @inline(__always)
  func next() throws(StoreError) -> Bool {
    try isFound(mdb_cursor_get(cursor, &key, &data, MDB_NEXT_NODUP))
  }
  func previous() throws(StoreError) -> Bool {
    try isFound(mdb_cursor_get(cursor, &key, &data, MDB_PREV_NODUP)) ? try goToFirst() : false
  }
  func last() throws(StoreError) -> Bool {
    try isFound(mdb_cursor_get(cursor, &key, &data, MDB_LAST)) ? try goToFirst() : false
  }

  /// From the last entity under a key to the first.
  private func goToFirst() throws(StoreError) -> Bool {
    if try count() == 1 { return true }
    var first = MDB_val()
    return try isFound(mdb_cursor_get(cursor, &first, &data, MDB_FIRST_DUP))
  }

  /// The key gone to by `seek`, `next`, `previous` or `last`.
  var currentKey: UnsafeRawBufferPointer { LMDB.bytes(key) }

  /// How many entities there are under the key.
  func count() throws(StoreError) -> Int {
    var count = 0
    try LMDB.check(mdb_cursor_count(cursor, &count), "read", path)
    return count
  }

  /// A page of the entities under the key gone to: the first. `remaining` is the size of the others.
  @inline(__always)
  func firstEntities(
    size: Int, remaining: inout Int
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    let count = try count()
    // LMDB 0.9 gives the page of the key before where there is only one.
    if count > 1 {
      try LMDB.check(mdb_cursor_get(cursor, &key, &data, MDB_GET_MULTIPLE), "read", path)
    }
    remaining = count * size - data.mv_size
    return LMDB.bytes(data)
  }
  /// The next page.
  func moreEntities(remaining: inout Int) throws(StoreError) -> UnsafeRawBufferPointer {
    try LMDB.check(mdb_cursor_get(cursor, &key, &data, MDB_NEXT_MULTIPLE), "read", path)
    remaining -= data.mv_size
    return LMDB.bytes(data)
  }

  /// Calls `body` with each entity under the key gone to.
  @inline(__always)
  func forEachEntity(
    size: Int, _ body: (UnsafeRawPointer) -> Void
  ) throws(StoreError) {
    var remaining = 0
    var page = try firstEntities(size: size, remaining: &remaining)
    while let base = page.baseAddress {
      var offset = 0
      while offset + size <= page.count {
        body(base + offset)
        offset += size
      }
      if remaining <= 0 { return }
      page = try moreEntities(remaining: &remaining)
    }
  }
}

/// Changes the entries of the tree of node indexes, or of that of relationship indexes.
final class IndexWriter {
  private let cursor: OpaquePointer
  private let path: String
  private let entitySize: Int
  /// Of the index that is written.
  private(set) var statistics = IndexStatistics()

  init(_ writer: TreeWriter, onRelationships: Bool) throws(StoreError) {
    cursor = try writer.openCursor(onRelationships ? .relationshipIndexes : .indexes)
    path = writer.environment.path
    entitySize = onRelationships ? IndexEntity.relationshipSize : IndexEntity.nodeSize
  }
  deinit { mdb_cursor_close(cursor) }

  func begin(_ statistics: IndexStatistics) { self.statistics = statistics }

  private func count() throws(StoreError) -> Int {
    var count = 0
    try LMDB.check(mdb_cursor_count(cursor, &count), "write to", path)
    return count
  }

  private var isDamaged: StoreError {
    StoreError(
      .damaged, "the database \(path) is damaged: an index does not match the data",
      hint: "drop the index and make it anew")
  }

  func add(_ key: UnsafeRawBufferPointer, _ entity: IndexEntity) throws(StoreError) {
    let code = withUnsafeBytes(of: entity.stored) { bytes in
      var key = LMDB.value(key)
      var data = LMDB.value(UnsafeRawBufferPointer(rebasing: bytes.prefix(entitySize)))
      return mdb_cursor_put(cursor, &key, &data, UInt32(MDB_NODUPDATA))
    }
    if code == MDB_KEYEXIST { throw isDamaged }
    try LMDB.check(code, "write to", path)
    statistics.entries += 1
    if try count() == 1 { statistics.distinct += 1 }
  }

  func remove(_ key: UnsafeRawBufferPointer, _ entity: IndexEntity) throws(StoreError) {
    let code = withUnsafeBytes(of: entity.stored) { bytes in
      var key = LMDB.value(key)
      var data = LMDB.value(UnsafeRawBufferPointer(rebasing: bytes.prefix(entitySize)))
      return mdb_cursor_get(cursor, &key, &data, MDB_GET_BOTH)
    }
    if code == MDB_NOTFOUND { throw isDamaged }
    try LMDB.check(code, "write to", path)
    if try count() == 1 { statistics.distinct -= 1 }
    statistics.entries -= 1
    try LMDB.check(mdb_cursor_del(cursor, 0), "write to", path)
  }

  /// Adds a key above all others with its entities, in order: fills pages without searching.
  func append(
    _ key: UnsafeRawBufferPointer, entities: UnsafeRawBufferPointer
  ) throws(StoreError) {
    var key = LMDB.value(key)
    let count = entities.count / entitySize
    var first = LMDB.value(UnsafeRawBufferPointer(rebasing: entities.prefix(entitySize)))
    try LMDB.check(
      mdb_cursor_put(cursor, &key, &first, UInt32(MDB_APPEND)), "write to", path)
    if count > 1 {
      let rest = UnsafeRawBufferPointer(rebasing: entities.dropFirst(entitySize))
      // The size of one, and how many.
      var data = (
        MDB_val(mv_size: entitySize, mv_data: UnsafeMutableRawPointer(mutating: rest.baseAddress)),
        MDB_val(mv_size: count - 1, mv_data: nil)
      )
      let code = withUnsafeMutablePointer(to: &data) {
        $0.withMemoryRebound(to: MDB_val.self, capacity: 2) {
          mdb_cursor_put(cursor, &key, $0, UInt32(MDB_MULTIPLE | MDB_APPENDDUP))
        }
      }
      try LMDB.check(code, "write to", path)
    }
    statistics.entries += count
    statistics.distinct += 1
  }

  /// Removes all entries whose keys begin with `prefix`.
  func removeAll(_ prefix: UnsafeRawBufferPointer) throws(StoreError) {
    var key = LMDB.value(prefix)
    var data = MDB_val()
    var code = mdb_cursor_get(cursor, &key, &data, MDB_SET_RANGE)
    while code == MDB_SUCCESS {
      guard LMDB.bytes(key).starts(with: prefix) else { return }
      try LMDB.check(mdb_cursor_del(cursor, UInt32(MDB_NODUPDATA)), "write to", path)
      // After a deletion this is the key that has moved up.
      code = mdb_cursor_get(cursor, &key, &data, MDB_NEXT)
    }
    if code != MDB_NOTFOUND { throw LMDB.error(code, "write to", path) }
  }
}
