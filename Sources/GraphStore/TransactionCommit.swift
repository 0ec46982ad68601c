internal import GraphTypes

extension TransactionReader {
  /// Writes all changes in the order of their keys, as one LMDB transaction. Caller holds the
  /// environment's writer lock.
  func writeChanges(
    to environment: Environment, durability: StoreOptions.Durability
  ) throws(StoreError) {
    let columns = changedColumns
    let isChanged =
      !columns.isEmpty || !changes.nodes.isEmpty || !changes.adjacency.isEmpty
      || changes.counts != core.counts || nameCount != committedNameCount
    guard isChanged else { return }
    if changes.schema.isActive { try changes.schema.check() }
    let writer = try TreeWriter(environment, durability: durability)
    guard writer.number == core.id + 1 else {
      throw StoreError(
        .inUse, "the database \(environment.path) was changed by another program in between",
        hint: "run the statement again")
    }
    try writeNames(writer)
    for (segment, place) in changes.nodePlaces.sorted(by: { $0.key < $1.key }) {
      try writer.put(.nodes, .nodes(segment: segment), changes.nodes[place].encoded())
    }
    for (key, edit) in columns {
      if let bytes = try edit.encodedBytes() {
        try writer.put(.columns, key, bytes)
      } else if edit.isStored {
        try writer.delete(.columns, key)
      }
    }
    for edit in changes.adjacency.values.sorted(by: {
      ($0.type.rawValue, $0.direction.rawValue) < ($1.type.rawValue, $1.direction.rawValue)
    }) {
      try writeLists(edit, writer)
    }
    if changes.schema.isActive { try changes.schema.write(writer) }
    try writeStatistics(writer)
    try writeCounts(writer)
    try writer.commit()
    environment.forgetNewest()
  }

  private var nameCount: Int {
    NameKind.allCases.reduce(0) { $0 + changes.names[$1].names.count }
  }
  private var committedNameCount: Int {
    NameKind.allCases.reduce(0) { $0 + committedNames[$1].names.count }
  }

  private var changedColumns: [(key: Key, edit: ColumnEdit)] {
    changes.columns.map { ($0.key.treeKey, $0.value) }.sorted { $0.0 < $1.0 }
  }

  private func writeNames(_ writer: TreeWriter) throws(StoreError) {
    if nameCount != committedNameCount { changes.counts.catalogueVersion += 1 }
    for kind in NameKind.allCases {
      let names = changes.names[kind].names
      for id in committedNames[kind].names.count..<names.count {
        try writer.put(.catalogue, .name(kind, UInt32(id)), Array(names[id].utf8))
      }
    }
  }

  private func writeLists(_ edit: AdjacencyEdit, _ writer: TreeWriter) throws(StoreError) {
    try edit.compact()
    let changed = edit.changed
    func key(_ firstNode: UInt64, _ lowerBound: UInt64) -> Key {
      .adjacency(edit.type, edit.direction, firstNode: firstNode, lowerBound: lowerBound)
    }
    let kept = Set(changed.map { key($0.firstNode, $0.lowerBound) })
    for (firstNode, lowerBound) in edit.replaced {
      let key = key(firstNode, lowerBound)
      if !kept.contains(key) { try writer.delete(.adjacency, key) }
    }
    for chunk in changed {
      try writer.put(.adjacency, key(chunk.firstNode, chunk.lowerBound), chunk.encoded())
    }
  }

  private func writeCounts(_ writer: TreeWriter) throws(StoreError) {
    let before = Dictionary(
      core.counts.entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for (key, value) in changes.counts.entries where before[key] != value {
      try writer.put(.counts, key, UInt64(value))
    }
  }
}
