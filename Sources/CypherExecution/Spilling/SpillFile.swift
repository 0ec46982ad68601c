internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A temporary file for what an operator cannot keep in memory. It has no name from the moment it is
/// made: however the process ends, its room on the disk is free afterwards.
///
/// Written by one thread at a time; runs that are written may be read by several.
final class SpillFile: @unchecked Sendable {
  /// Bytes in the file.
  struct Extent {
    var offset: Int
    var count: Int
  }

  private let descriptor: Int32
  private let directory: String
  /// For messages: who writes.
  private let purpose: String
  private let control: ExecutionControl
  private(set) var byteCount = 0

  init(control: ExecutionControl, purpose: String) throws {
    let directory = control.spillDirectory ?? "."
    var path = Array((directory + "/tropa-spill-XXXXXX").utf8CString)
    let descriptor = mkstemp(&path)
    if descriptor < 0 {
      throw Self.failure("make a temporary file", directory, purpose)
    }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.descriptor = descriptor
    self.directory = directory
    self.purpose = purpose
    self.control = control
  }

  /// For tests: writes to an open file.
  init(descriptor: Int32, directory: String, control: ExecutionControl, purpose: String) {
    self.descriptor = descriptor
    self.directory = directory
    self.purpose = purpose
    self.control = control
  }

  deinit { close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer) throws -> Extent {
    var done = 0
    while done < bytes.count {
      try control.check()
      // In parts: a slow disk must not keep a cancelled query waiting.
      let part = min(bytes.count - done, 4 << 20)
      let written = write(descriptor, bytes.baseAddress.unsafelyUnwrapped + done, part)
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { throw Self.failure("write to a temporary file", directory, purpose) }
      done += written
    }
    defer { byteCount += bytes.count }
    return Extent(offset: byteCount, count: bytes.count)
  }

  func read(_ extent: Extent, into target: UnsafeMutablePointer<UInt8>) throws {
    var done = 0
    while done < extent.count {
      try control.check()
      let part = min(extent.count - done, 4 << 20)
      let found = pread(descriptor, target + done, part, extent.offset + done)
      if found < 0 && errno == EINTR { continue }
      if found == 0 { errno = 0 }
      if found <= 0 { throw Self.failure("read a temporary file", directory, purpose) }
      done += found
    }
  }

  private static func failure(_ what: String, _ directory: String, _ purpose: String) -> QueryError
  {
    let code = errno
    let reason = code == 0 ? "it is shorter than it was" : String(cString: strerror(code))
    return QueryError(
      .storage, code == ENOSPC || code == EDQUOT ? "DiskFull" : "SpillFailed",
      "\(purpose) does not fit into the memory limit and could not \(what) in \(directory): \(reason)",
      hint: "make room there, name another directory (TMPDIR, QueryOptions.spilling), or raise the "
        + "memory limit (--memory-limit, QueryOptions.memoryLimit)")
  }
}
