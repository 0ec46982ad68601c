internal import CypherPlanning
internal import GraphTypes

/// Shortest walks that breadth-first search does not find: with a minimum length, which may have to
/// pass a node twice, and from a node to itself. Trails of one length after the other are tried, each
/// as far as its end can still be reached (iterative deepening: R. Korf, "Depth-First
/// Iterative-Deepening", Artificial Intelligence 27, 1985).
///
/// - Complexity: exponential in the length in the worst case.
struct ShortestTrails {
  private let shortest: ShortestPath
  private let forwards: HopReader
  private let backwards: HopReader
  private let context: ExecutionContext

  init(
    _ shortest: ShortestPath, _ forwards: HopReader, _ backwards: HopReader,
    _ context: ExecutionContext
  ) {
    self.shortest = shortest
    self.forwards = forwards
    self.backwards = backwards
    self.context = context
  }

  /// The shortest trails (one unless `all`), hops from `start` to `end`.
  func paths(from start: NodeID, to end: NodeID) throws -> [[Hop]] {
    var account = MemoryAccount(context.control, purpose: "ShortestPath")
    let distances = try distances(to: end, &account)
    guard let least = distances[start] else { return [] }
    let maximum = shortest.expand.maximum ?? Int.max
    var length = max(least, shortest.expand.minimum, 1)
    while length <= maximum {
      let level = try trails(from: start, to: end, length, distances)
      if !level.found.isEmpty || !level.goesOn { return level.found }
      length += 1
    }
    return []
  }

  /// From every node from which `end` can be reached.
  private func distances(
    to end: NodeID, _ account: inout MemoryAccount
  ) throws -> [NodeID: Int] {
    var distances = [end: 0]
    var frontier = [end]
    var depth = 0
    var hops: [Hop] = []
    while !frontier.isEmpty, depth < shortest.expand.maximum ?? Int.max {
      depth += 1
      var following: [NodeID] = []
      for (index, node) in frontier.enumerated() {
        if index & 0x3FF == 0x3FF { try context.control.check() }
        hops.removeAll(keepingCapacity: true)
        try backwards.append(from: node, to: &hops)
        for hop in hops where distances[hop.node] == nil {
          distances[hop.node] = depth
          following.append(hop.node)
        }
      }
      frontier = following
      try account.update(to: (distances.capacity + frontier.capacity) * 32)
    }
    return distances
  }

  /// - Returns: the trails of a length, and whether there may be longer ones.
  private func trails(
    from start: NodeID, to end: NodeID, _ length: Int, _ distances: [NodeID: Int]
  ) throws -> (found: [[Hop]], goesOn: Bool) {
    var account = MemoryAccount(context.control, purpose: "ShortestPath")
    var found: [[Hop]] = []
    var goesOn = false
    var trail: [Hop] = []
    /// By depth: the hops that are still to be tried.
    var pending: [[Hop]] = [[]]
    try forwards.append(from: start, to: &pending[0])
    var steps = 0
    while let last = pending.indices.last {
      guard let hop = pending[last].popLast() else {
        pending.removeLast()
        _ = trail.popLast()
        continue
      }
      steps += 1
      if steps & 0x3FF == 0 { try context.control.check() }
      guard let rest = distances[hop.node],
        !trail.contains(where: { $0.relationship.id == hop.relationship.id })
      else { continue }
      let depth = last + 1
      if depth + rest > length {
        goesOn = true
        continue
      }
      if depth == length {
        goesOn = true
        if hop.node != end { continue }
        found.append(trail + [hop])
        try account.update(to: found.count * (length + 1) * 48)
        if !shortest.all { return (found, goesOn) }
        continue
      }
      trail.append(hop)
      pending.append([])
      try forwards.append(from: hop.node, to: &pending[depth])
    }
    return (found, goesOn)
  }
}
