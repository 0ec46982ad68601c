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
  /// The last page that was ever taken, in the newest state.
  var lastPage: UInt64
  /// Roots of LMDB's two own trees, in the newest state.
  private var roots: [UInt64]
  var fullSize: Int { (Int(lastPage) + 1) * pageSize }

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
    roots = newest.roots
    guard lastPage < 1 << 44 else { return nil }
  }

  private static func meta(
    _ file: Int32, at offset: Int
  ) -> (pageSize: UInt32, lastPage: UInt64, transaction: UInt64, roots: [UInt64])? {
    withUnsafeTemporaryAllocation(byteCount: metaSize, alignment: 8) { bytes in
      let count = pread(file, bytes.baseAddress, metaSize, off_t(offset + pageHeader))
      guard count == metaSize, bytes.load(as: UInt32.self) == magic,
        bytes.load(fromByteOffset: 4, as: UInt32.self) == version
      else { return nil }
      return (
        bytes.load(fromByteOffset: 24, as: UInt32.self),
        bytes.load(fromByteOffset: 120, as: UInt64.self),
        bytes.load(fromByteOffset: 128, as: UInt64.self),
        [24, 72].map {
          bytes.load(fromByteOffset: $0 + LMDBPage.rootOffset, as: UInt64.self)
        }
      )
    }
  }

  /// Whether all pages that the trees refer to are within `size`. A file that is shorter than its
  /// header says may still be whole: pages at its end that a transaction took and gave back were
  /// never written, if the program then ended before `Environment.completeFile`.
  /// - Complexity: reads all pages of the trees (not the values with pages of their own).
  func isWhole(_ file: Int32, size: Int) -> Bool {
    var open = roots.filter { $0 != LMDBPage.none }
    var left = Int(lastPage) + 1
    var bytes = [UInt8](repeating: 0, count: pageSize)
    while let number = open.popLast() {
      left -= 1
      guard left >= 0, number <= lastPage,
        pread(file, &bytes, pageSize, off_t(Int(number) * pageSize)) == pageSize
      else { return false }
      let page = bytes.withUnsafeBytes { LMDBPage($0) }
      for large in page.largeValues {
        // Whole pages, the first with a header.
        let pages = (large.size + Self.pageHeader + pageSize - 1) / pageSize
        guard large.page <= lastPage, (Int(large.page) + pages) * pageSize <= size else {
          return false
        }
      }
      open += page.children
    }
    return true
  }
}

/// What a page of a tree refers to. Of a damaged page as much as can be read.
private struct LMDBPage {
  private(set) var children: [UInt64] = []
  private(set) var largeValues: [(page: UInt64, size: Int)] = []

  static let none = UInt64.max
  /// Of the root's number in the record of a tree.
  static let rootOffset = 40
  private static let treeSize = 48

  init(_ bytes: UnsafeRawBufferPointer) {
    let flags: UInt16 = bytes.number(10)
    let isBranch = flags & 0x01 != 0
    let isLeaf = flags & 0x02 != 0 && flags & 0x20 == 0
    let lower = Int(bytes.number(12, UInt16.self))
    guard isBranch || isLeaf, lower >= 16, lower <= bytes.count else { return }
    for index in 0..<(lower - 16) / 2 {
      let node = Int(bytes.number(16 + 2 * index, UInt16.self))
      guard node + 8 <= bytes.count else { return }
      let size = UInt64(bytes.number(node, UInt32.self))
      let kind: UInt16 = bytes.number(node + 4)
      if isBranch {
        children.append(size | UInt64(kind) << 32)
        continue
      }
      let data = node + 8 + Int(bytes.number(node + 6, UInt16.self))
      if kind & 0x01 != 0, data + 8 <= bytes.count {
        largeValues.append((bytes.number(data), Int(size)))
      } else if kind & 0x02 != 0, data + Self.treeSize <= bytes.count {
        let root: UInt64 = bytes.number(data + Self.rootOffset)
        if root != Self.none { children.append(root) }
      }
    }
  }
}
