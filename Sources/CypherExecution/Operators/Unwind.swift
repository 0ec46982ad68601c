internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.unwind`: one row for each element; none for null; a value that is no list is its only element.
final class Unwind: Operator {
  private let list: CompiledExpression
  private var input: Batch?
  private var lists: Vector?
  private var row = 0
  private var elements: [Value] = []
  private var position = 0

  init(
    _ plan: Plan, _ list: BoundExpression, as variable: VariableID, input: Operator,
    context: ExecutionContext
  ) throws {
    self.list = try CompiledExpression(list, layout: input.layout, context: context)
    super.init(plan, inputs: [input], layout: input.layout.adding([variable]), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    input = nil
    lists = nil
    elements = []
    position = 0
  }

  override func produce() throws -> Batch? {
    if input == nil {
      guard let batch = try inputs[0].next() else { return nil }
      input = batch
      lists = try list.evaluate(batch)
      row = -1
      elements = []
      position = 0
    }
    guard let input, let lists else { return nil }
    var rows: [Int32] = []
    let output = ColumnBuffer()
    while rows.count < Vector.batchCapacity {
      if position < elements.count {
        let end = min(elements.count, position + Vector.batchCapacity - rows.count)
        for index in position..<end {
          output.append(elements[index])
          rows.append(Int32(row))
        }
        position = end
        continue
      }
      row += 1
      if row == input.count { break }
      position = 0
      switch lists.boxed(row) {
      case .null: elements = []
      case .list(let values): elements = values
      case let value: elements = [value]
      }
    }
    if row == input.count { self.input = nil }
    let count = rows.count
    var batch = rows.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { input.gather($0, count: count) } ?? input.slice(from: 0, count: 0)
    }
    batch.columns.append(output.contents)
    return batch
  }
}
