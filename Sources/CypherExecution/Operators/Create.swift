internal import CypherPlanning
internal import GraphColumns

/// What all writing operators share: the whole input is read, then written, then passed on batch
/// by batch.
class EagerWrite: Operator {
  private var results: RowBuffer?
  private var reader: RowBuffer.Reader?

  override var spilledBytes: Int { results?.spilledBytes ?? 0 }

  override func open() throws {
    try super.open()
    results = nil
    reader = nil
  }

  override final func produce() throws -> Batch? {
    if results == nil {
      let rows = makeBuffer()
      try rows.append(allOf: inputs[0])
      let results = try write(rows, GraphWriter(context))
      try results.finish()
      reader = results.reader()
      self.results = results
    }
    return try reader?.next()
  }

  final func makeBuffer() -> RowBuffer {
    RowBuffer(control: context.control, purpose: "\(plan.operation.name)")
  }

  /// - Returns: the output rows.
  func write(_ rows: RowBuffer, _ writer: GraphWriter) throws -> RowBuffer { rows }
}

/// `.create`.
final class Create: EagerWrite {
  private let creator: ElementCreator

  init(_ plan: Plan, _ elements: [CreateElement], input: Operator, context: ExecutionContext) throws
  {
    creator = try ElementCreator(elements, layout: input.layout, plan: plan, context: context)
    super.init(plan, inputs: [input], layout: creator.layout, context: context)
  }

  override func write(_ rows: RowBuffer, _ writer: GraphWriter) throws -> RowBuffer {
    let results = makeBuffer()
    var reader = rows.reader()
    while let batch = try reader.next() {
      try context.control.check()
      try results.append(try creator.create(batch, writer))
    }
    return results
  }
}
