internal import GraphColumns
internal import GraphTypes

/// The entries of a range index, made from the columns of a state of the graph and sorted.
struct RangeIndexBuilder {
  private let index: IndexDefinition
  private let reader: GraphReader
  let keys = StringArena(blockSize: 1 << 20)
  private(set) var entries: [IndexEntry] = []

  /// Collecting the entries counts as three quarters of the work.
  ///
  /// - Throws: `constraint`, if the index is unique and the data is not.
  /// - Complexity: O(segments + entries log entries).
  init(
    _ index: IndexDefinition, _ reader: GraphReader,
    progress: ((Double) throws(StoreError) -> Void)?,
    checkingUnique: Bool = true
  ) throws(StoreError) {
    self.index = index
    self.reader = reader
    let scan = PropertyScan(
      reader: reader, keys: index.keys,
      progress: { (share) throws(StoreError) in try progress?(0.75 * share) })
    var writer = EntryCollector(index, keys)
    if index.onRelationships {
      let type = RelationshipTypeID(index.labels[0])
      writer.entries.reserveCapacity(reader.relationshipCount(type: type))
      try scan.relationships(type) { (elements, count, vectors) in
        writer.add(elements, count, vectors)
      }
    } else {
      let label = LabelID(index.labels[0])
      writer.entries.reserveCapacity(reader.nodeCount(label: label))
      try scan.nodes(label) { (elements, count, vectors) in
        writer.add(elements, count, vectors)
      }
    }
    entries = writer.takeEntries()
    entries.withUnsafeMutableBufferPointer { IndexEntrySort.sort($0) }
    try progress?(0.9)
    if index.isUnique, checkingUnique { try checkUnique() }
  }

  /// - Throws: `constraint`, naming two entities with the same values.
  func checkUnique() throws(StoreError) {
    for place in entries.indices.dropFirst()
    where entries[place].order(entries[place - 1]) == 0 {
      if index.onRelationships {
        try check(RelationshipRef.self, place)
      } else {
        try check(NodeID.self, place)
      }
    }
  }

  /// Throws if an entry has the values of one before with the same key.
  private func check<Element: IndexedElement>(
    _: Element.Type, _ place: Int
  ) throws(StoreError) {
    let type = index.labels[0]
    let element = Element(entries[place].entity, type: type)
    let values = try index.values(of: element, reader)
    var other = place - 1
    while other >= 0, entries[other].order(entries[place]) == 0 {
      let earlier = Element(entries[other].entity, type: type)
      let others = try index.values(of: earlier, reader)
      // NaN equals nothing, and keys may be cut.
      if zip(values, others).allSatisfy({ Value.equals($0, $1) == true }) {
        throw index.violation(earlier, element, values, reader)
      }
      other -= 1
    }
  }

  /// Entries that one transaction of a bulk load appends.
  private static let batchSize = 4 << 20

  /// Appends all entries to the tree of a new file, whose indexes have lower numbers.
  func write(to file: BulkFile) throws(StoreError) {
    var statistics = IndexStatistics()
    var start = 0
    while start < entries.count {
      var end = min(start + Self.batchSize, entries.count)
      // The entities of a key go together.
      while end < entries.count, entries[end].order(entries[end - 1]) == 0 { end += 1 }
      statistics = try append(start..<end, to: try file.currentWriter(), statistics)
      try file.commit()
      start = end
    }
    try file.put(.schema, .schema(.statistics, index.id), statistics.encoded)
  }

  private func append(
    _ range: Range<Int>, to writer: TreeWriter, _ statistics: IndexStatistics
  ) throws(StoreError) -> IndexStatistics {
    let tree = try IndexWriter(writer, onRelationships: index.onRelationships)
    tree.begin(statistics)
    var appender = IndexAppender(index, tree)
    for place in range { try appender.append(entries[place]) }
    try appender.flush()
    return tree.statistics
  }
}

/// Encodes batches of values: typed where the vectors are.
private struct EntryCollector: ~Copyable {
  private let index: IndexDefinition
  private let keys: StringArena
  private var key: IndexKey
  var entries: [IndexEntry] = []

  init(_ index: IndexDefinition, _ keys: StringArena) {
    self.index = index
    self.keys = keys
    key = IndexKey(index: index.id)
  }

  mutating func takeEntries() -> [IndexEntry] {
    defer { entries = [] }
    return entries
  }

  mutating func add<Element: IndexedElement>(
    _ elements: UnsafePointer<Element>, _ count: Int, _ vectors: [Vector]
  ) {
    guard vectors.count == 1, let vector = vectors.first, !vector.isConstant else {
      return addValues(elements, count, vectors)
    }
    switch vector.type {
    case .integer:
      let integers = vector.integers
      for row in 0..<count where !vector.isNull(row) {
        key.removeAll()
        key.append(integers[row])
        append(elements[row])
      }
    case .string:
      let strings = vector.strings
      for row in 0..<count where !vector.isNull(row) {
        key.removeAll()
        key.append(text: strings[row].bytes, isLast: true)
        append(elements[row])
      }
    default: addValues(elements, count, vectors)
    }
  }

  private mutating func addValues<Element: IndexedElement>(
    _ elements: UnsafePointer<Element>, _ count: Int, _ vectors: [Vector]
  ) {
    for row in 0..<count where !vectors.contains(where: { $0.isNull(row) }) {
      key.removeAll()
      for (place, vector) in vectors.enumerated() {
        key.append(vector.boxed(row), isLast: place == vectors.count - 1)
      }
      append(elements[row])
    }
  }

  @inline(__always)
  private mutating func append<Element: IndexedElement>(_ element: Element) {
    entries.append(IndexEntry(key, element.entity, isAdded: true, keys))
  }
}

/// Sorting entries by key and row.
enum IndexEntrySort {
  static func sort(_ entries: UnsafeMutableBufferPointer<IndexEntry>) {
    var entries = entries
    entries.sort { $0 < $1 }
  }
}

/// Appends sorted entries to a tree, the entities of a key together.
struct IndexAppender: ~Copyable {
  private let index: IndexDefinition
  private let tree: IndexWriter
  private var key: IndexKey
  /// As they are stored; under `key`.
  private var entities: [UInt32] = []

  /// - Parameter tree: holds no key that is not below those of the index.
  init(_ index: IndexDefinition, _ tree: IndexWriter) {
    self.index = index
    self.tree = tree
    key = IndexKey(index: index.id)
  }

  mutating func append(_ entry: IndexEntry) throws(StoreError) {
    if !entities.isEmpty, key.order(entry.bytes) != 0 { try flush() }
    if entities.isEmpty { key.copy(entry.bytes) }
    let stored = entry.entity.stored
    entities.append(stored.0)
    if index.onRelationships {
      entities.append(stored.1)
      entities.append(stored.2)
    }
  }

  /// Writes what is left.
  mutating func flush() throws(StoreError) {
    if entities.isEmpty { return }
    try entities.withUnsafeBufferPointer { (entities) throws(StoreError) in
      try tree.append(key.stored, entities: UnsafeRawBufferPointer(entities))
    }
    entities.removeAll(keepingCapacity: true)
  }
}
