internal import CLMDB

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// LMDB's return codes as errors for the owner of the file.
enum LMDB {
  /// Throws unless `code` is `MDB_SUCCESS`.
  /// - Parameter action: what was being done, to follow "cannot": "read", "write to".
  @inline(__always)
  static func check(_ code: Int32, _ action: String, _ path: String) throws(StoreError) {
    if code != MDB_SUCCESS { throw error(code, action, path) }
  }

  static func error(_ code: Int32, _ action: String, _ path: String) -> StoreError {
    let reason = String(cString: mdb_strerror(code))
    func make(_ code: StoreError.Code, _ what: String, _ hint: String?) -> StoreError {
      StoreError(code, "cannot \(action) the database \(path): \(what)", hint: hint)
    }
    switch code {
    case MDB_MAP_FULL:
      return make(
        .mapFull, "the address space reserved for it is full",
        "close all programs that use it and open it again, or raise the limit of virtual memory "
          + "(ulimit -v)")
    case MDB_MAP_RESIZED:
      return make(
        .mapFull, "another program has made it larger than what is mapped here",
        "end all queries that are running and try again, or open it again")
    case MDB_READERS_FULL:
      return make(
        .readersFull, "too many readers have it open", "close some programs that read it")
    case MDB_INVALID, MDB_VERSION_MISMATCH:
      return make(
        .notADatabase, "it is not a Tropa database", "name the file that `tropa import` made")
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND:
      return make(.damaged, "it is damaged (\(reason))", "restore it from a backup")
    case MDB_PANIC:
      return make(
        .system, "an earlier write of this program to it failed",
        "close it in this program and open it again: what was committed before is there")
    case MDB_TXN_FULL:
      return make(
        .limit, "the transaction has changed too much at once", "split it into several")
    case ENOSPC, EDQUOT:
      return make(.diskFull, "the disk is full", "make room; nothing of this change was stored")
    case EIO:
      // LMDB's word for a write that was cut short.
      return make(
        .diskFull, "not all could be read or written (\(reason))",
        "make room on the disk, or raise the limit of file sizes (ulimit -f); if there is room, the "
          + "disk is failing. Nothing of this change was stored")
    case EFBIG:
      return make(
        .diskFull, "the file may not become larger (\(reason))",
        "raise the limit of file sizes (ulimit -f); nothing of this change was stored")
    case EACCES, EPERM, EROFS:
      return make(
        .readOnly, reason, "check the rights of the file, of its folder and of its lock file")
    case ENOENT:
      return make(.notFound, "there is no such file or folder", nil)
    default:
      return make(.system, reason, nil)
    }
  }

  /// Calls `body` with the bytes of a key; the pointer is valid during the call only.
  @inline(__always)
  static func value(_ bytes: UnsafeRawBufferPointer) -> MDB_val {
    MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }
  @inline(__always)
  static func bytes(_ value: MDB_val) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
  }
}

/// A walk over the keys of a tree that begin with a prefix, ascending.
struct TreeCursor: ~Copyable {
  private let cursor: OpaquePointer
  private let path: String
  /// The tree, where its values are sealed.
  private let sealed: Tree?

  init(_ transaction: OpaquePointer, _ tree: UInt32, path: String) throws(StoreError) {
    try self.init(transaction, tree, sealed: nil, path: path)
  }
  init(
    _ transaction: OpaquePointer, _ tree: Tree, _ environment: Environment
  ) throws(StoreError) {
    try environment.checkLeaves(of: tree)
    try self.init(
      transaction, environment.tree(tree), sealed: tree.isSealed ? tree : nil,
      path: environment.path)
  }
  private init(
    _ transaction: OpaquePointer, _ tree: UInt32, sealed: Tree?, path: String
  ) throws(StoreError) {
    var cursor: OpaquePointer?
    try LMDB.check(mdb_cursor_open(transaction, tree, &cursor), "read", path)
    guard let cursor else { throw LMDB.error(MDB_PANIC, "read", path) }
    self.cursor = cursor
    self.path = path
    self.sealed = sealed
  }
  deinit { mdb_cursor_close(cursor) }

  /// Calls `body` with key and value of each entry whose key begins with `prefix`.
  borrowing func walk(
    prefix: Key = Key(),
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    try walk(from: prefix, prefix: prefix, body)
  }

  /// Calls `body` with key and value of each entry from `first` on whose key begins with `prefix`.
  borrowing func walk(
    from first: Key, prefix: Key = Key(),
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    var key = MDB_val()
    var value = MDB_val()
    let isWhole = first.count == 0
    var code = first.withBytes { bytes in
      key = LMDB.value(bytes)
      return mdb_cursor_get(cursor, &key, &value, isWhole ? MDB_FIRST : MDB_SET_RANGE)
    }
    while code == MDB_SUCCESS {
      let bytes = LMDB.bytes(key)
      guard prefix.isPrefix(of: bytes) else { return }
      var content = LMDB.bytes(value)
      if let sealed { content = try Seal.content(content, bytes, sealed, path) }
      try body(bytes, content)
      code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)
    }
    if code != MDB_NOTFOUND { throw LMDB.error(code, "read", path) }
  }
}

/// LMDB's write transaction: exists only while a commit (or a bulk load) writes. Must begin and
/// end on one thread, because LMDB's lock is a thread's.
final class TreeWriter {
  private var handle: OpaquePointer?
  let environment: Environment
  /// The number of the state that `commit` makes.
  let number: Int
  /// Of the state that `commit` makes, once a tree of the base has been written.
  private var newGeneration: UInt64?

