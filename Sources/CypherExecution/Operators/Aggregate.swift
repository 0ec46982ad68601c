internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.aggregate`: reads all rows, gives one for each group; without grouping keys exactly one. Groups
/// come in the order of their first rows.
///
/// Large inputs are read by several threads, each with groups of its own, which are put together at
/// the end in the order of the threads' parts. Groups that do not fit into memory go to temporary
/// files (`SpilledGroups`).
final class Aggregate: Operator {
  private let groups: [Projection]
  private let aggregates: [AggregateProjection]
  /// Not in an inner side of an apply, which is opened for few rows many times, nor with subqueries,
  /// which threads would share.
  private let mayBeParallel: Bool
  private var parts: [Part] = []
  private var merge: RowMerge?
  private var isDrained = false
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
    super.init(
      plan, inputs: [input], layout: RowLayout(groups.map(\.target) + aggregates.map(\.target)),
      context: context)
  }

  override var spilledBytes: Int { parts.first?.spilledBytes ?? 0 }

  override func open() throws {
    try super.open()
    parts = []
    merge = nil
    isDrained = false
    position = 0
  }

  override func produce() throws -> Batch? {
    if !isDrained {
      isDrained = true
      try drainInput()
    }
    if let merge {
      guard var batch = try merge.next() else { return nil }
      batch.columns.removeFirst()
      return batch
    }
    guard let result = parts.first else { return nil }
    let end = min(result.groupCount, position + Vector.batchCapacity)
    if position == end { return nil }
    let range = position..<end
    position = end
    var columns = result.keys(range)
    for state in result.aggregates { columns.append(try state.results(range)) }
    return Batch(columns: columns, count: range.count)
  }

  private func drainInput() throws {
    if mayBeParallel, let pipeline = try ParallelPipeline(inputs[0], isProfiled: isProfiled) {
      let parts = try (0..<pipeline.count).map { try makePart($0, pipeline.context(of: $0)) }
      self.parts = parts
      try pipeline.drain({ try parts[$0].add($1) })
    } else {
      let part = try makePart(0, context)
      parts = [part]
      while let batch = try inputs[0].next() { try part.add(batch) }
    }
    if parts.contains(where: { $0.spilled != nil }) {
      let spilled = try parts.map { try $0.spill() }
      merge = try spilled[0].finish(with: Array(spilled.dropFirst()))
      return
    }
    for part in parts.dropFirst() {
      try context.control.check()
      try parts[0].merge(part)
    }
    parts = Array(parts.prefix(1))
    if groups.isEmpty && parts[0].groupCount == 0 { try parts[0].addEmptyGroup() }
  }

  private func makePart(_ worker: Int, _ context: ExecutionContext) throws -> Part {
    try Part(
      groups, aggregates, inputs[0].layout, context,
      // Above the numbers of all groups that one thread can write.
      firstNumber: Int64(worker) << 48)
  }

  /// Groups and their states, made by one thread.
  private final class Part: GroupStates {
    private(set) var aggregates: [any GroupedAggregate] = []
    private(set) var spilled: SpilledGroups?
    private var groupKeys: GroupKeys
    private let groups: [Projection]
    private let functions: [AggregateProjection]
    private let layout: RowLayout
    private let context: ExecutionContext
    private let arguments: [[CompiledExpression]]
    private let firstNumber: Int64
    private var account: MemoryAccount
    private var scratch = RowNumberScratch()

    init(
      _ groups: [Projection], _ functions: [AggregateProjection], _ layout: RowLayout,
      _ context: ExecutionContext, firstNumber: Int64
    ) throws {
      self.groups = groups
      self.functions = functions
      self.layout = layout
      self.context = context
      self.firstNumber = firstNumber
      groupKeys = try GroupKeys(groups, layout: layout, context: context)
      account = MemoryAccount(context.control, purpose: Self.purpose)
      arguments = try functions.map {
        try $0.arguments.map {
          try CompiledExpression($0, layout: layout, context: context)
        }
      }
      aggregates = try Self.make(functions, context)
    }

    private static let purpose = "EagerAggregation"

    private static func make(
      _ functions: [AggregateProjection], _ context: ExecutionContext
    ) throws -> [any GroupedAggregate] {
      try functions.map {
        try AggregateFactory.make($0, context: context)
      }
    }

    var groupCount: Int { groupKeys.count }
    func keys(_ range: Range<Int>) -> [Vector] { groupKeys.keys(range) }
    var byteCount: Int {
      aggregates.reduce(groupKeys.byteCount) { $0 + $1.byteCount }
    }

    func add(_ batch: Batch) throws {
      let groups = scratch.reserve(batch.count)
      try groupKeys.find(batch, into: groups)
      for (state, arguments) in zip(aggregates, arguments) {
        try state.add(
          try arguments.map { try $0.evaluate(batch) }, groups: groups, count: batch.count,
          groupCount: groupKeys.count)
      }
      if sets.contains(where: \.hasSpilledValues) || !aggregates.allSatisfy(\.hasStates) {
        try account.update(to: byteCount)
      } else if try account.isFull(at: byteCount) {
        try makeRoom()
      }
    }

    private var sets: [DistinctAggregate] {
      aggregates.compactMap { $0.unplaced as? DistinctAggregate }
    }

    /// Few groups with large sets keep the groups and write the values of the sets.
    private func makeRoom() throws {
      let large = sets.filter(\.canSpillValues)
      let setBytes = large.reduce(0) { $0 + $1.valueByteCount }
      if spilled == nil, setBytes > byteCount / 2, setBytes / 1024 > groupCount {
        for set in large { try set.spillValues() }
        try account.update(to: byteCount)
      } else {
        try spill()
      }
    }

    var spilledBytes: Int {
      sets.reduce(spilled?.spilledBytes ?? 0) { $0 + $1.spilledBytes }
    }

    /// Writes all groups to temporary files.
    @discardableResult
    func spill() throws -> SpilledGroups {
      let functions = functions
      let context = context
      let spilled =
        try self.spilled
        ?? SpilledGroups(
          control: context.control, purpose: Self.purpose, keyCount: groups.count,
          firstNumber: firstNumber, makeAggregates: { try Self.make(functions, context) })
      self.spilled = spilled
      try spilled.append(self)
      groupKeys = try GroupKeys(groups, layout: layout, context: context)
      aggregates = try Self.make(functions, context)
      try account.update(to: 0)
      return spilled
    }

    /// No input, but one row all the same.
    func addEmptyGroup() throws {
      groupKeys.addEmptyKey()
      var group: Int32 = 0
      for (state, arguments) in zip(aggregates, arguments) {
        try state.add(
          arguments.map { _ in Vector.nulls(count: 0) }, groups: &group, count: 0, groupCount: 1)
      }
    }

    func merge(_ other: Part) throws {
      let map = try groupKeys.merge(other.groupKeys)
      for (state, its) in zip(aggregates, other.aggregates) {
        try state.merge(its, map: map, groupCount: groupKeys.count)
      }
      try account.update(to: byteCount)
    }
  }
}
