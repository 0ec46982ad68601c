import GraphKernels
import GraphTypes
import Testing

@Suite struct ShortestPathTests {
  /// Whether a path walks along relationships of the graph and costs what they weigh.
  private func isValid(_ path: WeightedPath, _ graph: RandomGraph, isWeighted: Bool) -> Bool {
    zip(path.nodes, path.nodes.dropFirst()).enumerated().allSatisfy { step, ends in
      let weights = graph.edges.filter { $0.source == ends.0 && $0.target == ends.1 }
        .map { isWeighted ? $0.weight : 1 }
      return weights.contains { isClose($0, path.costs[step + 1] - path.costs[step], 1e-9) }
    }
  }

  @Test func treesHaveTheLeastCosts() throws {
    for (number, graph) in smallGraphs.enumerated() {
      let isWeighted = number % 2 == 0
      let view = graph.view(isWeighted: isWeighted)
      let distances = AllDistances(graph, isWeighted: isWeighted).distances
      let source = UInt32(number % graph.nodeCount)
      let trees = [
        try Dijkstra.run(view, from: source, usesWeights: isWeighted),
        try DeltaStepping.run(view, from: source, delta: 1.3, usesWeights: isWeighted),
        try #require(BellmanFord.run(view, from: source, usesWeights: isWeighted).tree),
      ]
      for tree in trees {
        #expect(
          (0..<graph.nodeCount).map { tree.distance(to: UInt32($0)) }
            == distances[Int(source)])
        let costs = tree.reached.map { tree.distance(to: $0) }
        #expect(costs == costs.sorted())
        #expect(Set(tree.reached).count == costs.count)
        for node in tree.reached {
          let path = tree.path(to: node)
          #expect(path.nodes.first == source && path.nodes.last == node)
          #expect(isValid(path, graph, isWeighted: isWeighted))
        }
      }
    }
  }

  @Test func theSearchEndsWithItsTargets() throws {
    let view = graph(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    let tree = try Dijkstra.run(view, from: 0, to: [2, 1])
    #expect(tree.reached == [0, 1, 2])
    #expect(tree.path(to: 2).costs == [0, 1, 2])
    #expect(try Dijkstra.run(view, from: 4, to: [0]).reached == [4])
  }

  @Test func negativeWeightsAreRefused() {
    let view = graph(3, [(0, 1), (1, 2)], weights: [1, -1])
    #expect(throws: QueryError.self) { try Dijkstra.run(view, from: 0) }
    #expect(throws: QueryError.self) { try DeltaStepping.run(view, from: 0) }
    #expect(throws: QueryError.self) { try DeltaStepping.run(graph(1, []), from: 0, delta: 0) }
  }

  @Test func negativeWeightsAndCycles() throws {
    let path = graph(4, [(0, 1), (0, 2), (1, 3), (2, 3)], weights: [4, 6, 5, -3])
    let tree = try #require(try BellmanFord.run(path, from: 0).tree)
    #expect(tree.path(to: 3).nodes == [0, 2, 3])
    #expect(tree.distance(to: 3) == 3)
    let cycle = graph(4, [(0, 1), (1, 2), (2, 1), (2, 3)], weights: [1, 2, -3, 1])
    let result = try BellmanFord.run(cycle, from: 0)
    #expect(result.tree == nil)
    #expect(result.negativeCycles.map(\.nodes) == [[1, 2, 1]])
    #expect(result.negativeCycles.map(\.costs) == [[0, 2, -1]])
    let throughSource = graph(2, [(0, 1), (1, 0)], weights: [1, -2])
    #expect(try BellmanFord.run(throughSource, from: 0).negativeCycles.count == 1)
    // Not reached from the source.
    #expect(try BellmanFord.run(cycle, from: 3).tree != nil)
  }

  @Test func bellmanFordWithWeightsOfAnySign() throws {
    for random in smallGraphs {
      var graph = random
      graph.edges = random.edges.map { ($0.source, $0.target, $0.weight - 1) }
      var best = [Double](repeating: .infinity, count: graph.nodeCount)
      best[0] = 0
      for _ in 0..<graph.nodeCount {
        for edge in graph.edges {
          best[Int(edge.target)] = min(best[Int(edge.target)], best[Int(edge.source)] + edge.weight)
        }
      }
      let isCyclic = graph.edges.contains {
        best[Int($0.source)] + $0.weight < best[Int($0.target)] - 1e-12
      }
      let result = try BellmanFord.run(graph.view(isWeighted: true), from: 0)
      #expect((result.tree == nil) == isCyclic)
      for cycle in result.negativeCycles { #expect(cycle.totalCost < 0) }
      if let tree = result.tree {
        #expect((0..<graph.nodeCount).map { tree.distance(to: UInt32($0)) } == best)
      }
    }
  }

  @Test func deltaSteppingWhateverTheThreads() throws {
    let view = RandomGraph(seed: 2, nodeCount: 3_000, edgeCount: 12_000).view(isWeighted: true)
    let plain = try Dijkstra.run(view, from: 5)
    let one = try DeltaStepping.run(view, from: 5, concurrency: 1)
    let three = try DeltaStepping.run(view, from: 5, concurrency: 3)
    #expect(one.reached == three.reached)
    for node in one.reached {
      #expect(one.distance(to: node) == plain.distance(to: node))
      #expect(one.path(to: node) == three.path(to: node))
    }
  }

  @Test func aStarOnAGridOfPlaces() throws {
    // Places a degree apart; weights are their distances in nautical miles, some roads longer.
    for seed in 0..<30 as Range<UInt64> {
      let side = 6
      var random = RandomGraph(seed: seed, nodeCount: side * side, edgeCount: 0)
      let lengths = RandomGraph(seed: seed, nodeCount: 4, edgeCount: 400).edges.map(\.weight)
      for node in 0..<side * side {
        for other in [node + 1, node + side] where other < side * side {
          if other == node + 1 && other % side == 0 { continue }
          let weight = 60.1 + 20 * lengths[random.edges.count]
          random.edges.append((UInt32(node), UInt32(other), weight))
          random.edges.append((UInt32(other), UInt32(node), weight))
        }
      }
      let view = random.view(isWeighted: true)
      let latitudes = (0..<side * side).map { Double($0 / side) }
      let longitudes = (0..<side * side).map { Double($0 % side) }
      let target = UInt32(side * side - 1)
      let path = try #require(
        try AStar.run(
          view, from: 0, to: target, latitudes: latitudes, longitudes: longitudes))
      let tree = try Dijkstra.run(view, from: 0)
      #expect(isClose(path.totalCost, tree.distance(to: target)))
      #expect(isValid(path, random, isWeighted: true))
    }
    let apart = graph(2, [])
    #expect(
      try AStar.run(apart, from: 0, to: 1, latitudes: [0, 0], longitudes: [0, 1]) == nil)
  }

  /// All paths without repeated nodes, by trying.
  private func allPaths(_ graph: RandomGraph, from source: Int, to target: Int) -> [Double] {
    var least = Array(
      repeating: Array(repeating: Double.infinity, count: graph.nodeCount), count: graph.nodeCount)
    for edge in graph.edges {
      let (a, b) = (Int(edge.source), Int(edge.target))
      least[a][b] = min(least[a][b], edge.weight)
    }
    var costs: [Double] = []
    func extend(_ node: Int, _ visited: Set<Int>, _ cost: Double) {
      if node == target {
        costs.append(cost)
        return
      }
      for next in 0..<graph.nodeCount where !visited.contains(next) && least[node][next] < .infinity
      {
        extend(next, visited.union([next]), cost + least[node][next])
      }
    }
    extend(source, [source], 0)
    return costs.sorted()
  }

  @Test func yenGivesTheCheapestPaths() throws {
    for graph in smallGraphs where graph.nodeCount <= 8 && graph.edges.count <= 24 {
      let target = graph.nodeCount - 1
      let costs = allPaths(graph, from: 0, to: target)
      for k in [1, 3, 1000] {
        let paths = try YenPaths.run(
          graph.view(isWeighted: true), from: 0, to: UInt32(target), k: k)
        #expect(areClose(paths.map(\.totalCost), Array(costs.prefix(k)), 1e-9))
        #expect(Set(paths.map(\.nodes)).count == paths.count)
        for path in paths { #expect(isValid(path, graph, isWeighted: true)) }
      }
    }
  }
}

