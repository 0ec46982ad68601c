/// Looks at the pages of trees before LMDB reads them: a damaged one becomes an error instead of
/// the end of the process. Values are not looked at; nor, at first, the leaves of a very large tree
/// (an index), which would make opening slow: `Environment.checkLeaves` does so before it is used.
struct OpeningCheck: PageTreeVisitor {
  /// Leaves of a tree up to which opening looks at all.
  static let leafMaximum = 4096

  private let path: String
  private let tree: String
  private let skipsLeaves: Bool
  private var pagesLeft: UInt64
  private let pause: (() throws(StoreError) -> Void)?
  private var trees: [(name: String, tree: PageTree)] = []

  /// - Parameters:
  ///   - leafMaximum: of trees with more leaves these are left out.
  ///   - pause: called every some pages; may give the check up.
  /// - Returns: the names of trees whose leaves were left out.
  /// - Throws: `damaged`.
  /// - Complexity: O(pages of trees that are looked at).
  @discardableResult
  static func run(
    _ file: PageFile, path: String, leafMaximum: Int = .max,
    pause: (() throws(StoreError) -> Void)? = nil
  ) throws(StoreError) -> Set<String> {
    var skipped: Set<String> = []
    func run(
      _ name: String, _ tree: PageTree, _ walk: PageTreeWalk
    ) throws(StoreError) {
      let skipsLeaves = tree.leafPages > UInt64(leafMaximum)
      if skipsLeaves { skipped.insert(name) }
      var check = OpeningCheck(
        path: path, tree: name, skipsLeaves: skipsLeaves, pagesLeft: walk.file.pageCount,
        pause: pause)
      try walk.run(tree, &check)
    }
    try run("free pages", file.header.free, PageTreeWalk(file: file, hasNumbersAsKeys: true))
    for (name, tree) in try trees(file, path: path) {
      try run(name, tree, PageTreeWalk(file: file))
    }
    return skipped
  }

  /// Looks at all of one tree.
  /// - Throws: `damaged`.
  static func run(_ name: String, _ file: PageFile, path: String) throws(StoreError) {
    for (found, tree) in try trees(file, path: path) where found == name {
      var check = OpeningCheck(
        path: path, tree: name, skipsLeaves: false, pagesLeft: file.pageCount, pause: nil)
      try PageTreeWalk(file: file).run(tree, &check)
    }
  }

  /// The named trees of a state.
  /// - Throws: `damaged`.
  static func trees(
    _ file: PageFile, path: String
  ) throws(StoreError) -> [(name: String, tree: PageTree)] {
    var check = OpeningCheck(
      path: path, tree: "main", skipsLeaves: false, pagesLeft: file.pageCount, pause: nil)
    try PageTreeWalk(file: file, holdsTrees: true).run(file.header.main, &check)
    return check.trees
  }

  private init(
    path: String, tree: String, skipsLeaves: Bool, pagesLeft: UInt64,
    pause: (() throws(StoreError) -> Void)?
  ) {
    self.path = path
    self.tree = tree
    self.skipsLeaves = skipsLeaves
    self.pagesLeft = pagesLeft
    self.pause = pause
  }

  mutating func take(
    _ page: UInt64, count: UInt64, _ kind: PageTreeWalk.Kind
  ) throws(StoreError) -> Bool {
    if kind == .overflow || (kind == .leaf && skipsLeaves) { return false }
    if pagesLeft == 0 {
      try found(PageFault("the tree has more pages than the file"), page: page)
      return false
    }
    if pagesLeft & 0xFF == 0 { try pause?() }
    pagesLeft -= 1
    return true
  }

  mutating func found(_ fault: PageFault, page: UInt64) throws(StoreError) {
    throw StoreError(
      .damaged,
      "the database \(path) is damaged: page \(page) of the tree \(tree): \(fault.reason)",
      hint: "restore it from a backup; `tropa check` lists all damage")
  }

  mutating func entry(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    if tree == "main" {
      trees.append((String(decoding: key, as: UTF8.self), PageTree(value)))
    }
  }
}
