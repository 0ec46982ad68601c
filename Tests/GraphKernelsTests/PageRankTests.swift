import GraphKernels
import GraphTypes
import Testing

@Suite struct PageRankTests {
  // The example of the GDS manual: Home, About, Product, Links, Site A to D.
  private let links = [
    (0, 1), (0, 3), (0, 2), (1, 0), (2, 0), (4, 0), (5, 0), (6, 0), (7, 0), (3, 0), (3, 4), (3, 5),
    (3, 6), (3, 7),
  ]
  private let weights = [0.2, 0.2, 0.6, 1, 1, 1, 1, 1, 1, 0.8, 0.05, 0.05, 0.05, 0.05]

  @Test func publishedExample() throws {
    let result = try PageRank.run(graph(8, links))
    let site = 0.3278578964488539
    #expect(
      areClose(
        result.scores,
        [3.215681999884452, 1.0542700552146722, 1.0542700552146722, 1.0542700552146722]
          + [site, site, site, site]))
    #expect(result.ranIterations == 20)
    #expect(!result.didConverge)
  }

  @Test func publishedWeightedExample() throws {
    let result = try PageRank.run(graph(8, links, weights: weights))
    let site = 0.18152677135466103
    #expect(
      areClose(
        result.scores,
        [3.53751028396339, 0.7452612763883698, 1.9357838291651097, 0.7452612763883698]
          + [site, site, site, site]))
    var configuration = PageRank.Configuration()
    configuration.usesWeights = false
    let unweighted = try PageRank.run(graph(8, links, weights: weights), configuration)
    #expect(isClose(unweighted.scores[0], 3.215681999884452))
  }

  @Test func publishedPersonalisedExample() throws {
    var configuration = PageRank.Configuration()
    configuration.sourceNodes = [(4, 1)]
    let result = try PageRank.run(graph(8, links), configuration)
    #expect(isClose(result.scores[0], 0.39902290442518784))
    #expect(isClose(result.scores[4], 0.16890325301726694))
    #expect(isClose(result.scores[1], 0.11220151747374331))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func agreesWithTheDefinition(seed: UInt64) throws {
    let random = RandomGraph(seed: seed, nodeCount: 30, edgeCount: 90)
    for isWeighted in [false, true] {
      var scores = [Double](repeating: 0.15, count: 30)
      var strengths = [Double](repeating: 0, count: 30)
      for edge in random.edges { strengths[Int(edge.source)] += isWeighted ? edge.weight : 1 }
      for _ in 1..<20 {
        var next = [Double](repeating: 0.15, count: 30)
        for edge in random.edges {
          let source = Int(edge.source)
          let weight = isWeighted ? edge.weight : 1
          next[Int(edge.target)] += 0.85 * scores[source] * weight / strengths[source]
        }
        scores = next
      }
      var configuration = PageRank.Configuration()
      configuration.tolerance = 0
      let result = try PageRank.run(random.view(isWeighted: isWeighted), configuration)
      #expect(areClose(result.scores, scores, 1e-10), "seed \(seed)")
    }
  }

  @Test func convergesAndScales() throws {
    var configuration = PageRank.Configuration()
    configuration.maxIterations = 500
    let plain = try PageRank.run(graph(8, links), configuration)
    #expect(plain.didConverge)
    #expect(plain.ranIterations < 200)
    configuration.scaler = .l1Norm
    let scaled = try PageRank.run(graph(8, links), configuration).scores
    #expect(isClose(scaled.reduce(0, +), 1))
    #expect(isClose(scaled[0] / scaled[1], plain.scores[0] / plain.scores[1]))
  }

  @Test func scalers() {
    let values = [1.0, 2, 5]
    #expect(ScoreScaler.minMax.apply(to: values) == [0, 0.25, 1])
    #expect(ScoreScaler.max.apply(to: values) == [0.2, 0.4, 1])
    #expect(areClose(ScoreScaler.mean.apply(to: values), [-5.0 / 12, -2.0 / 12, 7.0 / 12]))
    #expect(areClose(ScoreScaler.l2Norm.apply(to: [3, 4]), [0.6, 0.8]))
    #expect(ScoreScaler.standardScore.apply(to: [1, 3]) == [-1, 1])
    #expect(ScoreScaler.standardScore.apply(to: [2, 2]) == [0, 0])
    #expect(areClose(ScoreScaler.log.apply(to: [1, 2.718281828459045]), [0, 1]))
  }

  @Test func threadsDoNotMatter() throws {
    let view = RandomGraph(seed: 5, nodeCount: 20_000, edgeCount: 100_000).view()
    var configuration = PageRank.Configuration()
    configuration.concurrency = 1
    let one = try PageRank.run(view, configuration)
    configuration.concurrency = 2
    #expect(try PageRank.run(view, configuration).scores == one.scores)
  }

  @Test func refusesBadSettings() {
    var configuration = PageRank.Configuration()
    configuration.dampingFactor = 1
    #expect(throws: QueryError.self) { try PageRank.run(graph(8, links), configuration) }
    #expect(throws: QueryError.self) {
      try PageRank.run(graph(8, links), monitor: CancelledMonitor())
    }
  }
}

struct CancelledMonitor: AlgorithmMonitor {
  func checkpoint() throws(QueryError) { throw QueryError(.cancelled, "Cancelled", "stopped") }
  func report(_ task: @autoclosure () -> String, fraction: Double) {}
}
