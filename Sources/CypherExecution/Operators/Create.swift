internal import CypherPlanning
internal import GraphColumns

/// What all writing operators share: the whole input is read, then written, then passed on batch
/// by batch.
class EagerWrite: Operator {
  private var results: [Batch]?
  private var position = 0
  private var source: RowBuffer?

  override func open() throws {
    try super.open()
    results = nil
    source = nil
    position = 0
  }

  override final func produce() throws -> Batch? {
    if results == nil {
      let rows = RowBuffer(
        control: context.control, purpose: "the rows of \(plan.operation.name)")
      try rows.append(allOf: inputs[0])
      source = rows
      results = try write(rows.batches, GraphWriter(context))
    }
    guard let results, position < results.count else {
      source = nil
      return nil
    }
    defer { position += 1 }
    return results[position]
  }

  /// - Returns: the output rows.
  func write(_ batches: [Batch], _ writer: GraphWriter) throws -> [Batch] { batches }
}

/// `.create`.
final class Create: EagerWrite {
  private let creator: ElementCreator

  init(_ plan: Plan, _ elements: [CreateElement], input: Operator, context: ExecutionContext) throws
  {
    creator = try ElementCreator(elements, layout: input.layout, plan: plan, context: context)
    super.init(plan, inputs: [input], layout: creator.layout, context: context)
  }

  override func write(_ batches: [Batch], _ writer: GraphWriter) throws -> [Batch] {
    try batches.map {
      try context.control.check()
      return try creator.create($0, writer)
    }
  }
}
