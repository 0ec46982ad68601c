internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// The groups of rows that come leader by leader: those of the last leaders, until there are enough
/// of them to be given out.
///
/// Where one leader has more groups than memory, they go to temporary files (`SpilledGroups`) until
/// its rows are done.
final class GroupWindow: GroupStates {
  /// Groups that are given out together, at least.
  private static let fullCount = 32_768
  private static let purpose = "OrderedAggregation"

  private let functions: [AggregateProjection]
  private let arguments: [[CompiledExpression]]
  private let context: ExecutionContext
  private let leaderColumn: Int
  private let leaderKeys: LeaderKeys
  /// The other keys.
  private var others: GroupKeys?
  private let makeOthers: () throws -> GroupKeys?
  /// Where the keys stand among all.
  private let leaderPlaces: [Int]
  private let otherPlaces: [Int]

  private(set) var aggregates: [any GroupedAggregate] = []
  /// In the window, in order.
  private var leaders: [NodeID] = []
  /// Their keys, when groups are about to leave the window.
  private var leaderValues: [Vector] = []
  /// The first group of the last leader.
  private var firstGroup = 0
  private(set) var groupCount = 0
  /// By group: its leader's place in `leaders`, and the number of its other keys.
  private var leaderOfGroup: UnsafeMutablePointer<Int32>
  private var otherOfGroup: UnsafeMutablePointer<Int32>
  private var groupCapacity = 0
  /// By number of other keys: the last leader's group, or -1.
  private var groupOfOther: UnsafeMutablePointer<Int32>
  private var otherCapacity = 0

  private var groupNumbers = RowNumberScratch()
  private var otherNumbers = RowNumberScratch()
  private var account: MemoryAccount
  private(set) var byteCount = 0

  /// Groups of the last leader that have been written.
  private var spilled: SpilledGroups?
  private var spilledLeader: NodeID?
  /// Its groups as they come back, and the rows of the leaders behind it.
  private var merge: RowMerge?
  private var rest: Batch?
  private(set) var spilledBytes = 0

  init(
    _ groups: [Projection], _ functions: [AggregateProjection], leader: VariableID,
    layout: RowLayout, context: ExecutionContext
  ) throws {
    self.functions = functions
    self.context = context
    leaderPlaces = groups.indices.filter { groups[$0].expression.depends(onlyOn: leader) }
    otherPlaces = groups.indices.filter { !groups[$0].expression.depends(onlyOn: leader) }
    leaderKeys = try LeaderKeys(
      leaderPlaces.map { groups[$0].expression }, leader: leader, context: context)
    let otherKeys = otherPlaces.map { groups[$0] }
    makeOthers = {
      otherKeys.isEmpty ? nil : try GroupKeys(otherKeys, layout: layout, context: context)
    }
    others = try makeOthers()
    arguments = try functions.map {
      try $0.arguments.map { try CompiledExpression($0, layout: layout, context: context) }
    }
    guard let column = layout.column(of: leader) else {
      throw QueryError(
        .storage, "InternalError", "the leader of an ordered aggregation is missing",
        hint: "this is an error of the engine: please report the query")
    }
    leaderColumn = column
    leaderOfGroup = .allocate(capacity: 1)
    otherOfGroup = .allocate(capacity: 1)
    groupOfOther = .allocate(capacity: 1)
    account = MemoryAccount(context.control, purpose: Self.purpose)
    aggregates = try Self.make(functions, context)
  }

  deinit {
    leaderOfGroup.deallocate()
    otherOfGroup.deallocate()
    groupOfOther.deallocate()
  }

  /// - Parameter give: takes finished groups; more of them may come of `nextSpilled`, which must be
  ///   asked to its end before more is added.
  func add(_ batch: Batch, _ give: (Batch) throws -> Void) throws {
    let nodes = try EntityColumn.nodes(batch.columns[leaderColumn])
    let isFull =
      spilled != nil || groupCount >= Self.fullCount || byteCount > context.control.memoryLimit / 8
    guard isFull, let last = leaders.last ?? spilledLeader,
      let row = (0..<batch.count).first(where: { nodes.nodes[nodes.physical($0)] != last })
    else { return try add(batch) }
    if row > 0 { try add(batch.rows(0..<row)) }
    let rest = batch.rows(row..<batch.count)
    if spilled == nil {
      try flush(give)
      try add(rest)
    } else {
      self.rest = rest
      try finishSpilled()
    }
  }

