#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Writes the pages of one state into a new file: all that its trees refer to, and nothing else.
///
/// LMDB has a function for that, but it copies the state that is the newest when it begins, follows
/// whatever a page says, and cannot be told to end. Here it is the state of `source`, which somebody
/// has looked at. Pages get new numbers in the order in which they are written: what a page refers to
/// comes before it, so that it can be told where that is.
struct PageCopy: ~Copyable {
  private static let bufferSize = 1 << 20

  private let source: PageFile
  private let target: Int32
  private let targetPath: String
  /// Called with the number of pages that have been written, some hundred times a second; may give
  /// the copy up.
  private let progress: (Int) throws(StoreError) -> Void
  /// What will be written next begins at `written`.
  private let buffer: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var written: Int
  /// Of the next page.
  private var number: UInt64 = 2
  /// A page for each level of a tree, and of a tree inside of it.
  private var spare: [UnsafeMutableRawBufferPointer] = []

  /// - Parameters:
  ///   - source: a state of which all trees are in order (see `OpeningCheck`).
  ///   - descriptor: of an empty file, which stays the caller's.
  /// - Returns: the size of the copy, in bytes.
  /// - Throws: `diskFull`, `system`; `damaged`; what `progress` throws.
  static func run(
    _ source: PageFile, from file: Int32, to descriptor: Int32, path: String,
    progress: @escaping (Int) throws(StoreError) -> Void
  ) throws(StoreError) -> Int {
    var copy = PageCopy(source, descriptor, path, progress)
    let root = try copy.tree(source.header.main, .main)
    try copy.flush()
    let last = copy.number - 1
    guard source.header.describeCopy(of: file, in: descriptor, root: root, lastPage: last) else {
      throw failure(path)
    }
    return (Int(last) + 1) * source.pageSize
  }

  private init(
    _ source: PageFile, _ target: Int32, _ targetPath: String,
    _ progress: @escaping (Int) throws(StoreError) -> Void
  ) {
    self.source = source
    self.target = target
    self.targetPath = targetPath
    self.progress = progress
    buffer = .allocate(byteCount: Self.bufferSize, alignment: 16)
    written = 2 * source.pageSize
  }

  deinit {
    buffer.deallocate()
    for page in spare { page.deallocate() }
  }

  // MARK: Trees

  private enum TreeKind {
    /// Holds the named trees.
    case main
    case named
    /// The values of one key of a named tree.
    case duplicates

    /// The kind of the trees in it.
    var inner: TreeKind? {
      switch self {
      case .main: .named
      case .named: .duplicates
      case .duplicates: nil
      }
    }
  }

  /// - Returns: the number of the root in the copy.
  private mutating func tree(_ tree: PageTree, _ kind: TreeKind) throws(StoreError) -> UInt64 {
    if tree.depth == 0 { return .max }
    guard tree.depth <= PageTreeWalk.depthMaximum else { throw damaged(tree.root) }
    return try page(tree.root, level: tree.depth, kind)
  }

  /// - Parameter level: 1 for leaves.
  /// - Returns: the number in the copy.
  private mutating func page(
    _ original: UInt64, level: Int, _ kind: TreeKind
  ) throws(StoreError) -> UInt64 {
    guard let bytes = source.pages(original),
      let page = try? TreePage(bytes, level == 1 ? .leaf : .branch, number: original)
    else { throw damaged(original) }
    let copy = spare.popLast() ?? .allocate(byteCount: source.pageSize, alignment: 16)
    defer { spare.append(copy) }
    copy.copyMemory(from: bytes)
    for index in 0..<page.count {
      guard let node = page.node(index) else { throw damaged(original) }
      if level > 1 {
        let child = try self.page(node.child, level: level - 1, kind)
        copy.storeBytes(
          of: UInt32(truncatingIfNeeded: child).littleEndian, toByteOffset: node.offset,
          as: UInt32.self)
        copy.storeBytes(
          of: UInt16(truncatingIfNeeded: child >> 32).littleEndian,
          toByteOffset: node.offset + 4, as: UInt16.self)
      } else if let reference = try reference(of: node, in: original, kind) {
        copy.storeBytes(
          of: reference.number.littleEndian, toByteOffset: reference.offset, as: UInt64.self)
      }
    }
    return try append(UnsafeRawBufferPointer(copy))
  }

  /// Copies what a node of a leaf refers to.
  /// - Returns: the number in the copy, and where in the page it belongs; nil when it refers to
  ///   nothing.
  private mutating func reference(
    of node: TreePage.Node, in page: UInt64, _ kind: TreeKind
  ) throws(StoreError) -> (number: UInt64, offset: Int)? {
    if node.flags & TreePage.Node.isBig != 0 {
      let size = TreePage.headerSize + node.valueSize
      guard node.rest.count >= 8, case let first = node.rest.word(0),
        let bytes = source.pages(
          first, count: UInt64((size + source.pageSize - 1) / source.pageSize)),
        bytes.word(0) == first
      else { throw damaged(page) }
      return (try append(bytes), node.restOffset)
    }
    if node.flags & TreePage.Node.isTree != 0 {
      // Deeper trees there are none: a page that says so could lead round in a circle.
      guard let inner = kind.inner, let value = node.inlineValue,
        value.count == PageTree.recordSize
      else { throw damaged(page) }
      return (try tree(PageTree(value), inner), node.restOffset + PageTree.rootOffset)
    }
    return nil
  }

  private func damaged(_ page: UInt64) -> StoreError {
    StoreError(
      .damaged, "page \(page) cannot be copied: it is not what it was a moment ago",
      hint: "check the disk; `tropa check` lists all damage")
  }

  // MARK: Output

  /// Writes pages that lie side by side, with their new number in the first.
  /// - Returns: that number.
  private mutating func append(_ pages: UnsafeRawBufferPointer) throws(StoreError) -> UInt64 {
    let first = number
    number += UInt64(pages.count / source.pageSize)
    withUnsafeBytes(of: first.littleEndian) { put(UnsafeRawBufferPointer($0)) }
    var rest = pages[8...]
    while !rest.isEmpty {
      if filled == buffer.count { try flush() }
      let count = min(rest.count, buffer.count - filled)
      put(UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    if filled == buffer.count { try flush() }
    return first
  }

  /// There must be room.
  private mutating func put(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: bytes)
    filled += bytes.count
  }

  private mutating func flush() throws(StoreError) {
    var start = 0
    while start < filled {
      let count = pwrite(
        target, buffer.baseAddress?.advanced(by: start), filled - start, off_t(written))
      if count < 0, errno == EINTR { continue }
      if count == 0 { errno = EIO }
      guard count > 0 else { throw Self.failure(targetPath) }
      start += count
      written += count
    }
    filled = 0
    try progress(written / source.pageSize)
  }

  /// What `errno` says.
  static func failure(_ path: String) -> StoreError {
    var error = LMDB.error(errno, "write", path)
    error.message.replace("the database ", with: "the copy ")
    return error
  }
}
