internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// Breadth-first search from both ends towards the middle: each step grows the smaller frontier by
/// one whole level, until a node is reached from both sides. Of each reached node all (or, for a
/// single path, one of) the last relationships of its shortest walks are kept.
final class ShortestPathSearch {
  private let shortest: ShortestPath
  private let context: ExecutionContext
  private let forwards: HopReader
  private let backwards: HopReader
  private var hops: [Hop] = []

  /// A last relationship of a shortest walk to a node, the node before it, and the next such link.
  private struct Link {
    var relationship: RelationshipRef
    var previous: NodeID
    var next: Int32
  }
  /// What is known from one of the ends.
  private struct Side {
    var distance: [NodeID: Int32]
    var heads: [NodeID: Int32] = [:]
    var links: [Link] = []
    var frontier: [NodeID]
    var depth: Int32 = 0
    init(_ origin: NodeID) {
      distance = [origin: 0]
      frontier = [origin]
    }
  }

  init(
    _ shortest: ShortestPath, layout: RowLayout, context: ExecutionContext, plan: Plan
  ) throws {
    self.shortest = shortest
    self.context = context
    forwards = try HopReader(shortest.expand, layout: layout, context: context, plan: plan)
    backwards = try HopReader(
      shortest.expand, layout: layout, context: context, plan: plan, reversed: true)
  }

  func reset() {
    forwards.reset()
    backwards.reset()
  }
  func prepare() throws {
    try forwards.prepare()
    try backwards.prepare()
  }
  func start(row: Int, of input: Batch) {
    forwards.start(row: row, of: input)
    backwards.start(row: row, of: input)
  }

  /// The shortest walks (one unless `all`), hops from `start` to `end`.
  func paths(from start: NodeID, to end: NodeID) throws -> [[Hop]] {
    let expand = shortest.expand
    if start == end, expand.minimum == 0 { return [[]] }
    if start == end && !shortest.findsCycles { return [] }
    if start == end || expand.minimum > 1 {
      return try ShortestTrails(shortest, forwards, backwards, context).paths(from: start, to: end)
    }
    let maximum = expand.maximum ?? Int.max
    var near = Side(start)
    var far = Side(end)
    while Int(near.depth) + Int(far.depth) < maximum {
      if near.frontier.isEmpty || far.frontier.isEmpty { return [] }
      let meeting: [NodeID]
      if near.frontier.count <= far.frontier.count {
        meeting = try grow(&near, towards: far, forwards)
      } else {
        meeting = try grow(&far, towards: near, backwards)
      }
      if !meeting.isEmpty { return try join(meeting, near, far, from: start, to: end) }
    }
    return []
  }

  /// One more level. - Returns: its nodes that the other side has reached in its last level.
  ///
  /// That no earlier level met the other side means that these are all nodes in the middle of
  /// shortest walks.
  private func grow(_ side: inout Side, towards other: Side, _ reader: HopReader) throws -> [NodeID]
  {
    side.depth += 1
    var following: [NodeID] = []
    var meeting: [NodeID] = []
    for (index, node) in side.frontier.enumerated() {
      if index & 0x3FF == 0x3FF { try context.control.check() }
      hops.removeAll(keepingCapacity: true)
      try reader.append(from: node, to: &hops)
      for hop in hops {
        let known = side.distance[hop.node]
        if let known {
          if !shortest.all || known != side.depth { continue }
        } else {
          side.distance[hop.node] = side.depth
          following.append(hop.node)
          if other.distance[hop.node] != nil { meeting.append(hop.node) }
        }
        side.links.append(
          Link(
            relationship: hop.relationship, previous: node, next: side.heads[hop.node] ?? -1))
        side.heads[hop.node] = Int32(side.links.count - 1)
        if !shortest.all && !meeting.isEmpty { return meeting }
      }
    }
    side.frontier = following
    return meeting
  }

  private func join(
    _ meeting: [NodeID], _ near: Side, _ far: Side, from start: NodeID, to end: NodeID
  ) throws -> [[Hop]] {
    var account = MemoryAccount(context.control, purpose: "the list of all shortest paths")
    defer { account.release() }
    var result: [[Hop]] = []
    for middle in meeting {
      let firstHalves = try chains(near, to: middle, origin: start)
      let secondHalves = try chains(far, to: middle, origin: end)
      for first in firstHalves {
        var head: [Hop] = []
        for index in first.indices.reversed() {
          head.append(
            Hop(
              relationship: first[index].relationship,
              node: index == 0 ? middle : first[index - 1].previous))
        }
        for second in secondHalves {
          result.append(
            head + second.map { Hop(relationship: $0.relationship, node: $0.previous) })
          if result.count & 0xFF == 0 {
            try context.control.check()
            try account.update(to: result.count * (head.count + second.count + 2) * 48)
          }
          if !shortest.all { return result }
        }
      }
    }
    return result
  }

  /// All walks from a node back to the side's origin: last link first.
  private func chains(_ side: Side, to node: NodeID, origin: NodeID) throws -> [[Link]] {
    if node == origin { return [[]] }
    var result: [[Link]] = []
    var chain: [Link] = []
    var pending: [Int32] = [side.heads[node] ?? -1]
    while let index = pending.popLast() {
      if index < 0 {
        _ = chain.popLast()
        continue
      }
      let link = side.links[Int(index)]
      pending.append(link.next)
      chain.append(link)
      if link.previous == origin {
        result.append(chain)
        if result.count & 0xFFF == 0 { try context.control.check() }
        chain.removeLast()
      } else {
        pending.append(side.heads[link.previous] ?? -1)
      }
    }
    return result
  }
}
