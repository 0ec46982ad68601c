/// Looks at the pages of trees before LMDB reads them: a damaged one becomes an error instead of
/// the end of the process. Values are not looked at, and of a very large tree (an index) only the
/// pages that lead to its leaves; `StoreCheck` looks at everything.
struct OpeningCheck: PageTreeVisitor {
  /// Leaves of a tree up to which all are looked at.
  private static let leafMaximum = 4096

  private let path: String
  private let tree: String
  private let skipsLeaves: Bool
  private var pagesLeft: UInt64
  private let pause: (() throws(StoreError) -> Void)?
  private var trees: [(name: String, tree: PageTree)] = []

  /// - Parameters:
  ///   - skippingLeaves: false to look at all leaves.
  ///   - pause: called every some pages; may give the check up.
  /// - Throws: `damaged`.
  /// - Complexity: O(pages of trees that are looked at).
  static func run(
    _ file: PageFile, path: String, skippingLeaves: Bool = true,
    pause: (() throws(StoreError) -> Void)? = nil
  ) throws(StoreError) {
    func run(
      _ name: String, _ tree: PageTree, _ walk: PageTreeWalk
    ) throws(StoreError) {
      var check = OpeningCheck(
        path: path, tree: name,
        skipsLeaves: skippingLeaves && tree.leafPages > UInt64(leafMaximum),
        pagesLeft: walk.file.pageCount, pause: pause)
      try walk.run(tree, &check)
    }
    try run("free pages", file.header.free, PageTreeWalk(file: file, hasNumbersAsKeys: true))
    for (name, tree) in try trees(file, path: path) {
      try run(name, tree, PageTreeWalk(file: file))
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
