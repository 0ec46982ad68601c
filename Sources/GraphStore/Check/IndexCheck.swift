internal import GraphColumns
internal import GraphTypes

/// A comparison of all range indexes and constraints with the data, in one sound state.
struct IndexCheck {
  let reader: GraphReader
  /// Told each fault.
  let found: (Tree, String) -> Void
  /// Throws when the check is given up.
  var checkCancelled: () throws(StoreError) -> Void = {}
  /// Faults of an index that are told one by one.
  private static let faultMaximum = 10

  /// - Returns: the number of entries that were compared.
  func run() throws(StoreError) -> Int {
    var counts = [0, 0]
    for index in reader.schema.indexes where index.kind == .range {
      let count =
        index.onRelationships
        ? try check(index, RelationshipRef.self) : try check(index, NodeID.self)
      counts[index.onRelationships ? 1 : 0] += count
    }
    for (tree, count) in zip([Tree.indexes, .relationshipIndexes], counts) {
      let stored = try reader.core.entryCount(tree)
      if stored != count {
        found(tree, "\(stored - count) entries belong to no index")
      }
    }
    for constraint in reader.schema.constraints { try check(constraint) }
    return counts[0] + counts[1]
  }

  private func check(_ constraint: ConstraintDefinition) throws(StoreError) {
    do throws(StoreError) {
      try PropertyConstraint(constraint)?.checkAll(
        reader, progress: { (_) throws(StoreError) in try checkCancelled() })
    } catch {
      if error.code == .cancelled { throw error }
      found(.schema, "the constraint \(constraint.name) does not hold: \(error.message)")
    }
  }

  /// - Returns: the number of entries that are stored.
  private func check<Element: IndexedElement>(
    _ index: IndexDefinition, _: Element.Type
  ) throws(StoreError) -> Int {
    let tree: Tree = index.onRelationships ? .relationshipIndexes : .indexes
    let what = index.onRelationships ? "relationship" : "node"
    let builder = try RangeIndexBuilder(
      index, reader, progress: { (_) throws(StoreError) in try checkCancelled() },
      checkingUnique: false)
    do throws(StoreError) {
      if index.isUnique { try builder.checkUnique() }
    } catch {
      found(tree, "the index \(index.name): \(error.message)")
    }
    var expected = builder.entries[...]
    var faults = 0
    func fault(_ text: String) {
      faults += 1
      if faults <= Self.faultMaximum { found(tree, "the index \(index.name) \(text)") }
    }
    var statistics = IndexStatistics()
    let start = IndexKey(index: index.id)
    let cursor = try IndexCursor(reader, onRelationships: index.onRelationships)
    var isStored = try withExtendedLifetime(start) { (start) throws(StoreError) in
      try cursor.seek(start.stored)
    }
    while isStored, let key = start.suffix(of: cursor.currentKey) {
      if statistics.distinct & 0xFFF == 0 { try checkCancelled() }
      statistics.distinct += 1
      try cursor.forEachEntity(size: Element.storedSize) { bytes in
        let entity = Element.entity(stored: bytes)
        statistics.entries += 1
        while let next = expected.first, next.isBelow(key, entity) {
          fault("lacks \(what) \(next.entity.row)")
          expected.removeFirst()
        }
        if let next = expected.first, next.entity == entity, IndexKey.order(next.bytes, key) == 0 {
          expected.removeFirst()
        } else {
          fault("has \(what) \(entity.row) under values that it has not")
        }
      }
      isStored = try cursor.next()
    }
    for entry in expected { fault("lacks \(what) \(entry.entity.row)") }
    if faults > Self.faultMaximum {
      found(tree, "the index \(index.name): and \(faults - Self.faultMaximum) more")
    }
    if try reader.core.statistics(ofIndex: index.id) != statistics {
      found(.schema, "the counts of the index \(index.name) are wrong")
    }
    return statistics.entries
  }
}

extension IndexEntry {
  fileprivate func isBelow(_ key: UnsafeRawBufferPointer, _ entity: IndexEntity) -> Bool {
    let order = IndexKey.order(bytes, key)
    return order != 0 ? order < 0 : self.entity.row < entity.row
  }
}
