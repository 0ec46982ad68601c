import GraphKernels
import GraphTypes
import Testing

@Suite struct NodeSimilarityTests {
  private struct Pair: Equatable {
    var first: UInt32
    var second: UInt32
    var similarity: Double
  }

  private func pairs(_ result: NodeSimilarity.Result) -> [Pair] {
    result.similarities.indices.map {
      Pair(
        first: result.firstNodes[$0], second: result.secondNodes[$0],
        similarity: result.similarities[$0])
    }
  }

  /// By comparing every two sources.
  private func expected(
    _ random: RandomGraph, _ configuration: NodeSimilarity.Configuration, isWeighted: Bool
  ) -> [Pair] {
    var sets: [UInt32: [UInt32: Double]] = [:]
    for edge in random.edges {
      sets[edge.source, default: [:]][edge.target, default: 0] += isWeighted ? edge.weight : 1
    }
    if !isWeighted { sets = sets.mapValues { $0.mapValues { _ in 1 } } }
    sets = sets.filter {
      (configuration.degreeCutoff...configuration.upperDegreeCutoff).contains($0.value.count)
    }
    var result: [Pair] = []
    for (first, a) in sets.sorted(by: { $0.key < $1.key }) {
      var own: [Pair] = []
      for (second, b) in sets where second != first {
        let shared = a.keys.filter { b[$0] != nil }
        if shared.isEmpty { continue }
        let least = shared.map { min(a[$0]!, b[$0]!) }.reduce(0, +)
        let dot = shared.map { a[$0]! * b[$0]! }.reduce(0, +)
        let (sumA, sumB) = (a.values.reduce(0, +), b.values.reduce(0, +))
        let (squareA, squareB) = (
          a.values.map { $0 * $0 }.reduce(0, +), b.values.map { $0 * $0 }.reduce(0, +)
        )
        let value =
          switch configuration.metric {
          case .jaccard: least / (sumA + sumB - least)
          case .overlap: least / min(sumA, sumB)
          case .cosine: dot / (squareA * squareB).squareRoot()
          }
        if value >= configuration.similarityCutoff {
          own.append(Pair(first: first, second: second, similarity: value))
        }
      }
      let sign = configuration.bottomK == nil ? -1.0 : 1
      own.sort { (sign * $0.similarity, $0.second) < (sign * $1.similarity, $1.second) }
      result += own.prefix(configuration.topK ?? configuration.bottomK ?? own.count)
    }
    return result
  }

  @Test(arguments: 0..<12 as Range<UInt64>, SimilarityMetric.allCases)
  func agreesWithComparingAll(seed: UInt64, metric: SimilarityMetric) throws {
    let random = RandomGraph(seed: seed, clients: 150, products: 30, edgeCount: 900)
    var configuration = NodeSimilarity.Configuration()
    configuration.metric = metric
    configuration.topK = 5
    configuration.degreeCutoff = 2
    let found = pairs(try NodeSimilarity.run(random.view(), configuration))
    #expect(found == expected(random, configuration, isWeighted: false), "seed \(seed)")
    configuration.topK = nil
    configuration.bottomK = 3
    configuration.upperDegreeCutoff = 8
    configuration.similarityCutoff = 0.2
    let bottom = pairs(try NodeSimilarity.run(random.view(), configuration))
    #expect(bottom == expected(random, configuration, isWeighted: false), "seed \(seed)")
  }

  @Test(arguments: 0..<6 as Range<UInt64>, SimilarityMetric.allCases)
  func weightedAgreesWithComparingAll(seed: UInt64, metric: SimilarityMetric) throws {
    let random = RandomGraph(seed: seed, clients: 40, products: 20, edgeCount: 200)
    var configuration = NodeSimilarity.Configuration()
    configuration.metric = metric
    configuration.topK = nil
    let found = pairs(try NodeSimilarity.run(random.view(isWeighted: true), configuration))
    let wanted = expected(random, configuration, isWeighted: true)
    #expect(found.count == wanted.count)
    // Sums in another order differ in the last bits, so pairs of equal value may change places.
    let order: (Pair, Pair) -> Bool = { ($0.first, $0.second) < ($1.first, $1.second) }
    for (a, b) in zip(found.sorted(by: order), wanted.sorted(by: order)) {
      #expect(a.first == b.first && a.second == b.second)
      #expect(isClose(a.similarity, b.similarity, 1e-9))
    }
  }

