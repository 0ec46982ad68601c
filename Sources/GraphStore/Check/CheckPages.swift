extension StoreCheck {
  /// Whose page it is.
  private static let meta = "the front pages"
  private static let free = "the list of free pages"

  /// Every page belongs to one tree or is free, and the trees are in order. Leaves the entries.
  func checkPages() throws(StoreError) {
    let header = file.header
    if UInt64(file.pageCount) <= header.lastPage {
      found(
        "pages",
        "the file is shorter than it should be: it has \(file.pageCount) of \(header.lastPage + 1)"
          + " pages")
    }
    // The file's own size bounds what a damaged front page can ask for.
    let pageMaximum = min(header.lastPage, max(file.pageCount, 2) + 1 << 24)
    let owners = PageOwners(count: Int(pageMaximum) + 1)
    _ = owners.claim(0, count: 2, Self.meta)
    let main = try walk("main", header.main, PageTreeWalk(file: file, holdsTrees: true), owners)
    var found: Set<String> = []
    for entry in main {
      let name = String(decoding: entry.key, as: UTF8.self)
      found.insert(name)
      guard let tree = Tree.allCases.first(where: { $0.name == name }) else {
        self.found("pages", "there is an unknown tree \(name)")
        continue
      }
      let record = PageTree(entry.value)
      if (record.flags & PageTree.hasDuplicates != 0) != tree.hasDuplicates {
        self.found("pages", "the tree \(name) is not of the right kind")
      }
      let found = try walk(name, record, PageTreeWalk(file: file), owners)
      entries[tree] = tree.isSealed ? opened(found, tree) : found
    }
    for tree in Tree.allCases where !found.contains(tree.name) {
      self.found("pages", "the tree \(tree.name) is missing")
    }
    try checkFreePages(owners)
    examined("pages", owners.count)
  }

  /// Without their seals, and without those whose seal does not match.
  private func opened(_ entries: [Entry], _ tree: Tree) -> [Entry] {
    entries.compactMap { entry in
      guard let content = Seal.content(entry.value, entry.key) else {
        found(tree, "the checksum of an entry does not match")
        return nil
      }
      return Entry(key: entry.key, value: content)
    }
  }

  private func walk(
    _ name: String, _ tree: PageTree, _ walk: PageTreeWalk, _ owners: PageOwners
  ) throws(StoreError) -> [Entry] {
    var visitor = PageCheck(check: self, name: name, owners: owners)
    visitor.keepsEntries = tree.flags & PageTree.hasDuplicates == 0
    try walk.run(tree, &visitor)
    visitor.compare(with: tree)
    return visitor.entries
  }

  private func checkFreePages(_ owners: PageOwners) throws(StoreError) {
    let lists = try walk(
      Self.free, file.header.free, PageTreeWalk(file: file, hasNumbersAsKeys: true), owners)
    for entry in lists {
      guard let numbers = FreePageList.numbers(entry.value) else {
        found("pages", "\(Self.free): an entry has a wrong length")
        continue
      }
      for index in 0..<(numbers.count / 8) {
        let page = numbers.word(8 * index)
        if page >= UInt64(owners.count) {
          found("pages", "\(Self.free) has page \(page), which is beyond the end")
        } else if let owner = owners.claim(page, count: 1, "free") {
          found(
            "pages",
            owner == "free"
              ? "page \(page) is free twice"
              : "page \(page) is free, but \(owner) has it, too")
        }
      }
    }
    let lost = owners.unclaimed
    if lost > 0, report.findingCount == 0 {
      found(
        "pages",
        "\(lost) pages are neither in use nor free (the data is whole; dump and load it to win the "
          + "space back)")
    }
  }
}

/// Which tree has which page.
final class PageOwners {
  let count: Int
  private var owners: [UInt8]
  private var names: [String] = []
  private(set) var unclaimed: Int

  init(count: Int) {
    self.count = count
    owners = Array(repeating: 0, count: count)
    unclaimed = count
  }

  /// Gives pages (those that there are) to a tree.
  /// - Returns: who has one of them already.
  func claim(_ first: UInt64, count pages: UInt64, _ name: String) -> String? {
    var id = names.firstIndex(of: name).map { $0 + 1 } ?? 0
    if id == 0 {
      names.append(name)
      id = names.count
    }
    var owner: String?
    guard first < UInt64(count) else { return nil }
    for page in Int(first)..<Int(min(first &+ pages, UInt64(count))) {
      if owners[page] != 0 {
        owner = owner ?? names[Int(owners[page]) - 1]
      } else {
        owners[page] = UInt8(id)
        unclaimed -= 1
      }
    }
    return owner
  }
}

/// The part of `checkPages` for one tree.
private struct PageCheck: PageTreeVisitor {
  let check: StoreCheck
  let name: String
  let owners: PageOwners
  var keepsEntries = true
  private(set) var entries: [StoreCheck.Entry] = []
  private var entryCount: UInt64 = 0
  private var branchPages: UInt64 = 0
  private var leafPages: UInt64 = 0
  private var overflowPages: UInt64 = 0

  init(check: StoreCheck, name: String, owners: PageOwners) {
    self.check = check
    self.name = name
    self.owners = owners
  }

  mutating func take(
    _ page: UInt64, count: UInt64, _ kind: PageTreeWalk.Kind
  ) throws(StoreError) -> Bool {
    try check.checkCancelled()
    if let owner = owners.claim(page, count: count, name) {
      try found(PageFault("\(owner) has it, too"), page: page)
      return false
    }
    switch kind {
    case .branch: branchPages += 1
    case .leaf: leafPages += 1
    case .overflow: overflowPages += count
    }
    return true
  }

  mutating func found(_ fault: PageFault, page: UInt64) throws(StoreError) {
    check.found("pages", "\(name), page \(page): \(fault.reason)")
  }

  mutating func entry(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    entryCount += 1
    if keepsEntries { entries.append(.init(key: key, value: value)) }
  }

  /// What LMDB has counted. Trees inside of a tree of duplicates have counts of their own.
  func compare(with tree: PageTree) {
    var counts = [("entries", entryCount, tree.entries)]
    if tree.flags & PageTree.hasDuplicates == 0 {
      counts += [
        ("branch pages", branchPages, tree.branchPages), ("leaf pages", leafPages, tree.leafPages),
        ("pages of big values", overflowPages, tree.overflowPages),
      ]
    }
    for (what, isThere, isCounted) in counts where isThere != isCounted {
      check.found("pages", "\(name) has \(isThere) \(what), but counts \(isCounted)")
    }
  }
}
