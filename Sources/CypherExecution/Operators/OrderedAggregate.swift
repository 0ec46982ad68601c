internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `.orderedAggregate`: groups of rows that come node by node of a leader. A group is looked up among
/// those of its node only, and given out soon after it, so that memory holds a window of the groups.
/// Groups come in the order of their first rows, as those of `Aggregate`.
///
/// Where the keys of some two nodes are equal, and inside a transaction that writes, it hands over to
/// an `Aggregate`.
final class OrderedAggregate: Operator {
  /// Above this number of groups threads do not work ahead of the order of the rows.
  private static let maximumGroupsAhead = 1_000_000.0

  private let groups: [Projection]
  private let aggregates: [AggregateProjection]
  private let leader: VariableID
  private let mayBeParallel: Bool
  private let leaderKeys: LeaderKeys?
  private var isOrdered: Bool?
  /// One of several workers, which an operator above has started.
  private var isWorker = false
  private var fallback: Aggregate?
  private var window: GroupWindow?
  private var ready: [Batch] = []
  private var position = 0
  /// What several workers have made, in order.
  private var ahead: [RowBuffer] = []
  private var nextAhead = 0
  private var reader: RowBuffer.Reader?
  private var isAtEnd = false

  init(
    _ plan: Plan, groups: [Projection], aggregates: [AggregateProjection], leader: VariableID,
    input: Operator, context: ExecutionContext, mayBeParallel: Bool
  ) throws {
    self.groups = groups
    self.aggregates = aggregates
    self.leader = leader
    self.mayBeParallel = mayBeParallel
    let leading = groups.map(\.expression).filter { $0.depends(onlyOn: leader) }
    leaderKeys =
      leading.isEmpty
      ? nil : try LeaderKeys(leading, leader: leader, context: context)
    super.init(
      plan, inputs: [input], layout: RowLayout(groups.map(\.target) + aggregates.map(\.target)),
      context: context)
  }

  override func open() throws {
    try super.open()
    fallback = nil
    window = nil
    ready = []
    position = 0
    ahead = []
    nextAhead = 0
    reader = nil
    isAtEnd = false
  }

  override var spilledBytes: Int {
    ahead.reduce((fallback?.spilledBytes ?? 0) + (window?.spilledBytes ?? 0)) {
      $0 + $1.spilledBytes
    }
  }

  override func restrict(to nodes: Range<UInt64>) {
    isWorker = true
    super.restrict(to: nodes)
  }

  override func share(with worker: Operator) {
    super.share(with: worker)
    (worker as? OrderedAggregate)?.isOrdered = isOrdered
  }

  override func allowsThreads() throws -> Bool {
    try decideOrder() && super.allowsThreads()
  }

  private func decideOrder() throws -> Bool {
    if context.transaction != nil { return false }
    if let isOrdered { return isOrdered }
    let decision = try leaderKeys?.areDistinct(in: plan.inputs[0].leaf) ?? false
    isOrdered = decision
    return decision
  }

  override func produce() throws -> Batch? {
    if let fallback { return try fallback.next() }
    if window == nil {
      guard try decideOrder() else {
        let plain = try Aggregate(
          plan, groups: groups, aggregates: aggregates, input: inputs[0], context: context,
          mayBeParallel: mayBeParallel)
        fallback = plain
        return try plain.next()
      }
      let first = try makeWindow(context)
      window = first
      try workAhead(first)
    }
    while position == ready.count {
      ready.removeAll(keepingCapacity: true)
      position = 0
      guard let window else { return nil }
      if let batch = try window.nextSpilled() { return batch }
      if isAtEnd { return try nextBatchAhead() }
      if let batch = try inputs[0].next() {
        try window.add(batch) { ready.append($0) }
      } else {
        isAtEnd = true
        try window.finish { ready.append($0) }
      }
    }
    position += 1
    return ready[position - 1]
  }

  private func makeWindow(_ context: ExecutionContext) throws -> GroupWindow {
    try GroupWindow(
      groups, aggregates, leader: leader, layout: inputs[0].layout, context: context)
  }

  /// All groups, by several threads, if their number allows to hold them.
  private func workAhead(_ first: GroupWindow) throws {
    guard mayBeParallel, !isWorker, plan.estimatedRows <= Self.maximumGroupsAhead,
      let pipeline = try ParallelPipeline(inputs[0], isProfiled: isProfiled)
    else { return }
    var windows = [first]
    for worker in 1..<pipeline.count {
      windows.append(try makeWindow(pipeline.context(of: worker)))
    }
    let outputs = windows.map { _ in
      RowBuffer(control: context.control, purpose: "OrderedAggregation")
    }
    try pipeline.drain(
      { worker, batch in
        let (window, output) = (windows[worker], outputs[worker])
        try window.add(batch) { try output.append($0) }
        while let batch = try window.nextSpilled() { try output.append(batch) }
      },
      finish: { worker in
        let (window, output) = (windows[worker], outputs[worker])
        try window.finish { try output.append($0) }
        while let batch = try window.nextSpilled() { try output.append(batch) }
        try output.finish()
      })
    ahead = outputs
    isAtEnd = true
  }

  private func nextBatchAhead() throws -> Batch? {
    while true {
      if let batch = try reader?.next() { return batch }
      guard nextAhead < ahead.count else { return nil }
      reader = ahead[nextAhead].reader()
      nextAhead += 1
    }
  }
}

extension Plan {
  /// The scan at the end of a chain of operators.
  fileprivate var leaf: Plan { inputs.first?.leaf ?? self }
}

extension BoundExpression {
  /// Nothing but the node decides its value.
  func depends(onlyOn leader: VariableID) -> Bool {
    freeVariables == [leader] && isFunctionOfItsVariables
  }
}
