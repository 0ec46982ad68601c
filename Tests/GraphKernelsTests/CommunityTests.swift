import GraphKernels
import GraphTypes
import Testing

@Suite struct StronglyConnectedComponentsTests {
  @Test func componentsAreNodesThatReachEachOther() throws {
    for graph in smallGraphs {
      let reaches = SimpleGraph(graph).reachability
      let result = try StronglyConnectedComponents.run(graph.view())
      let expected = smallestMembers(graph.nodeCount) { reaches[$0][$1] && reaches[$1][$0] }
      #expect(result.componentIds == expected)
      #expect(result.componentCount == Set(expected).count)
    }
  }

  /// A path is searched without recursion.
  @Test func longPathsAndCycles() throws {
    let count = 200_000
    let path = (1..<count).map { ($0 - 1, $0) }
    #expect(try StronglyConnectedComponents.run(graph(count, path)).componentCount == count)
    let cycle = try StronglyConnectedComponents.run(graph(count, path + [(count - 1, 0)]))
    #expect(cycle.componentCount == 1)
    #expect(cycle.distribution.maximum == Double(count))
  }

  @Test func consecutiveNumbers() throws {
    var configuration = StronglyConnectedComponents.Configuration()
    configuration.consecutiveIds = true
    let result = try StronglyConnectedComponents.run(
      graph(5, [(4, 3), (3, 4), (0, 1), (2, 0)]), configuration)
    #expect(result.componentIds == [0, 1, 2, 3, 3])
  }
}

@Suite struct LabelPropagationTests {
  /// One node after the other, as the definition has it.
  private func reference(
    _ graph: RandomGraph, iterations: Int, isWeighted: Bool, labels start: [Int64]
  ) -> (labels: [Int64], ran: Int, converged: Bool) {
    var labels = start
    for iteration in 1...iterations {
      var changed = false
      for node in 0..<graph.nodeCount {
        var votes: [Int64: Double] = [:]
        for edge in graph.edges where Int(edge.source) == node {
          votes[labels[Int(edge.target)], default: 0] += isWeighted ? edge.weight : 1
        }
        guard let most = votes.values.max() else { continue }
        let winner = votes.filter { $0.value == most }.keys.min() ?? labels[node]
        changed = changed || winner != labels[node]
        labels[node] = winner
      }
      if !changed { return (labels, iteration, true) }
    }
    return (labels, iterations, false)
  }

  @Test func labelsAreThoseOfTheDefinition() throws {
    for graph in smallGraphs {
      for isWeighted in [false, true] {
        var configuration = LabelPropagation.Configuration()
        configuration.maxIterations = 5
        configuration.usesWeights = isWeighted
        let result = try LabelPropagation.run(graph.view(isWeighted: isWeighted), configuration)
        let expected = reference(
          graph, iterations: 5, isWeighted: isWeighted,
          labels: (0..<graph.nodeCount).map(Int64.init))
        #expect(result.communityIds == expected.labels)
        #expect(result.ranIterations == expected.ran)
        #expect(result.didConverge == expected.converged)
        #expect(result.communityCount == Set(expected.labels).count)
      }
    }
  }

  @Test func seedsAreStartLabels() throws {
    for graph in smallGraphs {
      var configuration = LabelPropagation.Configuration()
      let seeds = (0..<graph.nodeCount).map { $0 % 3 == 0 ? nil : Int64(100 - $0 % 4) }
      configuration.seeds = seeds
      let above = (seeds.compactMap { $0 }.max() ?? -1) + 1
      let result = try LabelPropagation.run(graph.view(), configuration)
      let expected = reference(
        graph, iterations: 10, isWeighted: false,
        labels: seeds.enumerated().map { $1 ?? above + Int64($0) })
      #expect(result.communityIds == expected.labels)
    }
  }

  @Test func heavyNodesCountMore() throws {
    var configuration = LabelPropagation.Configuration()
    configuration.maxIterations = 1
    configuration.nodeWeights = [1, 1, 1, 5]
    let star = graph(4, [(0, 1), (0, 2), (0, 3)])
    #expect(try LabelPropagation.run(star, configuration).communityIds[0] == 3)
  }

  @Test func threadsDoNotMatter() throws {
    let view = RandomGraph(seed: 3, nodeCount: 9_000, edgeCount: 40_000).view(.undirected)
    var configuration = LabelPropagation.Configuration()
    configuration.concurrency = 1
    let one = try LabelPropagation.run(view, configuration)
    configuration.concurrency = 3
    #expect(try LabelPropagation.run(view, configuration).communityIds == one.communityIds)
  }
}

@Suite struct LeidenTests {
  /// Whether the nodes of each community reach each other within it.
  private func areConnected(_ communities: [Int64], _ graph: RandomGraph) -> Bool {
    let kept = graph.edges.filter { communities[Int($0.source)] == communities[Int($0.target)] }
    var inner = graph
    inner.edges = kept + kept.map { ($0.target, $0.source, $0.weight) }
    let reaches = SimpleGraph(inner).reachability
    return (0..<graph.nodeCount).allSatisfy { a in
      (0..<graph.nodeCount).allSatisfy { communities[a] != communities[$0] || reaches[a][$0] }
    }
  }

