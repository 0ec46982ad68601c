internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.aggregate`: reads all rows, gives one for each group; without grouping keys exactly one.
final class Aggregate: Operator {
  private let keys: [CompiledExpression]
  private let arguments: [[CompiledExpression]]
  private let aggregates: [AggregateProjection]
  private var table: KeyTable
  private var states: [any GroupedAggregate] = []
  private var scratch = RowNumberScratch()
  private var account: MemoryAccount
  private var isDrained = false
  private var position = 0

  init(
    _ plan: Plan, groups: [Projection], aggregates: [AggregateProjection], input: Operator,
    context: ExecutionContext
  ) throws {
    keys = try groups.map {
      try CompiledExpression($0.expression, layout: input.layout, context: context)
    }
    arguments = try aggregates.map {
      try $0.arguments.map {
        try CompiledExpression($0, layout: input.layout, context: context)
      }
    }
    self.aggregates = aggregates
    table = KeyTable(columnCount: groups.count)
    account = MemoryAccount(context.control, purpose: "the groups of an aggregation")
    super.init(
      plan, inputs: [input], layout: RowLayout(groups.map(\.target) + aggregates.map(\.target)),
      context: context)
  }
  deinit { account.release() }

  override func open() throws {
    try super.open()
    table = KeyTable(columnCount: keys.count)
    states = []
    isDrained = false
    position = 0
    account.release()
  }

  override func produce() throws -> Batch? {
    if !isDrained {
      isDrained = true
      try drainInput()
    }
    let end = min(table.count, position + Vector.batchCapacity)
    if position == end { return nil }
    let range = position..<end
    position = end
    var columns = keys.isEmpty ? [] : table.keys(range)
    for state in states { columns.append(try state.results(range)) }
    return Batch(columns: columns, count: range.count)
  }

  private func drainInput() throws {
    states = try aggregates.map {
      try AggregateFactory.make(
        $0.function, isDistinct: $0.isDistinct, argumentCount: $0.arguments.count,
        context: context)
    }
    while let batch = try inputs[0].next() {
      let groups = scratch.reserve(batch.count)
      table.find(
        try keys.map { try $0.evaluate(batch) }, count: batch.count, into: groups)
      try account.update(to: table.byteCount)
      for (state, arguments) in zip(states, arguments) {
        try state.add(
          try arguments.map { try $0.evaluate(batch) }, groups: groups, count: batch.count,
          groupCount: table.count)
      }
    }
    if keys.isEmpty && table.count == 0 {
      // No input, but one row all the same.
      var group: Int32 = 0
      table.find([], count: 1, into: &group)
      for (state, arguments) in zip(states, arguments) {
        try state.add(
          arguments.map { _ in Vector.nulls(count: 0) }, groups: &group, count: 0, groupCount: 1)
      }
    }
  }
}
