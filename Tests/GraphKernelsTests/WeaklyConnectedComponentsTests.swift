import GraphKernels
import GraphTypes
import Testing

@Suite struct WeaklyConnectedComponentsTests {
  /// The smallest index that can be reached, by walking.
  private func expected(
    _ random: RandomGraph, where follows: (Double) -> Bool = { _ in true }
  ) -> [Int64] {
    var ids = (0..<random.nodeCount).map(Int64.init)
    var changed = true
    while changed {
      changed = false
      for edge in random.edges where follows(edge.weight) {
        let least = min(ids[Int(edge.source)], ids[Int(edge.target)])
        for node in [Int(edge.source), Int(edge.target)] where ids[node] != least {
          ids[node] = least
          changed = true
        }
      }
    }
    return ids
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func agreesWithWalking(seed: UInt64) throws {
    let random = RandomGraph(seed: seed, nodeCount: 60, edgeCount: 45)
    let walked = expected(random)
    for orientation in RelationshipOrientation.allCases {
      let result = try WeaklyConnectedComponents.run(random.view(orientation))
      #expect(result.componentIds == walked, "seed \(seed)")
      #expect(result.componentCount == Set(walked).count)
    }
    var configuration = WeaklyConnectedComponents.Configuration()
    configuration.threshold = 2.5
    let result = try WeaklyConnectedComponents.run(random.view(isWeighted: true), configuration)
    #expect(result.componentIds == expected(random) { $0 > 2.5 })
  }

  @Test func consecutiveIdsAndDistribution() throws {
    let view = graph(6, [(1, 2), (5, 3)])
    var configuration = WeaklyConnectedComponents.Configuration()
    configuration.consecutiveIds = true
    let result = try WeaklyConnectedComponents.run(view, configuration)
    #expect(result.componentIds == [0, 1, 1, 2, 3, 2])
    #expect(result.componentCount == 4)
    #expect(result.distribution.maximum == 2)
    #expect(result.distribution.mean == 1.5)
  }

  @Test func seedsAreKept() throws {
    var configuration = WeaklyConnectedComponents.Configuration()
    configuration.seeds = [nil, 7, nil, 40, nil, 7]
    // 1 and 5 share a seed; 3 joins 5, so the smaller seed stays; 0 and 2-4 are new.
    let result = try WeaklyConnectedComponents.run(graph(6, [(3, 5), (2, 4)]), configuration)
    #expect(result.componentIds == [41, 7, 42, 7, 42, 7])
  }

  @Test func leavesOutWhatIsNotAMember() throws {
    var builder = GraphBuilder(nodes: NodeMapping(identity: 8, members: [1..<3, 5..<8]))
    builder.append(source: UInt32(1), target: UInt32(6))
    let result = try WeaklyConnectedComponents.run(builder.finish())
    #expect(result.componentCount == 4)
    #expect(result.distribution.count == 4)
  }

  @Test func threadsDoNotMatter() throws {
    let view = RandomGraph(seed: 9, nodeCount: 40_000, edgeCount: 40_000).view()
    var configuration = WeaklyConnectedComponents.Configuration()
    configuration.concurrency = 1
    let one = try WeaklyConnectedComponents.run(view, configuration)
    configuration.concurrency = 2
    let two = try WeaklyConnectedComponents.run(view, configuration)
    #expect(one.componentIds == two.componentIds)
  }
}