  @Test func communitiesAreConnectedAndTheirModularityIsTrue() throws {
    for (number, graph) in smallGraphs.enumerated() {
      let isWeighted = number % 2 == 1
      let view = graph.view(number % 3 == 0 ? .natural : .undirected, isWeighted: isWeighted)
      var configuration = Leiden.Configuration()
      configuration.usesWeights = isWeighted
      configuration.includeIntermediateCommunities = true
      let result = try Leiden.run(view, configuration)
      #expect(areConnected(result.communityIds, graph))
      #expect(isClose(result.modularity, Modularity.of(result.communityIds, in: view), 1e-9))
      #expect(result.communityCount == Set(result.communityIds).count)
      if result.ranLevels > 0 {
        #expect(result.intermediateCommunityIds.last == result.communityIds)
      }
    }
  }

  @Test func groupsJoinedByOneRelationship() throws {
    let friends = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 5), (3, 4), (4, 5)]
    let result = try Leiden.run(graph(6, friends, .undirected))
    #expect(result.communityIds == [0, 0, 0, 3, 3, 3])
    #expect(isClose(result.modularity, 0.3571428571428571))
    #expect(result.didConverge)
  }

  @Test func greaterResolutionsMakeSmallerCommunities() throws {
    let view = RandomGraph(seed: 1, nodeCount: 200, edgeCount: 600).view(.undirected)
    var counts: [Int] = []
    for gamma in [0.2, 1, 5] {
      var configuration = Leiden.Configuration()
      configuration.gamma = gamma
      counts.append(try Leiden.run(view, configuration).communityCount)
    }
    #expect(counts == counts.sorted())
    #expect(counts[0] < counts[2])
  }

  @Test func asGoodAsLouvainWhateverTheThreads() throws {
    let view = RandomGraph(seed: 5, clients: 9_000, products: 1_000, edgeCount: 30_000)
      .view(.undirected)
    let louvain = try Louvain.run(view)
    var configuration = Leiden.Configuration()
    configuration.concurrency = 1
    let one = try Leiden.run(view, configuration)
    configuration.concurrency = 3
    let three = try Leiden.run(view, configuration)
    #expect(one.communityIds == three.communityIds)
    #expect(one.modularity > louvain.modularity * 0.995)
    #expect(isClose(one.modularity, Modularity.of(one.communityIds, in: view), 1e-9))
  }

  @Test func seedsAreKept() throws {
    var configuration = Leiden.Configuration()
    configuration.seeds = [42, 42, 42, nil, nil, nil]
    let friends = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 5), (3, 4), (4, 5)]
    let result = try Leiden.run(graph(6, friends, .undirected), configuration)
    #expect(result.communityIds == [42, 42, 42, 43, 43, 43])
  }
}

@Suite struct TriangleTests {
  @Test func trianglesAreTriples() throws {
    for random in smallGraphs {
      let simple = SimpleGraph(random)
      let n = random.nodeCount
      var triples: [(UInt32, UInt32, UInt32)] = []
      var counts = [Int64](repeating: 0, count: n)
      for a in 0..<n {
        for b in a..<n where simple.areNeighbours(a, b) {
          for c in b..<n where simple.areNeighbours(b, c) && simple.areNeighbours(a, c) {
            triples.append((UInt32(a), UInt32(b), UInt32(c)))
            for corner in [a, b, c] { counts[corner] += 1 }
          }
        }
      }
      for orientation in [RelationshipOrientation.natural, .undirected] {
        let view = random.view(orientation)
        let result = try TriangleCount.run(view)
        #expect(result.triangleCounts == counts)
        #expect(result.globalTriangleCount == triples.count)
        #expect(result.degrees == (0..<n).map { Int64(simple.neighbours($0).count) })
        var total = TriangleCount.Configuration()
        total.countsNodes = false
        #expect(try TriangleCount.run(view, total).globalTriangleCount == triples.count)
        let listed = try TriangleCount.triangles(view)
        #expect(listed.map { [$0.0, $0.1, $0.2] } == triples.map { [$0.0, $0.1, $0.2] })
        let clustering = try LocalClusteringCoefficient.run(view)
        let expected = (0..<n).map { node -> Double in
          let degree = Double(result.degrees[node])
          return degree < 2 ? 0 : Double(counts[node]) / (degree * (degree - 1) / 2)
        }
        #expect(areClose(clustering.coefficients, expected))
        #expect(isClose(clustering.average, expected.reduce(0, +) / Double(n)))
        var known = LocalClusteringCoefficient.Configuration()
        known.triangleCounts = counts.map(Double.init)
        #expect(
          try LocalClusteringCoefficient.run(view, known).coefficients == clustering.coefficients)
      }
    }
  }

  @Test func nodesWithManyNeighboursCanBeLeftOut() throws {
    // Two triangles share node 0, which has four neighbours; a third is apart.
    let edges = [(0, 1), (1, 2), (2, 0), (0, 3), (3, 4), (4, 0), (5, 6), (6, 7), (7, 5)]
    var configuration = TriangleCount.Configuration()
    configuration.maxDegree = 3
    let result = try TriangleCount.run(graph(8, edges), configuration)
    #expect(result.triangleCounts == [-1, 0, 0, 0, 0, 1, 1, 1])
    #expect(result.globalTriangleCount == 1)
  }

  @Test func threadsDoNotMatter() throws {
    let view = RandomGraph(seed: 2, nodeCount: 3_000, edgeCount: 60_000).view()
    var configuration = TriangleCount.Configuration()
    configuration.concurrency = 1
    let one = try TriangleCount.run(view, configuration)
    configuration.concurrency = 3
    let three = try TriangleCount.run(view, configuration)
    #expect(one.triangleCounts == three.triangleCounts)
    #expect(one.globalTriangleCount > 0)
  }
}

