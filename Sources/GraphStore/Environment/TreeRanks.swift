/// Where keys lie in a tree, told from the pages on the way down to them, as if all pages of a level
/// held the same number of keys. LMDB itself knows no ranks.
///
/// The pages are those of a committed state. Should they be written anew meanwhile, ranks are wrong,
/// and nothing worse: nothing of a page is trusted.
struct TreeRanks {
  private let file: PageFile
  private let tree: PageTree

  /// - Parameter transaction: the number of the state; for one that is too old, the newest is taken.
  /// - Returns: nil when the tree cannot be found.
  init?(
    _ tree: Tree, of environment: Environment, transaction: Int
  ) throws(StoreError) {
    let descriptor = environment.descriptor
    guard
      let header = FileHeader(descriptor, transaction: UInt64(transaction))
        ?? FileHeader(descriptor)
    else { return nil }
    let file = try PageFile(descriptor, header, path: environment.path)
    var name = tree.name
    let record = name.withUTF8 { name -> PageTree? in
      let key = UnsafeRawBufferPointer(name)
      guard let place = Place(key, in: header.main, file), place.below < place.leaf.count,
        let node = place.leaf.node(place.below),
        node.key.elementsEqual(key), let value = node.inlineValue,
        value.count == PageTree.recordSize
      else { return nil }
      return PageTree(value)
    }
    guard let record else { return nil }
    self.file = file
    self.tree = record
  }

  /// The share of the tree's keys that are below a key; nil where the pages make no sense.
  /// - Complexity: O(log keys).
  func rank(_ key: UnsafeRawBufferPointer) -> Double? {
    tree.depth == 0 ? 0 : Place(key, in: tree, file)?.rank
  }

  /// Where a key is, or would be.
  private struct Place {
    var leaf: TreePage
    /// The keys of the leaf that are below.
    var below: Int
    var rank: Double

    init?(_ key: UnsafeRawBufferPointer, in tree: PageTree, _ file: PageFile) {
      var number = tree.root
      var (rank, width) = (0.0, 1.0)
      for _ in 1..<max(1, tree.depth) {
        guard let page = Self.page(number, .branch, file),
          // The first key does not count: everything below the second is there.
          let place = Self.count(of: page, from: 1, where: { IndexKey.order($0, key) <= 0 }),
          let node = page.node(place - 1)
        else { return nil }
        width /= Double(page.count)
        rank += width * Double(place - 1)
        number = node.child
      }
      guard let leaf = Self.page(number, .leaf, file),
        let below = Self.count(of: leaf, from: 0, where: { IndexKey.order($0, key) < 0 })
      else { return nil }
      self.leaf = leaf
      self.below = below
      self.rank = rank + width * Double(below) / Double(leaf.count)
    }

    private static func page(_ number: UInt64, _ kind: TreePage.Kind, _ file: PageFile) -> TreePage?
    {
      guard let bytes = file.pages(number),
        let page = try? TreePage(bytes, kind, number: number), page.count > 0
      else { return nil }
      return page
    }

    /// How many keys come first for which a condition holds.
    private static func count(
      of page: TreePage, from start: Int, where isBefore: (UnsafeRawBufferPointer) -> Bool
    ) -> Int? {
      var (low, high) = (start, page.count)
      while low < high {
        let middle = (low + high) / 2
        guard let node = page.node(middle) else { return nil }
        if isBefore(node.key) { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
