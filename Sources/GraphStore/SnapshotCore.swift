internal import CLMDB
internal import GraphTypes
internal import Synchronization

/// One committed state: an LMDB read transaction and the tables of chunks that have been asked for.
/// Shared by all readers of the state; tables are built once, under a lock, and then only read.
final class SnapshotCore: @unchecked Sendable {
  private unowned(unsafe) let environment: Environment
  private let transaction: OpaquePointer
  /// The number of the transaction that made the state.
  let id: Int
  let counts: GraphCounts
  let names: NameTables
  /// Readers that use it. Guarded by the environment's lock.
  var users = 0

  private let lock = Lock()
  private let copies = AlignedCopies()
  /// Damage found where no error could be thrown.
  private var firstDamage: StoreError?

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

  init(
    _ environment: Environment, knownNames: (version: Int, tables: NameTables)?, mayRemap: Bool
  ) throws(StoreError) {
    self.environment = environment
    let transaction = try environment.begin(readOnly: true, mayRemap: mayRemap)
    self.transaction = transaction
    id = Int(mdb_txn_id(transaction))
    do throws(StoreError) {
      var counts = GraphCounts()
      let cursor = try TreeCursor(
        transaction, environment.tree(.counts), path: environment.path)
      try cursor.walk { (key, value) throws(StoreError) in
        try counts.read(key: key, value: value)
      }
      if let knownNames, knownNames.version == counts.catalogueVersion {
        names = knownNames.tables
      } else {
        var names = NameTables()
        let cursor = try TreeCursor(
          transaction, environment.tree(.catalogue), path: environment.path)
        try cursor.walk { (key, value) throws(StoreError) in
          try names.read(key: key, value: value)
        }
        self.names = names
      }
      counts.grow(
        labels: names.labels.names.count, types: names.relationshipTypes.names.count)
      self.counts = counts
    } catch {
      mdb_txn_abort(transaction)
      throw error
    }
    let keys = names.propertyKeys.names.count
    let types = names.relationshipTypes.names.count
    nodeColumns = AtomicSlots(keys)
    relationshipColumns = AtomicSlots(types)
    adjacencies = AtomicSlots(2 * types)
    nodeTable = AtomicSlots(1)
  }

  deinit { mdb_txn_abort(transaction) }

  /// Lets the pages go while nobody reads.
  func rest() { mdb_txn_reset(transaction) }

  /// After `rest`. Pages of a state stay in place until a later one is committed; if there is none,
  /// all pointers hold again.
  /// - Returns: false when there is a later state: this object is of no use any more.
  func renew() throws(StoreError) -> Bool {
    try LMDB.check(mdb_txn_renew(transaction), "read", environment.path)
    return Int(mdb_txn_id(transaction)) == id
  }

  var damage: StoreError? {
    lock.lock()
    defer { lock.unlock() }
    return firstDamage
  }

  /// Keeps the first of several.
  func note(_ damage: StoreError) {
    lock.lock()
    defer { lock.unlock() }
    if firstDamage == nil { firstDamage = damage }
  }

  // MARK: Tables

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

  private func scan(
    _ tree: Tree, _ prefix: Key,
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let cursor = try TreeCursor(transaction, environment.tree(tree), path: environment.path)
    try cursor.walk(prefix: prefix, body)
  }

  func statistics() throws(StoreError) -> GraphStatistics {
    lock.lock()
    defer { lock.unlock() }
    if let knownStatistics { return knownStatistics }
    var statistics = GraphStatistics()
    try scan(.statistics, Key()) { (key, value) throws(StoreError) in
      try statistics.read(key: key, value: value)
    }
    knownStatistics = statistics
    return statistics
  }

  func nodes() throws(StoreError) -> Unmanaged<NodeTable> {
    try table(nodeTable, 0) { () throws(StoreError) in
      let segments = (counts.nodeRows + Segments.rowCount - 1) / Segments.rowCount
      let table = NodeTable(segmentCount: segments)
      try scan(.nodes, Key()) { (key, value) throws(StoreError) in
        guard let segment = Key.number(key, at: 0, bytes: 4), segment < UInt64(segments) else {
          throw ChunkFormat.damaged("The node table", "a segment is beyond its end")
        }
        table.set(Int(segment), try NodeSegmentChunk(copies.aligned(value)))
      }
      builtNodeTable = table
      return table
    }
  }

  /// Nil for a key that is not of this state.
  func column(nodes key: PropertyKeyID) throws(StoreError) -> Unmanaged<ColumnTable>? {
    guard Int(key.rawValue) < nodeColumns.count else { return nil }
    return try table(nodeColumns, Int(key.rawValue)) { () throws(StoreError) in
      try columnTable(key, .nodes, rows: counts.nodeRows)
    }
  }

  func column(
    _ type: RelationshipTypeID, _ key: PropertyKeyID
  ) throws(StoreError) -> Unmanaged<ColumnTable>? {
    let types = names.relationshipTypes.names.count
    let keys = nodeColumns.count
    guard Int(key.rawValue) < keys, Int(type.rawValue) < types else { return nil }
    let slots = try table(relationshipColumns, Int(type.rawValue)) {
      let slots = AtomicSlots(keys)
      keySlots.append(slots)
      return slots
    }.takeUnretainedValue()
    return try table(slots, Int(key.rawValue)) { () throws(StoreError) in
      try columnTable(
        key, .relationships(type), rows: counts.relationshipRows[Int(type.rawValue)])
    }
  }

  private func columnTable(
    _ key: PropertyKeyID, _ space: ColumnSpace, rows: Int
  ) throws(StoreError) -> ColumnTable {
    let segments = (rows + space.segmentRows - 1) / space.segmentRows
    let table = ColumnTable(segmentCount: segments)
    try scan(.columns, .column(key, space)) { (bytes, value) throws(StoreError) in
      guard let segment = Key.number(bytes, at: 8, bytes: 4), segment < UInt64(segments) else {
        throw ChunkFormat.damaged("A column", "a segment is beyond its end")
      }
      table.set(Int(segment), copies.aligned(value))
    }
    columnTables.append(table)
    return table
  }

  /// Nil for a type that is not of this state.
  func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> Unmanaged<AdjacencyTable>? {
    precondition(direction != .both, "adjacency is of one direction")
    let slot = 2 * Int(type.rawValue) + Int(direction.rawValue)
    guard slot < adjacencies.count else { return nil }
    return try table(adjacencies, slot) { () throws(StoreError) in
      var entries: [AdjacencyEntry] = []
      try scan(.adjacency, .adjacency(type, direction)) { (key, value) throws(StoreError) in
        let chunk = try AdjacencyChunk(copies.aligned(value))
        guard Key.number(key, at: 5, bytes: 5) == chunk.firstNode,
          Key.number(key, at: 10, bytes: 8) == chunk.lowerBound, chunk.firstNode < 1 << 32
        else { throw ChunkFormat.damaged("A chunk of neighbour lists", "it is not in its place") }
        entries.append(AdjacencyEntry(chunk))
      }
      let table = AdjacencyTable(entries)
      adjacencyTables.append(table)
      return table
    }
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
