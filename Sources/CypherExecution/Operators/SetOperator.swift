internal import CypherPlanning
internal import GraphColumns

/// `.set`.
final class SetOperator: EagerWrite {
  private let items: SetItems

  init(_ plan: Plan, _ items: [SetItem], input: Operator, context: ExecutionContext) throws {
    self.items = try SetItems(items, layout: input.layout, context: context)
    super.init(plan, inputs: [input], layout: input.layout, context: context)
  }

  override func write(_ rows: RowBuffer, _ writer: GraphWriter) throws -> RowBuffer {
    var reader = rows.reader()
    while let batch = try reader.next() {
      try context.control.check()
      try items.apply(batch, writer)
    }
    return rows
  }
}
