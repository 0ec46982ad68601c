#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The file that a bulk load makes: temporary until it is whole.
final class BulkFile {
  private let path: String
  private let temporaryPath: String
  private let durability: StoreOptions.Durability
  private var store: Store?
  private var lease: EnvironmentLease?
  private var writer: TreeWriter?
  private var uncommitted = 0
  private var lastKeys: [Key?] = Array(repeating: nil, count: Tree.allCases.count)
  /// LMDB lists the dirty pages of a transaction; this bounds the list.
  private let commitSize: Int

  /// - Throws: `alreadyExists`.
  init(
    _ path: String, durability: StoreOptions.Durability, commitSize: Int
  ) throws(StoreError) {
    self.commitSize = commitSize
    self.path = path
    self.durability = durability
    temporaryPath = try UnfinishedFile.begin(path)
    var options = StoreOptions()
    options.durability = .bulk
    let store = try Store.open(temporaryPath, options: options)
    self.store = store
    lease = try store.currentLease()
  }
  deinit { cancel() }

  /// Writes an entry. Ascending keys fill their pages best.
  func put(_ tree: Tree, _ key: Key, _ bytes: [UInt8]) throws(StoreError) {
    if uncommitted > commitSize { try commit() }
    let writer = try currentWriter()
    let isLast = lastKeys[tree.rawValue].map { $0 < key } ?? false
    try writer.put(tree, key, bytes, appending: isLast)
    lastKeys[tree.rawValue] = lastKeys[tree.rawValue].map { $0 < key ? key : $0 } ?? key
    uncommitted += bytes.count + 100
  }

  /// The open transaction, or a new one.
  func currentWriter() throws(StoreError) -> TreeWriter {
    if let writer { return writer }
    guard let lease else { throw StoreError(.invalidArgument, "the load has already ended") }
    let writer = try TreeWriter(lease.environment, durability: .bulk)
    self.writer = writer
    return writer
  }

  /// What has been written.
  func snapshot() throws(StoreError) -> GraphReader {
    try commit()
    guard let store else { throw StoreError(.invalidArgument, "the load has already ended") }
    return try store.snapshot()
  }

  /// Ends the open transaction: before another thread may write, and before the end.
  func commit() throws(StoreError) {
    let writer = self.writer
    self.writer = nil
    uncommitted = 0
    try writer?.commit()
  }

  /// Commits, syncs, and gives the file its name.
  func finish() throws(StoreError) {
    try commit()
    if durability != .bulk { try lease?.environment.sync() }
    lease = nil
    store?.close()
    store = nil
    try UnfinishedFile.put(temporaryPath, at: path)
    if durability == .full { UnfinishedFile.syncFolder(of: path) }
  }

  /// Removes the temporary file.
  func cancel() {
    writer?.abort()
    writer = nil
    lease = nil
    store?.close()
    store = nil
    UnfinishedFile.remove(temporaryPath)
  }
}
