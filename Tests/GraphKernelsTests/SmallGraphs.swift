import GraphKernels
import GraphTypes
import TestSupport

/// Relationships of a small graph, drawn by a seed; loops and parallel ones happen.
struct RandomGraph {
  var nodeCount: Int
  var edges: [(source: UInt32, target: UInt32, weight: Double)]

  init(seed: UInt64, nodeCount: Int, edgeCount: Int) {
    var random = SeededGenerator(seed: seed)
    self.nodeCount = nodeCount
    edges = (0..<edgeCount).map { _ in
      (
        UInt32.random(in: 0..<UInt32(nodeCount), using: &random),
        UInt32.random(in: 0..<UInt32(nodeCount), using: &random),
        Double(Int.random(in: 1...20, using: &random)) / 4
      )
    }
  }

  /// Clients `0 ..< clients`, products after them, popular ones first.
  init(seed: UInt64, clients: Int, products: Int, edgeCount: Int) {
    var random = SeededGenerator(seed: seed)
    nodeCount = clients + products
    edges = (0..<edgeCount).map { _ in
      let share = Double.random(in: 0..<1, using: &random)
      let product = Int(share * share * share * Double(products))
      return (
        UInt32.random(in: 0..<UInt32(clients), using: &random), UInt32(clients + product),
        Double(Int.random(in: 1...20, using: &random)) / 4
      )
    }
  }

  func view(
    _ orientation: RelationshipOrientation = .natural,
    aggregation: RelationshipAggregation = .none, isWeighted: Bool = false
  ) -> GraphView {
    var builder = GraphBuilder(
      nodes: NodeMapping(identity: nodeCount), orientation: orientation,
      aggregation: aggregation, isWeighted: isWeighted)
    for edge in edges {
      builder.append(source: edge.source, target: edge.target, weight: edge.weight)
    }
    return builder.finish()
  }
}

func graph(
  _ nodeCount: Int, _ edges: [(Int, Int)], _ orientation: RelationshipOrientation = .natural,
  weights: [Double]? = nil
) -> GraphView {
  var builder = GraphBuilder(
    nodes: NodeMapping(identity: nodeCount), orientation: orientation, isWeighted: weights != nil)
  for (i, edge) in edges.enumerated() {
    builder.append(source: UInt32(edge.0), target: UInt32(edge.1), weight: weights?[i] ?? 1)
  }
  return builder.finish()
}

func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

func areClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { isClose($0, $1, tolerance) }
}
