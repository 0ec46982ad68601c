#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The files that this process has open. Opening one twice would break LMDB's locks, so all stores
/// of a file share one environment.
final class EnvironmentRegistry: @unchecked Sendable {
  static let shared = EnvironmentRegistry()

  private let lock = Lock()
  private var open: [FileIdentity: (environment: Environment, uses: Int)] = [:]

  /// Opens the file, or joins those who have it open.
  func lease(_ path: String, options: StoreOptions) throws(StoreError) -> EnvironmentLease {
    lock.lock()
    defer { lock.unlock() }
    let path = DatabaseFile.resolved(path)
    let mustWrite = options.access == .readWrite
    let creating = mustWrite && options.createIfMissing
    let identity = try identify(path, options: options)
    // An open file is not looked into: closing a descriptor of it would end this process's locks.
    if let identity, let entry = open[identity] {
      if mustWrite, entry.environment.isReadOnly {
        throw StoreError(
          .inUse, "the database \(path) is open in this program, where it could only be read",
          hint: "close it before opening it to write")
      }
      try entry.environment.prepare(creating: creating)
      return join(entry.environment)
    }
    if identity != nil {
      try DatabaseFile.checkNames(path)
      try checkContents(path, options: options)
    }
    let environment = try Environment(path: path, isNew: identity == nil, mustWrite: mustWrite)
    do throws(StoreError) {
      try environment.prepare(creating: creating)
    } catch {
      environment.close()
      throw error
    }
    return join(environment)
  }

  /// The same for somebody who looks at the pages only: the file may be damaged, and is not
  /// changed.
  func leaseUnprepared(_ path: String) throws(StoreError) -> EnvironmentLease {
    lock.lock()
    defer { lock.unlock() }
    let path = DatabaseFile.resolved(path)
    var options = StoreOptions()
    options.access = .readOnly
    if let identity = try identify(path, options: options), let entry = open[identity] {
      return join(entry.environment)
    }
    try DatabaseFile.checkNames(path)
    try checkContents(path, options: options, acceptingDamage: true)
    return join(try Environment(path: path, isNew: false, mustWrite: false))
  }

  func isDatabase(_ path: String) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    guard let identity = FileIdentity(path: path) else { return false }
    // Closing a descriptor of an open file would end this process's locks.
    if open[identity] != nil { return true }
    let file = openFile(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return FileHeader(file) != nil
  }

  /// Uses of a file in this process.
  func useCount(_ environment: Environment) -> Int {
    lock.lock()
    defer { lock.unlock() }
    return open[environment.identity]?.uses ?? 0
  }

  private func join(_ environment: Environment) -> EnvironmentLease {
    open[environment.identity, default: (environment, 0)].uses += 1
    return EnvironmentLease(environment)
  }

  fileprivate func release(_ environment: Environment) {
    lock.lock()
    defer { lock.unlock() }
    guard let entry = open[environment.identity] else { return }
    if entry.uses > 1 {
      open[environment.identity]?.uses -= 1
    } else {
      open[environment.identity] = nil
      environment.close()
    }
  }

  /// What can be said before LMDB looks at the file.
  /// - Returns: nil for a file to be created.
  private func identify(_ path: String, options: StoreOptions) throws(StoreError) -> FileIdentity? {
    var status = stat()
    if stat(path, &status) != 0 {
      let code = errno
      guard code == ENOENT else { throw LMDB.error(code, "open", path) }
      guard options.createIfMissing, options.access == .readWrite else {
        throw StoreError(
          .notFound, "there is no database \(path)",
          hint: "check the name; `tropa import` makes a new one")
      }
      try DatabaseFile.checkFolder(of: path)
      return nil
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw StoreError(
        .notADatabase, "\(path) is a folder, not a database", hint: "a database is one file")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(.notADatabase, "\(path) is not a regular file", hint: "a database is one")
    }
    return FileIdentity(status)
  }

  /// - Parameter acceptingDamage: somebody else looks for it.
  private func checkContents(
    _ path: String, options: StoreOptions, acceptingDamage: Bool = false
  ) throws(StoreError) {
    let file = openFile(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw LMDB.error(errno, "open", path) }
    defer { close(file) }
    if try size(file, path) == 0 {
      if options.createIfMissing, options.access == .readWrite { return }
      throw StoreError(
        .notADatabase, "the file \(path) is empty, not a Tropa database",
        hint: "import into it, or name another file")
    }
    // Another process may be in the middle of a commit: look again.
    for attempt in 1... {
      do throws(StoreError) {
        return try checkSize(file, path)
      } catch {
        if error.code == .damaged, acceptingDamage { return }
        if attempt == 4 || error.code != .damaged { throw error }
        usleep(5000)
      }
    }
  }

  private func size(_ file: Int32, _ path: String) throws(StoreError) -> Int {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw LMDB.error(errno, "open", path) }
    return Int(status.st_size)
  }

  private func checkSize(_ file: Int32, _ path: String) throws(StoreError) {
    guard let header = FileHeader(file) else {
      throw StoreError(
        .notADatabase, "the file \(path) is not a Tropa database",
        hint: "name the file that `tropa import` made")
    }
    if header.pageSize != sysconf(Int32(_SC_PAGESIZE)) {
      throw StoreError(
        .foreignPageSize,
        "the database \(path) was made on a machine with pages of \(header.pageSize) bytes; this "
          + "one has \(sysconf(Int32(_SC_PAGESIZE)))",
        hint: "dump it there and load the dump here")
    }
    if !header.hasPlausibleNumber {
      throw StoreError(
        .damaged, "the database \(path) is damaged: its front page does not describe its state",
        hint: "restore it from a backup")
    }
    // The size after the header: the file may be growing.
    let size = try size(file, path)
    if size >= header.neededSize { return }
    if try !FreePageList.explains(size: size, header, of: file, path: path) {
      throw StoreError(
        .damaged,
        "the database \(path) is cut off: it has \(size) of \(header.neededSize) bytes",
        hint: "copy it again, or restore it from a backup")
    }
  }
}

/// The right to use an environment; the last one closes it.
final class EnvironmentLease: Sendable {
  let environment: Environment
  fileprivate init(_ environment: Environment) { self.environment = environment }
  deinit { EnvironmentRegistry.shared.release(environment) }
}

/// The system's `open`, which a method of that name would hide.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
