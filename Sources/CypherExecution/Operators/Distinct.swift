internal import CypherPlanning
internal import GraphColumns

/// `.distinct` over all columns: passes each row that has not been there before.
///
/// When the rows that have been there do not fit into memory any more, they and all that follow are
/// divided by their hashes (`SpilledGroups`); the rest comes when the input is at its end, still in
/// the order of the first of equal rows.
final class Distinct: Operator {
  private let keyColumns: [Int]
  private var table: KeyTable
  private var scratch = RowNumberScratch()
  private var account: MemoryAccount
  private var spilled: SpilledGroups?
  private var merge: RowMerge?
  /// Rows that have been passed on before any were written.
  private var passedCount: Int64 = 0

  private static let purpose = "Distinct"

  init(_ plan: Plan, input: Operator, context: ExecutionContext) {
    let keyColumns = input.layout.variables.indices.filter {
      let variable = input.layout.variables[$0]
      return variable.isHidden || plan.outputs.contains(variable)
    }
    self.keyColumns = keyColumns
    table = KeyTable(columnCount: keyColumns.count, control: context.control)
    account = MemoryAccount(context.control, purpose: Self.purpose)
    super.init(
      plan, inputs: [input], layout: RowLayout(keyColumns.map { input.layout.variables[$0] }),
      context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override var spilledBytes: Int { spilled?.spilledBytes ?? 0 }

  override func open() throws {
    try super.open()
    table = KeyTable(columnCount: keyColumns.count, control: context.control)
    account.release()
    spilled = nil
    merge = nil
    passedCount = 0
  }

  override func produce() throws -> Batch? {
    if spilled == nil {
      guard let batch = try inputs[0].next() else { return nil }
      return try pass(Batch(columns: keyColumns.map { batch.columns[$0] }, count: batch.count))
    }
    return try nextOfSpilled()
  }

  /// The rows of a batch that have not been there.
  private func pass(_ batch: Batch) throws -> Batch {
    let rows = scratch.reserve(batch.count)
    var known = Int32(table.count)
    try table.find(batch.columns, count: batch.count, into: rows)
    var count = 0
    for row in 0..<batch.count where rows[row] >= known {
      known = rows[row] + 1
      rows[count] = Int32(row)
      count += 1
    }
    if try account.isFull(at: table.byteCount) {
      passedCount = Int64(table.count)
      try spill()
    }
    return count == batch.count ? batch : batch.gather(rows, count: count)
  }

  private func spill() throws {
    let spilled =
      try self.spilled
      ?? SpilledGroups(
        control: context.control, purpose: Self.purpose, keyCount: keyColumns.count,
        makeAggregates: { [] })
    self.spilled = spilled
    try spilled.append(KnownRows(table))
    table = KeyTable(columnCount: keyColumns.count, control: context.control)
    try account.update(to: table.byteCount)
  }

  private func nextOfSpilled() throws -> Batch? {
    if merge == nil {
      while let batch = try inputs[0].next() {
        let rows = scratch.reserve(batch.count)
        try table.find(keyColumns.map { batch.columns[$0] }, count: batch.count, into: rows)
        if try account.isFull(at: table.byteCount) { try spill() }
      }
      try spill()
      merge = try spilled?.finish()
    }
    while var batch = try merge?.next() {
      let numbers = batch.columns.removeFirst()
      // In ascending order.
      let passed = (0..<batch.count).prefix {
        numbers.integers[numbers.physical($0)] < passedCount
      }.count
      if passed < batch.count {
        return batch.slice(from: passed, count: batch.count - passed)
      }
    }
    return nil
  }

  private final class KnownRows: GroupStates {
    private let table: KeyTable
    let aggregates: [any GroupedAggregate] = []
    init(_ table: KeyTable) { self.table = table }
    var groupCount: Int { table.count }
    var byteCount: Int { table.byteCount }
    func keys(_ range: Range<Int>) -> [Vector] { table.keys(range) }
  }
}
