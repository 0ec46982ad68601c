internal import CLMDB

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An open database file: LMDB's environment with the handles of the trees. One per file and
/// process (see `EnvironmentRegistry`).
final class Environment: @unchecked Sendable {
  let path: String
  let handle: OpaquePointer
  /// LMDB's own. Nobody may close it, nor another one of the file: the system would end all record
  /// locks of the process.
  let descriptor: Int32
  let identity: FileIdentity
  /// The file may not be written to, whatever the options.
  let isReadOnly: Bool
  let pageSize: Int
  let mapSize: Int
  let writerLock: WriterLock
  private(set) var trees: [MDB_dbi] = []

  private let unchecked = UncheckedTrees()

  private let lock = Lock()
  /// The newest state that has been read here; kept while nothing is committed, without holding
  /// its pages while nobody uses it.
  private var newest: SnapshotCore?
  /// All states in use.
  private var used: [SnapshotCore] = []
  private var commitsSinceCheck = 0
  /// Of the newest base state that has been read here.
  private var base: BaseTables?
  /// Grows when the map is made anew, so that addresses in it change.
  private(set) var mapping = 0
  /// These two are guarded by `writerLock`.
  var deltaLimits = DeltaLimits()
  private(set) lazy var commits = CommitQueue(self)

  /// Opens the file, but no tree of it yet: `prepare` does.
  /// - Parameter mustWrite: fail if the file may only be read.
  init(path: String, isNew: Bool, mustWrite: Bool) throws(StoreError) {
    self.path = path
    let file = try DatabaseFile.open(path, isNew: isNew, mustWrite: mustWrite)
    handle = file.handle
    descriptor = file.descriptor
    mapSize = file.mapSize
    isReadOnly = file.isReadOnly
    identity = file.identity
    writerLock = WriterLock(path: path, file: file.descriptor)
    var statistics = MDB_stat()
    mdb_env_stat(handle, &statistics)
    pageSize = Int(statistics.ms_psize)
    forgetDeadReaders()
  }

  /// Opens the trees; the first time it looks whether that can be done safely.
  /// - Parameter creating: make them in an empty file.
  func prepare(creating: Bool) throws(StoreError) {
    if trees.isEmpty { try openTrees(creating: creating && !isReadOnly) }
  }

  /// All snapshots must be gone.
  func close() {
    forgetNewest()
    mdb_env_close(handle)
  }

  // MARK: Opening

  private func openTrees(creating: Bool) throws(StoreError) {
    if try openTrees(readOnly: true) { return }
    guard creating else {
      throw StoreError(
        .notADatabase, "the file \(path) is empty, not a Tropa database",
        hint: "import into it, or name another file")
    }
    // Another process may make the trees at the same time: LMDB's lock decides.
    _ = try openTrees(readOnly: false)
  }

  /// - Returns: false when the file has no trees at all and none are to be made.
  private func openTrees(readOnly: Bool) throws(StoreError) -> Bool {
    let transaction: OpaquePointer
    if readOnly {
      // LMDB trusts the pages that it reads.
      let state = try pinState()
      transaction = state.transaction
      do throws(StoreError) {
        unchecked.names = try OpeningCheck.run(
          PageFile(descriptor, state.header, path: path), path: path,
          leafMaximum: OpeningCheck.leafMaximum)
      } catch {
        mdb_txn_abort(transaction)
        throw error
      }
    } else {
      transaction = try begin(readOnly: false)
    }
    var isCommitted = false
    defer { if !isCommitted { mdb_txn_abort(transaction) } }
    var main: MDB_dbi = 0
    var statistics = MDB_stat()
    try LMDB.check(mdb_dbi_open(transaction, nil, 0, &main), "open", path)
    try LMDB.check(mdb_stat(transaction, main, &statistics), "open", path)
    let isNew = statistics.ms_entries == 0
    if isNew, readOnly { return false }
    var trees: [MDB_dbi] = []
    for tree in Tree.allCases {
      var handle: MDB_dbi = 0
      let flags = (isNew ? MDB_CREATE : 0) | (tree.hasDuplicates ? MDB_DUPSORT | MDB_DUPFIXED : 0)
      let code = mdb_dbi_open(transaction, tree.name, UInt32(flags), &handle)
      if code == MDB_NOTFOUND || code == MDB_INCOMPATIBLE {
        throw tree == .meta
          ? LMDB.error(MDB_INVALID, "open", path)
          : StoreError(
            .damaged, "the database \(path) is damaged: the tree \(tree.name) is missing",
            hint: "restore it from a backup")
      }
      try LMDB.check(code, "open", path)
      trees.append(handle)
      if tree == .meta {
        if isNew { try writeMeta(transaction, handle) } else { try checkMeta(transaction, handle) }
      }
    }
    isCommitted = true
    try LMDB.check(mdb_txn_commit(transaction), "open", path)
    self.trees = trees
    return true
  }