  func finish(_ give: (Batch) throws -> Void) throws {
    if spilled == nil { try flush(give) } else { try finishSpilled() }
  }

  private func add(_ batch: Batch) throws {
    let nodes = try EntityColumn.nodes(batch.columns[leaderColumn])
    let groups = groupNumbers.reserve(batch.count)
    reserveGroups(groupCount + batch.count)
    if let others {
      let numbers = otherNumbers.reserve(batch.count)
      try others.find(batch, into: numbers)
      reserveOthers(others.count)
      number(nodes, numbers, batch.count, into: groups)
    } else {
      number(nodes, batch.count, into: groups)
    }
    for (state, arguments) in zip(aggregates, arguments) {
      try state.add(
        try arguments.map { try $0.evaluate(batch) }, groups: groups, count: batch.count,
        groupCount: groupCount)
    }
    byteCount = aggregates.reduce(
      8 * groupCapacity + 4 * otherCapacity + (others?.byteCount ?? 0)
    ) { $0 + $1.byteCount }
    if !aggregates.allSatisfy(\.hasStates) {
      try account.update(to: byteCount)
    } else if try account.isFull(at: byteCount) {
      try spill()
    }
  }

  // MARK: Leaders with many groups

  private func spill() throws {
    let functions = functions
    let context = context
    let target =
      try spilled
      ?? SpilledGroups(
        control: context.control, purpose: Self.purpose,
        keyCount: leaderPlaces.count + otherPlaces.count,
        makeAggregates: { try Self.make(functions, context) })
    spilled = target
    spilledLeader = leaders.last
    leaderValues = try leaderKeys.values(leaders)
    try target.append(self)
    try clear(keepingOthers: false)
    forgetRoom()
    try account.update(to: 0)
  }

  private func finishSpilled() throws {
    guard let spilled else { return }
    if groupCount > 0 { try spill() }
    merge = try spilled.finish()
    spilledBytes += spilled.spilledBytes
    self.spilled = nil
    spilledLeader = nil
  }

  /// The next groups of a leader that has been written; nil where there are no more.
  func nextSpilled() throws -> Batch? {
    if var batch = try merge?.next() {
      // The number by which they were put in order.
      batch.columns.removeFirst()
      return batch
    }
    merge = nil
    if let rest {
      self.rest = nil
      try add(rest)
    }
    return nil
  }

  /// One group a leader.
  private func number(_ nodes: Vector, _ count: Int, into groups: UnsafeMutablePointer<Int32>) {
    let step = nodes.isConstant ? 0 : 1
    let rows = nodes.nodes
    var last = leaders.last
    for row in 0..<count {
      let node = rows[row * step]
      if node != last {
        begin(node)
        last = node
        leaderOfGroup[groupCount] = Int32(truncatingIfNeeded: leaders.count - 1)
        groupCount += 1
      }
      groups[row] = Int32(truncatingIfNeeded: groupCount - 1)
    }
  }

  private func number(
    _ nodes: Vector, _ others: UnsafePointer<Int32>, _ count: Int,
    into groups: UnsafeMutablePointer<Int32>
  ) {
    let step = nodes.isConstant ? 0 : 1
    let rows = nodes.nodes
    let groupOfOther = groupOfOther
    var next = Int32(truncatingIfNeeded: groupCount)
    var last = leaders.last
    var place = Int32(truncatingIfNeeded: leaders.count - 1)
    for row in 0..<count {
      let node = rows[row * step]
      if node != last {
        groupCount = Int(next)
        begin(node)
        last = node
        place += 1
      }
      let other = Int(others[row])
      var group = groupOfOther[other]
      if group < 0 {
        group = next
        groupOfOther[other] = group
        leaderOfGroup[Int(group)] = place
        otherOfGroup[Int(group)] = others[row]
        next += 1
      }
      groups[row] = group
    }
    groupCount = Int(next)
  }

