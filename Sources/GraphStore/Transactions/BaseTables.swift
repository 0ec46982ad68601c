internal import CLMDB
internal import GraphTypes
internal import Synchronization

/// The tables of chunks of one *base state*: what the trees of nodes, columns, neighbour lists,
/// names and counts hold between two commits that write them (see `Tree.isBase`). All snapshots of
/// the same generation share it; tables are built once, under a lock, and then only read.
///
/// Tables hold addresses in the memory map, of small values too. They stay good from snapshot to
/// snapshot: LMDB moves a page only when its tree is written, every transaction that writes one of
/// these trees makes a new generation, and a page that a state refers to is not used again while
/// that state is the newest or has a reader. So who has a transaction of this generation may read
/// through the tables; nobody else may.
final class BaseTables: @unchecked Sendable {
  let generation: UInt64
  /// What the addresses belong to: see `Environment.mapping`.
  let mapping: Int
  let counts: GraphCounts
  let names: NameTables
  let schema: Schema
  let findings = DamageFindings()

  private let lock = Lock()
  private let copies = AlignedCopies()

  /// Addresses of tables, 0 until built: by key for nodes, by type and key for relationships, by
  /// type and direction for adjacency.
  private let nodeColumns: AtomicSlots
  /// By type: addresses of the slots of its keys.
  private let relationshipColumns: AtomicSlots
  private let adjacencies: AtomicSlots
  private let nodeTable: AtomicSlots
  private var columnTables: [ColumnTable] = []
  private var keySlots: [AtomicSlots] = []
  private var adjacencyTables: [AdjacencyTable] = []
  private var builtNodeTable: NodeTable?
  private var knownStatistics: GraphStatistics?

  /// - Parameter transaction: of a state of this generation; so for all methods.
  init(
    _ transaction: TreeReader, generation: UInt64, mapping: Int, known: BaseTables?
  ) throws(StoreError) {
    self.generation = generation
    self.mapping = mapping
    var counts = GraphCounts()
    try transaction.walk(.counts) { (key, value) throws(StoreError) in
      try counts.read(key: key, value: value)
    }
    if let known, known.counts.catalogueVersion == counts.catalogueVersion {
      names = known.names
    } else {
      var names = NameTables()
      try transaction.walk(.catalogue) { (key, value) throws(StoreError) in
        try names.read(key: key, value: value)
      }
      self.names = names
    }
    if let known, known.schema.version == counts.schemaVersion {
      schema = known.schema
    } else {
      schema = try SchemaCodec.schema(transaction, version: counts.schemaVersion)
    }
    counts.grow(
      labels: names.labels.names.count, types: names.relationshipTypes.names.count)
    self.counts = counts
    let keys = names.propertyKeys.names.count
    let types = names.relationshipTypes.names.count
    nodeColumns = AtomicSlots(keys)
    relationshipColumns = AtomicSlots(types)
    adjacencies = AtomicSlots(2 * types)
    nodeTable = AtomicSlots(1)
  }

  /// The table in a slot, built on first use.
  private func table<Table: AnyObject>(
    _ slots: AtomicSlots, _ index: Int,
    _ build: () throws(StoreError) -> Table
  ) throws(StoreError) -> Unmanaged<Table> {
    if let address = slots.load(index) { return .fromOpaque(address) }
    lock.lock()
    defer { lock.unlock() }
    if let address = slots.load(index) { return .fromOpaque(address) }
    let table = try Unmanaged.passUnretained(build())
    slots.store(index, table.toOpaque())
    return table
  }

  func statistics(_ transaction: TreeReader) throws(StoreError) -> GraphStatistics {
    lock.lock()
    defer { lock.unlock() }
    if let knownStatistics { return knownStatistics }
    var statistics = GraphStatistics()
    try transaction.walk(.statistics) { (key, value) throws(StoreError) in
      try statistics.read(key: key, value: value)
    }
    knownStatistics = statistics
    return statistics
  }

  func nodes(_ transaction: TreeReader) throws(StoreError) -> Unmanaged<NodeTable> {
    if let address = nodeTable.load(0) { return .fromOpaque(address) }
    return try table(nodeTable, 0) { () throws(StoreError) in
      let segments = (counts.nodeRows + Segments.rowCount - 1) / Segments.rowCount
      let table = NodeTable(segmentCount: segments)
      try transaction.walk(.nodes) { (key, value) throws(StoreError) in
        guard let segment = Key.number(key, at: 0, bytes: 4), segment < UInt64(segments) else {
          throw ChunkFormat.damaged("The node table", "a segment is beyond its end")
        }
        table.set(
          Int(segment), try NodeSegmentChunk(copies.aligned(value), verifyingChecksum: true))
      }
      builtNodeTable = table
      return table
    }
  }

