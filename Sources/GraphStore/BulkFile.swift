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
    temporaryPath = "\(path).loading-\(getpid())"
    if access(path, F_OK) == 0 { throw Self.exists(path) }
    Self.removeRemains(path)
    var options = StoreOptions()
    options.durability = .bulk
    let store = try Store.open(temporaryPath, options: options)
    self.store = store
    lease = try store.currentLease()
  }
  deinit { cancel() }

  private static func exists(_ path: String) -> StoreError {
    StoreError(
      .alreadyExists, "there is a file \(path) already",
      hint: "remove it, name another, or add to the database in it")
  }

  /// Removes what loads to this path have left behind whose processes are no more.
  private static func removeRemains(_ path: String) {
    let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    let folder = String(path.dropLast(name.count))
    guard let entries = opendir(folder.isEmpty ? "." : folder) else { return }
    defer { closedir(entries) }
    var remains: [String] = []
    while let entry = readdir(entries) {
      let file = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard file.hasPrefix("\(name).loading-") else { continue }
      let rest = file.dropFirst("\(name).loading-".count)
      guard let process = pid_t(rest.hasSuffix("-lock") ? rest.dropLast(5) : rest) else { continue }
      if process == getpid() || (kill(process, 0) != 0 && errno == ESRCH) { remains.append(file) }
    }
    for file in remains { unlink(folder + file) }
  }

  /// Writes an entry. Ascending keys fill their pages best.
  func put(_ tree: Tree, _ key: Key, _ bytes: [UInt8]) throws(StoreError) {
    guard let lease else { throw StoreError(.invalidArgument, "the load has already ended") }
    if uncommitted > commitSize { try commit() }
    if writer == nil { writer = try TreeWriter(lease.environment, durability: .bulk) }
    guard let writer else { return }
    let isLast = lastKeys[tree.rawValue].map { $0 < key } ?? false
    try writer.put(tree, key, bytes, appending: isLast)
    lastKeys[tree.rawValue] = lastKeys[tree.rawValue].map { $0 < key ? key : $0 } ?? key
    uncommitted += bytes.count + 100
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
    unlink(temporaryPath + "-lock")
    // Unlike `rename`, `link` does not replace a file that has come up meanwhile.
    if link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
    } else {
      let code = errno
      if code == EEXIST { throw Self.exists(path) }
      // Some file systems have no links.
      if access(path, F_OK) == 0 { throw Self.exists(path) }
      guard rename(temporaryPath, path) == 0 else {
        throw LMDB.error(errno, "put in place", path)
      }
    }
    if durability == .full { syncFolder() }
  }

  private func syncFolder() {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  /// Removes the temporary file.
  func cancel() {
    writer?.abort()
    writer = nil
    lease = nil
    store?.close()
    store = nil
    unlink(temporaryPath)
    unlink(temporaryPath + "-lock")
  }
}
