internal import GraphColumns
internal import GraphTypes

extension StoreCheck {
  /// Indexes and constraints against the data. They are read by way of LMDB, so that this is only
  /// for a file in which nothing has been found so far.
  func checkSchema() throws(StoreError) {
    if (entries[.schema] ?? []).isEmpty { return }
    guard report.findingCount == 0 else {
      return found(.schema, "indexes and constraints were not looked at, because of the above")
    }
    var options = StoreOptions()
    options.access = .readOnly
    let store = try Store.open(path, options: options)
    defer { store.close() }
    let reader = try store.snapshot()
    var count = 0
    for index in reader.schema.indexes where index.kind == .range {
      do throws(StoreError) {
        count += try RangeIndexCheck(self, index, reader).run()
      } catch {
        found(.schema, error.message)
      }
    }
    for definition in reader.schema.constraints {
      do throws(StoreError) {
        try PropertyConstraint(definition)?.checkAll(reader, progress: nil)
      } catch {
        found(.schema, error.message)
      }
    }
    examined("entries of indexes", count)
  }
}

/// The entries of a range index against those that its data would give.
private struct RangeIndexCheck {
  private let check: StoreCheck
  private let index: IndexDefinition
  private let reader: GraphReader
  private let expected: RangeIndexBuilder

  /// - Throws: `constraint`, if the index is unique and the data is not.
  init(
    _ check: StoreCheck, _ index: IndexDefinition, _ reader: GraphReader
  ) throws(StoreError) {
    self.check = check
    self.index = index
    self.reader = reader
    expected = try RangeIndexBuilder(index, reader, progress: nil)
  }

  /// - Returns: how many entries there are.
  func run() throws(StoreError) -> Int {
    let key = IndexKey(index: index.id)
    let cursor = try IndexCursor(reader, onRelationships: index.onRelationships)
    let size = index.onRelationships ? IndexEntity.relationshipSize : IndexEntity.nodeSize
    var place = 0
    var count = 0
    var isFound = try cursor.seek(key.storedPrefix)
    while isFound, let suffix = key.suffix(of: cursor.currentKey) {
      var remaining = 0
      var page = try cursor.firstEntities(size: size, remaining: &remaining)
      while let base = page.baseAddress {
        for offset in stride(from: 0, to: page.count - size + 1, by: size) {
          let entity =
            index.onRelationships
            ? IndexEntity(relationship: base + offset) : IndexEntity(node: base + offset)
          compare(suffix, entity, &place)
          count += 1
        }
        if remaining <= 0 { break }
        page = try cursor.moreEntities(remaining: &remaining)
      }
      isFound = try cursor.next()
    }
    while place < expected.entries.count {
      missing(expected.entries[place])
      place += 1
    }
    let counted = try reader.core.statistics(ofIndex: index.id).entries
    if counted != count {
      check.found(tree, "index \(index.name) counts \(counted) entries, but has \(count)")
    }
    return count
  }

  private var tree: Tree { index.onRelationships ? .relationshipIndexes : .indexes }
  private var what: String { index.onRelationships ? "relationship" : "node" }

  /// Goes on with what is expected, up to and including a stored entry.
  private func compare(
    _ suffix: UnsafeRawBufferPointer, _ entity: IndexEntity, _ place: inout Int
  ) {
    while place < expected.entries.count {
      let entry = expected.entries[place]
      let order = IndexKey.order(entry.bytes, suffix)
      if order == 0, entry.entity == entity {
        place += 1
        return
      }
      if order > 0 || (order == 0 && entry.entity.row > entity.row) { break }
      missing(entry)
      place += 1
    }
    check.found(
      tree,
      "index \(index.name) has \(what) \(entity.row) under a value that it does not have")
  }

  private func missing(_ entry: IndexEntry) {
    check.found(tree, "index \(index.name) does not have \(what) \(entry.entity.row)")
  }
}
