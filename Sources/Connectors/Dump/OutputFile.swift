import CZlib
import Glibc
internal import GraphStore

/// A text file that is written from start to end and appears under its name when it is whole;
/// packed by gzip if the name ends with `.gz`. Not thread-safe.
package final class OutputFile {
  let path: String
  private let temporaryPath: String
  private let replaces: Bool
  private let descriptor: Int32
  private var stream: UnsafeMutablePointer<z_stream>?
  private let packed: UnsafeMutablePointer<UInt8>?
  private static let packedCapacity = 256 << 10
  /// A good half of the best compression, at three times the speed.
  private static let level: Int32 = 4
  package private(set) var byteCount = 0

  /// - Parameter replacing: a file may be there already.
  package init(_ path: String, replacing: Bool) throws(ImportError) {
    self.path = path
    replaces = replacing
    if UnfinishedFile.isDatabase(path) {
      throw ImportError("is a database", file: path, hint: "name another file for the dump")
    }
    if !replacing, access(path, F_OK) == 0 {
      throw ImportError(
        "is there already", file: path, hint: "name another file, or replace it with --force")
    }
    do throws(StoreError) {
      temporaryPath = try UnfinishedFile.begin(path, replacing: true)
    } catch {
      throw ImportError(error.message, file: path, hint: error.hint)
    }
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let failure = Self.failure(path)
      UnfinishedFile.forget(temporaryPath)
      throw failure
    }
    guard path.hasSuffix(".gz") else {
      packed = nil
      return
    }
    packed = .allocate(capacity: Self.packedCapacity)
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.stream = stream
    // 15 bits of window, 16 for gzip.
    if deflateInit2_(
      stream, Self.level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)) != Z_OK
    {
      throw ImportError("cannot be packed: no memory for zlib", file: path)
    }
  }

  deinit {
    if let stream {
      deflateEnd(stream)
      stream.deallocate()
    }
    packed?.deallocate()
    close(descriptor)
    // Nothing is there after `publish`.
    UnfinishedFile.remove(temporaryPath)
  }

  package func write(_ bytes: [UInt8]) throws(ImportError) {
    let result: Result<Void, ImportError> = bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(ImportError) in
        guard let base = bytes.baseAddress else { return }
        if stream == nil { return try writeRaw(base, bytes.count) }
        try pack(UnsafeMutablePointer(mutating: base), bytes.count, Z_NO_FLUSH)
      }
    }
    try result.get()
  }

  private func pack(
    _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int, _ flush: Int32
  ) throws(ImportError) {
    guard let stream, let packed else { return }
    stream.pointee.next_in = bytes
    stream.pointee.avail_in = UInt32(count)
    repeat {
      stream.pointee.next_out = packed
      stream.pointee.avail_out = UInt32(Self.packedCapacity)
      let code = deflate(stream, flush)
      try writeRaw(packed, Self.packedCapacity - Int(stream.pointee.avail_out))
      if code == Z_STREAM_END { return }
    } while stream.pointee.avail_out == 0 || flush == Z_FINISH
  }

  private func writeRaw(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(ImportError) {
    var done = 0
    while done < count {
      let written = Glibc.write(descriptor, bytes + done, count - done)
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path)
      }
      done += written
    }
    byteCount += count
  }

  /// Ends the file and gives it its name.
  package func publish() throws(ImportError) {
    try pack(nil, 0, Z_FINISH)
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    if replaces {
      guard rename(temporaryPath, path) == 0 else { throw Self.failure(path) }
    } else {
      do throws(StoreError) {
        try UnfinishedFile.put(temporaryPath, at: path)
      } catch {
        throw ImportError(
          "cannot be put in place: \(error.message)", file: path, hint: error.hint)
      }
    }
    UnfinishedFile.syncFolder(of: path)
  }

  private static func failure(_ path: String) -> ImportError {
    let code = errno
    return ImportError(
      "cannot be written: \(String(cString: strerror(code)))", file: path,
      hint: code == ENOSPC ? "make room; nothing is left of it" : nil)
  }
}
