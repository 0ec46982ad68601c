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

  /// Nil when there is no such file.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// A state as one of the two meta pages at the front of an LMDB file describes it, read without
/// LMDB: LMDB itself would make a lock file beside any file it is given, and the process would be
/// killed by a signal on touching what a truncated file lacks.
struct FileHeader {
  var pageSize: Int
  /// The number of the transaction that made the state.
  var transaction: UInt64
  /// The last page in use.
  var lastPage: UInt64
  /// The lists of free pages.
  var free: PageTree
  /// The tree of the named trees.
  var main: PageTree
  var neededSize: Int { (Int(lastPage) + 1) * pageSize }
  /// Whether there can have been so many transactions.
  var hasPlausibleNumber: Bool { transaction < 1 << 48 }

  private static let magic: UInt32 = 0xBEEF_C0DE
  private static let version: UInt32 = 1
  /// Bytes of a page's header and of the meta record behind it.
  private static let pageHeader = 16
  private static let metaSize = 136
  /// Of a meta page, among the flags of pages.
  private static let metaFlag: UInt16 = 8
  /// Offsets in the meta record.
  private static let freeOffset = 24
  private static let mainOffset = 72
  private static let lastPageOffset = 120
  private static let transactionOffset = 128

  /// The newest state.
  /// - Returns: nil when it is not a file of LMDB in this machine's format.
  init?(_ file: Int32) {
    guard let first = Self.meta(file, at: 0), let second = Self.meta(file, at: first.pageSize)
    else { return nil }
    self = first.transaction > second.transaction ? first : second
    pageSize = first.pageSize
  }

  /// The state that a transaction has made.
  /// - Returns: nil when two later ones have been committed, or it is no file of LMDB.
  init?(_ file: Int32, transaction: UInt64) {
    guard let first = Self.meta(file, at: 0),
      let found = transaction & 1 == 0 ? first : Self.meta(file, at: first.pageSize),
      found.transaction == transaction
    else { return nil }
    self = found
    pageSize = first.pageSize
  }

  private static func meta(_ file: Int32, at offset: Int) -> FileHeader? {
    withUnsafeTemporaryAllocation(byteCount: metaSize, alignment: 8) { buffer in
      let count = pread(file, buffer.baseAddress, metaSize, off_t(offset + pageHeader))
      guard count == metaSize else { return nil }
      return FileHeader(meta: UnsafeRawBufferPointer(buffer))
    }
  }

  private init?(meta bytes: UnsafeRawBufferPointer) {
    guard bytes.number(0, UInt32.self) == Self.magic, bytes.number(4, UInt32.self) == Self.version
    else { return nil }
    // LMDB keeps the page size where a tree has the size of its fixed keys.
    pageSize = Int(bytes.number(Self.freeOffset, UInt32.self))
    free = PageTree(bytes, at: Self.freeOffset)
    main = PageTree(bytes, at: Self.mainOffset)
    lastPage = bytes.number(Self.lastPageOffset)
    transaction = bytes.number(Self.transactionOffset)
    guard pageSize >= 512, pageSize <= 65536, pageSize & (pageSize - 1) == 0, lastPage < 1 << 44
    else { return nil }
  }

  /// Makes a file's newest state the one of a given number: both meta pages describe it then, so
  /// that it is found whatever the parity of the number that a lock file remembers.
  /// - Returns: false when that is not possible (`errno`).
  static func renumber(_ file: Int32, as transaction: UInt64) -> Bool {
    guard let header = FileHeader(file) else { return false }
    let pageSize = header.pageSize
    return withUnsafeTemporaryAllocation(byteCount: metaSize, alignment: 8) { buffer in
      let source = header.transaction & 1 == 0 ? 0 : pageSize
      guard pread(file, buffer.baseAddress, metaSize, off_t(source + pageHeader)) == metaSize
      else { return false }
      // The page size stands in the first meta page of a copy only, so the other is given it too.
      buffer.storeBytes(
        of: UInt32(pageSize).littleEndian, toByteOffset: freeOffset, as: UInt32.self)
      for number in [transaction == 0 ? 0 : transaction - 1, transaction] {
        buffer.storeBytes(
          of: number.littleEndian, toByteOffset: transactionOffset, as: UInt64.self)
        let place = (number & 1 == 0 ? 0 : pageSize) + pageHeader
        guard pwrite(file, buffer.baseAddress, metaSize, off_t(place)) == metaSize else {
          return false
        }
      }
      return true
    }
  }

  /// Writes the front pages of a copy of this state. It keeps the number of its transaction, and both
  /// pages describe it, so that it is found whatever the parity of the number that a lock file
  /// remembers.
  /// - Parameters:
  ///   - file: what this is the header of.
  ///   - root: of the tree of the named trees, in the copy.
  /// - Returns: false when that is not possible (`errno`).
  func describeCopy(of file: Int32, in copy: Int32, root: UInt64, lastPage: UInt64) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: pageSize, alignment: 8) { page in
      page.initializeMemory(as: UInt8.self, repeating: 0)
      let meta = UnsafeMutableRawBufferPointer(rebasing: page[Self.pageHeader...])
      let source = (transaction & 1 == 0 ? 0 : pageSize) + Self.pageHeader
      guard pread(file, meta.baseAddress, Self.metaSize, off_t(source)) == Self.metaSize else {
        return false
      }
      func put<T: FixedWidthInteger & BitwiseCopyable>(_ number: T, at offset: Int) {
        meta.storeBytes(of: number.littleEndian, toByteOffset: offset, as: T.self)
      }
      page.storeBytes(of: Self.metaFlag.littleEndian, toByteOffset: 10, as: UInt16.self)
      // A new file has the page size in its first meta page only, so the other is given it too.
      put(UInt32(pageSize), at: Self.freeOffset)
      put(UInt16(0), at: Self.freeOffset + PageTree.depthOffset)
      for field in PageTree.countOffsets { put(UInt64(0), at: Self.freeOffset + field) }
      put(UInt64.max, at: Self.freeOffset + PageTree.rootOffset)
      put(root, at: Self.mainOffset + PageTree.rootOffset)
      put(lastPage, at: Self.lastPageOffset)
      for number in [transaction == 0 ? 0 : transaction - 1, transaction] {
        page.storeBytes(of: (number & 1).littleEndian, toByteOffset: 0, as: UInt64.self)
        put(number, at: Self.transactionOffset)
        let place = number & 1 == 0 ? 0 : pageSize
        guard pwrite(copy, page.baseAddress, pageSize, off_t(place)) == pageSize else {
          return false
        }
      }
      return true
    }
  }
}