  /// The groups of the leader before are complete.
  private func begin(_ leader: NodeID) {
    forgetLastLeader()
    firstGroup = groupCount
    leaders.append(leader)
  }

  private func forgetLastLeader() {
    if others == nil { return }
    for group in firstGroup..<groupCount { groupOfOther[Int(otherOfGroup[group])] = -1 }
  }

  // MARK: Giving out

  private func flush(_ give: (Batch) throws -> Void) throws {
    leaderValues = try leaderKeys.values(leaders)
    var start = 0
    while start < groupCount {
      let range = start..<min(groupCount, start + Vector.batchCapacity)
      start = range.upperBound
      let results = try aggregates.map { try $0.results(range) }
      try give(Batch(columns: keys(range) + results, count: range.count))
      try context.control.check()
    }
    // No group is left that has the number of another key.
    try clear(keepingOthers: byteCount <= context.control.memoryLimit / 8)
  }

  /// Once `leaderValues` are known.
  func keys(_ range: Range<Int>) -> [Vector] {
    var columns: [Vector?] = Array(
      repeating: nil, count: leaderPlaces.count + otherPlaces.count)
    let rows = Array(UnsafeBufferPointer(rebasing: buffer(leaderOfGroup)[range]))
    for (place, values) in zip(leaderPlaces, leaderValues) {
      columns[place] = values.picking(rows)
    }
    if let others {
      let numbers = Array(UnsafeBufferPointer(rebasing: buffer(otherOfGroup)[range]))
      for (place, values) in zip(otherPlaces, others.keys(numbers)) { columns[place] = values }
    }
    return columns.compactMap(\.self)
  }

  private func buffer(_ base: UnsafeMutablePointer<Int32>) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: base, count: groupCount)
  }

  private func clear(keepingOthers: Bool) throws {
    forgetLastLeader()
    leaders.removeAll(keepingCapacity: true)
    firstGroup = 0
    groupCount = 0
    if !keepingOthers { others = try makeOthers() }
    aggregates = try Self.make(functions, context)
  }

  private static func make(
    _ functions: [AggregateProjection], _ context: ExecutionContext
  ) throws -> [any GroupedAggregate] {
    try functions.map { try AggregateFactory.make($0, context: context) }
  }

  // MARK: Room

  private func reserveGroups(_ count: Int) {
    if count <= groupCapacity { return }
    let capacity = max(count, 2 * groupCapacity, Vector.batchCapacity)
    leaderOfGroup = leaderOfGroup.moved(groupCount, toCapacity: capacity)
    otherOfGroup = otherOfGroup.moved(groupCount, toCapacity: capacity)
    groupCapacity = capacity
  }

  /// No group is in the window.
  private func forgetRoom() {
    leaderOfGroup = leaderOfGroup.moved(0, toCapacity: 1)
    otherOfGroup = otherOfGroup.moved(0, toCapacity: 1)
    groupOfOther = groupOfOther.moved(0, toCapacity: 1)
    (groupCapacity, otherCapacity) = (0, 0)
  }

  private func reserveOthers(_ count: Int) {
    if count <= otherCapacity { return }
    let capacity = max(count, 2 * otherCapacity, Vector.batchCapacity)
    groupOfOther = groupOfOther.moved(otherCapacity, toCapacity: capacity)
    (groupOfOther + otherCapacity).initialize(repeating: -1, count: capacity - otherCapacity)
    otherCapacity = capacity
  }
}

extension UnsafeMutablePointer<Int32> {
  fileprivate func moved(_ count: Int, toCapacity capacity: Int) -> Self {
    let larger = Self.allocate(capacity: capacity)
    larger.moveInitialize(from: self, count: count)
    deallocate()
    return larger
  }
}

extension Batch {
  fileprivate func rows(_ range: Range<Int>) -> Batch {
    picking(range.map { Int32(truncatingIfNeeded: $0) })
  }
}
