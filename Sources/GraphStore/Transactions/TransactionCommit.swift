internal import GraphTypes

extension GraphState {
  /// Writes all that has changed into the trees of the base, in the order of their keys, and removes
  /// the records that say the same. The state is of no use afterwards.
  func fold(into writer: TreeWriter) throws(StoreError) {
    try writeNames(writer)
    try writeStatistics(writer)
    // One without rows was begun by a transaction that was taken back.
    for (segment, edit) in nodes.entries.sorted(by: { $0.segment < $1.segment })
    where edit.rows.rowCount > 0 {
      try writer.put(.nodes, .nodes(segment: segment), edit.rows.encoded())
    }
    for (address, edit) in changedColumns {
      let base = try baseColumn(address)
      if let bytes = try edit.encodedBytes(base: { base }) {
        try writer.put(.columns, address.treeKey, bytes)
      } else if base != nil {
        try writer.delete(.columns, address.treeKey)
      }
    }
    for edit in changedAdjacencies { try writeLists(edit, writer) }
    try writeCounts(writer)
    if extent.records > 0 { try writer.clear(.delta) }
  }

  private func writeNames(_ writer: TreeWriter) throws(StoreError) {
    var isChanged = false
    for kind in NameKind.allCases {
      let names = names[kind].names
      for id in base.names[kind].names.count..<names.count {
        try writer.put(.catalogue, .name(kind, UInt32(id)), Array(names[id].utf8))
        isChanged = true
      }
    }
    if isChanged { counts.catalogueVersion += 1 }
  }

  private func writeLists(_ edit: AdjacencyEdit, _ writer: TreeWriter) throws(StoreError) {
    let base = try baseAdjacency(edit.type, edit.direction)
    let changes = edit.takeChanges(base: base)
    // Lists that could not be read must not be written anew without what they had.
    try base.checks.throwDamage()
    func key(_ firstNode: UInt64, _ lowerBound: UInt64) -> Key {
      .adjacency(edit.type, edit.direction, firstNode: firstNode, lowerBound: lowerBound)
    }
    for identity in changes.removed {
      try writer.delete(.adjacency, key(identity.firstNode, identity.lowerBound))
    }
    for chunk in changes.chunks {
      try writer.put(.adjacency, key(chunk.firstNode, chunk.lowerBound), chunk.encoded())
    }
  }

  private func writeCounts(_ writer: TreeWriter) throws(StoreError) {
    let before = Dictionary(
      base.counts.entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for (key, value) in counts.entries where before[key] != value {
      try writer.put(.counts, key, UInt64(clamping: value))
    }
  }
}
