#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Somebody who is led through all pages of a tree.
protocol PageTreeVisitor {
  /// A page of the tree, or (`count` of them) pages of a big value.
  /// - Returns: whether to look into it.
  mutating func take(
    _ page: UInt64, count: UInt64, _ kind: PageTreeWalk.Kind
  ) throws(StoreError) -> Bool
  /// What is wrong with a page. The walk goes on behind it.
  mutating func found(_ fault: PageFault, page: UInt64) throws(StoreError)
  /// An entry, in order; each of several values of one key. Valid as long as the file is mapped.
  mutating func entry(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(StoreError)
}

/// A walk through a tree of LMDB's pages that trusts nothing: every number is compared with the
/// size of what it leads into, and the order of the keys is checked.
/// - Complexity: O(pages of the tree), whatever the pages say, if `take` refuses repeats.
struct PageTreeWalk {
  enum Kind { case branch, leaf, overflow }
  typealias Bytes = UnsafeRawBufferPointer
  static let depthMaximum = 32
  private static let overflowFlag: UInt16 = 4

  let file: PageFile
  /// The tree of free pages has numbers as keys, all others bytes.
  var hasNumbersAsKeys = false
  /// Named trees lie in the main tree: its values are `PageTree`s.
  var holdsTrees = false

  /// Where in a tree the walk is.
  private struct Place {
    var page: UInt64
    /// 1 for leaves.
    var level: Int
    /// Keys that are permitted: from `lower` on, below `upper`.
    var lower: Bytes?
    var upper: Bytes?
    var hasDuplicates: Bool
    /// In a tree of the values of one key: that key.
    var owner: Bytes?
  }

  func run(_ tree: PageTree, _ visitor: inout some PageTreeVisitor) throws(StoreError) {
    try run(tree, owner: nil, &visitor)
  }

  private func run(
    _ tree: PageTree, owner: Bytes?, _ visitor: inout some PageTreeVisitor
  ) throws(StoreError) {
    if tree.depth == 0, tree.root == .max { return }
    guard tree.depth > 0, tree.depth <= Self.depthMaximum else {
      return try visitor.found(PageFault("a tree of depth \(tree.depth) has it"), page: tree.root)
    }
    try walk(
      Place(
        page: tree.root, level: tree.depth,
        hasDuplicates: owner == nil && tree.flags & PageTree.hasDuplicates != 0, owner: owner),
      &visitor)
  }

  private func walk(
    _ place: Place, _ visitor: inout some PageTreeVisitor
  ) throws(StoreError) {
    let isLeaf = place.level == 1
    guard let bytes = file.pages(place.page) else {
      return try visitor.found(PageFault("it is beyond the end of the file"), page: place.page)
    }
    guard try visitor.take(place.page, count: 1, isLeaf ? .leaf : .branch) else { return }
    let page: TreePage
    do throws(PageFault) {
      page = try TreePage(bytes, isLeaf ? .leaf : .branch, number: place.page)
    } catch {
      return try visitor.found(error, page: place.page)
    }
    if isLeaf {
      try walkLeaf(page, place, &visitor)
    } else {
      try walkBranch(page, place, &visitor)
    }
  }

  private func walkBranch(
    _ page: TreePage, _ place: Place, _ visitor: inout some PageTreeVisitor
  ) throws(StoreError) {
    var next = page.node(0)
    for index in 0..<page.count {
      let current = next
      next = index + 1 < page.count ? page.node(index + 1) : nil
      guard let current else {
        try visitor.found(PageFault("entry \(index) lies outside of it"), page: place.page)
        continue
      }
      // The first key does not count: everything below the second is there.
      let lower = index == 0 ? place.lower : current.key
      let upper = next?.key ?? place.upper
      if let lower, let upper, !isBelow(lower, upper) {
        try visitor.found(PageFault("its keys do not ascend"), page: place.page)
      }
      var below = place
      below.page = current.child
      below.level -= 1
      below.lower = lower
      below.upper = upper
      try walk(below, &visitor)
    }
  }

