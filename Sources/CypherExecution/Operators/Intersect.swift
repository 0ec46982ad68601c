internal import CypherPlanning
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

/// `.intersect`: the common neighbours of two nodes of each row, with a row for each pair of
/// relationships to one, or only the number of such pairs.
final class Intersect: Operator {
  private let intersection: Intersection
  private let first: Side
  private let second: Side
  private var labelCheck: LabelCheck
  private var scratch = RowNumberScratch()

  private var input: Batch?
  private var row = 0
  private var ready: [Batch] = []
  private var position = 0
  private var account: MemoryAccount
  /// The rows that are being made.
  private let rows = RowNumbers()
  private var output = Output()
  /// Of the row that is counted.
  private var excluded = Excluded()

  /// One of the two hops.
  private struct Side {
    let column: Int
    let runs: NodeRuns
    let excluded: [Int]
    let wantsRelationship: Bool
  }

  private struct Output {
    var nodes = Vector(type: .node)
    var first = Vector(type: .relationship)
    var second = Vector(type: .relationship)
    var count = 0
  }

  init(
    _ plan: Plan, _ intersection: Intersection, input: Operator, context: ExecutionContext
  ) throws {
    self.intersection = intersection
    func side(_ hop: Intersection.Hop) throws -> Side {
      Side(
        column: try input.layout.requiredColumn(of: hop.from, for: plan),
        runs: NodeRuns(types: hop.types, direction: hop.direction, context: context),
        excluded: try hop.excluding.uniqued().map {
          try input.layout.requiredColumn(of: $0, for: plan)
        }, wantsRelationship: hop.relationship != nil)
    }
    first = try side(intersection.first)
    second = try side(intersection.second)
    account = MemoryAccount(context.control, purpose: "Intersect")
    labelCheck = LabelCheck(
      context.labelsToCheck(
        intersection.toLabels, types: intersection.first.types,
        direction: intersection.first.direction, isFrom: false))
    super.init(
      plan, inputs: [input], layout: input.layout.adding(intersection.newVariables),
      context: context)
  }

  override var keepsArgumentOrder: Bool { inputs[0].keepsArgumentOrder }

  override func open() throws {
    try super.open()
    first.runs.reset()
    second.runs.reset()
    labelCheck.reset()
    input = nil
    ready = []
    position = 0
    output = Output()
  }

  override func produce() throws -> Batch? {
    if intersection.multiplicity != nil {
      guard let input = try inputs[0].next() else { return nil }
      return try counted(input)
    }
    while position == ready.count {
      ready.removeAll(keepingCapacity: true)
      account.release()
      position = 0
      guard let batch = try self.input ?? inputs[0].next() else { return nil }
      if input == nil {
        input = batch
        row = 0
        try first.runs.prepare()
        try second.runs.prepare()
      }
      try join(batch)
    }
    position += 1
    return ready[position - 1]
  }

  // MARK: Rows

  /// Goes on until a batch is full, or the input's rows are done.
  private func join(_ input: Batch) throws {
    let a = try EntityColumn.nodes(input.columns[first.column])
    let b = try EntityColumn.nodes(input.columns[second.column])
    while row < input.count, ready.isEmpty {
      defer { row += 1 }
      if row & 0xFF == 0xFF { try context.control.check() }
      if a.isNull(row) || b.isNull(row) { continue }
      try join(a.nodes[a.physical(row)], b.nodes[b.physical(row)], input)
    }
    if row == input.count {
      if output.count > 0 { try give(input) }
      self.input = nil
    }
  }

  private func join(_ a: NodeID, _ b: NodeID, _ input: Batch) throws {
    first.runs.load(a)
    second.runs.load(b)
    for i in 0..<first.runs.count {
      let one = first.runs.runs[i]
      for j in 0..<second.runs.count {
        let other = second.runs.runs[j]
        var matches = RunIntersection(one.run, other.run)
        while let match = matches.next() {
          guard passes(match, one, a, other, b) else { continue }
          for place in match.first {
            for otherPlace in match.second {
              if output.count == rows.capacity { try give(input) }
              let index = output.count
              rows.base[index] = Int32(truncatingIfNeeded: row)
              output.nodes.nodes[index] = NodeID(UInt64(match.neighbour))
              if first.wantsRelationship {
                output.first.relationships[index] = one.relationship(place, of: a)
              }
              if second.wantsRelationship {
                output.second.relationships[index] = other.relationship(otherPlace, of: b)
              }
              output.count += 1
            }
          }
        }
      }
    }
  }