@Suite struct TraversalTests {
  @Test func breadthFirstVisitsByDistance() throws {
    for graph in smallGraphs {
      let view = graph.view()
      let distances = AllDistances(graph).distances[0]
      let order = try GraphTraversal.breadthFirst(view, from: 0)
      #expect(
        Set(order)
          == Set(
            (0..<graph.nodeCount).filter { distances[$0] < .infinity }
              .map(UInt32.init)))
      let depths = order.map { distances[Int($0)] }
      #expect(depths == depths.sorted())
      var configuration = GraphTraversal.Configuration()
      configuration.maxDepth = 2
      let near = try GraphTraversal.breadthFirst(view, from: 0, configuration)
      #expect(near == order.filter { distances[Int($0)] <= 2 })
    }
  }

  /// Large enough that most nodes are found bottom up.
  @Test func breadthFirstOfALargeGraph() throws {
    let graph = RandomGraph(seed: 9, nodeCount: 9_000, edgeCount: 70_000)
    for orientation in [RelationshipOrientation.natural, .undirected] {
      var lists: [[Int]] = Array(repeating: [], count: graph.nodeCount)
      for edge in graph.edges {
        lists[Int(edge.source)].append(Int(edge.target))
        if orientation == .undirected { lists[Int(edge.target)].append(Int(edge.source)) }
      }
      var distances = [Int: Int](uniqueKeysWithValues: [(0, 0)])
      var queue = [0]
      var head = 0
      while head < queue.count {
        let node = queue[head]
        head += 1
        for other in lists[node] where distances[other] == nil {
          distances[other] = distances[node, default: 0] + 1
          queue.append(other)
        }
      }
      var configuration = GraphTraversal.Configuration()
      configuration.concurrency = 1
      let view = graph.view(orientation)
      let order = try GraphTraversal.breadthFirst(view, from: 0, configuration)
      #expect(Set(order.map(Int.init)) == Set(queue))
      #expect(order.count == queue.count)
      let depths = order.compactMap { distances[Int($0)] }
      #expect(depths == depths.sorted())
      configuration.concurrency = 3
      #expect(try GraphTraversal.breadthFirst(view, from: 0, configuration) == order)
      configuration.targets = [order[order.count / 2]]
      #expect(
        try GraphTraversal.breadthFirst(view, from: 0, configuration)
          == Array(order[...(order.count / 2)]))
    }
  }

  @Test func depthFirstVisitsEachReachedNodeOnce() throws {
    for graph in smallGraphs {
      let order = try GraphTraversal.depthFirst(graph.view(), from: 0)
      let reached = SimpleGraph(graph).reachability[0]
      #expect(order.count == Set(order).count)
      #expect(Set(order) == Set((0..<graph.nodeCount).filter { reached[$0] }.map(UInt32.init)))
    }
    let view = graph(5, [(0, 1), (0, 2), (1, 3), (2, 4)])
    #expect(try GraphTraversal.depthFirst(view, from: 0) == [0, 2, 4, 1, 3])
    var configuration = GraphTraversal.Configuration()
    configuration.maxDepth = 1
    #expect(try GraphTraversal.depthFirst(view, from: 0, configuration) == [0, 2, 1])
    configuration = .init()
    configuration.targets = [4]
    #expect(try GraphTraversal.depthFirst(view, from: 0, configuration) == [0, 2, 4])
    #expect(try GraphTraversal.breadthFirst(view, from: 0, configuration) == [0, 1, 2, 3, 4])
    configuration.targets = [1, 4]
    #expect(try GraphTraversal.breadthFirst(view, from: 0, configuration) == [0, 1])
  }
}