  /// Short lists of results take another way than long ones.
  @Test func shortAndLongListsAgree() throws {
    let random = RandomGraph(seed: 77, clients: 500, products: 60, edgeCount: 3_500)
    for metric in SimilarityMetric.allCases {
      var configuration = NodeSimilarity.Configuration()
      configuration.metric = metric
      configuration.topK = 3
      let found = pairs(try NodeSimilarity.run(random.view(), configuration))
      configuration.topK = 500
      let all = pairs(try NodeSimilarity.run(random.view(), configuration))
      var best: [Pair] = []
      var begin = 0
      while begin < all.count {
        var end = begin
        while end < all.count && all[end].first == all[begin].first { end += 1 }
        best += all[begin..<min(end, begin + 3)]
        begin = end
      }
      #expect(found == best)
    }
  }

  // The example of the GDS manual: persons 0 to 3 like instruments 5 to 7.
  private let likes = [(0, 5), (0, 6), (0, 7), (1, 5), (1, 6), (2, 7), (3, 5), (3, 8), (3, 7)]

  @Test func publishedExample() throws {
    let result = try NodeSimilarity.run(graph(9, likes))
    #expect(result.nodesCompared == 4)
    #expect(result.similarityPairs == 10)
    let found = pairs(result)
    #expect(found[0] == Pair(first: 0, second: 1, similarity: 2.0 / 3))
    #expect(found[1] == Pair(first: 0, second: 3, similarity: 0.5))
    #expect(found[2] == Pair(first: 0, second: 2, similarity: 1.0 / 3))
    #expect(isClose(result.distribution().mean, 0.41666666, 1e-6))
  }

  @Test func topNAndBottomN() throws {
    var configuration = NodeSimilarity.Configuration()
    configuration.topK = 1
    configuration.topN = 3
    var found = pairs(try NodeSimilarity.run(graph(9, likes), configuration))
    #expect(found.map(\.similarity) == [2.0 / 3, 2.0 / 3, 0.5])
    #expect(found.map(\.first) == [0, 1, 3])
    configuration.topN = 0
    configuration.bottomN = 1
    found = pairs(try NodeSimilarity.run(graph(9, likes), configuration))
    #expect(found == [Pair(first: 2, second: 0, similarity: 1.0 / 3)])
  }

  @Test func threadsDoNotMatter() throws {
    let view = RandomGraph(seed: 2, clients: 1_500, products: 200, edgeCount: 9_000).view()
    var configuration = NodeSimilarity.Configuration()
    configuration.concurrency = 1
    let one = pairs(try NodeSimilarity.run(view, configuration))
    configuration.concurrency = 2
    #expect(pairs(try NodeSimilarity.run(view, configuration)) == one)
  }

  @Test func refusesBothEnds() {
    var configuration = NodeSimilarity.Configuration()
    configuration.bottomK = 3
    #expect(throws: QueryError.self) { try NodeSimilarity.run(graph(9, likes), configuration) }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func filtersLeaveOutPairs(seed: UInt64) throws {
    let random = RandomGraph(seed: seed, clients: 120, products: 30, edgeCount: 900)
    let sources = (0..<120 as Range<UInt32>).filter { $0 % 3 == 0 }
    let targets = (0..<120 as Range<UInt32>).filter { $0 % 5 < 2 }
    for isWeighted in [false, true] {
      var configuration = NodeSimilarity.Configuration()
      configuration.usesWeights = isWeighted
      configuration.topK = 200
      let all = pairs(try NodeSimilarity.run(random.view(isWeighted: isWeighted), configuration))
      configuration.topK = 4
      configuration.sourceFilter = sources
      configuration.targetFilter = targets
      let result = try NodeSimilarity.run(random.view(isWeighted: isWeighted), configuration)
      var expected: [Pair] = []
      for source in sources {
        expected += all.filter { $0.first == source && targets.contains($0.second) }.prefix(4)
      }
      #expect(pairs(result) == expected)
      #expect(result.nodesCompared == Set(random.edges.map(\.source)).intersection(sources).count)
    }
  }
}
