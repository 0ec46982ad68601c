internal import GraphTypes

/// The writing side of an environment: the state that write transactions of this process continue,
/// and the transactions whose work is done and that wait to be stored.
///
/// A transaction begins with the state that the one before has left, so that nothing is read or
/// replayed, unless another process has committed in between; what an aborted one has changed is
/// taken back. At its end it hands its record over. If others wait for their turn, they come first,
/// on top of what is not stored yet; the last one stores the whole *group* in one LMDB transaction
/// with one sync, and only then do the commits of the group return. A lone thread stores at once.
///
/// All members belong to the holder of the environment's `WriterLock`.
final class CommitQueue {
  private unowned(unsafe) let environment: Environment
  /// The newest committed state with the changes of `group`; nil when it has to be read anew.
  private var state: GraphState?
  /// The number of the committed state in `state`.
  private var stateID = 0
  /// What the present transaction sees. It stays for the next one of the group, as the changes of
  /// indexes that it holds lie over one committed state.
  private var view: TransactionReader?
  private var group = CommitGroup()

  init(_ environment: Environment) { self.environment = environment }

  /// What is known is out of date.
  func forget() {
    state = nil
    view = nil
  }

  // MARK: Transactions

  /// What a transaction that begins sees; it must be let go before the transaction ends.
  func begin(_ store: Store, _ lease: EnvironmentLease) throws(StoreError) -> TransactionReader {
    if let view { return view }
    let hold = SnapshotHold(lease, try environment.acquireSnapshot(), isWriting: true)
    let core = hold.core
    let current: GraphState
    if let state, state.base === core.base {
      current = state
      current.core = core
    } else {
      current = GraphState(core)
      stateID = -1
    }
    state = nil
    if stateID != core.id { try core.replay(into: current) }
    let view = TransactionReader(store, hold, current)
    state = current
    stateID = core.id
    self.view = view
    return view
  }

  /// Ends a transaction without storing anything of it, and gives up the lock.
  /// - Parameter changes: what it has changed; nil when that is not known.
  /// - Complexity: O(changes).
  func abort(_ changes: [ReversibleChange]?) {
    let isTakenBack = takeBack(changes)
    if !isTakenBack { state = nil }
    let old = view
    view = nil
    if !group.isEmpty, let old {
      // What indexes were told is not taken back.
      if isTakenBack, changes?.isEmpty == true || !old.schemaChanges.isActive {
        view = old
      } else {
        rebuild(old)
      }
    }
    lock.release()
  }

  /// - Returns: false when the state has to be made anew.
  private func takeBack(_ changes: [ReversibleChange]?) -> Bool {
    guard let changes, let state, isUnshared else { return false }
    do throws(StoreError) {
      try state.takeBack(changes)
      // Chunks that were touched stay, so that those of many aborted transactions come together.
      return try !state.hasChanged(moreChunksThan: environment.deltaLimits.chunks)
    } catch {
      return false
    }
  }

  /// Ends a transaction: returns when it is stored. Gives up the lock.
  /// - Parameter record: nil when the changes go into the base at once.
  func commit(
    _ record: consuming ChangeRecord?, durability: StoreOptions.Durability
  ) throws(StoreError) {
    let group = self.group
    let goesAlone = record == nil || !isUnshared
    group.add(record, durability)
    if goesAlone || lock.awaitOthers(group) { settle() }
    try group.result()
  }

  private var lock: WriterLock { environment.writerLock }

  /// Whether the view is seen by nobody else any more.
  private var isUnshared: Bool { isKnownUniquelyReferenced(&view) }

  /// An aborted transaction of a group is taken back: makes the state anew, without it.
  private func rebuild(_ old: TransactionReader) {
    do {
      let current = GraphState(old.core)
      try old.core.replay(into: current)
      let view = TransactionReader(old.store, old.hold, current)
      let redo = WriteTransaction(redoing: view)
      for record in group.records { try redo.redo(record) }
      state = current
      self.view = view
    } catch {
      fail(error as? StoreError ?? StoreError(.system, "\(error)"))
    }
  }

  // MARK: Storing

  /// Stores the group and gives up the lock.
  private func settle() {
    do throws(StoreError) {
      try store(group)
      if !isUnshared { state = nil }
      finish(nil)
    } catch {
      state = nil
      finish(error)
    }
    lock.release()
  }

  private func fail(_ error: StoreError) {
    state = nil
    finish(error)
  }

  private func finish(_ failure: StoreError?) {
    view = nil
    let group = self.group
    self.group = CommitGroup()
    lock.finish(group, failure)
  }

  private func store(_ group: CommitGroup) throws(StoreError) {
    guard let state, let view else {
      throw StoreError(.invalidArgument, "the transaction on \(environment.path) has ended")
    }
    let writer = try TreeWriter(environment, durability: group.durability)
    guard writer.number == stateID + 1 else {
      throw StoreError(
        .inUse, "the database \(environment.path) was changed by another program in between",
        hint: "run the statement again")
    }
    guard try writer.count(.delta) == state.extent.records else {
      throw StoreError(
        .damaged, "the database \(environment.path) does not have the changes that were read",
        hint: "run `tropa check`")
    }
    let extent = state.extent + group.extent
    // Before the state is folded, as it reads what has changed.
    if view.schemaChanges.isActive { try view.schemaChanges.write(writer) }
    let isRecordable = try environment.deltaLimits.allow(extent, state)
    let isFolding = group.isLarge || !isRecordable
    if isFolding {
      try state.fold(into: writer)
    } else {
      for (place, record) in group.records.enumerated() {
        try writer.put(.delta, .record(state.extent.records + place), record)
      }
    }
    try writer.commit()
    state.extent = extent
    stateID = writer.number
    if isFolding { self.state = nil }
    environment.noteCommit()
  }
}

/// Transactions that are stored together.
final class CommitGroup {
  private(set) var records: [[UInt8]] = []
  /// Of the records.
  private(set) var extent = DeltaExtent()
  /// One has changed more than is recorded.
  private(set) var isLarge = false
  private(set) var durability = StoreOptions.Durability.bulk
  /// Guarded by the inner lock of the `WriterLock`.
  var isFinished = false
  var failure: StoreError?

  var isEmpty: Bool { records.isEmpty && !isLarge }

  /// - Parameter durability: the group gets the safest of its transactions.
  func add(_ record: consuming ChangeRecord?, _ durability: StoreOptions.Durability) {
    if self.durability == .bulk || durability == .full { self.durability = durability }
    guard let record else {
      isLarge = true
      return
    }
    let bytes = record.finished()
    extent =
      extent
      + DeltaExtent(
        records: 1, changes: record.changeCount, bytes: bytes.count)
    records.append(bytes)
  }

  func result() throws(StoreError) {
    if let failure { throw failure }
  }
}
