package import GraphTypes

/// The core decomposition: a node's core value is the greatest *k* such that it belongs to a part
/// of the graph in which every node has at least *k* relationships.
package enum KCore {
  package struct Result: Sendable {
    /// Shape `[nodeCount]`.
    package var coreValues: [Int64]
    /// The greatest core value.
    package var degeneracy: Int
  }

  /// Peels nodes in order of what is left of their degrees (Batagelj, Zaveršnik: "An O(m) algorithm
  /// for cores decomposition of networks", 2003). Directions and loops are ignored, parallel
  /// relationships count each. One thread.
  /// - Complexity: O(*n* + *m*) time; 16 bytes a node.
  package static func run(
    _ view: GraphView, monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    let table = view.undirected().outgoing
    let n = table.nodeCount
    let degrees = Scratch<UInt32>(n, repeating: 0)
    var greatest = 0
    for node in 0..<n {
      var degree: UInt32 = 0
      table.forEachRun(of: node) { run in
        for i in 0..<Int(run.count) where Int(run.start[i]) != node { degree &+= 1 }
      }
      degrees.base[node] = degree
      greatest = max(greatest, Int(degree))
    }
    // Nodes in order of degree, the place of each, and where each degree begins.
    let begins = Scratch<UInt32>(greatest + 2, repeating: 0)
    for node in 0..<n { begins.base[Int(degrees.base[node]) + 1] += 1 }
    for degree in 0...greatest { begins.base[degree + 1] += begins.base[degree] }
    let order = Scratch<UInt32>(n, repeating: 0)
    let places = Scratch<UInt32>(n, repeating: 0)
    let ends = Scratch<UInt32>(greatest + 2, repeating: 0)
    ends.base.update(from: begins.base, count: greatest + 2)
    for node in 0..<n {
      let place = ends.base[Int(degrees.base[node])]
      ends.base[Int(degrees.base[node])] = place + 1
      order.base[Int(place)] = UInt32(node)
      places.base[node] = place
    }
    for position in 0..<n {
      if position & 0xFFF == 0 { try monitor.checkpoint() }
      peel(
        Int(order.base[position]), table, degrees: degrees.base, begins: begins.base,
        order: order.base, places: places.base)
    }
    monitor.report("cores", fraction: 1)
    let values = (0..<n).map { Int64(degrees.base[$0]) }
    return Result(coreValues: values, degeneracy: Int(values.max() ?? 0))
  }

  @inline(__always)
  private static func peel(
    _ node: Int, _ table: NeighbourTable, degrees: UnsafeMutablePointer<UInt32>,
    begins: UnsafeMutablePointer<UInt32>, order: UnsafeMutablePointer<UInt32>,
    places: UnsafeMutablePointer<UInt32>
  ) {
    let own = degrees[node]
    table.forEachRun(of: node) { run in
      for i in 0..<Int(run.count) {
        let neighbour = Int(run.start[i])
        let degree = degrees[neighbour]
        if degree <= own { continue }
        // Change places with the first node of that degree, which then begins one later.
        let first = begins[Int(degree)]
        let other = order[Int(first)]
        let place = places[neighbour]
        order[Int(first)] = UInt32(truncatingIfNeeded: neighbour)
        order[Int(place)] = other
        places[neighbour] = first
        places[Int(other)] = place
        begins[Int(degree)] = first &+ 1
        degrees[neighbour] = degree &- 1
      }
    }
  }

  package static func memoryEstimate(nodeCount: Int, relationshipCount: Int) -> MemoryEstimate {
    MemoryEstimate(
      bytesMin: 16 * nodeCount, bytesMax: 48 * nodeCount + 8 * min(relationshipCount, nodeCount))
  }
}
