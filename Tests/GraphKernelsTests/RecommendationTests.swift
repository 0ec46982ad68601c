import Foundation
import GraphKernels
import GraphTypes
import Testing

/// Against the definitions, by brute force on small random graphs.
@Suite struct RecommendationTests {
  /// Estimates come before the check of the configuration.
  @Test func anyNumberOfFactorsIsEstimated() {
    var configuration = AlternatingLeastSquares.Configuration()
    configuration.factors = .max
    configuration.common.concurrency = .max
    let estimate = AlternatingLeastSquares.memoryEstimate(
      nodeCount: 1_000_000, relationshipCount: 10_000_000, configuration)
    #expect(estimate.bytesMin > 0 && estimate.bytesMax >= estimate.bytesMin)
  }

  /// Values of pairs, by source; parallel relationships summed or counted.
  private func matrix(_ graph: RandomGraph, isWeighted: Bool) -> [UInt32: [UInt32: Double]] {
    var matrix: [UInt32: [UInt32: Double]] = [:]
    for edge in graph.edges {
      matrix[edge.source, default: [:]][edge.target, default: 0] += isWeighted ? edge.weight : 1
    }
    return matrix
  }

  @Test(arguments: CoOccurrence.Measure.allCases)
  func coOccurrence(_ measure: CoOccurrence.Measure) throws {
    for graph in smallGraphs.prefix(100) {
      let rows = matrix(graph, isWeighted: false)
      var configuration = CoOccurrence.Configuration()
      configuration.measure = measure
      configuration.topK = 3
      configuration.minimumCount = 1
      let result = try CoOccurrence.run(graph.view(), configuration)
      #expect(result.sourceCount == rows.count)
      let items = Set(rows.values.flatMap(\.keys))
      #expect(result.itemCount == items.count)
      var position = 0
      for a in items.sorted() {
        let withA = Set(rows.filter { $0.value[a] != nil }.keys)
        var own: [(UInt32, Double)] = []
        for b in items where b != a {
          let withB = Set(rows.filter { $0.value[b] != nil }.keys)
          let both = withA.intersection(withB).count
          if both == 0 { continue }
          let (n, x, y, c) = (
            Double(rows.count), Double(withA.count), Double(withB.count), Double(both)
          )
          let score =
            switch measure {
            case .support: c / n
            case .confidence: c / x
            case .lift: (c / n) / (x / n * y / n)
            case .cosine: c / (x * y).squareRoot()
            case .jaccard: c / Double(withA.union(withB).count)
            case .logLikelihoodRatio: likelihoodRatio(n, x, y, c)
            }
          own.append((b, score))
        }
        // Scores that differ by rounding only may come in either order.
        let best = own.map(\.1).sorted(by: >).prefix(3)
        for expected in best {
          try #require(position < result.scores.count)
          #expect(result.firstItems[position] == a)
          #expect(abs(result.scores[position] - expected) < 1e-9)
          let partner = try #require(own.first { $0.0 == result.secondItems[position] })
          #expect(abs(partner.1 - expected) < 1e-9)
          position += 1
        }
      }
      #expect(position == result.scores.count)
    }
  }

  /// 2 Σ observed · ln(observed / expected)
  private func likelihoodRatio(_ n: Double, _ a: Double, _ b: Double, _ c: Double) -> Double {
    var sum = 0.0
    for (observed, row, column) in [
      (c, a, b), (a - c, a, n - b), (b - c, n - a, b), (n - a - b + c, n - a, n - b),
    ] where observed > 0 {
      sum += observed * log(observed * n / (row * column))
    }
    return 2 * sum
  }

