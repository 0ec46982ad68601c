internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.hashJoin`: the right rows are read into a hash table; left rows look their partners up and so
/// keep their order. Null and NaN equal nothing.
final class HashJoin: Operator {
  private let leftKeys: [CompiledExpression]
  private let rightKeys: [CompiledExpression]
  /// Columns of variables that both sides have.
  private let sharedColumns: [(left: Int, right: Int)]
  private let addedColumns: [Int]

  private var table: KeyTable
  private var rows: [ColumnBuffer] = []
  /// By key: the first right row; by right row: the next one of the same key. -1 ends.
  private var heads: [Int32] = []
  private var tails: [Int32] = []
  private var following: [Int32] = []
  private var account: MemoryAccount
  private var isBuilt = false
  /// The table stays when the join is opened again: its rows depend on no argument, and whoever opens
  /// it wants those of the first time.
  var keepsTable = false

  private var left: Batch?
  private var groups: [Int32] = []
  private var leftRow = 0
  private var rightRow: Int32 = -1
  private var scratch = RowNumberScratch()

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
    table = KeyTable(columnCount: leftKeys.count + shared.count)
    account = MemoryAccount(context.control, purpose: "the hash table of a join")
    super.init(
      plan, inputs: [left, right],
      layout: left.layout.adding(addedColumns.map { right.layout.variables[$0] }),
      context: context)
  }
  deinit { account.release() }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    left = nil
    if keepsTable && isBuilt { return try inputs[0].open() }
    try super.open()
    removeTable()
  }

  func removeTable() {
    table = KeyTable(columnCount: leftKeys.count + sharedColumns.count)
    rows = []
    heads = []
    tails = []
    following = []
    account.release()
    isBuilt = false
  }

  override func produce() throws -> Batch? {
    if !isBuilt {
      isBuilt = true
      try build()
    }
    if table.count == 0 && !plan.containsWrites { return nil }
    if left == nil { guard try fetch() else { return nil } }
    guard let left else { return nil }
    var leftRows: [Int32] = []
    var rightRows: [Int32] = []
    while leftRows.count < Vector.batchCapacity {
      if rightRow >= 0 {
        leftRows.append(Int32(leftRow))
        rightRows.append(rightRow)
        rightRow = following[Int(rightRow)]
        continue
      }
      leftRow += 1
      if leftRow == left.count { break }
      let group = groups[leftRow]
      rightRow = group < 0 ? -1 : heads[Int(group)]
    }
    if leftRow == left.count { self.left = nil }
    return join(left, leftRows, rightRows)
  }

  private func build() throws {
    rows = addedColumns.map { _ in ColumnBuffer() }
    while let batch = try inputs[1].next() {
      let keys =
        try rightKeys.map { try $0.evaluate(batch) }
        + sharedColumns.map { batch.columns[$0.right] }
      let (rowNumbers, count) = Self.comparable(keys, count: batch.count, scratch: &scratch)
      let found = RowNumbers(capacity: count)
      let dense = count == batch.count
      table.find(
        dense ? keys : keys.map { $0.gather(rowNumbers, count: count) }, count: count,
        into: found.base)
      while heads.count < table.count {
        heads.append(-1)
        tails.append(-1)
      }
      for index in 0..<count {
        let row = Int32(following.count)
        let group = Int(found.base[index])
        following.append(-1)
        if heads[group] < 0 {
          heads[group] = row
        } else {
          following[Int(tails[group])] = row
        }
        tails[group] = row
      }
      for (buffer, column) in zip(rows, addedColumns) {
        buffer.append(
          batch.columns[column], rows: dense ? nil : UnsafePointer(rowNumbers), count: count)
      }
      try account.update(
        to: table.byteCount + following.count * 12 + rows.reduce(0) { $0 + $1.byteCount })
    }
  }

  private func fetch() throws -> Bool {
    guard let batch = try inputs[0].next() else { return false }
    let keys =
      try leftKeys.map { try $0.evaluate(batch) } + sharedColumns.map { batch.columns[$0.left] }
    let (rowNumbers, count) = Self.comparable(keys, count: batch.count, scratch: &scratch)
    groups = [Int32](repeating: -1, count: batch.count)
    let found = RowNumbers(capacity: count)
    table.find(
      count == batch.count ? keys : keys.map { $0.gather(rowNumbers, count: count) },
      count: count, inserting: false, into: found.base)
    for index in 0..<count { groups[Int(rowNumbers[index])] = found.base[index] }
    left = batch
    leftRow = -1
    rightRow = -1
    return true
  }

  private func join(_ left: Batch, _ leftRows: [Int32], _ rightRows: [Int32]) -> Batch {
    let count = leftRows.count
    var columns: [Vector] = []
    leftRows.withUnsafeBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for column in left.columns { columns.append(column.gather(base, count: count)) }
    }
    rightRows.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      for buffer in rows { columns.append(buffer.contents.gather(base, count: count)) }
    }
    return Batch(columns: columns, count: count)
  }

  /// The rows whose keys can equal anything.
  private static func comparable(
    _ keys: [Vector], count: Int, scratch: inout RowNumberScratch
  ) -> (rows: UnsafeMutablePointer<Int32>, count: Int) {
    let rows = scratch.reserve(count)
    var kept = 0
    for row in 0..<count where keys.allSatisfy({ $0.isComparable(row) }) {
      rows[kept] = Int32(row)
      kept += 1
    }
    return (rows, kept)
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
