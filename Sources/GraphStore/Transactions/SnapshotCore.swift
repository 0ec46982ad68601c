internal import CLMDB
internal import GraphTypes

/// One committed state: an LMDB read transaction, the base tables, and the changes that the state
/// has over them. Shared by all readers of the state. While nobody uses it, the environment may
/// take it to a later state of the same base.
final class SnapshotCore: @unchecked Sendable {
  private let reader: TreeReader
  let base: BaseTables
  /// The number of the transaction that made the state.
  private(set) var id: Int
  /// Readers that use it. Guarded by the environment's lock.
  var users = 0

  private let lock = Lock()
  /// The base with the changes recorded up to the state `loadedID`, made when first asked for.
  private var loaded: GraphState?
  private var loadedID = -1
  /// Damage found where no error could be thrown.
  private var firstDamage: StoreError?

  /// - Parameter known: tables that are used if they are of the state's generation.
  init(_ environment: Environment, known: BaseTables?, mayRemap: Bool) throws(StoreError) {
    reader = TreeReader(try environment.begin(readOnly: true, mayRemap: mayRemap), environment)
    id = reader.number
    do throws(StoreError) {
      let generation = try reader.generation()
      if let known, known.generation == generation, known.mapping == environment.mapping {
        base = known
      } else {
        base = try BaseTables(
          reader, generation: generation, mapping: environment.mapping, known: known)
      }
    } catch {
      reader.abort()
      throw error
    }
  }

  deinit { reader.abort() }

  /// Lets the pages go while nobody reads.
  func rest() { reader.reset() }

  /// After `rest`: goes to the newest state.
  /// - Returns: false when that has another base: this object is of no use any more.
  func renew() throws(StoreError) -> Bool {
    guard try reader.renew(), try reader.generation() == base.generation else { return false }
    id = reader.number
    return true
  }

  /// The whole state. Only read by those who get it.
  func state() throws(StoreError) -> GraphState {
    lock.lock()
    defer { lock.unlock() }
    if let loaded, loadedID == id { return loaded }
    let state = loaded ?? GraphState(self)
    loaded = nil
    try state.replay(recordedIn: reader)
    loaded = state
    loadedID = id
    return state
  }

  /// Applies the changes that are recorded in this state and not yet in `state`, which must have
  /// the same base.
  func replay(into state: GraphState) throws(StoreError) {
    // The first use of a tree reads its root into the transaction.
    lock.lock()
    defer { lock.unlock() }
    try state.replay(recordedIn: reader)
  }

  /// Damage of the node table; or of lists, if it was found behind the first `start` findings.
  func damage(behind start: Int) -> StoreError? {
    lock.lock()
    defer { lock.unlock() }
    return firstDamage ?? base.findings.first(behind: start)
  }

  /// Keeps the first of several.
  func note(_ damage: StoreError) {
    lock.lock()
    defer { lock.unlock() }
    if firstDamage == nil { firstDamage = damage }
  }

  // MARK: Indexes

  /// A cursor that may outlive this only to be closed.
  func openCursor(_ tree: Tree) throws(StoreError) -> OpaquePointer {
    // The first use of a tree reads its root into the transaction.
    lock.lock()
    defer { lock.unlock() }
    return try reader.openCursor(tree)
  }

  /// What is kept about the entries of an index.
  func statistics(ofIndex id: UInt32) throws(StoreError) -> IndexStatistics {
    lock.lock()
    defer { lock.unlock() }
    return IndexStatistics(try reader.get(.schema, .schema(.statistics, id)))
  }

  /// Entries of a tree, with those under one key counted each.
  func entryCount(_ tree: Tree) throws(StoreError) -> Int {
    lock.lock()
    defer { lock.unlock() }
    return try reader.count(tree)
  }

  // MARK: Tables of the base

  func statistics() throws(StoreError) -> GraphStatistics { try base.statistics(reader) }

  func nodes() throws(StoreError) -> Unmanaged<NodeTable> { try base.nodes(reader) }

  /// Nil for a key that the base does not have.
  func column(nodes key: PropertyKeyID) throws(StoreError) -> Unmanaged<ColumnTable>? {
    try base.column(nodes: key, reader)
  }
  func column(
    _ type: RelationshipTypeID, _ key: PropertyKeyID
  ) throws(StoreError) -> Unmanaged<ColumnTable>? {
    try base.column(type, key, reader)
  }

  /// Nil for a type that the base does not have.
  func adjacency(
    _ type: RelationshipTypeID, _ direction: Direction
  ) throws(StoreError) -> Unmanaged<AdjacencyTable>? {
    try base.adjacency(type, direction, reader)
  }
}

/// An LMDB read transaction. Its owner ends it.
struct TreeReader {
  private let handle: OpaquePointer
  private unowned(unsafe) let environment: Environment

  init(_ handle: OpaquePointer, _ environment: Environment) {
    self.handle = handle
    self.environment = environment
  }

  func abort() { mdb_txn_abort(handle) }
  func reset() { mdb_txn_reset(handle) }

  /// - Returns: false when another process has made the file larger than what is mapped here.
  func renew() throws(StoreError) -> Bool {
    let code = mdb_txn_renew(handle)
    if code == MDB_MAP_RESIZED { return false }
    try LMDB.check(code, "read", environment.path)
    return true
  }

  func openCursor(_ tree: Tree) throws(StoreError) -> OpaquePointer {
    try environment.checkLeaves(of: tree)
    var cursor: OpaquePointer?
    try LMDB.check(
      mdb_cursor_open(handle, environment.tree(tree), &cursor), "read", environment.path)
    guard let cursor else { throw LMDB.error(MDB_PANIC, "read", environment.path) }
    return cursor
  }

  func get(_ tree: Tree, _ key: Key) throws(StoreError) -> UnsafeRawBufferPointer? {
    try environment.get(handle, tree, key)
  }

  /// The number of the transaction that made the state.
  var number: Int { Int(mdb_txn_id(handle)) }

  /// The number of the base state: see `BaseTables`.
  func generation() throws(StoreError) -> UInt64 {
    try environment.generation(handle)
  }

  /// Entries of a tree.
  func count(_ tree: Tree) throws(StoreError) -> Int {
    var statistics = MDB_stat()
    try LMDB.check(
      mdb_stat(handle, environment.tree(tree), &statistics), "read", environment.path)
    return Int(statistics.ms_entries)
  }

  func walk(
    _ tree: Tree, prefix: Key = Key(),
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let cursor = try TreeCursor(handle, tree, environment)
    try cursor.walk(prefix: prefix, body)
  }

  /// Calls `body` with all entries from a key on.
  func walk(
    _ tree: Tree, from key: Key,
    _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let cursor = try TreeCursor(handle, tree, environment)
    try cursor.walk(from: key, body)
  }
}