  private func writeMeta(
    _ transaction: OpaquePointer, _ meta: MDB_dbi
  ) throws(StoreError) {
    func put(_ name: String, _ bytes: [UInt8]) throws(StoreError) {
      let code = Key(text: name).withBytes { key in
        bytes.withUnsafeBytes { value in
          var key = LMDB.value(key)
          var value = LMDB.value(value)
          return mdb_put(transaction, meta, &key, &value, 0)
        }
      }
      try LMDB.check(code, "write to", path)
    }
    func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.littleEndian, Array.init) }
    try put("magic", Array(Tree.magic.utf8))
    try put("format", bytes(Tree.format))
    try put("pageSize", bytes(UInt32(pageSize)))
    for (name, rows) in Self.segmentRows { try put(name, bytes(rows)) }
  }

  static let segmentRows = [
    ("segmentRows", UInt32(Segments.rowCount)),
    ("relationshipSegmentRows", UInt32(RelationshipSegments.rowCount)),
  ]

  private func checkMeta(
    _ transaction: OpaquePointer, _ meta: MDB_dbi
  ) throws(StoreError) {
    let cursor = try TreeCursor(transaction, meta, path: path)
    var entries: [String: [UInt8]] = [:]
    try cursor.walk { (key, value) throws(StoreError) in
      entries[String(decoding: key, as: UTF8.self)] = Array(value.prefix(64))
    }
    try FileFormat.check(entries, path: path)
  }

  /// A reading transaction and what the file says of its state. The transaction keeps the state's
  /// pages; end it.
  func pinState() throws(StoreError) -> (transaction: OpaquePointer, header: FileHeader) {
    // The description is overwritten when two later states have been committed.
    for _ in 0..<1000 {
      let transaction = try begin(readOnly: true)
      // The number may have been damaged since the file was opened.
      let number = UInt64(bitPattern: Int64(mdb_txn_id(transaction)))
      if let header = FileHeader(descriptor, transaction: number), header.hasPlausibleNumber {
        return (transaction, header)
      }
      mdb_txn_abort(transaction)
    }
    throw StoreError(
      .damaged, "the database \(path) is damaged: its front page does not describe its state",
      hint: "restore it from a backup")
  }

  // MARK: Transactions

  /// To be called before LMDB reads or writes a tree. The first time it looks at the leaves of a very
  /// large one, which opening has left out.
  /// - Throws: `damaged`.
  /// - Complexity: O(1); the first time O(pages of the tree).
  func checkLeaves(of tree: Tree) throws(StoreError) {
    try unchecked.check(tree.name, in: self)
  }

  func tree(_ tree: Tree) -> MDB_dbi { trees[tree.rawValue] }

  /// - Parameter mayRemap: nothing of the map is in use here, so that it can grow (LMDB does not
  ///   look after readers).
  func begin(readOnly: Bool, mayRemap: Bool = false) throws(StoreError) -> OpaquePointer {
    var transaction: OpaquePointer?
    let flags = readOnly ? UInt32(MDB_RDONLY) : 0
    var code = mdb_txn_begin(handle, nil, flags, &transaction)
    if code == MDB_MAP_RESIZED, mayRemap, mdb_env_set_mapsize(handle, 0) == MDB_SUCCESS {
      mapping += 1
      code = mdb_txn_begin(handle, nil, flags, &transaction)
    }
    if code == MDB_READERS_FULL {
      forgetDeadReaders()
      code = mdb_txn_begin(handle, nil, flags, &transaction)
    }
    try LMDB.check(code, readOnly ? "read" : "write to", path)
    guard let transaction else { throw LMDB.error(MDB_PANIC, "read", path) }
    return transaction
  }

  /// Processes that were killed leave places in the table of readers, which keep pages from being
  /// used again.
  func forgetDeadReaders() {
    var dead: Int32 = 0
    _ = mdb_reader_check(handle, &dead)
  }

  /// Valid as long as the transaction (a writing one: until its next write).
  func get(
    _ transaction: OpaquePointer, _ tree: Tree, _ key: Key
  ) throws(StoreError) -> UnsafeRawBufferPointer? {
    var value = MDB_val()
    let code = key.withBytes { bytes in
      var key = LMDB.value(bytes)
      return mdb_get(transaction, self.tree(tree), &key, &value)
    }
    if code == MDB_NOTFOUND { return nil }
    try LMDB.check(code, "read", path)
    let bytes = LMDB.bytes(value)
    if !tree.isSealed { return bytes }
    let content: Result<UnsafeRawBufferPointer, StoreError> = key.withBytes { key in
      Result { () throws(StoreError) in try Seal.content(bytes, key, tree, path) }
    }
    return try content.get()
  }
  func get(
    _ transaction: OpaquePointer, _ tree: Tree, _ key: Key
  ) throws(StoreError) -> [UInt8]? {
    let bytes: UnsafeRawBufferPointer? = try get(transaction, tree, key)
    return bytes.map(Array.init)
  }

  /// The size at which a value of `count` bytes is stored. LMDB keeps values beyond about half a
  /// page in runs of pages of their own, behind a header of 16 bytes, and looks for adjacent free
  /// pages for each: few sizes let freed runs be used again. So such values fill their pages, and
  /// runs beyond 8 pages come in steps of an eighth.
  /// - Parameter exactly: whole pages without steps: a bulk load frees nothing.
  func paddedSize(_ count: Int, exactly: Bool = false) -> Int {
    if count <= pageSize / 2 - 48 { return count }
    var pages = (count + 16 + pageSize - 1) / pageSize
    if pages > 8, !exactly {
      let step = 1 << (Int.bitWidth - 1 - pages.leadingZeroBitCount - 3)
      pages = (pages + step - 1) / step * step
    }
    return pages * pageSize - 16
  }

  /// After a commit. Pages that a transaction took and gave back at the end of the file are in use
  /// by no tree and never written, so that the file can be shorter than its header says. Extends
  /// it, for whoever checks it for being cut off.
  func completeFile() {
    var information = MDB_envinfo()
    var status = stat()
    guard mdb_env_info(handle, &information) == MDB_SUCCESS, fstat(descriptor, &status) == 0
    else { return }
    let size = (Int(information.me_last_pgno) + 1) * pageSize
    if Int(status.st_size) < size { _ = ftruncate(descriptor, off_t(size)) }
  }

  func sync() throws(StoreError) {
    try LMDB.check(mdb_env_sync(handle, 1), "write to", path)
  }

  var lastTransaction: Int {
    var information = MDB_envinfo()
    mdb_env_info(handle, &information)
    return Int(information.me_last_txnid)
  }

  // MARK: Snapshots

  static let generationKey = Key(text: "generation")

  /// The number of the base state: see `BaseTables`.
  func generation(_ transaction: OpaquePointer) throws(StoreError) -> UInt64 {
    let stored: UnsafeRawBufferPointer? = try get(transaction, .meta, Self.generationKey)
    guard let stored else { return 0 }
    guard stored.count == 8 else {
      throw ChunkFormat.damaged("The table of properties", "the generation cannot be read")
    }
    return stored.word(0)
  }

  /// The newest committed state; `release` it.
  func acquireSnapshot() throws(StoreError) -> SnapshotCore {
    lock.lock()
    defer { lock.unlock() }
    let core = try currentSnapshot()
    if core.users == 0 { used.append(core) }
    core.users += 1
    return core
  }

  private func currentSnapshot() throws(StoreError) -> SnapshotCore {
    if let core = newest {
      let isCurrent = core.users == 0 ? try core.renew() : core.id == lastTransaction
      if isCurrent { return core }
      newest = nil
    }
    let core = try SnapshotCore(self, known: base, mayRemap: used.isEmpty)
    base = core.base
    newest = core
    return core
  }

  func release(_ core: SnapshotCore) {
    lock.lock()
    defer { lock.unlock() }
    core.users -= 1
    guard core.users == 0 else { return }
    used.removeAll { $0 === core }
    if core === newest { core.rest() }
  }

  /// After a commit of this process.
  func noteCommit() {
    lock.lock()
    commitsSinceCheck += 1
    if commitsSinceCheck == 100 {
      commitsSinceCheck = 0
      forgetDeadReaders()
    }
    lock.unlock()
  }

  /// What is known of the newest state is out of date. Caller holds the `writerLock`, or is the only
  /// one to use this.
  func forgetNewest() {
    lock.lock()
    newest = nil
    base = nil
    lock.unlock()
    commits.forget()
  }
}

/// Trees whose leaves nobody has looked at since the file was opened.
private final class UncheckedTrees: @unchecked Sendable {
  var names: Set<String> = []
  private let lock = Lock()

  func check(_ name: @autoclosure () -> String, in environment: Environment) throws(StoreError) {
    lock.lock()
    defer { lock.unlock() }
    if names.isEmpty { return }
    let name = name()
    guard names.contains(name) else { return }
    let (transaction, header) = try environment.pinState()
    defer { mdb_txn_abort(transaction) }
    let file = try PageFile(environment.descriptor, header, path: environment.path)
    try OpeningCheck.run(name, file, path: environment.path)
    names.remove(name)
  }
}
