#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A lock among processes on one byte far beyond the end of a database file. The system ends it
/// with its process, and tells whose it is.
///
/// Locks belong to the process and the file: closing any descriptor of the file ends them all.
struct RecordLock {
  enum Kind { case shared, exclusive }
  enum Place: Int {
    /// Held by who writes.
    case writer
    /// Shared by all who have the file open; exclusive for who puts another in its place.
    case use
  }
  private static let origin: off_t = 1 << 62

  let file: Int32
  let place: Place

  /// - Returns: 0, or the system's error; `EAGAIN` when others hold it.
  func attempt(_ kind: Kind) -> Int32 {
    var request = request(kind == .shared ? Int32(F_RDLCK) : Int32(F_WRLCK))
    while fcntl(file, F_SETLK, &request) != 0 {
      if errno != EINTR { return errno == EACCES ? EAGAIN : errno }
    }
    return 0
  }

  func release() {
    var request = request(Int32(F_UNLCK))
    _ = fcntl(file, F_SETLK, &request)
  }

  /// A process that stands in the way of `kind`; nil when there is none, or it is not known.
  func holder(against kind: Kind) -> Int32? {
    var request = request(kind == .shared ? Int32(F_RDLCK) : Int32(F_WRLCK))
    guard fcntl(file, F_GETLK, &request) == 0, request.l_type != Int16(F_UNLCK), request.l_pid > 0
    else { return nil }
    return request.l_pid
  }

  private func request(_ kind: Int32) -> flock {
    var request = flock()
    request.l_type = Int16(kind)
    request.l_whence = Int16(SEEK_SET)
    request.l_start = Self.origin + off_t(place.rawValue)
    request.l_len = 1
    return request
  }
}

/// How messages name a process.
enum ProcessName {
  /// Such as "process 4711 (tropa shell shop.tropa)".
  static func text(_ process: Int32) -> String {
    guard let command = commandLine(process) else { return "process \(process)" }
    return "process \(process) (\(command))"
  }

  /// The program's name without its folder, and its first arguments.
  private static func commandLine(_ process: Int32) -> String? {
    let file = open("/proc/\(process)/cmdline", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(0, read(file, buffer.baseAddress, buffer.count))
    }
    var words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    guard let program = words.first else { return nil }
    words[0] =
      program.lastIndex(of: "/").map { String(program[program.index(after: $0)...]) }
      ?? program
    let text = words.joined(separator: " ")
    return text.count > 60 ? text.prefix(59) + "…" : text
  }
}
