import CZlib
import Glibc

/// A file that is read from start to end, unpacked if it begins with gzip's magic bytes (several
/// gzip members in a row are one text). Not thread-safe.
final class InputFile {
  let path: String
  /// Size on disk.
  let byteCount: Int
  /// Bytes of the file on disk that have been read so far.
  private(set) var bytesRead = 0
  let isCompressed: Bool
  private let descriptor: Int32
  private var stream: UnsafeMutablePointer<z_stream>?
  private let packed: UnsafeMutablePointer<UInt8>?
  private static let packedCapacity = 256 << 10
  private var isAtMemberEnd = false

  init(_ path: String) throws(ImportError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ImportError("cannot be opened: \(String(cString: strerror(errno)))", file: path)
    }
    var status = stat()
    if fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw ImportError("is a folder, not a file", file: path)
    }
    byteCount = Int(status.st_size)
    var magic: (UInt8, UInt8) = (0, 0)
    isCompressed = pread(descriptor, &magic, 2, 0) == 2 && magic.0 == 0x1F && magic.1 == 0x8B
    guard isCompressed else {
      packed = nil
      posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL))
      return
    }
    packed = .allocate(capacity: Self.packedCapacity)
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.stream = stream
    // 15 bits of window, 16 for gzip.
    if inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) != Z_OK {
      throw ImportError("cannot be unpacked: no memory for zlib", file: path)
    }
  }

  deinit {
    if let stream {
      inflateEnd(stream)
      stream.deallocate()
    }
    packed?.deallocate()
    close(descriptor)
  }

  /// Fills as much of the buffer as there is.
  ///
  /// - Returns: the number of bytes; below `capacity` only at the end of the file.
  func read(
    into buffer: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(ImportError) -> Int {
    guard let stream, let packed else { return try readRaw(into: buffer, capacity: capacity) }
    var filled = 0
    while filled < capacity {
      if stream.pointee.avail_in == 0 {
        let count = try readRaw(into: packed, capacity: Self.packedCapacity)
        if count == 0 {
          if isAtMemberEnd || filled == 0 && bytesRead == 0 { return filled }
          throw ImportError(
            "ends in the middle of its gzip data", file: path, hint: "copy it again")
        }
        stream.pointee.next_in = packed
        stream.pointee.avail_in = UInt32(count)
      }
      if isAtMemberEnd {
        inflateReset(stream)
        isAtMemberEnd = false
      }
      let room = min(capacity - filled, Int(UInt32.max / 2))
      stream.pointee.next_out = buffer + filled
      stream.pointee.avail_out = UInt32(room)
      let code = inflate(stream, Z_NO_FLUSH)
      filled += room - Int(stream.pointee.avail_out)
      switch code {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isAtMemberEnd = true
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "code \(code)"
        throw ImportError("is not valid gzip data: \(reason)", file: path, hint: "copy it again")
      }
    }
    return filled
  }

  private func readRaw(
    into buffer: UnsafeMutablePointer<UInt8>, capacity: Int
  ) throws(ImportError) -> Int {
    var filled = 0
    while filled < capacity {
      let count = Glibc.read(descriptor, buffer + filled, capacity - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw ImportError("cannot be read: \(String(cString: strerror(errno)))", file: path)
      }
      filled += count
    }
    bytesRead += filled
    return filled
  }
}
