#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What operators do that come near the memory limit of a statement.
public enum Spilling: Equatable, Sendable {
  /// They write to temporary files in the directory that the environment variable `TMPDIR` names,
  /// else beside the database. The files have no names, so that nothing is left of them, however the
  /// process ends.
  case automatic
  /// They write to temporary files in this directory.
  case directory(String)
  /// They end with an error of kind `.memoryLimit`.
  case off

  /// - Returns: nil for `off`.
  func directory(besides database: String) -> String? {
    switch self {
    case .off: return nil
    case .directory(let path): return path
    case .automatic:
      if let named = getenv("TMPDIR"), named[0] != 0 { return String(cString: named) }
      guard let slash = database.lastIndex(of: "/") else { return "." }
      return slash == database.startIndex ? "/" : String(database[..<slash])
    }
  }
}
