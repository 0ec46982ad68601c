internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.unwind`: one row for each element; none for null; a value that is no list is its only element.
/// The integers of `range()` are made as they are asked for, not as a list.
final class Unwind: Operator {
  private let list: CompiledExpression
  private let rangeArguments: [CompiledExpression]
  private var input: Batch?
  private var lists: Vector?
  private var ranges: [Vector] = []
  private var integers: IntegerRange?
  private var row = 0
  private var elements: [Value] = []
  private var position = 0

  init(
    _ plan: Plan, _ list: BoundExpression, as variable: VariableID, input: Operator,
    context: ExecutionContext
  ) throws {
    self.list = try CompiledExpression(list, layout: input.layout, context: context)
    rangeArguments =
      if case .function("range", let arguments) = list {
        try arguments.map {
          try CompiledExpression($0, layout: input.layout, context: context)
        }
      } else {
        []
      }
    super.init(plan, inputs: [input], layout: input.layout.adding([variable]), context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    input = nil
    lists = nil
    elements = []
    integers = nil
    position = 0
  }

  override func produce() throws -> Batch? {
    if input == nil {
      guard let batch = try inputs[0].next() else { return nil }
      input = batch
      ranges = try rangeArguments.map { try $0.evaluate(batch) }
      lists = ranges.isEmpty ? try list.evaluate(batch) : nil
      row = -1
      elements = []
      position = 0
    }
    guard let input else { return nil }
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
      if let integers, integers.steps != nil {
        output.append(.integer(integers.next))
        rows.append(Int32(row))
        self.integers?.removeFirst()
        continue
      }
      row += 1
      if row == input.count { break }
      try startRow(of: input)
    }
    if row == input.count { self.input = nil }
    let count = rows.count
    var batch = rows.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { input.gather($0, count: count) } ?? input.slice(from: 0, count: 0)
    }
    batch.columns.append(output.contents)
    return batch
  }

  private func startRow(of input: Batch) throws {
    position = 0
    elements = []
    if let lists {
      switch lists.boxed(row) {
      case .null: break
      case .list(let values): elements = values
      case let value: elements = [value]
      }
      return
    }
    do {
      integers = try IntegerRange(ranges.map { $0.boxed(row) })
    } catch {
      // The whole expression fails in the same way, and knows its place in the text.
      _ = try list.evaluate(input)
      throw error
    }
  }
}
