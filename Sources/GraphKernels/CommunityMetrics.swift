internal import GraphTypes

/// What share of the modularity each of given communities has.
package enum CommunityModularity {
  package struct Result: Sendable {
    /// Ascending.
    package var communities: [Int64]
    package var modularities: [Double]
    package var total: Double
  }

  /// A community's share is `inner / total - (strength / total)²`, as GDS has it; a directed view
  /// is taken as undirected. Nodes without a community belong to none.
  /// - Parameter communities: any numbers, shape `[nodeCount]`.
  /// - Complexity: O(*n* + *m*); one thread.
  package static func run(
    _ view: GraphView, communities: [Int64?], usesWeights: Bool
  ) -> Result {
    let weights = CommunityWeights(
      view.undirected().outgoing, communities, usesWeights: usesWeights)
    let keys = weights.inner.keys.sorted()
    let total = weights.total
    let modularities = keys.map { key -> Double in
      if total == 0 { return 0 }
      let inner = weights.inner[key] ?? 0
      let share = (inner + (weights.outer[key] ?? 0)) / total
      return inner / total - share * share
    }
    return Result(
      communities: keys, modularities: modularities, total: modularities.reduce(0, +))
  }
}

/// The share of relationships from nodes of a community that leave it.
package enum Conductance {
  /// Only outgoing relationships are looked at; a community without any has conductance 0. Nodes
  /// without a community are outside of all.
  /// - Parameter communities: any numbers, shape `[nodeCount]`.
  /// - Returns: communities, ascending, and their conductances.
  /// - Complexity: O(*n* + *m*); one thread.
  package static func run(
    _ view: GraphView, communities: [Int64?], usesWeights: Bool
  ) -> (communities: [Int64], conductances: [Double]) {
    let weights = CommunityWeights(view.outgoing, communities, usesWeights: usesWeights)
    let keys = weights.inner.keys.sorted()
    return (
      keys,
      keys.map { key in
        let outer = weights.outer[key] ?? 0
        let all = outer + (weights.inner[key] ?? 0)
        return all > 0 ? outer / all : 0
      }
    )
  }
}

/// The weight of relationships by the community of their first node.
private struct CommunityWeights {
  /// Within the community. Has all communities as keys.
  private(set) var inner: [Int64: Double] = [:]
  private(set) var outer: [Int64: Double] = [:]
  /// Of all relationships.
  private(set) var total = 0.0

  init(_ table: NeighbourTable, _ communities: [Int64?], usesWeights: Bool) {
    let isWeighted = usesWeights && table.isWeighted
    for node in 0..<table.nodeCount {
      var same = 0.0
      var other = 0.0
      let own = communities[node]
      table.forEachRun(of: node) { run in
        let weights = isWeighted ? table.weights(of: run) : nil
        for i in 0..<Int(run.count) {
          let weight = max(weights?[i] ?? 1, 0)
          if communities[Int(run.start[i])] == own { same += weight } else { other += weight }
        }
      }
      total += same + other
      guard let own else { continue }
      inner[own, default: 0] += same
      outer[own, default: 0] += other
    }
  }
}
