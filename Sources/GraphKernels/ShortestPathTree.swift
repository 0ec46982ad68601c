internal import GraphTypes

/// A walk through a view, with what it has cost at each node.
package struct WeightedPath: Sendable, Equatable {
  package var nodes: [UInt32]
  /// Shape `[nodes.count]`, from 0.
  package var costs: [Double]
  package var totalCost: Double { costs.last ?? 0 }
}

/// Shortest paths from one node.
package struct ShortestPathTree: Sendable {
  package let source: UInt32
  /// The nodes that were reached, in the order in which their paths were final: by cost.
  package let reached: [UInt32]
  /// By node: the node before it on its path; the source's is itself.
  private let parents: Scratch<UInt32>
  private let distances: Scratch<Double>

  init(
    source: UInt32, reached: [UInt32], parents: Scratch<UInt32>, distances: Scratch<Double>
  ) {
    self.source = source
    self.reached = reached
    self.parents = parents
    self.distances = distances
  }

  /// Infinite for nodes that are not reached.
  package func distance(to node: UInt32) -> Double { distances.base[Int(node)] }

  /// - Precondition: the node is reached.
  package func path(to node: UInt32) -> WeightedPath {
    var nodes = [node]
    var costs = [distances.base[Int(node)]]
    var current = node
    while current != source {
      current = parents.base[Int(current)]
      nodes.append(current)
      costs.append(distances.base[Int(current)])
    }
    return WeightedPath(nodes: nodes.reversed(), costs: costs.reversed())
  }
}
