internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// The inner side of an apply: runs for a whole batch of outer rows at once where each inner row
/// still knows its outer row by the hidden row number, else for one outer row after another.
final class InnerSide {
  let root: Operator
  let slot: ArgumentSlot
  /// The column of the row number in the inner rows; nil: one outer row at a time.
  let rowNumberColumn: Int?
  /// Inner columns that the outer row does not have, and their variables.
  let addedColumns: [Int]
  let addedVariables: [VariableID]

  /// - Parameter isPerRow: the plan demands one row at a time.
  init(_ plan: Plan, outer: RowLayout, isPerRow: Bool, builder: OperatorBuilder) throws {
    let isPerRow = isPerRow || plan.needsSingleArgumentRow
    let slot = ArgumentSlot(
      layout: outer, rowNumber: isPerRow ? nil : builder.makeHiddenVariable())
    let root = try builder.build(plan, slot: slot)
    self.slot = slot
    self.root = root
    rowNumberColumn = slot.rowNumber.flatMap { root.layout.column(of: $0) }
    var columns: [Int] = []
    var variables: [VariableID] = []
    for (column, variable) in root.layout.variables.enumerated()
    where variable != slot.rowNumber && !outer.contains(variable) {
      columns.append(column)
      variables.append(variable)
    }
    addedColumns = columns
    addedVariables = variables
  }

  var isBatched: Bool { rowNumberColumn != nil }

  func open(_ outer: Batch) throws {
    slot.supply(outer)
    try root.open()
  }

  func open(row: Int, of outer: Batch) throws {
    if slot.rowNumber != nil {
      slot.supply(outer.constant(row: row))
    } else {
      slot.supply(row: row, of: outer)
    }
    try root.open()
  }

  /// The outer rows of a batch of inner rows.
  func outerRows(_ inner: Batch, into rows: UnsafeMutablePointer<Int32>) {
    guard let rowNumberColumn else { return }
    let numbers = inner.columns[rowNumberColumn]
    for index in 0..<inner.count {
      rows[index] = Int32(truncatingIfNeeded: numbers.integers[numbers.physical(index)])
    }
  }

  /// Walks outer batches and the inner rows of each, whatever the mode.
  ///
  /// - Returns: the next inner rows with their outer rows in `rows`; nil when the outer batch is
  ///   done.
  func next(_ state: inout InnerWalk, rows: inout RowNumberScratch) throws -> Batch? {
    if isBatched {
      if !state.isOpen {
        try open(state.outer)
        state.isOpen = true
      }
      guard let inner = try root.next() else { return nil }
      outerRows(inner, into: rows.reserve(inner.count))
      return inner
    }
    while state.row < state.outer.count {
      if !state.isOpen {
        try open(row: state.row, of: state.outer)
        state.isOpen = true
      }
      if let inner = try root.next() {
        let numbers = rows.reserve(inner.count)
        for index in 0..<inner.count { numbers[index] = Int32(state.row) }
        return inner
      }
      state.row += 1
      state.isOpen = false
    }
    return nil
  }
}

/// How far an inner side has come with one outer batch.
struct InnerWalk {
  let outer: Batch
  var row = 0
  var isOpen = false
  init(_ outer: Batch) { self.outer = outer }
}

/// Input 0 of operators that run something for each of its rows. Where that writes, all rows are
/// read first.
struct OuterRows {
  private let input: Operator
  private let isEager: Bool
  private let buffer: RowBuffer
  private var kept: RowBuffer.Reader?

  init(_ input: Operator, isEager: Bool, context: ExecutionContext) {
    self.input = input
    self.isEager = isEager
    buffer = RowBuffer(control: context.control, purpose: "the input of an updating subquery")
  }

  mutating func reset() {
    buffer.removeAll()
    kept = nil
  }

  mutating func next() throws -> Batch? {
    if !isEager { return try input.next() }
    if kept == nil {
      try buffer.append(allOf: input)
      kept = buffer.reader()
    }
    return try kept?.next()
  }
}
