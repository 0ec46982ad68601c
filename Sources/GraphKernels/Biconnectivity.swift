package import GraphTypes

/// Nodes and relationships whose removal divides a component: articulation points and bridges.
/// Directions and loops are ignored; one of several parallel relationships is no bridge.
package enum Biconnectivity {
  package struct Result: Sendable {
    /// Shape `[nodeCount]`.
    package var isArticulationPoint: [Bool]
    /// Each with its smaller index first, ascending.
    package var bridges: [(UInt32, UInt32)]
  }

  /// One depth-first search (Hopcroft, Tarjan 1973) without recursion; one thread.
  /// - Complexity: O(*n* + *m*) time; 24 bytes a node.
  package static func run(
    _ view: GraphView, monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    let search = LowLinkSearch(view.undirected().outgoing)
    for node in 0..<view.nodeCount where search.number.base[node] == 0 {
      try search.visit(UInt32(node), monitor)
    }
    search.bridges.sort { $0 < $1 }
    return Result(
      isArticulationPoint: search.isArticulation.array, bridges: search.bridges)
  }

  package static func memoryEstimate(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 24 * nodeCount, bytesMax: 56 * nodeCount)
  }
}

private final class LowLinkSearch {
  private let table: NeighbourTable
  /// The order of visits, from 1; 0: not seen.
  let number: Scratch<UInt32>
  /// The least number that is reached from below the node by one relationship back.
  private let low: Scratch<UInt32>
  let isArticulation: Scratch<Bool>
  var bridges: [(UInt32, UInt32)] = []
  private let path: Scratch<UInt32>
  private let runs: Scratch<UInt32>
  private let places: Scratch<UInt32>
  /// The relationship to the node above was met once on the way back: others are parallel to it.
  private let hasSkippedParent: Scratch<Bool>
  private var next: UInt32 = 1

  init(_ table: NeighbourTable) {
    self.table = table
    let n = table.nodeCount
    number = Scratch(n, repeating: 0)
    low = Scratch(n, repeating: 0)
    isArticulation = Scratch(n, repeating: false)
    path = Scratch(n, repeating: 0)
    runs = Scratch(n, repeating: 0)
    places = Scratch(n, repeating: 0)
    hasSkippedParent = Scratch(n, repeating: false)
  }

  private func enter(_ node: UInt32, _ depth: Int) {
    path.base[depth] = node
    runs.base[depth] = node
    places.base[depth] = 0
    number.base[Int(node)] = next
    low.base[Int(node)] = next
    next += 1
  }

  func visit(_ root: UInt32, _ monitor: some AlgorithmMonitor) throws(QueryError) {
    var depth = 0
    var rootChildren = 0
    enter(root, 0)
    depth = 1
    var steps = 0
    while depth > 0 {
      steps &+= 1
      if steps & 0xFFFF == 0 { try monitor.checkpoint() }
      let node = path.base[depth - 1]
      if let child = advance(Int(node), depth) {
        enter(child, depth)
        depth += 1
        continue
      }
      depth -= 1
      if depth == 0 { break }
      let parent = Int(path.base[depth - 1])
      low.base[parent] = min(low.base[parent], low.base[Int(node)])
      if low.base[Int(node)] > number.base[parent] {
        bridges.append((min(node, UInt32(parent)), max(node, UInt32(parent))))
      }
      if depth == 1 {
        rootChildren += 1
      } else if low.base[Int(node)] >= number.base[parent] {
        isArticulation.base[parent] = true
      }
    }
    if rootChildren > 1 { isArticulation.base[Int(root)] = true }
  }

  /// Goes on through a node's list.
  /// - Returns: a neighbour that was not seen before; nil at the end.
  private func advance(_ node: Int, _ depth: Int) -> UInt32? {
    let parent = depth > 1 ? Int(path.base[depth - 2]) : -1
    var run = table.runs[Int(runs.base[depth - 1])]
    var place = places.base[depth - 1]
    while true {
      while place < run.count {
        let neighbour = Int(run.start[Int(place)])
        place &+= 1
        if neighbour == node { continue }
        if number.base[neighbour] == 0 {
          places.base[depth - 1] = place
          return UInt32(truncatingIfNeeded: neighbour)
        }
        if neighbour == parent && !hasSkippedParent.base[node] {
          hasSkippedParent.base[node] = true
          continue
        }
        low.base[node] = min(low.base[node], number.base[neighbour])
      }
      if run.next == 0 { return nil }
      runs.base[depth - 1] = run.next
      run = table.runs[Int(run.next)]
      place = 0
    }
  }
}