  private func walkLeaf(
    _ page: TreePage, _ place: Place, _ visitor: inout some PageTreeVisitor
  ) throws(StoreError) {
    var previous: Bytes?
    for index in 0..<page.count {
      guard let node = page.node(index) else {
        try visitor.found(PageFault("entry \(index) lies outside of it"), page: place.page)
        continue
      }
      if let previous, !isBelow(previous, node.key) {
        try visitor.found(PageFault("its keys do not ascend"), page: place.page)
      }
      previous = node.key
      if place.lower.map({ isBelow(node.key, $0) }) ?? false
        || place.upper.map({ !isBelow(node.key, $0) }) ?? false
      {
        try visitor.found(
          PageFault("the key of entry \(index) belongs to another page"), page: place.page)
      }
      if let fault = try visit(node, place, &visitor) {
        try visitor.found(
          PageFault("entry \(index): \(fault.reason)"), page: place.page)
      }
    }
  }

  /// - Returns: what is wrong with the node.
  private func visit(
    _ node: TreePage.Node, _ place: Place, _ visitor: inout some PageTreeVisitor
  ) throws(StoreError) -> PageFault? {
    if let owner = place.owner {
      guard node.flags == 0 else { return PageFault("it is of an unknown kind") }
      try visitor.entry(owner, node.key)
      return nil
    }
    switch node.flags {
    case 0 where !holdsTrees:
      guard let value = node.inlineValue else { return PageFault("it ends outside of the page") }
      try visitor.entry(node.key, value)
    case TreePage.Node.isTree where holdsTrees:
      guard let value = node.inlineValue, value.count == PageTree.recordSize else {
        return PageFault("it does not describe a tree")
      }
      try visitor.entry(node.key, value)
    case TreePage.Node.isBig where !holdsTrees && !place.hasDuplicates:
      guard node.rest.count >= 8, node.valueSize > 0 else {
        return PageFault("it ends outside of the page")
      }
      return try visitBig(node, &visitor)
    case TreePage.Node.isSeveral where place.hasDuplicates:
      return try visitSeveral(node, place, &visitor)
    case TreePage.Node.isSeveral | TreePage.Node.isTree where place.hasDuplicates:
      guard let value = node.inlineValue, value.count == PageTree.recordSize else {
        return PageFault("it does not describe a tree")
      }
      try run(PageTree(value), owner: node.key, &visitor)
    default: return PageFault("it is of an unknown kind")
    }
    return nil
  }

  private func visitBig(
    _ node: TreePage.Node, _ visitor: inout some PageTreeVisitor
  ) throws(StoreError) -> PageFault? {
    let first = node.rest.word(0)
    let size = TreePage.headerSize + node.valueSize
    let count = UInt64((size + file.pageSize - 1) / file.pageSize)
    guard let bytes = file.pages(first, count: count) else {
      return PageFault("its value is beyond the end of the file")
    }
    if try visitor.take(first, count: count, .overflow) {
      let length: UInt32 = bytes.number(12)
      if bytes.word(0) != first || bytes.number(10, UInt16.self) != Self.overflowFlag
        || UInt64(length) != count
      {
        return PageFault("its value (page \(first)) has no header that fits it")
      }
    }
    try visitor.entry(
      node.key, Bytes(rebasing: bytes[TreePage.headerSize..<size]))
    return nil
  }

  /// Values in a small page inside of the node.
  private func visitSeveral(
    _ node: TreePage.Node, _ place: Place, _ visitor: inout some PageTreeVisitor
  ) throws(StoreError) -> PageFault? {
    guard let value = node.inlineValue else { return PageFault("it ends outside of the page") }
    let page: TreePage
    do throws(PageFault) {
      page = try TreePage(value, .leaf, number: nil)
    } catch {
      return error
    }
    var inside = place
    inside.hasDuplicates = false
    inside.owner = node.key
    inside.lower = nil
    inside.upper = nil
    try walkLeaf(page, inside, &visitor)
    return nil
  }

  /// The order of keys.
  private func isBelow(_ a: Bytes, _ b: Bytes) -> Bool {
    if hasNumbersAsKeys, a.count == 8, b.count == 8 { return a.word(0) < b.word(0) }
    let common = min(a.count, b.count)
    guard common > 0, let left = a.baseAddress, let right = b.baseAddress else {
      return a.count < b.count
    }
    let order = memcmp(left, right, common)
    return order != 0 ? order < 0 : a.count < b.count
  }
}
