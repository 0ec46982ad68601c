internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.aggregate`: reads all rows, gives one for each group; without grouping keys exactly one.
///
/// Large inputs are read by several threads, each with groups of its own, which are put together at
/// the end in the order of the threads' parts: groups come in the order of one thread's.
final class Aggregate: Operator {
  private let groups: [Projection]
  private let aggregates: [AggregateProjection]
  /// Not in an inner side of an apply, which is opened for few rows many times, nor with subqueries,
  /// which threads would share.
  private let mayBeParallel: Bool
  private var result: Part?
  private var account: MemoryAccount
  private var position = 0

  init(
    _ plan: Plan, groups: [Projection], aggregates: [AggregateProjection], input: Operator,
    context: ExecutionContext, mayBeParallel: Bool
  ) throws {
    self.groups = groups
    self.aggregates = aggregates
    self.mayBeParallel =
      mayBeParallel && !groups.map(\.expression).hasSubquery
      && !aggregates.flatMap(\.arguments).hasSubquery
    account = MemoryAccount(context.control, purpose: "the groups of an aggregation")
    super.init(
      plan, inputs: [input], layout: RowLayout(groups.map(\.target) + aggregates.map(\.target)),
      context: context)
  }
  deinit { account.release() }

  override func open() throws {
    try super.open()
    result = nil
    position = 0
    account.release()
  }

  override func produce() throws -> Batch? {
    let result = try self.result ?? drainInput()
    self.result = result
    let end = min(result.keys.count, position + Vector.batchCapacity)
    if position == end { return nil }
    let range = position..<end
    position = end
    var columns = result.keys.keys(range)
    for state in result.states { columns.append(try state.results(range)) }
    return Batch(columns: columns, count: range.count)
  }

  private func drainInput() throws -> Part {
    let result = try Part(groups, aggregates, inputs[0].layout, context)
    if mayBeParallel, let pipeline = try ParallelPipeline(inputs[0], isProfiled: isProfiled) {
      try drain(pipeline, into: result)
    } else {
      while let batch = try inputs[0].next() {
        try result.add(batch)
        try account.update(to: result.keys.byteCount)
      }
    }
    if groups.isEmpty && result.keys.count == 0 { try result.addEmptyGroup() }
    return result
  }

  private func drain(_ pipeline: ParallelPipeline, into result: Part) throws {
    var parts = [result]
    for worker in 1..<pipeline.count {
      parts.append(
        try Part(groups, aggregates, inputs[0].layout, pipeline.context(of: worker)))
    }
    let accounts = parts.map { _ in
      SharedAccount(context.control, purpose: "the groups of an aggregation")
    }
    try pipeline.drain { worker, batch in
      try parts[worker].add(batch)
      try accounts[worker].update(to: parts[worker].keys.byteCount)
    }
    for part in parts.dropFirst() {
      try context.control.check()
      try result.merge(part)
    }
    try account.update(to: result.keys.byteCount)
  }

  /// An account that belongs to one worker.
  private final class SharedAccount {
    private var account: MemoryAccount
    init(_ control: ExecutionControl, purpose: String) {
      account = MemoryAccount(control, purpose: purpose)
    }
    deinit { account.release() }
    func update(to bytes: Int) throws { try account.update(to: bytes) }
  }

  /// Groups and their states, made by one thread.
  private final class Part {
    let keys: GroupKeys
    let states: [any GroupedAggregate]
    private let arguments: [[CompiledExpression]]
    private var scratch = RowNumberScratch()

    init(
      _ groups: [Projection], _ aggregates: [AggregateProjection], _ layout: RowLayout,
      _ context: ExecutionContext
    ) throws {
      keys = try GroupKeys(groups, layout: layout, context: context)
      arguments = try aggregates.map {
        try $0.arguments.map {
          try CompiledExpression($0, layout: layout, context: context)
        }
      }
      states = try aggregates.map { try AggregateFactory.make($0, context: context) }
    }

    func add(_ batch: Batch) throws {
      let groups = scratch.reserve(batch.count)
      try keys.find(batch, into: groups)
      for (state, arguments) in zip(states, arguments) {
        try state.add(
          try arguments.map { try $0.evaluate(batch) }, groups: groups, count: batch.count,
          groupCount: keys.count)
      }
    }

    /// No input, but one row all the same.
    func addEmptyGroup() throws {
      keys.addEmptyKey()
      var group: Int32 = 0
      for (state, arguments) in zip(states, arguments) {
        try state.add(
          arguments.map { _ in Vector.nulls(count: 0) }, groups: &group, count: 0, groupCount: 1)
      }
    }

    func merge(_ other: Part) throws {
      let map = keys.merge(other.keys)
      for (state, its) in zip(states, other.states) {
        try state.merge(its, map: map, groupCount: keys.count)
      }
    }
  }
}
