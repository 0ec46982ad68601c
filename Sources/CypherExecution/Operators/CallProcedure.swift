internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.callProcedure`: one call for each input row; its rows join that row.
final class CallProcedure: Operator {
  private let call: ProcedureCall
  private let arguments: [CompiledExpression]
  private let outputColumns: [Int]
  private var outer: OuterRows
  /// The rows of one call.
  private let pending: RowBuffer
  private var reader: RowBuffer.Reader
  private var input: Batch?
  private var argumentColumns: [Vector] = []
  private var row = 0

  init(_ plan: Plan, _ call: ProcedureCall, input: Operator, context: ExecutionContext) throws {
    guard let signature = context.procedures.procedure(named: call.name) else {
      throw QueryError(
        .procedureError, "ProcedureNotFound", "there is no procedure `\(call.name)`",
        hint: "SHOW PROCEDURES lists them")
    }
    self.call = call
    arguments = try call.arguments.map {
      try CompiledExpression($0, layout: input.layout, context: context)
    }
    outputColumns = try call.yields.map { yield in
      guard let column = signature.outputs.firstIndex(where: { $0.name == yield.column }) else {
        throw QueryError(
          .procedureError, "InvalidYield",
          "procedure `\(call.name)` has no result column `\(yield.column)`")
      }
      return column
    }
    pending = RowBuffer(control: context.control, purpose: "the result of \(call.name)")
    reader = pending.reader()
    outer = OuterRows(input, isEager: signature.mode == .write, context: context)
    super.init(
      plan, inputs: [input], layout: input.layout.adding(call.yields.map(\.variable)),
      context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override var spilledBytes: Int { pending.spilledBytes }

  override func open() throws {
    try super.open()
    outer.reset()
    pending.removeAll()
    reader = pending.reader()
    input = nil
  }

  override func produce() throws -> Batch? {
    while true {
      if let input, let found = try reader.next() {
        var columns = input.constant(row: row, count: found.count).columns
        for column in outputColumns { columns.append(found.columns[column]) }
        return Batch(columns: columns, count: found.count)
      }
      pending.removeAll()
      if let input, row + 1 < input.count {
        row += 1
      } else {
        guard let batch = try outer.next() else { return nil }
        input = batch
        argumentColumns = try arguments.map { try $0.evaluate(batch) }
        row = 0
      }
      let pending = pending
      try context.procedures.call(
        call.name, arguments: argumentColumns.map { $0.boxed(row) }, columns: outputColumns,
        context: context
      ) { batch in
        if batch.count > 0 && !call.isVoid { try pending.append(batch) }
      }
      // A void procedure's row has no columns to join.
      if call.isVoid { try pending.append(Batch(columns: [], count: 1)) }
      try pending.finish()
      reader = pending.reader()
    }
  }
}
