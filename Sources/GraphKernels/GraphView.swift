internal import GraphTypes

/// What an algorithm sees of a graph: nodes `0 ..< nodeCount`, their neighbours, perhaps weights.
///
/// Either *borrowed*: pointers to neighbour lists where they lie, nothing copied
/// (`NeighbourTableBuilder`), or *built*: compressed rows made from relationships (`GraphBuilder`).
package struct GraphView: Sendable {
  package let nodes: NodeMapping
  package let outgoing: NeighbourTable
  /// The opposite direction; `outgoing` itself in an undirected view; nil when not at hand.
  package let incoming: NeighbourTable?
  /// Every relationship is in the lists of both its ends.
  package let isUndirected: Bool

  /// - Precondition: the tables have `nodes.count` nodes.
  package init(
    nodes: NodeMapping, outgoing: NeighbourTable, incoming: NeighbourTable?
  ) {
    precondition(outgoing.nodeCount == nodes.count)
    precondition(incoming.map { $0.nodeCount == nodes.count } ?? true)
    self.nodes = nodes
    self.outgoing = outgoing
    self.incoming = incoming
    isUndirected = false
  }

  /// - Parameter neighbours: lists that hold every relationship at both of its ends.
  package init(nodes: NodeMapping, undirected neighbours: NeighbourTable) {
    precondition(neighbours.nodeCount == nodes.count)
    self.nodes = nodes
    outgoing = neighbours
    incoming = neighbours
    isUndirected = true
  }

  /// The size of the index space; `nodes.memberCount` of these are nodes of the graph.
  package var nodeCount: Int { nodes.count }
  /// As GDS counts: an undirected relationship counts twice.
  package var relationshipCount: Int { outgoing.relationshipCount }
  package var isWeighted: Bool { outgoing.isWeighted }

  /// The incoming lists, made from the outgoing ones where they are not at hand.
  /// - Complexity: O(1), or O(*n* + *m*) time and memory.
  func requireIncoming() -> NeighbourTable { incoming ?? transposed(outgoing) }

  /// The same graph with each relationship in the lists of both its ends: the view itself when
  /// undirected; no copy when both directions are at hand and there are no weights.
  package func undirected() -> GraphView {
    if isUndirected { return self }
    let reverse = requireIncoming()
    if !isWeighted {
      var builder = NeighbourTableBuilder(nodeCount: nodeCount)
      for node in 0..<nodeCount {
        outgoing.forEachRun(of: node) { run in
          builder.append(node: UInt32(node), start: run.start, count: Int(run.count))
        }
        reverse.forEachRun(of: node) { run in
          builder.append(node: UInt32(node), start: run.start, count: Int(run.count))
        }
      }
      return GraphView(nodes: nodes, undirected: builder.finish(owners: [outgoing, reverse]))
    }
    return GraphView(nodes: nodes, undirected: concatenated(outgoing, reverse))
  }
}

/// The lists of the opposite direction, ascending. O(*n* + *m*).
func transposed(_ table: NeighbourTable) -> NeighbourTable {
  let n = table.nodeCount
  let offsets = Scratch<Int>(n + 1, repeating: 0)
  for node in 0..<n {
    table.forEachRun(of: node) { run in
      for i in 0..<Int(run.count) { offsets.base[Int(run.start[i]) + 1] += 1 }
    }
  }
  for node in 0..<n { offsets.base[node + 1] += offsets.base[node] }
  let positions = Scratch<Int>(n, repeating: 0)
  positions.base.update(from: offsets.base, count: n)
  let neighbours = Scratch<UInt32>(table.relationshipCount, repeating: 0)
  let weights = table.isWeighted ? Scratch<Double>(table.relationshipCount, repeating: 0) : nil
  for node in 0..<n {
    table.forEachRun(of: node) { run in
      let source = table.weights(of: run)
      for i in 0..<Int(run.count) {
        let target = Int(run.start[i])
        let position = positions.base[target]
        positions.base[target] = position + 1
        neighbours.base[position] = UInt32(node)
        if let weights, let source { weights.base[position] = source[i] }
      }
    }
  }
  return NeighbourTable(offsets: offsets, neighbours: neighbours, weights: weights)
}

/// Each node's list in `first`, then in `second`, copied.
private func concatenated(_ first: NeighbourTable, _ second: NeighbourTable) -> NeighbourTable {
  let n = first.nodeCount
  let total = first.relationshipCount + second.relationshipCount
  let offsets = Scratch<Int>(n + 1, repeating: 0)
  let neighbours = Scratch<UInt32>(total, repeating: 0)
  let weights = Scratch<Double>(total, repeating: 1)
  var position = 0
  for node in 0..<n {
    for table in [first, second] {
      table.forEachRun(of: node) { run in
        let count = Int(run.count)
        (neighbours.base + position).update(from: run.start, count: count)
        if let source = table.weights(of: run) {
          (weights.base + position).update(from: source, count: count)
        }
        position += count
      }
    }
    offsets.base[node + 1] = position
  }
  return NeighbourTable(offsets: offsets, neighbours: neighbours, weights: weights)
}