  /// The rows made so far become a batch.
  private func give(_ input: Batch) throws {
    try context.control.check()
    let count = output.count
    var columns = input.columns.map { $0.gather(rows.base, count: count) }
    if first.wantsRelationship { columns.append(output.first) }
    columns.append(output.nodes)
    if second.wantsRelationship { columns.append(output.second) }
    for vector in [output.nodes, output.first, output.second] { vector.count = count }
    ready.append(Batch(columns: columns, count: count))
    // Of one row: two hubs may have more neighbours in common than a batch holds.
    try account.update(to: ready.count * columns.count * 8 * count)
    output = Output()
  }

  @inline(__always)
  private func passes(
    _ match: RunIntersection.Match, _ one: NeighbourCursor.Part, _ a: NodeID,
    _ other: NeighbourCursor.Part, _ b: NodeID
  ) -> Bool {
    let neighbour = UInt64(match.neighbour)
    if one.skipsSelfLoops && neighbour == a.rawValue { return false }
    if other.skipsSelfLoops && neighbour == b.rawValue { return false }
    return !labelCheck.isNeeded || labelCheck.passes(NodeID(neighbour), context)
  }

  // MARK: Counting

  private func counted(_ input: Batch) throws -> Batch {
    try first.runs.prepare()
    try second.runs.prepare()
    let a = try EntityColumn.nodes(input.columns[first.column])
    let b = try EntityColumn.nodes(input.columns[second.column])
    let counts = Vector(type: .integer, capacity: input.count)
    let kept = scratch.reserve(input.count)
    let hasExcluded = !first.excluded.isEmpty || !second.excluded.isEmpty
    var filled = 0
    for row in 0..<input.count where !a.isNull(row) && !b.isNull(row) {
      if row & 0xFF == 0xFF { try context.control.check() }
      if hasExcluded {
        excluded.clear()
        input.forEachRelationship(row: row, columns: first.excluded) { excluded.first.append($0) }
        input.forEachRelationship(row: row, columns: second.excluded) {
          excluded.second.append($0)
        }
      }
      let count = pairCount(
        a.nodes[a.physical(row)], b.nodes[b.physical(row)], hasExcluded: hasExcluded)
      if count == 0 { continue }
      kept[filled] = Int32(truncatingIfNeeded: row)
      counts.integers[filled] = Int64(count)
      filled += 1
    }
    counts.count = filled
    let rest = filled == input.count ? input : input.gather(kept, count: filled)
    return Batch(columns: rest.columns + [counts], count: filled)
  }

  /// Relationships that a hop must not follow again.
  private struct Excluded {
    var first: [RelationshipRef] = []
    var second: [RelationshipRef] = []

    mutating func clear() {
      first.removeAll(keepingCapacity: true)
      second.removeAll(keepingCapacity: true)
    }

    /// Whether one of them ends in the node: only then can it be on the way there.
    func touches(_ node: UInt64) -> Bool {
      first.contains { $0.start.rawValue == node || $0.end.rawValue == node }
        || second.contains { $0.start.rawValue == node || $0.end.rawValue == node }
    }
  }

  private func pairCount(_ a: NodeID, _ b: NodeID, hasExcluded: Bool) -> Int {
    first.runs.load(a)
    if first.runs.count == 0 { return 0 }
    second.runs.load(b)
    // From different nodes, no relationship leads to the same neighbour twice.
    let mayBeSame = !intersection.allowsSame && a == b
    var count = 0
    for i in 0..<first.runs.count {
      let one = first.runs.runs[i]
      for j in 0..<second.runs.count {
        let other = second.runs.runs[j]
        var matches = RunIntersection(one.run, other.run)
        while let match = matches.next() {
          guard passes(match, one, a, other, b) else { continue }
          if mayBeSame || hasExcluded && excluded.touches(UInt64(match.neighbour)) {
            count += distinctPairs(match, one, other)
          } else {
            count += match.first.count * match.second.count
          }
        }
      }
    }
    return count
  }

  private func distinctPairs(
    _ match: RunIntersection.Match, _ one: NeighbourCursor.Part, _ other: NeighbourCursor.Part
  ) -> Int {
    var count = 0
    for place in match.first {
      let id = one.relationshipID(place)
      if excluded.first.contains(where: { $0.id == id }) { continue }
      for otherPlace in match.second {
        let otherID = other.relationshipID(otherPlace)
        if excluded.second.contains(where: { $0.id == otherID }) { continue }
        if !intersection.allowsSame && id == otherID { continue }
        count += 1
      }
    }
    return count
  }
}

extension NeighbourCursor.Part {
  fileprivate func relationshipID(_ place: Int) -> RelationshipID {
    RelationshipID(type: type, row: UInt64(run.row(place)))
  }

  fileprivate func relationship(_ place: Int, of node: NodeID) -> RelationshipRef {
    let other = NodeID(UInt64(run.neighbours[place]))
    return isOutgoing
      ? RelationshipRef(id: relationshipID(place), start: node, end: other)
      : RelationshipRef(id: relationshipID(place), start: other, end: node)
  }
}