  /// Nil for a key that is not of this state.
  func column(
    nodes key: PropertyKeyID, _ transaction: TreeReader
  ) throws(StoreError) -> Unmanaged<ColumnTable>? {
    guard Int(key.rawValue) < nodeColumns.count else { return nil }
    return try table(nodeColumns, Int(key.rawValue)) { () throws(StoreError) in
      try columnTable(key, .nodes, rows: counts.nodeRows, transaction)
    }
  }

  func column(
    _ type: RelationshipTypeID, _ key: PropertyKeyID, _ transaction: TreeReader
  ) throws(StoreError) -> Unmanaged<ColumnTable>? {
    let keys = nodeColumns.count
    guard Int(key.rawValue) < keys, Int(type.rawValue) < relationshipColumns.count else {
      return nil
    }
    let slots = try table(relationshipColumns, Int(type.rawValue)) {
      let slots = AtomicSlots(keys)
      keySlots.append(slots)
      return slots
    }.takeUnretainedValue()
    return try table(slots, Int(key.rawValue)) { () throws(StoreError) in
      try columnTable(
        key, .relationships(type), rows: counts.relationshipRows[Int(type.rawValue)], transaction)
    }
  }

  private func columnTable(
    _ key: PropertyKeyID, _ space: ColumnSpace, rows: Int, _ transaction: TreeReader
  ) throws(StoreError) -> ColumnTable {
    let segments = (rows + space.segmentRows - 1) / space.segmentRows
    let table = ColumnTable(segmentCount: segments)
    try transaction.walk(.columns, prefix: .column(key, space)) {
      (bytes, value) throws(StoreError) in
      guard let segment = Key.number(bytes, at: 8, bytes: 4), segment < UInt64(segments) else {
        throw ChunkFormat.damaged("A column", "a segment is beyond its end")
      }
      table.set(Int(segment), copies.aligned(value))
    }
    columnTables.append(table)
    return table
  }

  /// Nil for a type that is not of this state.
  /// - Throws: `damaged` also when that was found of one of its chunks before.
  func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction, _ transaction: TreeReader
  ) throws(StoreError) -> Unmanaged<AdjacencyTable>? {
    precondition(direction != .both, "adjacency is of one direction")
    let slot = 2 * Int(type.rawValue) + Int(direction.rawValue)
    guard slot < adjacencies.count else { return nil }
    let found = try table(adjacencies, slot) { () throws(StoreError) in
      var entries: [AdjacencyEntry] = []
      try transaction.walk(.adjacency, prefix: .adjacency(type, direction)) {
        (key, value) throws(StoreError) in
        let chunk = try AdjacencyChunk(copies.aligned(value))
        guard Key.number(key, at: 5, bytes: 5) == chunk.firstNode,
          Key.number(key, at: 10, bytes: 8) == chunk.lowerBound, chunk.firstNode < 1 << 32
        else { throw ChunkFormat.damaged("A chunk of neighbour lists", "it is not in its place") }
        entries.append(AdjacencyEntry(chunk))
      }
      let checks = AdjacencyChecks(
        "the \(direction) lists of \(names.relationshipTypes.names[Int(type.rawValue)])",
        count: entries.count, nodeCount: counts.nodeRows, findings: findings)
      let table = AdjacencyTable(entries, checks)
      adjacencyTables.append(table)
      return table
    }
    try found.takeUnretainedValue().checks.throwDamage()
    return found
  }
}

/// Addresses that are set once and read without a lock.
final class AtomicSlots: @unchecked Sendable {
  let count: Int
  private let slots: UnsafeMutablePointer<Atomic<UInt>>

  init(_ count: Int) {
    self.count = count
    slots = .allocate(capacity: max(count, 1))
    for index in 0..<count { (slots + index).initialize(to: Atomic(0)) }
  }
  deinit { slots.deallocate() }

  @inline(__always)
  func load(_ index: Int) -> UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: slots[index].load(ordering: .acquiring))
  }
  func store(_ index: Int, _ address: UnsafeMutableRawPointer) {
    slots[index].store(UInt(bitPattern: address), ordering: .releasing)
  }
}

/// Copies of values that LMDB keeps at odd places. Values with pages of their own lie aligned.
final class AlignedCopies {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var free: UnsafeMutableRawBufferPointer = .init(start: nil, count: 0)

  deinit { for block in blocks { block.deallocate() } }

  func aligned(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let base = bytes.baseAddress, UInt(bitPattern: base) & 7 != 0 else { return bytes }
    let size = (bytes.count + 15) & ~15
    if size > free.count {
      let block = UnsafeMutableRawPointer.allocate(
        byteCount: max(size, 64 << 10), alignment: 16)
      blocks.append(block)
      free = UnsafeMutableRawBufferPointer(start: block, count: max(size, 64 << 10))
    }
    guard let target = free.baseAddress else { return bytes }
    target.copyMemory(from: base, byteCount: bytes.count)
    free = UnsafeMutableRawBufferPointer(rebasing: free.dropFirst(size))
    return UnsafeRawBufferPointer(start: target, count: bytes.count)
  }
}
