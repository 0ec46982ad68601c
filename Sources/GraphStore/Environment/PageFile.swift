#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The pages of a database file as they lie there, for those who cannot trust them: LMDB follows
/// what a page says without a look at where it leads, and a damaged page ends the process.
final class PageFile: @unchecked Sendable {
  let header: FileHeader
  /// Whole pages that the file has.
  let pageCount: UInt64
  private let mapping: UnsafeRawBufferPointer

  var pageSize: Int { header.pageSize }

  /// - Parameters:
  ///   - file: may be closed afterwards.
  ///   - header: a state that somebody's transaction keeps, or of a file that nobody changes.
  init(_ file: Int32, _ header: FileHeader, path: String) throws(StoreError) {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw LMDB.error(errno, "read", path) }
    let size = Int(status.st_size)
    guard size > 0, let base = mmap(nil, size, PROT_READ, MAP_SHARED, file, 0), base != MAP_FAILED
    else { throw LMDB.error(errno, "read", path) }
    self.header = header
    pageCount = UInt64(size / header.pageSize)
    mapping = UnsafeRawBufferPointer(start: base, count: size)
  }
  deinit { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }

  /// Nil for pages that the file does not have, or the state does not use.
  func pages(_ first: UInt64, count: UInt64 = 1) -> UnsafeRawBufferPointer? {
    let end = min(pageCount, header.lastPage + 1)
    guard count > 0, first < end, count <= end - first else { return nil }
    let start = Int(first) * pageSize
    return UnsafeRawBufferPointer(rebasing: mapping[start..<(start + Int(count) * pageSize)])
  }
}

/// A tree as LMDB describes it (`MDB_db`), in a meta page or as a value.
struct PageTree {
  static let recordSize = 48
  static let depthOffset = 6
  /// Of its pages of each kind and of its entries.
  static let countOffsets = [8, 16, 24, 32]
  static let rootOffset = 40
  static let hasDuplicates: UInt16 = 0x04

  var flags: UInt16
  /// Levels of pages; 0 when there are no entries.
  var depth: Int
  var branchPages: UInt64
  var leafPages: UInt64
  var overflowPages: UInt64
  var entries: UInt64
  /// `UInt64.max` when there are no entries.
  var root: UInt64

  init(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) {
    flags = bytes.number(offset + 4)
    depth = Int(bytes.number(offset + Self.depthOffset, UInt16.self))
    branchPages = bytes.number(offset + Self.countOffsets[0])
    leafPages = bytes.number(offset + Self.countOffsets[1])
    overflowPages = bytes.number(offset + Self.countOffsets[2])
    entries = bytes.number(offset + Self.countOffsets[3])
    root = bytes.number(offset + Self.rootOffset)
  }
}

/// A branch or leaf page (or the small page of duplicates inside of a node) with its nodes.
struct TreePage {
  /// As LMDB marks pages.
  enum Kind: UInt16 {
    case branch = 1
    case leaf = 2
  }

  /// Bytes of a page's header, and of a node's.
  static let headerSize = 16
  private static let nodeHeader = 8
  private static let isOfDuplicates: UInt16 = 0x40
  /// Keys of one size lie side by side, without nodes.
  private static let hasKeysOnly: UInt16 = 0x20

  struct Node {
    /// Where in the page it begins, and where `rest` does.
    var offset: Int
    var restOffset: Int
    var flags: UInt16
    var key: UnsafeRawBufferPointer
    /// Of a branch: the page below.
    var child: UInt64
    /// Of a leaf: bytes of the value.
    var valueSize: Int
    /// What the page has behind the key.
    var rest: UnsafeRawBufferPointer

    /// The value lies in pages of its own, and the node has their number.
    static let isBig: UInt16 = 1
    /// The value is a `PageTree`.
    static let isTree: UInt16 = 2
    /// The value is several, in a small page or (with `isTree`) a tree.
    static let isSeveral: UInt16 = 4

    /// What the page itself has of the value; nil where it would end beyond the page.
    var inlineValue: UnsafeRawBufferPointer? {
      valueSize <= rest.count ? UnsafeRawBufferPointer(rebasing: rest.prefix(valueSize)) : nil
    }
  }

  let count: Int
  private let kind: Kind
  private let bytes: UnsafeRawBufferPointer
  /// Of a page with keys only.
  private let keySize: Int?

  /// - Parameter number: the page's own; nil for a page inside of a node.
  init(_ bytes: UnsafeRawBufferPointer, _ kind: Kind, number: UInt64?) throws(PageFault) {
    guard bytes.count >= Self.headerSize else { throw PageFault("it is too small") }
    if let number, bytes.word(0) != number { throw PageFault("it says it is another page") }
    let flags: UInt16 = bytes.number(10)
    let expected = kind.rawValue | (number == nil ? Self.isOfDuplicates : 0)
    let isPacked = kind == .leaf && flags & Self.hasKeysOnly != 0
    // LMDB may store the mark of a changed page (0x10) with a page inside of a node.
    guard flags & ~0x10 == expected | (isPacked ? Self.hasKeysOnly : 0) else {
      throw PageFault("it is not a \(kind) page")
    }
    let lower = Int(bytes.number(12, UInt16.self))
    let upper = Int(bytes.number(14, UInt16.self))
    guard lower > Self.headerSize, lower & 1 == 0, lower <= upper, upper <= bytes.count else {
      throw PageFault("its bounds make no sense")
    }
    self.bytes = bytes
    self.kind = kind
    count = (lower - Self.headerSize) / 2
    keySize = isPacked ? Int(bytes.number(8, UInt16.self)) : nil
    if let keySize, keySize == 0 || Self.headerSize + count * keySize > bytes.count {
      throw PageFault("its keys end outside of it")
    }
  }

  /// Nil for one that lies outside of the page. `index` must be below `count`.
  func node(_ index: Int) -> Node? {
    if let keySize {
      let start = Self.headerSize + index * keySize
      return Node(
        offset: start, restOffset: start + keySize, flags: 0,
        key: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + keySize)]),
        child: 0, valueSize: 0, rest: UnsafeRawBufferPointer(start: nil, count: 0))
    }
    let offset = Int(bytes.number(Self.headerSize + 2 * index, UInt16.self))
    guard offset >= Self.headerSize + 2 * count, offset + Self.nodeHeader <= bytes.count else {
      return nil
    }
    let low: UInt32 = bytes.number(offset)
    let flags: UInt16 = bytes.number(offset + 4)
    let key = offset + Self.nodeHeader
    let keySize = Int(bytes.number(offset + 6, UInt16.self))
    guard key + keySize <= bytes.count else { return nil }
    return Node(
      offset: offset, restOffset: key + keySize, flags: kind == .leaf ? flags : 0,
      key: UnsafeRawBufferPointer(rebasing: bytes[key..<(key + keySize)]),
      child: UInt64(low) | UInt64(flags) << 32, valueSize: Int(low),
      rest: UnsafeRawBufferPointer(rebasing: bytes[(key + keySize)...]))
  }
}

/// Why a page cannot be what it should be.
struct PageFault: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}
