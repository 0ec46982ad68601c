internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.hashJoin`: the right rows are read into a hash table; left rows look their partners up and so
/// keep their order. Null and NaN equal nothing. Right rows that do not fit into memory are joined by
/// way of temporary files (`SpilledJoin`), with the same result.
final class HashJoin: Operator {
  private let leftKeys: [CompiledExpression]
  private let rightKeys: [CompiledExpression]
  /// Columns of variables that both sides have.
  private let sharedColumns: [(left: Int, right: Int)]
  private let addedColumns: [Int]

  private var table: JoinTable?
  private var account: MemoryAccount
  /// The table stays when the join is opened again: its rows depend on no argument, and whoever opens
  /// it wants those of the first time.
  var keepsTable = false
  /// The table is that of another thread.
  private var isTableShared = false

  private var spilled: SpilledJoin?
  private var merge: RowMerge?
  private var walk: JoinWalk?
  private var rows = RowNumberScratch()
  private let scratch = HashScratch()

  init(
    _ plan: Plan, leftKeys: [BoundExpression], rightKeys: [BoundExpression],
    shared: [VariableID], left: Operator, right: Operator, context: ExecutionContext
  ) throws {
    self.leftKeys = try leftKeys.map {
      try CompiledExpression($0, layout: left.layout, context: context)
    }
    self.rightKeys = try rightKeys.map {
      try CompiledExpression($0, layout: right.layout, context: context)
    }
    sharedColumns = try shared.map {
      (
        try left.layout.requiredColumn(of: $0, for: plan),
        try right.layout.requiredColumn(of: $0, for: plan)
      )
    }
    addedColumns = right.layout.variables.indices.filter {
      !left.layout.contains(right.layout.variables[$0])
    }
    account = MemoryAccount(context.control, purpose: SpilledJoin.purpose)
    super.init(
      plan, inputs: [left, right],
      layout: left.layout.adding(addedColumns.map { right.layout.variables[$0] }),
      context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override var spilledBytes: Int { spilled?.spilledBytes ?? 0 }

  override func open() throws {
    walk = nil
    if isTableShared || keepsTable && table != nil { return try inputs[0].open() }
    try super.open()
    removeTable()
  }

  func removeTable() {
    table = nil
    spilled = nil
    merge = nil
    account.release()
  }

  override func makeShared() throws -> Bool {
    if table == nil && spilled == nil { try build() }
    return try spilled == nil && inputs[0].makeShared()
  }

  override func share(with worker: Operator) {
    super.share(with: worker)
    guard let worker = worker as? HashJoin else { return }
    worker.table = table
    worker.isTableShared = true
  }

  override func produce() throws -> Batch? {
    if table == nil && spilled == nil { try build() }
    if let spilled { return try nextOfSpilled(spilled) }
    guard let table, table.rowCount > 0 || plan.containsWrites else { return nil }
    if walk == nil {
      guard let batch = try inputs[0].next() else { return nil }
      let (keys, numbers, count) = try keys(of: batch, isLeft: true)
      walk = JoinWalk(batch, keys: keys, rows: numbers, count: count, table, scratch)
    }
    guard let (leftRows, rightRows) = walk?.next(table), let left = walk?.left else {
      walk = nil
      return Batch(columns: [], count: 0)
    }
    return Batch(
      columns: left.columns.map { $0.picking(leftRows) } + table.picking(rightRows),
      count: leftRows.count)
  }

  private var keyCount: Int { leftKeys.count + sharedColumns.count }

  private func build() throws {
    let table = JoinTable(
      keyCount: keyCount, columnCount: addedColumns.count, control: context.control)
    while let batch = try inputs[1].next() {
      let (keys, numbers, count) = try keys(of: batch, isLeft: false)
      let isWhole = count == batch.count
      let columns = addedColumns.map {
        isWhole ? batch.columns[$0] : batch.columns[$0].gather(numbers, count: count)
      }
      if let spilled {
        try spilled.addRight(columns, keys: keys, count: count)
        continue
      }
      try table.add(columns, keys: keys, count: count)
      if keepsTable {
        try account.update(to: table.byteCount)
      } else if try account.isFull(at: table.byteCount) {
        try spill(table)
      }
    }
    if spilled == nil { self.table = table }
  }

  private func spill(_ table: JoinTable) throws {
    let spilled = try SpilledJoin(control: context.control, keyCount: keyCount)
    try table.forEachBatch { try spilled.addRight($0, keys: $1, count: $2) }
    self.spilled = spilled
    account.release()
  }

  private func nextOfSpilled(_ spilled: SpilledJoin) throws -> Batch? {
    if merge == nil {
      while let batch = try inputs[0].next() {
        let (keys, numbers, count) = try keys(of: batch, isLeft: true)
        try spilled.addLeft(batch, keys: keys, rows: numbers, count: count)
      }
      merge = try spilled.finish(
        leftColumns: inputs[0].layout.variables.count, rightColumns: addedColumns.count)
    }
    guard var batch = try merge?.next() else { return nil }
    batch.columns.removeFirst()
    return batch
  }

  /// The keys of the rows that can equal anything, and the numbers of these, which are good until the
  /// next call.
  private func keys(
    of batch: Batch, isLeft: Bool
  ) throws -> (keys: [Vector], rows: UnsafePointer<Int32>, count: Int) {
    let keys =
      try (isLeft ? leftKeys : rightKeys).map { try $0.evaluate(batch) }
      + sharedColumns.map { batch.columns[isLeft ? $0.left : $0.right] }
    let numbers = rows.reserve(batch.count)
    var count = 0
    for row in 0..<batch.count where keys.allSatisfy({ $0.isComparable(row) }) {
      numbers[count] = Int32(row)
      count += 1
    }
    return (
      count == batch.count ? keys : keys.map { $0.gather(numbers, count: count) },
      UnsafePointer(numbers), count
    )
  }
}

extension Vector {
  /// The element equals itself: it is not null or NaN and has none inside.
  fileprivate func isComparable(_ row: Int) -> Bool {
    switch type {
    case .any: Value.equals(values[physical(row)], values[physical(row)]) == true
    case .float: !isNull(row) && !floats[physical(row)].isNaN
    default: validity == nil || !isNull(row)
    }
  }
}
