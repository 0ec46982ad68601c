internal import GraphTypes

/// Numbers kept with the data, read when a snapshot is made.
struct GraphCounts: Equatable {
  enum Kind: UInt8 {
    /// Existing nodes; rows handed out.
    case nodes, nodeRows
    /// By label.
    case labelled
    /// By type: existing relationships; rows handed out.
    case relationships, relationshipRows
    /// Grows whenever names are added or everything is removed.
    case catalogueVersion
    /// Grows with each change of indexes and constraints; their ids are taken from it.
    case schemaVersion
    /// By type and labels of the ends.
    case relationshipEnds
  }

  var nodes = 0
  var nodeRows = 0
  var labelled: [Int] = []
  var relationships: [Int] = []
  var relationshipRows: [Int] = []
  var catalogueVersion = 0
  var schemaVersion = 0
  var ends = RelationshipEndCounts()

  var relationshipTotal: Int { relationships.reduce(0, +) }

  /// Makes room for as many labels and types.
  mutating func grow(labels: Int, types: Int) {
    while labelled.count < labels { labelled.append(0) }
    while relationships.count < types { relationships.append(0) }
    while relationshipRows.count < types { relationshipRows.append(0) }
  }

  /// All entries in the order of their keys.
  var entries: [(key: Key, value: Int)] {
    var entries: [(Key, Int)] = [(.count(.nodes), nodes), (.count(.nodeRows), nodeRows)]
    for (kind, list) in [
      (Kind.labelled, labelled), (.relationships, relationships),
      (.relationshipRows, relationshipRows),
    ] {
      for (id, value) in list.enumerated() { entries.append((.count(kind, UInt32(id)), value)) }
    }
    entries.append((.count(.catalogueVersion), catalogueVersion))
    entries.append((.count(.schemaVersion), schemaVersion))
    entries += ends.counts.map { (.count($0.key), $0.value) }.sorted { $0.0 < $1.0 }
    return entries
  }

  /// Takes one stored entry in.
  /// - Throws: `damaged` for an entry that no program of this format writes.
  mutating func read(
    key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
  ) throws(StoreError) {
    let damage = ChunkFormat.damaged("The table of counts", "an entry cannot be read")
    guard key.count == 5 || key.count == 13, let kind = Kind(rawValue: key[0]),
      (kind == .relationshipEnds) == (key.count == 13), value.count == 8,
      case let number = value.word(0), number < 1 << 48
    else { throw damage }
    if kind == .relationshipEnds {
      guard let ends = RelationshipEndCounts.Ends(key) else { throw damage }
      self.ends.read(ends, Int(number))
      return
    }
    guard let id = Key.number(key, at: 1, bytes: 4), id < 1 << 24 else { throw damage }
    // Rows have 32 bits; tables are made for as many.
    if kind == .nodeRows || kind == .relationshipRows, number > 1 << 32 { throw damage }
    func set(_ list: inout [Int]) {
      while list.count <= Int(id) { list.append(0) }
      list[Int(id)] = Int(number)
    }
    switch kind {
    case .nodes: nodes = Int(number)
    case .nodeRows: nodeRows = Int(number)
    case .labelled: set(&labelled)
    case .relationships: set(&relationships)
    case .relationshipRows: set(&relationshipRows)
    case .catalogueVersion: catalogueVersion = Int(number)
    case .schemaVersion: schemaVersion = Int(number)
    case .relationshipEnds: break
    }
  }
}
