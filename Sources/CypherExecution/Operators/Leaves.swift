internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.singleRow`.
final class SingleRow: Operator {
  private var isDone = false

  override func open() throws { isDone = false }
  override func produce() throws -> Batch? {
    if isDone { return nil }
    isDone = true
    return Batch(columns: [], count: 1)
  }
}

/// The rows that an apply or a subquery expression hands to its inner side.
final class ArgumentSlot {
  /// Columns as in `layout`.
  var batch = Batch(columns: [], count: 0)
  let layout: RowLayout
  /// The variable of the last column, row numbers of the outer batch, when it has one.
  let rowNumber: VariableID?

  init(layout: RowLayout, rowNumber: VariableID?) {
    self.layout = rowNumber.map { layout.adding([$0]) } ?? layout
    self.rowNumber = rowNumber
  }

  /// Hands in a whole batch, numbered if the slot has row numbers.
  func supply(_ outer: Batch) {
    batch = outer
    guard rowNumber != nil else { return }
    let numbers = Vector(type: .integer, capacity: outer.count)
    numbers.count = outer.count
    for row in 0..<outer.count { numbers.integers[row] = Int64(row) }
    batch.columns.append(numbers)
  }

  func supply(row: Int, of outer: Batch) { batch = outer.constant(row: row) }
}

/// `.argument`.
final class ArgumentLeaf: Operator {
  private let slot: ArgumentSlot
  private let columns: [Int]
  private var isDone = false

  init(_ plan: Plan, slot: ArgumentSlot, context: ExecutionContext) throws {
    self.slot = slot
    let variables = plan.outputs + (slot.rowNumber.map { [$0] } ?? [])
    columns = try variables.map { try slot.layout.requiredColumn(of: $0, for: plan) }
    super.init(plan, inputs: [], layout: RowLayout(variables), context: context)
  }

  override var keepsArgumentOrder: Bool { true }
  override func open() throws { isDone = false }
  override func produce() throws -> Batch? {
    if isDone { return nil }
    isDone = true
    return Batch(columns: columns.map { slot.batch.columns[$0] }, count: slot.batch.count)
  }
}
