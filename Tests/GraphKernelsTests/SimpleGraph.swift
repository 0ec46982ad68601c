import GraphKernels

/// A graph as its definition has it: a matrix of whether nodes are joined, for brute force.
struct SimpleGraph {
  let count: Int
  /// Directed, loops included.
  private(set) var isJoined: [[Bool]]

  init(_ graph: RandomGraph) {
    count = graph.nodeCount
    isJoined = Array(repeating: Array(repeating: false, count: count), count: count)
    for edge in graph.edges { isJoined[Int(edge.source)][Int(edge.target)] = true }
  }

  /// In either direction, loops left out.
  func areNeighbours(_ a: Int, _ b: Int) -> Bool { a != b && (isJoined[a][b] || isJoined[b][a]) }

  func neighbours(_ node: Int) -> [Int] { (0..<count).filter { areNeighbours(node, $0) } }

  /// Which nodes are reached from which, by at least no step.
  var reachability: [[Bool]] {
    var reaches = isJoined
    for node in 0..<count { reaches[node][node] = true }
    for middle in 0..<count {
      for a in 0..<count where reaches[a][middle] {
        for b in 0..<count where reaches[middle][b] { reaches[a][b] = true }
      }
    }
    return reaches
  }
}

/// Shapes of small random graphs: from no relationships to many.
let smallGraphs: [RandomGraph] = (0..<200 as Range<UInt64>).map { seed in
  let nodeCount = 1 + Int(seed % 13)
  return RandomGraph(seed: seed, nodeCount: nodeCount, edgeCount: Int(seed * 7 % 40))
}

/// The smallest member of each node's group, for groups given as a relation.
func smallestMembers(_ count: Int, _ isTogether: (Int, Int) -> Bool) -> [Int64] {
  (0..<count).map { node in Int64((0..<count).first { isTogether($0, node) } ?? node) }
}
