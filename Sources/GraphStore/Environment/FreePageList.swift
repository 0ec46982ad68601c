/// The pages that LMDB lists as free, read without LMDB.
///
/// Pages that a transaction takes and gives back at the end of the file are never written. So after
/// a crash a file may be shorter than its header says and still be whole: if all pages that it lacks
/// are free. That has to be known before LMDB maps the file, because touching what a file lacks ends
/// the process.
struct FreePageList: PageTreeVisitor {
  private(set) var pages: [UInt64] = []
  private(set) var faults: [(fault: PageFault, page: UInt64)] = []
  private var treePagesLeft: UInt64
  private let pageMaximum: UInt64

  init(_ file: PageFile) throws(StoreError) {
    let tree = file.header.free
    treePagesLeft = tree.branchPages &+ tree.leafPages
    pageMaximum = file.header.lastPage + 1
    try PageTreeWalk(file: file, hasNumbersAsKeys: true).run(tree, &self)
  }

  /// Whether the file has all pages in use, though its header counts more than it holds.
  static func explains(
    size: Int, _ header: FileHeader, of file: Int32, path: String
  ) throws(StoreError) -> Bool {
    let firstMissing = UInt64(size / header.pageSize)
    guard firstMissing <= header.lastPage else { return true }
    guard firstMissing > 2, header.lastPage - firstMissing < 1 << 24 else { return false }
    let list = try FreePageList(PageFile(file, header, path: path))
    let missing = Set(list.pages.filter { $0 >= firstMissing && $0 <= header.lastPage })
    return list.faults.isEmpty && UInt64(missing.count) == header.lastPage - firstMissing + 1
  }

  mutating func take(
    _ page: UInt64, count: UInt64, _ kind: PageTreeWalk.Kind
  ) throws(StoreError) -> Bool {
    if kind == .overflow { return true }
    guard treePagesLeft > 0 else {
      try found(PageFault("it is one page more than the tree should have"), page: page)
      return false
    }
    treePagesLeft -= 1
    return true
  }

  mutating func found(_ fault: PageFault, page: UInt64) throws(StoreError) {
    faults.append((fault, page))
  }

  mutating func entry(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    guard let numbers = Self.numbers(value), pages.count + numbers.count / 8 <= Int(pageMaximum)
    else {
      return try found(PageFault("a list of free pages has a wrong length"), page: 0)
    }
    for index in 0..<(numbers.count / 8) { pages.append(numbers.word(8 * index)) }
  }

  /// The page numbers (u64) of an entry, behind their count; nil where that does not fit.
  static func numbers(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard value.count >= 8, case let count = value.word(0), count <= UInt64(value.count / 8 - 1)
    else { return nil }
    return UnsafeRawBufferPointer(rebasing: value[8..<(8 + 8 * Int(count))])
  }
}
