package import GraphTypes

/// GDS's orientation of a projected relationship type.
package enum RelationshipOrientation: String, Sendable, CaseIterable {
  case natural = "NATURAL"
  case reverse = "REVERSE"
  case undirected = "UNDIRECTED"
}

/// What becomes of parallel relationships in a projection (GDS's `aggregation`).
package enum RelationshipAggregation: String, Sendable, CaseIterable {
  case none = "NONE"
  /// One of them stays, with the weight of the first one added.
  case single = "SINGLE"
  case minimum = "MIN"
  case maximum = "MAX"
  case sum = "SUM"
  /// One stays, its weight is how many there were.
  case count = "COUNT"
}

/// Collects relationships and makes a `GraphView` of compressed sparse rows from them: for graphs
/// that cannot be borrowed (filtered labels, aggregated relationships, weights).
package struct GraphBuilder {
  private let nodes: NodeMapping
  private let orientation: RelationshipOrientation
  private let aggregation: RelationshipAggregation
  private let isWeighted: Bool
  private var sources: [UInt32] = []
  private var targets: [UInt32] = []
  private var weights: [Double] = []

  /// - Parameter isWeighted: keep the weights given; `count` aggregation always has weights.
  package init(
    nodes: NodeMapping, orientation: RelationshipOrientation = .natural,
    aggregation: RelationshipAggregation = .none, isWeighted: Bool = false
  ) {
    self.nodes = nodes
    self.orientation = orientation
    self.aggregation = aggregation
    self.isWeighted = isWeighted || aggregation == .count
  }

  package var relationshipCount: Int { sources.count }

  package mutating func reserveCapacity(_ count: Int) {
    sources.reserveCapacity(count)
    targets.reserveCapacity(count)
    if isWeighted { weights.reserveCapacity(count) }
  }

  /// Adds a relationship between two indices of the mapping.
  @inline(__always)
  package mutating func append(source: UInt32, target: UInt32, weight: Double = 1) {
    sources.append(source)
    targets.append(target)
    if isWeighted { weights.append(aggregation == .count ? 1 : weight) }
  }

  /// Adds a relationship between two nodes, unless one of them is not in the mapping.
  @inline(__always)
  package mutating func append(source: NodeID, target: NodeID, weight: Double = 1) {
    guard let from = nodes.index(of: source), let to = nodes.index(of: target) else { return }
    append(source: from, target: to, weight: weight)
  }

  /// Adds all relationships from one node to many, leaving out targets not in the mapping.
  package mutating func append(
    source: NodeID, targets run: UnsafeBufferPointer<UInt32>, weights: UnsafePointer<Double>? = nil
  ) {
    guard let from = nodes.index(of: source) else { return }
    for i in 0..<run.count {
      guard let to = nodes.index(of: NodeID(UInt64(run[i]))) else { continue }
      append(source: from, target: to, weight: weights?[i] ?? 1)
    }
  }

  /// - Parameter incoming: make the incoming lists too (PageRank and WCC use them).
  /// - Complexity: O(*n* + *m*); neighbour lists come out ascending.
  package consuming func finish(incoming wanted: Bool = true) -> GraphView {
    switch orientation {
    case .natural: break
    case .reverse: (sources, targets) = (targets, sources)
    case .undirected:
      let ends = targets
      targets.append(contentsOf: sources)
      sources.append(contentsOf: ends)
      let copy = weights
      weights.append(contentsOf: copy)
    }
    let byTarget = rows(keys: targets, values: sources)
    sources = []
    targets = []
    weights = []
    // Transposing what was transposed sorts every list by neighbour, stably.
    var outgoing = transposed(byTarget)
    if aggregation != .none { outgoing = aggregated(outgoing) }
    if orientation == .undirected { return GraphView(nodes: nodes, undirected: outgoing) }
    return GraphView(
      nodes: nodes, outgoing: outgoing, incoming: wanted ? transposed(outgoing) : nil)
  }

  private func rows(keys: [UInt32], values: [UInt32]) -> NeighbourTable {
    let n = nodes.count
    let offsets = Scratch<Int>(n + 1, repeating: 0)
    for key in keys {
      precondition(Int(key) < n, "a relationship of a node that the mapping does not have")
      offsets.base[Int(key) + 1] += 1
    }
    for node in 0..<n { offsets.base[node + 1] += offsets.base[node] }
    let positions = Scratch<Int>(n, repeating: 0)
    positions.base.update(from: offsets.base, count: n)
    let neighbours = Scratch<UInt32>(keys.count, repeating: 0)
    let rowWeights = isWeighted ? Scratch<Double>(keys.count, repeating: 0) : nil
    for i in 0..<keys.count {
      precondition(Int(values[i]) < n, "a relationship of a node that the mapping does not have")
      let position = positions.base[Int(keys[i])]
      positions.base[Int(keys[i])] = position + 1
      neighbours.base[position] = values[i]
      if let rowWeights { rowWeights.base[position] = weights[i] }
    }
    return NeighbourTable(offsets: offsets, neighbours: neighbours, weights: rowWeights)
  }

  /// Merges equal neighbours, which lie side by side in ascending lists.
  private func aggregated(_ table: NeighbourTable) -> NeighbourTable {
    let n = table.nodeCount
    let offsets = Scratch<Int>(n + 1, repeating: 0)
    let neighbours = Scratch<UInt32>(table.relationshipCount, repeating: 0)
    let merged = isWeighted ? Scratch<Double>(table.relationshipCount, repeating: 0) : nil
    var end = 0
    for node in 0..<n {
      let begin = end
      table.forEachRun(of: node) { run in
        let source = table.weights(of: run)
        for i in 0..<Int(run.count) {
          let weight = source?[i] ?? 1
          if end > begin && neighbours.base[end - 1] == run.start[i] {
            guard let merged else { continue }
            let old = merged.base[end - 1]
            switch aggregation {
            case .none, .single: break
            case .minimum: merged.base[end - 1] = min(old, weight)
            case .maximum: merged.base[end - 1] = max(old, weight)
            case .sum, .count: merged.base[end - 1] = old + weight
            }
          } else {
            neighbours.base[end] = run.start[i]
            if let merged { merged.base[end] = weight }
            end += 1
          }
        }
      }
      offsets.base[node + 1] = end
    }
    return NeighbourTable(offsets: offsets, neighbours: neighbours, weights: merged)
  }
}
