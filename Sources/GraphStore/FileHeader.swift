#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What identifies a file, whatever path leads to it.
struct FileIdentity: Hashable {
  var device: UInt64
  var number: UInt64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }
}

/// The two meta pages at the front of an LMDB file, read before LMDB maps it: LMDB itself would
/// make a lock file beside any file it is given, and the process would be killed by a signal on
/// touching what a truncated file lacks.
struct FileHeader {
  var pageSize: Int
  /// The last page in use, in the newest state.
  var lastPage: UInt64
  /// The root of the tree of free pages; `UInt64.max` when there are none.
  var freeRoot: UInt64
  var neededSize: Int { (Int(lastPage) + 1) * pageSize }

  private static let magic: UInt32 = 0xBEEF_C0DE
  private static let version: UInt32 = 1
  /// Bytes of a page's header and of the meta record behind it.
  private static let pageHeader = 16
  private static let metaSize = 136

  /// - Returns: nil when it is not a file of LMDB in this machine's format.
  init?(_ file: Int32) {
    guard let first = Self.meta(file, at: 0) else { return nil }
    pageSize = Int(first.pageSize)
    guard pageSize >= 512, pageSize <= 65536, pageSize & (pageSize - 1) == 0 else { return nil }
    guard let second = Self.meta(file, at: pageSize) else { return nil }
    let newest = first.transaction > second.transaction ? first : second
    lastPage = newest.lastPage
    freeRoot = newest.freeRoot
    guard lastPage < 1 << 44 else { return nil }
  }

  private static func meta(
    _ file: Int32, at offset: Int
  ) -> (pageSize: UInt32, freeRoot: UInt64, lastPage: UInt64, transaction: UInt64)? {
    withUnsafeTemporaryAllocation(byteCount: metaSize, alignment: 8) { bytes in
      let count = pread(file, bytes.baseAddress, metaSize, off_t(offset + pageHeader))
      guard count == metaSize, bytes.load(as: UInt32.self) == magic,
        bytes.load(fromByteOffset: 4, as: UInt32.self) == version
      else { return nil }
      return (
        bytes.load(fromByteOffset: 24, as: UInt32.self),
        bytes.load(fromByteOffset: 64, as: UInt64.self),
        bytes.load(fromByteOffset: 120, as: UInt64.self),
        bytes.load(fromByteOffset: 128, as: UInt64.self)
      )
    }
  }
}