@Suite struct SpanningTreeTests {
  /// Kruskal's algorithm over the component of node 0.
  private func weight(_ graph: RandomGraph, isMaximum: Bool) -> (weight: Double, nodes: Int) {
    var parents = Array(0..<graph.nodeCount)
    func root(_ x: Int) -> Int { parents[x] == x ? x : root(parents[x]) }
    let sorted = graph.edges.sorted {
      isMaximum ? $0.weight > $1.weight : $0.weight < $1.weight
    }
    var chosen: [(UInt32, Double)] = []
    for edge in sorted where root(Int(edge.source)) != root(Int(edge.target)) {
      parents[root(Int(edge.source))] = root(Int(edge.target))
      chosen.append((edge.source, edge.weight))
    }
    let own = chosen.filter { root(Int($0.0)) == root(0) }
    return (own.map(\.1).reduce(0, +), (0..<graph.nodeCount).count { root($0) == root(0) })
  }

  @Test func totalWeightsAreTheLeastAndGreatest() throws {
    for graph in smallGraphs {
      for orientation in [RelationshipOrientation.natural, .undirected] {
        for isMaximum in [false, true] {
          var configuration = SpanningTree.Configuration()
          configuration.isMaximum = isMaximum
          let tree = try SpanningTree.run(
            graph.view(orientation, isWeighted: true), from: 0, configuration)
          let expected = weight(graph, isMaximum: isMaximum)
          #expect(isClose(tree.totalWeight, expected.weight, 1e-9))
          #expect(tree.nodes.count == expected.nodes)
          // Parents come before their children.
          for (i, parent) in tree.parents.enumerated().dropFirst() {
            #expect(tree.nodes[..<i].contains(parent))
          }
        }
      }
    }
  }
}

