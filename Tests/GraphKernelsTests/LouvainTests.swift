import GraphKernels
import GraphTypes
import Testing

@Suite struct LouvainTests {
  // The example of the GDS manual: two groups of three, joined by one relationship.
  private let friends = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 5), (3, 4), (4, 5)]

  @Test func publishedExample() throws {
    let result = try Louvain.run(graph(6, friends, .undirected))
    #expect(result.communityIds == [0, 0, 0, 3, 3, 3])
    #expect(result.communityCount == 2)
    #expect(isClose(result.modularity, 0.3571428571428571))
    #expect(result.distribution.mean == 3)
    // A directed view is the same graph.
    let directed = try Louvain.run(graph(6, friends))
    #expect(directed.communityIds == result.communityIds)
    #expect(isClose(directed.modularity, result.modularity))
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func reportedModularityIsThatOfTheCommunities(seed: UInt64) throws {
    let random = RandomGraph(seed: seed, nodeCount: 80, edgeCount: 160)
    for isWeighted in [false, true] {
      for orientation in RelationshipOrientation.allCases {
        let view = random.view(orientation, isWeighted: isWeighted)
        var configuration = Louvain.Configuration()
        configuration.includeIntermediateCommunities = true
        let result = try Louvain.run(view, configuration)
        #expect(isClose(result.modularity, Modularity.of(result.communityIds, in: view), 1e-9))
        #expect(result.communityCount == Set(result.communityIds).count)
        #expect(result.ranLevels == result.modularities.count)
        #expect(result.modularities == result.modularities.sorted())
        for (level, ids) in result.intermediateCommunityIds.enumerated() {
          #expect(isClose(result.modularities[level], Modularity.of(ids, in: view), 1e-9))
        }
        #expect(result.intermediateCommunityIds.last == result.communityIds)
      }
    }
  }

  @Test func modularityByHand() {
    // Two joined nodes and a loop: total 2 + 2; inner of {0,1} is 2, of {2} is 2.
    let view = graph(3, [(0, 1), (2, 2)], .undirected)
    #expect(isClose(Modularity.of([0, 0, 1], in: view), 0.5))
    #expect(isClose(Modularity.of([0, 0, 0], in: view), 0))
  }

  @Test func plantedGroupsAreFound() throws {
    var edges: [(Int, Int)] = []
    for group in 0..<20 {
      for a in 0..<8 { for b in 0..<a { edges.append((group * 8 + a, group * 8 + b)) } }
      edges.append((group * 8, (group * 8 + 11) % 160))
    }
    var configuration = Louvain.Configuration()
    configuration.consecutiveIds = true
    let result = try Louvain.run(graph(160, edges, .undirected), configuration)
    for node in 0..<160 { #expect(result.communityIds[node] == result.communityIds[node / 8 * 8]) }
    #expect(result.communityIds.max() == Int64(result.communityCount - 1))
  }

  @Test func seedsAreKept() throws {
    var configuration = Louvain.Configuration()
    configuration.seeds = [42, 42, 42, nil, nil, nil]
    let result = try Louvain.run(graph(6, friends, .undirected), configuration)
    #expect(result.communityIds == [42, 42, 42, 43, 43, 43])
  }

  @Test func loneNodesStayAlone() throws {
    let result = try Louvain.run(graph(4, []))
    #expect(result.communityIds == [0, 1, 2, 3])
    #expect(result.ranLevels == 0)
    #expect(result.modularity == 0)
  }

  /// Large enough for batches.
  @Test func threadsDoNotMatter() throws {
    let view = RandomGraph(seed: 3, clients: 9_000, products: 1_000, edgeCount: 30_000)
      .view(.undirected)
    var configuration = Louvain.Configuration()
    configuration.concurrency = 1
    let one = try Louvain.run(view, configuration)
    configuration.concurrency = 2
    let two = try Louvain.run(view, configuration)
    #expect(one.communityIds == two.communityIds)
    #expect(one.modularities == two.modularities)
    #expect(isClose(one.modularity, Modularity.of(one.communityIds, in: view), 1e-9))
  }
}
