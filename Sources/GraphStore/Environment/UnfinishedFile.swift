internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A database file that is being made beside its place, and gets its name when it is whole.
package enum UnfinishedFile {
  /// Those that this process is making.
  private static let current = Mutex<Set<String>>([])

  /// Where to make a file that will be `path`; to be ended by `put`, `remove` or `forget`. Removes
  /// what earlier attempts have left.
  /// - Parameter replacing: there may be a file of that name already.
  /// - Throws: `alreadyExists`, `notFound`.
  package static func begin(
    _ path: String, replacing: Bool = false
  ) throws(StoreError) -> String {
    if !replacing, access(path, F_OK) == 0 { throw alreadyExists(path) }
    try DatabaseFile.checkFolder(of: path)
    return current.withLock { current in
      removeRemains(of: path, except: current)
      let name = "\(path).loading-\(getpid())"
      var file = name
      var number = 1
      while !current.insert(file).inserted {
        file = "\(name)-\(number)"
        number += 1
      }
      return file
    }
  }

  /// The file has got its name, or is none of ours any more.
  package static func forget(_ file: String) { current.withLock { _ = $0.remove(file) } }

  static func alreadyExists(_ path: String) -> StoreError {
    StoreError(
      .alreadyExists, "there is a file \(path) already",
      hint: "remove it, name another, or add to the database in it")
  }

  /// Whether a file is a database, open in this process or not.
  package static func isDatabase(_ path: String) -> Bool {
    EnvironmentRegistry.shared.isDatabase(path)
  }

  package static func remove(_ file: String) {
    unlink(file)
    unlink(file + "-lock")
    forget(file)
  }

  /// Removes what is left of files for `path` whose processes are no more.
  private static func removeRemains(of path: String, except current: Set<String>) {
    let folder = DatabaseFile.folder(of: path)
    let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    var remains: [String] = []
    while let entry = readdir(entries) {
      let file = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard file.hasPrefix("\(name).loading-") else { continue }
      let rest = file.dropFirst("\(name).loading-".count)
      guard let process = pid_t(rest.prefix { $0.isASCII && $0.isNumber }) else { continue }
      if process == getpid() || (kill(process, 0) != 0 && errno == ESRCH) { remains.append(file) }
    }
    let start = folder == "./" && !path.hasPrefix("./") ? "" : folder
    // With the lock file of what is being made.
    for file in remains.map({ start + $0 })
    where !current.contains(where: { file.hasPrefix($0) }) { unlink(file) }
  }

  /// Gives a whole file its name, where there is none of that name.
  /// - Throws: `alreadyExists`.
  package static func put(_ file: String, at path: String) throws(StoreError) {
    unlink(file + "-lock")
    defer { forget(file) }
    // Unlike `rename`, `link` does not replace a file that has come up meanwhile.
    if link(file, path) == 0 {
      unlink(file)
      return
    }
    if errno == EEXIST || access(path, F_OK) == 0 { throw alreadyExists(path) }
    // Some file systems have no links.
    guard rename(file, path) == 0 else { throw LMDB.error(errno, "put in place", path) }
  }

  /// Makes the names in a folder lasting.
  package static func syncFolder(of path: String) {
    let descriptor = open(DatabaseFile.folder(of: path), O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }
}