@Suite struct RandomWalkTests {
  @Test func walksFollowRelationships() throws {
    for graph in smallGraphs {
      var configuration = RandomWalk.Configuration()
      configuration.walkLength = 6
      configuration.walksPerNode = 3
      configuration.inOutFactor = 0.5
      configuration.returnFactor = 2
      let simple = SimpleGraph(graph)
      let walks = try RandomWalk.run(
        graph.view(isWeighted: graph.nodeCount % 2 == 0), configuration)
      #expect(walks.count == 3 * graph.nodeCount)
      for index in 0..<walks.count {
        let walk = Array(walks.walk(index))
        #expect(Int(walk[0]) == index / 3)
        for (a, b) in zip(walk, walk.dropFirst()) { #expect(simple.isJoined[Int(a)][Int(b)]) }
        if walk.count < 6, let last = walk.last {
          #expect(!simple.isJoined[Int(last)].contains(true))
        }
      }
    }
  }

  @Test func sharesOfSteps() throws {
    // From 0 the weights are 1 : 3.
    let view = graph(3, [(0, 1), (0, 2)], weights: [1, 3])
    var configuration = RandomWalk.Configuration()
    configuration.sources = [0]
    configuration.walkLength = 2
    configuration.walksPerNode = 20_000
    let walks = try RandomWalk.run(view, configuration)
    let share = Double(walks.nodes.count { $0 == 2 }) / 20_000
    #expect(abs(share - 0.75) < 0.02)
    // A square with a tail: returning is twice as likely as it would be, going away half.
    let second = graph(4, [(0, 1), (1, 2), (0, 2), (1, 3)], .undirected)
    configuration.sources = [0]
    configuration.walkLength = 3
    configuration.returnFactor = 0.5
    configuration.inOutFactor = 2
    let biased = try RandomWalk.run(second, configuration)
    var counts: [UInt32: Double] = [:]
    for index in 0..<biased.count {
      let walk = Array(biased.walk(index))
      if walk[1] == 1 { counts[walk[2], default: 0] += 1 }
    }
    let total = counts.values.reduce(0, +)
    for (node, expected) in [(0 as UInt32, 2 / 3.5), (2, 1 / 3.5), (3, 0.5 / 3.5)] {
      #expect(abs((counts[node] ?? 0) / total - expected) < 0.03)
    }
  }

  @Test func threadsDoNotMatter() throws {
    let view = RandomGraph(seed: 2, nodeCount: 2_000, edgeCount: 8_000).view()
    var configuration = RandomWalk.Configuration()
    configuration.walkLength = 10
    configuration.concurrency = 1
    let one = try RandomWalk.run(view, configuration)
    configuration.concurrency = 3
    #expect(try RandomWalk.run(view, configuration).nodes == one.nodes)
  }
}
