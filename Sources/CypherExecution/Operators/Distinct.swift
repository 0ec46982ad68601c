internal import CypherPlanning
internal import GraphColumns

/// `.distinct` over all columns: passes each row that has not been there before.
final class Distinct: Operator {
  private let keyColumns: [Int]
  private var table: KeyTable
  private var scratch = RowNumberScratch()
  private var account: MemoryAccount

  init(_ plan: Plan, input: Operator, context: ExecutionContext) {
    keyColumns = input.layout.variables.indices.filter {
      let variable = input.layout.variables[$0]
      return variable.isHidden || plan.outputs.contains(variable)
    }
    table = KeyTable(columnCount: keyColumns.count)
    account = MemoryAccount(context.control, purpose: "DISTINCT")
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }
  deinit { account.release() }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    table = KeyTable(columnCount: keyColumns.count)
    account.release()
  }

  override func produce() throws -> Batch? {
    guard let batch = try inputs[0].next() else { return nil }
    let rows = scratch.reserve(batch.count)
    var known = Int32(table.count)
    table.find(keyColumns.map { batch.columns[$0] }, count: batch.count, into: rows)
    try account.update(to: table.byteCount)
    var count = 0
    for row in 0..<batch.count where rows[row] >= known {
      known = rows[row] + 1
      rows[count] = Int32(row)
      count += 1
    }
    return count == batch.count ? batch : batch.gather(rows, count: count)
  }
}
