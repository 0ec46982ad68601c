package import GraphTypes

/// Strongly connected components: nodes that reach each other along relationships.
package enum StronglyConnectedComponents {
  package struct Configuration: Sendable {
    /// Number the components 0, 1, 2 … in order of their smallest index.
    package var consecutiveIds = false
    package init() {}
  }

  package struct Result: Sendable {
    /// Shape `[nodeCount]`: the smallest index in the component.
    package var componentIds: [Int64]
    /// Among the members of the view.
    package var componentCount: Int
    package var distribution: Distribution
  }

  /// Tarjan's algorithm in the form of Pearce ("A space-efficient algorithm for finding strongly
  /// connected components", 2016): one number a node serves as index, low link and component. No
  /// recursion; one thread.
  /// - Complexity: O(*n* + *m*) time; 20 bytes a node.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Result {
    let n = view.nodeCount
    let search = ComponentSearch(view.outgoing)
    if let incoming = view.incoming {
      // Nobody comes back to a node without incoming relationships: no need to go on from it.
      for node in 0..<n where incoming.runs[node].count == 0 { search.settle(node) }
    }
    for node in 0..<n where search.link.base[node] == 0 {
      try search.visit(UInt32(node), monitor: monitor)
    }
    monitor.report("components", fraction: 1)
    let components = (0..<n).map { UInt32(n) - search.link.base[$0] }
    var ids = CommunityNumbering.smallestMember(components)
    if configuration.consecutiveIds {
      ids = CommunityNumbering.consecutive(ids, members: view.nodes.members)
    }
    let counts = CommunityNumbering.memberCounts(components, members: view.nodes.members)
    return Result(
      componentIds: ids, componentCount: counts.count, distribution: Distribution(counts: counts))
  }

  package static func memoryEstimate(nodeCount: Int) -> MemoryEstimate {
    MemoryEstimate(bytesMin: 20 * nodeCount, bytesMax: 48 * nodeCount)
  }
}

/// The state of the depth-first search.
private struct ComponentSearch {
  private let table: NeighbourTable
  /// 0: not seen. On the path or the stack: the least number of visit that is known to be reached,
  /// from 1. Afterwards: counted down from *n*, one number a component.
  let link: Scratch<UInt32>
  private let isRoot: Scratch<Bool>
  /// The nodes on the search path, and where each goes on: a run and a place in it.
  private let path: Scratch<UInt32>
  private let runs: Scratch<UInt32>
  private let places: Scratch<UInt32>
  private let waiting: Scratch<UInt32>
  private let counters: Scratch<Int>

  init(_ table: NeighbourTable) {
    self.table = table
    let n = table.nodeCount
    link = Scratch(n, repeating: 0)
    isRoot = Scratch(n, repeating: true)
    path = Scratch(n, repeating: 0)
    runs = Scratch(n, repeating: 0)
    places = Scratch(n, repeating: 0)
    waiting = Scratch(n, repeating: 0)
    counters = Scratch(3, repeating: 0)
    counters.base[0] = 1
    counters.base[1] = n
  }

  /// A component of one node, which has not been visited.
  func settle(_ node: Int) {
    link.base[node] = UInt32(truncatingIfNeeded: counters.base[1])
    counters.base[1] -= 1
  }

  func visit(_ start: UInt32, monitor: some AlgorithmMonitor) throws(QueryError) {
    let link = link.base
    let isRoot = isRoot.base
    let path = path.base
    let runs = runs.base
    let places = places.base
    var index = UInt32(truncatingIfNeeded: counters.base[0])
    var component = UInt32(truncatingIfNeeded: counters.base[1])
    var waitingCount = counters.base[2]
    defer {
      counters.base[0] = Int(index)
      counters.base[1] = Int(component)
      counters.base[2] = waitingCount
    }
    var depth = 0
    var steps = 0
    func push(_ node: UInt32) {
      path[depth] = node
      runs[depth] = node
      places[depth] = 0
      link[Int(node)] = index
      index &+= 1
      depth += 1
    }
    push(start)
    search: while depth > 0 {
      steps &+= 1
      if steps & 0xFFFF == 0 { try monitor.checkpoint() }
      let node = Int(path[depth - 1])
      var run = table.runs[Int(runs[depth - 1])]
      var place = places[depth - 1]
      while true {
        while place < run.count {
          let neighbour = Int(run.start[Int(place)])
          if link[neighbour] == 0 {
            // Comes back to the same place, to take over what was found.
            places[depth - 1] = place
            push(UInt32(truncatingIfNeeded: neighbour))
            continue search
          }
          if link[neighbour] < link[node] {
            link[node] = link[neighbour]
            isRoot[node] = false
          }
          place &+= 1
        }
        if run.next == 0 { break }
        runs[depth - 1] = run.next
        run = table.runs[Int(run.next)]
        place = 0
      }
      depth -= 1
      guard isRoot[node] else {
        waiting.base[waitingCount] = UInt32(truncatingIfNeeded: node)
        waitingCount += 1
        continue
      }
      // Component numbers are above all numbers of visit that are still in use.
      index &-= 1
      while waitingCount > 0 {
        let other = Int(waiting.base[waitingCount - 1])
        if link[other] < link[node] { break }
        waitingCount -= 1
        link[other] = component
        index &-= 1
      }
      link[node] = component
      component &-= 1
    }
  }
}