@Suite struct KCoreTests {
  @Test func coresAreWhatIsLeftWhenNodesOfLessDegreeGo() throws {
    for random in smallGraphs {
      let n = random.nodeCount
      var expected = [Int64](repeating: 0, count: n)
      for k in 1...Int(40) {
        var isLeft = [Bool](repeating: true, count: n)
        var goes = true
        while goes {
          goes = false
          for node in 0..<n where isLeft[node] {
            let degree = random.edges.count { edge in
              edge.source != edge.target && isLeft[Int(edge.source)] && isLeft[Int(edge.target)]
                && (Int(edge.source) == node || Int(edge.target) == node)
            }
            if degree < k {
              isLeft[node] = false
              goes = true
            }
          }
        }
        for node in 0..<n where isLeft[node] { expected[node] = Int64(k) }
        if !isLeft.contains(true) { break }
      }
      for orientation in [RelationshipOrientation.natural, .undirected] {
        let result = try KCore.run(random.view(orientation))
        #expect(result.coreValues == expected)
        #expect(result.degeneracy == Int(expected.max() ?? 0))
      }
    }
  }
}

@Suite struct GraphColouringTests {
  @Test func neighboursHaveDifferentColours() throws {
    for random in smallGraphs {
      let simple = SimpleGraph(random)
      let result = try GraphColouring.run(random.view())
      // Small graphs are coloured greedily, in order.
      var expected: [Int64] = []
      for node in 0..<random.nodeCount {
        let taken = Set(simple.neighbours(node).filter { $0 < node }.map { expected[$0] })
        expected.append(Int64((0...node).first { !taken.contains(Int64($0)) } ?? 0))
      }
      #expect(result.colours == expected)
      #expect(result.didConverge)
      #expect(result.colourCount == Set(expected).count)
    }
  }

  @Test func largeGraphsTakeRoundsWhateverTheThreads() throws {
    let random = RandomGraph(seed: 8, nodeCount: 20_000, edgeCount: 100_000)
    let view = random.view(.undirected)
    var configuration = GraphColouring.Configuration()
    configuration.concurrency = 1
    let one = try GraphColouring.run(view, configuration)
    configuration.concurrency = 3
    let three = try GraphColouring.run(view, configuration)
    #expect(one.colours == three.colours)
    #expect(one.didConverge)
    #expect(one.ranIterations > 1)
    for edge in random.edges where edge.source != edge.target {
      if one.colours[Int(edge.source)] == one.colours[Int(edge.target)] {
        Issue.record("neighbours of one colour")
        break
      }
    }
  }
}

@Suite struct CommunityMetricTests {
  @Test func modularityAndConductanceBySums() throws {
    for (number, random) in smallGraphs.enumerated() {
      let isWeighted = number % 2 == 0
      let view = random.view(isWeighted: isWeighted)
      let communities = (0..<random.nodeCount).map { Int64($0 % 3) }
      let modularity = CommunityModularity.run(
        view, communities: communities, usesWeights: isWeighted)
      #expect(
        isClose(
          modularity.total, Modularity.of(communities, in: view, usesWeights: isWeighted), 1e-9))
      let conductance = Conductance.run(view, communities: communities, usesWeights: isWeighted)
      #expect(conductance.communities == Array(Set(communities)).sorted())
      for (community, value) in zip(conductance.communities, conductance.conductances) {
        var inner = 0.0
        var outer = 0.0
        for edge in random.edges where communities[Int(edge.source)] == community {
          let weight = isWeighted ? edge.weight : 1
          if communities[Int(edge.target)] == community { inner += weight } else { outer += weight }
        }
        #expect(isClose(value, inner + outer > 0 ? outer / (inner + outer) : 0))
      }
    }
  }

  @Test func nodesWithoutCommunity() {
    let view = graph(3, [(0, 1), (1, 2), (2, 0)])
    let result = Conductance.run(view, communities: [7, 7, nil], usesWeights: false)
    #expect(result.communities == [7])
    #expect(result.conductances == [0.5])
  }
}
