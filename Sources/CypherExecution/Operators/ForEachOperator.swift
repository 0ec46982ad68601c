internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.forEach`: runs the updating plan for each element of each row's list; null counts as empty.
final class ForEachOperator: EagerWrite {
  private let list: CompiledExpression
  private let slot: ArgumentSlot
  private let body: Operator

  init(
    _ plan: Plan, _ variable: VariableID, in list: BoundExpression, outer: Operator,
    context: ExecutionContext, builder: OperatorBuilder
  ) throws {
    self.list = try CompiledExpression(list, layout: outer.layout, context: context)
    slot = ArgumentSlot(layout: outer.layout.adding([variable]), rowNumber: nil)
    body = try builder.build(plan.inputs[1], slot: slot)
    super.init(plan, inputs: [outer], layout: outer.layout, context: context)
  }

  override func write(_ rows: RowBuffer, _ writer: GraphWriter) throws -> RowBuffer {
    var reader = rows.reader()
    while let batch = try reader.next() {
      for row in 0..<batch.count {
        // Evaluated row by row: earlier rows may have changed what the list is made of.
        let single = batch.constant(row: row)
        let elements: [Value]
        switch try list.evaluate(single).boxed(0) {
        case .null: continue
        case .list(let values): elements = values
        case let value: elements = [value]
        }
        for start in stride(from: 0, to: elements.count, by: Vector.batchCapacity) {
          let part = elements[start..<min(elements.count, start + Vector.batchCapacity)]
          let column = ColumnBuffer()
          for element in part { column.append(element) }
          let arguments = column.contents
          for index in 0..<part.count {
            var argument = single
            argument.columns.append(arguments.constant(row: index, count: 1))
            slot.batch = argument
            try body.open()
            try body.drain()
          }
        }
      }
    }
    return rows
  }
}