  @Test func itemsOfNeighbours() throws {
    for graph in smallGraphs.prefix(100) {
      let rows = matrix(graph, isWeighted: false)
      let items = Set(rows.values.flatMap(\.keys)).sorted()
      func cosine(_ a: UInt32, _ b: UInt32) -> Double {
        let withA = Set(rows.filter { $0.value[a] != nil }.keys)
        let withB = Set(rows.filter { $0.value[b] != nil }.keys)
        return Double(withA.intersection(withB).count)
          / Double(withA.count * withB.count).squareRoot()
      }
      var configuration = ItemRecommender.Configuration()
      configuration.common.topK = 4
      configuration.common.concurrency = 3
      let result = try ItemRecommender.run(graph.view(), configuration)
      for (source, own) in rows {
        let expected = items.filter { own[$0] == nil && $0 != source }
          .map { item in own.keys.reduce(0) { $0 + cosine($1, item) } }
          .filter { $0 > 0 }.sorted(by: >).prefix(4)
        let scores = result.sources.indices.filter { result.sources[$0] == source }
          .map { result.scores[$0] }
        #expect(scores.count == expected.count)
        #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-5 })
      }
      for position in result.sources.indices {
        #expect(rows[result.sources[position]]?[result.targets[position]] == nil)
        #expect(
          result.ranks[position] == 1
            || result.scores[position] <= result.scores[position - 1])
      }
    }
  }

  /// Against power iteration over both sides.
  @Test(arguments: [false, true]) func walks(isWeighted: Bool) throws {
    for graph in smallGraphs.prefix(60) {
      let rows = matrix(graph, isWeighted: isWeighted).mapValues { $0.filter { $0.value > 0 } }
        .filter { !$0.value.isEmpty }
      var configuration = PersonalizedPageRank.Configuration()
      configuration.tolerance = 1e-12
      configuration.common.topK = 50
      configuration.common.excludesKnown = false
      let result = try PersonalizedPageRank.run(
        graph.view(isWeighted: isWeighted), configuration)
      var columns: [UInt32: [UInt32: Double]] = [:]
      for (source, own) in rows {
        for (target, value) in own { columns[target, default: [:]][source] = value }
      }
      for start in rows.keys {
        var walkers = [start: 1.0]
        var atTargets: [UInt32: Double] = [:]
        var stopped: [UInt32: Double] = [:]
        for _ in 0..<200 {
          var next: [UInt32: Double] = [:]
          var nextTargets: [UInt32: Double] = [:]
          for (source, share) in walkers {
            let own = rows[source] ?? [:]
            let strength = own.values.reduce(0, +)
            for (target, value) in own {
              nextTargets[target, default: 0] += 0.85 * share * value / strength
            }
          }
          for (target, share) in atTargets {
            let own = columns[target] ?? [:]
            let strength = own.values.reduce(0, +)
            for (source, value) in own {
              next[source, default: 0] += 0.85 * share * value / strength
            }
          }
          for (target, share) in nextTargets { stopped[target, default: 0] += 0.15 * share }
          walkers = next
          atTargets = nextTargets
        }
        let found = result.sources.indices.filter { result.sources[$0] == start }
        #expect(found.count == stopped.count)
        for position in found {
          let expected = stopped[result.targets[position]] ?? -1
          #expect(abs(result.scores[position] - expected) < 1e-9)
        }
      }
    }
  }

  /// With exact steps (as many as factors) each half of an iteration finds the minimum, so the
  /// factors satisfy the normal equations of the targets, solved last.
  @Test func factorsSolveTheNormalEquations() throws {
    let graph = RandomGraph(seed: 5, nodeCount: 24, edgeCount: 90)
    var configuration = AlternatingLeastSquares.Configuration()
    configuration.factors = 5
    configuration.regularization = 0.1
    configuration.alpha = 3
    configuration.steps = 12
    configuration.iterations = 6
    let result = try AlternatingLeastSquares.factorise(graph.view(), configuration)
    let rows = matrix(graph, isWeighted: false)
    let sources = result.sourceNodes
    for (j, target) in result.targetNodes.enumerated() {
      let y = result.targets.row(j).map(Double.init)
      // Gradient: Σ_u c (x·y − p) x + λ y.
      var gradient = y.map { 0.1 * $0 }
      for (u, source) in sources.enumerated() {
        let x = result.sources.row(u).map(Double.init)
        let value = rows[source]?[target] ?? 0
        let product = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
        let error = (1 + 3 * value) * (product - (value > 0 ? 1 : 0))
        for i in 0..<5 { gradient[i] += error * x[i] }
      }
      #expect(gradient.allSatisfy { abs($0) < 1e-3 }, "\(gradient)")
    }
    // The loss as it is reported is that of the definition.
    var loss = 0.0
    for (u, source) in sources.enumerated() {
      for (j, target) in result.targetNodes.enumerated() {
        let value = rows[source]?[target] ?? 0
        let product = zip(result.sources.row(u), result.targets.row(j))
          .reduce(0) { $0 + Double($1.0) * Double($1.1) }
        let error = product - (value > 0 ? 1 : 0)
        loss += (1 + 3 * value) * error * error
      }
    }
    let squares = (result.sources.values + result.targets.values)
      .reduce(0.0) { $0 + Double($1) * Double($1) }
    loss = (loss + 0.1 * squares) / Double(sources.count * result.targetNodes.count)
    #expect(abs(result.loss - loss) < 1e-4)
  }

  @Test func factorsImproveAndDoNotDependOnThreads() throws {
    let graph = RandomGraph(seed: 11, nodeCount: 300, edgeCount: 2000)
    var configuration = AlternatingLeastSquares.Configuration()
    configuration.factors = 20
    var last = Double.infinity
    for iterations in [1, 3, 10] {
      configuration.iterations = iterations
      let result = try AlternatingLeastSquares.factorise(graph.view(), configuration)
      #expect(result.loss < last)
      last = result.loss
    }
    configuration.common.concurrency = 1
    let one = try AlternatingLeastSquares.run(graph.view(), configuration).recommendations
    configuration.common.concurrency = 4
    let four = try AlternatingLeastSquares.run(graph.view(), configuration).recommendations
    #expect(one.targets == four.targets)
    #expect(one.scores == four.scores)
    // The best of all products, of what the source has not.
    let factors = try AlternatingLeastSquares.factorise(graph.view(), configuration)
    let rows = matrix(graph, isWeighted: false)
    for (u, source) in factors.sourceNodes.enumerated().prefix(40) {
      let best = factors.targetNodes.enumerated()
        .filter { rows[source]?[$0.element] == nil && $0.element != source }
        .map { j, _ in
          zip(factors.sources.row(u), factors.targets.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
        }.sorted(by: >).prefix(10)
      let given = one.sources.indices.filter { one.sources[$0] == source }.map { one.scores[$0] }
      #expect(given.count == best.count)
      #expect(zip(given, best).allSatisfy { abs($0 - Double($1)) < 1e-5 })
    }
  }

  @Test func filters() throws {
    let graph = RandomGraph(seed: 3, nodeCount: 40, edgeCount: 200)
    var configuration = ItemRecommender.Configuration()
    configuration.common.sources = [1, 2, 3]
    configuration.common.targets = [5, 6, 7, 8]
    let result = try ItemRecommender.run(graph.view(), configuration)
    #expect(!result.sources.isEmpty)
    #expect(result.sources.allSatisfy { [1, 2, 3].contains($0) })
    #expect(result.targets.allSatisfy { [5, 6, 7, 8].contains($0) })
    configuration.common.topK = 0
    #expect(throws: QueryError.self) { try ItemRecommender.run(graph.view(), configuration) }
    var als = AlternatingLeastSquares.Configuration()
    als.factors = 0
    #expect(throws: QueryError.self) { try AlternatingLeastSquares.run(graph.view(), als) }
    var walk = PersonalizedPageRank.Configuration()
    walk.tolerance = 0
    #expect(throws: QueryError.self) { try PersonalizedPageRank.run(graph.view(), walk) }
    let empty = RandomGraph(seed: 1, nodeCount: 5, edgeCount: 0)
    #expect(try AlternatingLeastSquares.run(empty.view()).recommendations.sources.isEmpty)
    #expect(try PersonalizedPageRank.run(empty.view()).sources.isEmpty)
    #expect(try ItemRecommender.run(empty.view()).sources.isEmpty)
  }
}
