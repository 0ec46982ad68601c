#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// LMDB's list of free pages, read from the file without LMDB.
///
/// Pages that a transaction takes and gives back at the end of the file are never written. So after
/// a crash a file may be shorter than its header says and still be whole: if all pages that it lacks
/// are free. That has to be known before LMDB maps the file, because touching what a file lacks ends
/// the process.
struct FreePageList {
  /// Bytes of a page's header; pointers to nodes (in a tree's pages) or data (in others) follow.
  private static let pageHeader = 16
  private static let nodeHeader = 8
  private static let branch: UInt16 = 1
  private static let leaf: UInt16 = 2
  /// A node's value lies in pages of its own.
  private static let bigData: UInt16 = 1
  private static let depthMaximum = 32

  private let file: Int32
  private let pageSize: Int
  private let firstPage: UInt64
  private let lastPage: UInt64
  /// Free ones among `firstPage ... lastPage`.
  private var found: Set<UInt64> = []

  private init(_ file: Int32, _ header: FileHeader, firstPage: UInt64) {
    self.file = file
    pageSize = header.pageSize
    self.firstPage = firstPage
    lastPage = header.lastPage
  }

  /// Whether the file has all pages in use, though its header counts more than it holds.
  static func explains(size: Int, _ header: FileHeader, of file: Int32) -> Bool {
    let firstMissing = UInt64(size / header.pageSize)
    guard firstMissing <= header.lastPage, header.lastPage - firstMissing < 1 << 24 else {
      return firstMissing > header.lastPage
    }
    var list = FreePageList(file, header, firstPage: firstMissing)
    return list.collect(header.freeRoot, depth: 0)
      && UInt64(list.found.count) == header.lastPage - firstMissing + 1
  }

  /// - Returns: false for pages that are missing or make no sense.
  private mutating func collect(_ page: UInt64, depth: Int) -> Bool {
    if page == .max { return true }
    guard depth < Self.depthMaximum, page < firstPage,
      let bytes = read(page, 0, count: pageSize)
    else { return false }
    return bytes.withUnsafeBytes { bytes in
      let flags: UInt16 = bytes.number(10)
      let end = Int(bytes.number(12, UInt16.self))
      guard end >= Self.pageHeader, end <= pageSize else { return false }
      for pointer in stride(from: Self.pageHeader, to: end - 1, by: 2) {
        let node = Int(bytes.number(pointer, UInt16.self))
        guard node + Self.nodeHeader <= pageSize else { return false }
        let low = UInt64(bytes.number(node, UInt32.self))
        let nodeFlags: UInt16 = bytes.number(node + 4)
        if flags & Self.branch != 0 {
          guard collect(low | UInt64(nodeFlags) << 32, depth: depth + 1) else { return false }
        } else if flags & Self.leaf != 0 {
          let data = node + Self.nodeHeader + Int(bytes.number(node + 6, UInt16.self))
          guard collectValue(bytes, at: data, count: Int(low), isBig: nodeFlags & Self.bigData != 0)
          else { return false }
        } else {
          return false
        }
      }
      return true
    }
  }

  /// A value is a count and as many page numbers.
  private mutating func collectValue(
    _ page: UnsafeRawBufferPointer, at offset: Int, count: Int, isBig: Bool
  ) -> Bool {
    guard count >= 8, offset + (isBig ? 8 : count) <= page.count else { return false }
    if !isBig {
      return collect(UnsafeRawBufferPointer(rebasing: page[offset..<(offset + count)]))
    }
    let first = page.word(offset)
    guard first < firstPage, let bytes = read(first, Self.pageHeader, count: count) else {
      return false
    }
    return bytes.withUnsafeBytes { collect($0) }
  }

  private mutating func collect(_ numbers: UnsafeRawBufferPointer) -> Bool {
    let count = numbers.word(0)
    guard count <= UInt64(numbers.count / 8 - 1) else { return false }
    for index in 0..<Int(count) {
      let page = numbers.word(8 + 8 * index)
      if page >= firstPage, page <= lastPage { found.insert(page) }
    }
    return true
  }

  private func read(_ page: UInt64, _ offset: Int, count: Int) -> [UInt8]? {
    guard count < 1 << 30 else { return nil }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
      size = max(0, pread(file, buffer.baseAddress, count, off_t(Int(page) * pageSize + offset)))
    }
    return bytes.count == count ? bytes : nil
  }
}
