#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A database file that is being made beside its place, and gets its name when it is whole.
package enum UnfinishedFile {
  /// Where this process makes a file that will be `path`.
  static func path(for path: String) -> String { "\(path).loading-\(getpid())" }

  /// Where to make a file that will be `path`, which must not be there. Removes what earlier attempts
  /// have left.
  /// - Throws: `alreadyExists`.
  package static func begin(_ path: String) throws(StoreError) -> String {
    if access(path, F_OK) == 0 { throw alreadyExists(path) }
    removeRemains(of: path)
    return self.path(for: path)
  }

  static func alreadyExists(_ path: String) -> StoreError {
    StoreError(
      .alreadyExists, "there is a file \(path) already",
      hint: "remove it, name another, or add to the database in it")
  }

  /// Whether a file is a database, open in this process or not.
  package static func isDatabase(_ path: String) -> Bool {
    EnvironmentRegistry.shared.isDatabase(path)
  }

  package static func remove(_ path: String) {
    unlink(path)
    unlink(path + "-lock")
  }

  /// Removes what is left of files for `path` whose processes are no more.
  static func removeRemains(of path: String) {
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
    for file in remains { unlink(folder + file) }
  }

  /// Gives a whole file its name, where there is none of that name.
  /// - Throws: `alreadyExists`.
  package static func put(_ file: String, at path: String) throws(StoreError) {
    unlink(file + "-lock")
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
