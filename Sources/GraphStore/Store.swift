#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

package struct StoreOptions: Sendable {
  package enum Access: Sendable { case readOnly, readWrite }
  /// When a commit is safe.
  package enum Durability: String, Sendable {
    /// When `commit` returns.
    case full
    /// A power cut may lose the last commit, never more.
    case relaxed
    /// A power cut may lose the database: for files that can be made again.
    case bulk
  }
  package var access = Access.readWrite
  package var durability = Durability.full
  package var createIfMissing = true
  /// How long a write transaction waits for another writer.
  package var lockTimeout = Duration.seconds(10)
  /// Told when that takes longer than a second.
  package var whileWaiting: (@Sendable (LockWait) -> Void)?
  package init() {}
}

/// A database file. Opening it twice in one process gives the same environment.
package final class Store: @unchecked Sendable {
  package let path: String
  package let isReadOnly: Bool
  package let options: StoreOptions
  private let lock = Lock()
  private var lease: EnvironmentLease?
  /// Removed with the store.
  private let temporaryFolder: String?

  private init(
    path: String, options: StoreOptions, temporaryFolder: String?
  ) throws(StoreError) {
    self.path = path
    self.options = options
    self.temporaryFolder = temporaryFolder
    isReadOnly = options.access == .readOnly
    lease = try EnvironmentRegistry.shared.lease(path, options: options)
  }
  deinit { close() }

  /// - Throws: `notFound`, `notADatabase`, `newerFormat`, `foreignPageSize`, `damaged`, `readOnly`,
  ///   `inUse`, `system`.
  package static func open(
    _ path: String, options: StoreOptions = .init()
  ) throws(StoreError) -> Store {
    try Store(path: path, options: options, temporaryFolder: nil)
  }

  /// A database in a temporary folder that vanishes when the store is closed or dropped.
  package static func temporary() throws(StoreError) -> Store {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/tropa-XXXXXX".utf8CString)
    guard template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } }) != nil
    else {
      throw LMDB.error(errno, "make", "\(parent)/tropa-…")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var options = StoreOptions()
    options.durability = .bulk
    return try Store(path: "\(folder)/graph", options: options, temporaryFolder: folder)
  }

  func currentLease() throws(StoreError) -> EnvironmentLease {
    lock.lock()
    defer { lock.unlock() }
    guard let lease else {
      throw StoreError(
        .invalidArgument, "the database \(path) has been closed", hint: "open it again")
    }
    return lease
  }

  /// The newest committed state. Shared while nothing is committed in between.
  package func snapshot() throws(StoreError) -> GraphReader {
    try GraphReader(self, currentLease())
  }

  /// Waits for the write lock, up to `lockTimeout`, or `limit` if that is less.
  package func beginWrite(
    waitingAtMost limit: Duration?, isShort: Bool
  ) throws(StoreError) -> WriteTransaction {
    try beginWrite(timeout: limit.map { min($0, options.lockTimeout) }, isShort: isShort)
  }

  /// Waits for the write lock, up to `lockTimeout` (or `timeout`): `locked` names who holds it.
  /// - Parameter isShort: it will end soon: transactions that have been done before it may wait for
  ///   it, to be stored together. A long one begins when they are stored.
  package func beginWrite(
    timeout: Duration? = nil, isShort: Bool = false
  ) throws(StoreError) -> WriteTransaction {
    let lease = try lockForWriting(timeout: timeout, joining: isShort)
    do throws(StoreError) {
      return try WriteTransaction(self, lease)
    } catch {
      lease.environment.writerLock.release()
      throw error
    }
  }

  /// Puts the changes that are recorded into the chunks. It happens by itself when there are many;
  /// before a file is copied it makes the copy smaller.
  package func fold() throws(StoreError) { try beginWrite(isShort: false).fold() }

  /// Takes the `writerLock` of the environment, which the caller must release.
  /// - Parameter joining: see `WriterLock`.
  func lockForWriting(
    timeout: Duration? = nil, joining: Bool = false
  ) throws(StoreError) -> EnvironmentLease {
    let lease = try currentLease()
    if isReadOnly {
      throw StoreError(
        .readOnly, "the database \(path) has been opened only to read",
        hint: "open it to read and write")
    }
    try lease.environment.writerLock.acquire(
      timeout: timeout ?? options.lockTimeout, joining: joining,
      whileWaiting: options.whileWaiting)
    return lease
  }

  /// Removes all data, names, indexes and constraints.
  package func reset() throws(StoreError) {
    let lease = try lockForWriting()
    let environment = lease.environment
    defer { withExtendedLifetime(lease) { environment.writerLock.release() } }
    let writer = try TreeWriter(environment, durability: options.durability)
    // Versions go on, so that nothing of before is taken for current.
    func next(_ kind: GraphCounts.Kind) throws(StoreError) -> UInt64 {
      let version = try writer.get(.counts, .count(kind))
      return version.map { $0.count == 8 ? $0.word(0) &+ 1 : 1 } ?? 1
    }
    let catalogueVersion = try next(.catalogueVersion)
    let schemaVersion = try next(.schemaVersion)
    for tree in Tree.allCases where tree != .meta { try writer.clear(tree) }
    try writer.put(.counts, .count(.catalogueVersion), catalogueVersion)
    try writer.put(.counts, .count(.schemaVersion), schemaVersion)
    try writer.commit()
    environment.forgetNewest()
  }

  /// Ends the use of the file, as soon as the readers that are still in use are gone. Everything but
  /// reading from those fails afterwards. Closing twice does nothing.
  package func close() {
    lock.lock()
    let isOpen = lease != nil
    lease = nil
    lock.unlock()
    guard isOpen, let temporaryFolder else { return }
    unlink(path)
    unlink(path + "-lock")
    rmdir(temporaryFolder)
  }
}