  /// Begins. The caller holds the environment's `WriterLock`.
  init(_ environment: Environment, durability: StoreOptions.Durability) throws(StoreError) {
    self.environment = environment
    let (on, off): (Int32, Int32) =
      switch durability {
      case .full: (0, MDB_NOSYNC | MDB_NOMETASYNC)
      case .relaxed: (MDB_NOMETASYNC, MDB_NOSYNC)
      case .bulk: (MDB_NOSYNC, MDB_NOMETASYNC)
      }
    mdb_env_set_flags(environment.handle, UInt32(off), 0)
    if on != 0 { mdb_env_set_flags(environment.handle, UInt32(on), 1) }
    let handle = try environment.begin(readOnly: false)
    self.handle = handle
    number = Int(mdb_txn_id(handle))
  }
  deinit { abort() }

  private func current() throws(StoreError) -> OpaquePointer {
    guard let handle else {
      throw StoreError(.invalidArgument, "the write to \(environment.path) has already ended")
    }
    return handle
  }

  /// Valid until the next write.
  func get(_ tree: Tree, _ key: Key) throws(StoreError) -> UnsafeRawBufferPointer? {
    try environment.get(try current(), tree, key)
  }

  /// To be called before a tree is written: a changed base is another generation.
  private func note(_ tree: Tree) throws(StoreError) {
    try environment.checkLeaves(of: tree)
    if tree.isBase { try beginGeneration() }
  }

  private func beginGeneration() throws(StoreError) {
    if newGeneration == nil { newGeneration = try environment.generation(try current()) + 1 }
  }

  /// Entries of a tree.
  func count(_ tree: Tree) throws(StoreError) -> Int {
    var statistics = MDB_stat()
    try LMDB.check(
      mdb_stat(try current(), environment.tree(tree), &statistics), "read", environment.path)
    return Int(statistics.ms_entries)
  }

  /// Stores a value, padded to its size class (when appending, to whole pages).
  /// - Parameter appending: the key is above all keys of the tree: fills pages without searching.
  func put(
    _ tree: Tree, _ key: Key, _ bytes: UnsafeRawBufferPointer, appending: Bool = false
  ) throws(StoreError) {
    let handle = try current()
    try note(tree)
    let size =
      tree.isPadded
      ? environment.paddedSize(bytes.count, exactly: appending)
      : bytes.count + (tree.isSealed ? Seal.size : 0)
    var value = MDB_val(mv_size: size, mv_data: nil)
    let flags = UInt32(MDB_RESERVE | (appending ? MDB_APPEND : 0))
    let code = key.withBytes { bytes in
      var key = LMDB.value(bytes)
      return mdb_put(handle, environment.tree(tree), &key, &value, flags)
    }
    try LMDB.check(code, "write to", environment.path)
    guard let target = value.mv_data else { return }
    if let source = bytes.baseAddress {
      target.copyMemory(from: source, byteCount: bytes.count)
    }
    if tree.isSealed {
      let seal = key.withBytes { Seal.of($0, bytes) }
      target.storeBytes(of: seal.littleEndian, toByteOffset: bytes.count, as: UInt32.self)
    } else if size > bytes.count {
      (target + bytes.count).initializeMemory(
        as: UInt8.self, repeating: 0, count: size - bytes.count)
    }
  }
  func put(_ tree: Tree, _ key: Key, _ bytes: [UInt8], appending: Bool = false) throws(StoreError) {
    let result: Result<Void, StoreError> = bytes.withUnsafeBytes { raw in
      Result { () throws(StoreError) in try put(tree, key, raw, appending: appending) }
    }
    try result.get()
  }
  func put(_ tree: Tree, _ key: Key, _ number: UInt64) throws(StoreError) {
    try withUnsafeBytes(of: number.littleEndian) { (raw) throws(StoreError) in
      try put(tree, key, raw)
    }
  }

  /// Removes an entry; that it is missing is no error.
  func delete(_ tree: Tree, _ key: Key) throws(StoreError) {
    let handle = try current()
    try note(tree)
    let code = key.withBytes { bytes in
      var key = LMDB.value(bytes)
      return mdb_del(handle, environment.tree(tree), &key, nil)
    }
    if code != MDB_NOTFOUND { try LMDB.check(code, "write to", environment.path) }
  }

  /// Removes all entries.
  func clear(_ tree: Tree) throws(StoreError) {
    try note(tree)
    // Who has replayed the records must see that they are gone, also when the base has stayed.
    if tree == .delta { try beginGeneration() }
    try LMDB.check(
      mdb_drop(try current(), environment.tree(tree), 0), "write to", environment.path)
  }

  /// Calls `body` with each entry whose key begins with `prefix`; it must not write.
  func walk(
    _ tree: Tree, prefix: Key = Key(),
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let cursor = try TreeCursor(try current(), tree, environment)
    try cursor.walk(prefix: prefix, body)
  }

  /// A cursor to write with; to be closed before the end.
  func openCursor(_ tree: Tree) throws(StoreError) -> OpaquePointer {
    try environment.checkLeaves(of: tree)
    var cursor: OpaquePointer?
    try LMDB.check(
      mdb_cursor_open(try current(), environment.tree(tree), &cursor), "write to",
      environment.path)
    guard let cursor else { throw LMDB.error(MDB_PANIC, "write to", environment.path) }
    return cursor
  }

  /// Ends the transaction, also when it throws.
  func commit() throws(StoreError) {
    if let newGeneration { try put(.meta, Environment.generationKey, newGeneration) }
    let handle = try current()
    self.handle = nil
    try LMDB.check(mdb_txn_commit(handle), "write to", environment.path)
    environment.completeFile()
  }

  func abort() {
    if let handle { mdb_txn_abort(handle) }
    handle = nil
  }
}
