internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.callProcedure`: one call for each input row; its rows join that row.
final class CallProcedure: Operator {
  private let call: ProcedureCall
  private let arguments: [CompiledExpression]
  private let outputColumns: [Int]
  private var outer: OuterRows
  private var pending: [Batch] = []
  private var position = 0
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
    outer = OuterRows(input, isEager: signature.mode == .write, context: context)
    super.init(
      plan, inputs: [input], layout: input.layout.adding(call.yields.map(\.variable)),
      context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    outer.reset()
    pending = []
    position = 0
    input = nil
  }

  override func produce() throws -> Batch? {
    while true {
      if position < pending.count, let input {
        let found = pending[position]
        position += 1
        var columns = input.constant(row: row, count: found.count).columns
        for column in outputColumns { columns.append(found.columns[column]) }
        return Batch(columns: columns, count: found.count)
      }
      pending = []
      position = 0
      if let input, row + 1 < input.count {
        row += 1
      } else {
        guard let batch = try outer.next() else { return nil }
        input = batch
        argumentColumns = try arguments.map { try $0.evaluate(batch) }
        row = 0
      }
      var emitted: [Batch] = []
      let name = call.name
      try context.procedures.call(
        name, arguments: argumentColumns.map { $0.boxed(row) }, columns: outputColumns,
        context: context
      ) { batch in
        if batch.count > 0 { emitted.append(batch) }
      }
      pending = call.isVoid ? [Batch(columns: [], count: 1)] : emitted
      // A void procedure's row has no columns to join.
    }
  }
}
