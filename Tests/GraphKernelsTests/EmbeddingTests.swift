import GraphKernels
import GraphTypes
import TestSupport
import Testing

private func matrix(_ rows: [[Double]]) -> FloatMatrix {
  FloatMatrix(rows.flatMap { $0.map { Float($0) } }, dimension: rows.first?.count ?? 1)
}

private func randomRows(_ count: Int, _ dimension: Int, seed: UInt64) -> [[Double]] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    (0..<dimension).map { _ in Double.random(in: -1...1, using: &random) }
  }
}

@Suite struct FastRPTests {
  private func normalised(_ vector: [Double]) -> [Double] {
    let length = vector.map { $0 * $0 }.reduce(0, +).squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }

  /// Random vectors are told by the signs of what nodes give themselves; the rest is sums.
  @Test func iterationsAreMeansOfNeighbours() throws {
    for (number, random) in smallGraphs.enumerated() where number % 4 == 0 {
      let isWeighted = number % 8 == 0
      let view = random.view(isWeighted: isWeighted)
      let n = random.nodeCount
      var configuration = FastRP.Configuration()
      configuration.embeddingDimension = 24
      configuration.usesWeights = isWeighted
      configuration.nodeSelfInfluence = 1
      configuration.iterationWeights = []
      let own = try FastRP.run(view, configuration)
      let entry = (3.0 / 24).squareRoot()
      var vectors = (0..<n).map { node in
        own.row(node).map { $0 > 0 ? entry : $0 < 0 ? -entry : 0 }
      }
      configuration.nodeSelfInfluence = 0.5
      configuration.iterationWeights = [0.25, 2]
      var expected = (0..<n).map { normalised(vectors[$0]).map { $0 * 0.5 } }
      for weight in configuration.iterationWeights {
        var next = vectors.map { $0.map { _ in 0.0 } }
        for edge in random.edges {
          for i in 0..<24 {
            next[Int(edge.source)][i] +=
              (isWeighted ? edge.weight : 1) * vectors[Int(edge.target)][i]
          }
        }
        vectors = next.map(normalised)
        for node in 0..<n { for i in 0..<24 { expected[node][i] += weight * vectors[node][i] } }
      }
      let result = try FastRP.run(view, configuration)
      for node in 0..<n {
        #expect(areClose(result.row(node).map(Double.init), expected[node], 1e-4))
      }
    }
  }

  @Test func featuresThreadsAndMistakes() throws {
    let view = RandomGraph(seed: 1, nodeCount: 3_000, edgeCount: 9_000).view()
    var configuration = FastRP.Configuration()
    configuration.embeddingDimension = 16
    configuration.propertyRatio = 0.5
    #expect(throws: QueryError.self) { try FastRP.run(view, configuration) }
    configuration.features = matrix((0..<3_000).map { [Double($0 % 3), 1] })
    configuration.concurrency = 1
    let one = try FastRP.run(view, configuration)
    configuration.concurrency = 3
    #expect(try FastRP.run(view, configuration) == one)
    configuration.randomSeed = 7
    #expect(try FastRP.run(view, configuration) != one)
    // Without features half of the dimensions are 0.
    configuration.features = matrix(Array(repeating: [0], count: 3_000))
    let plain = try FastRP.run(view, configuration)
    #expect(plain.row(5).suffix(8).allSatisfy { $0 == 0 })
  }
}

@Suite struct KMeansTests {
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
  }

  @Test func pointsAreWithTheNearestCentroidWhichIsTheirMean() throws {
    for seed in 0..<60 as Range<UInt64> {
      let rows = randomRows(5 + Int(seed), 3, seed: seed).map { $0.map { Double(Float($0)) } }
      var configuration = KMeans.Configuration()
      configuration.k = 1 + Int(seed % 5)
      configuration.maxIterations = 200
      configuration.deltaThreshold = 0
      configuration.numberOfRestarts = 1 + Int(seed % 3)
      configuration.initialSampler = seed % 2 == 0 ? .uniform : .plusPlus
      configuration.computeSilhouette = true
      configuration.randomSeed = seed
      let result = try KMeans.run(matrix(rows), configuration)
      for (point, row) in rows.enumerated() {
        let distances = result.centroids.map { distance(row, $0) }
        #expect(isClose(result.distances[point], distances.min() ?? 0, 1e-6))
        #expect(isClose(distances[Int(result.groups[point])], distances.min() ?? 0, 1e-6))
      }
      #expect(isClose(result.averageDistance, result.distances.reduce(0, +) / Double(rows.count)))
      for group in 0..<configuration.k {
        let own = rows.indices.filter { result.groups[$0] == Int64(group) }
        if own.isEmpty { continue }
        let mean = (0..<3).map { i in own.map { rows[$0][i] }.reduce(0, +) / Double(own.count) }
        #expect(areClose(result.centroids[group], mean, 1e-6))
      }
      for (point, row) in rows.enumerated() {
        func mean(_ group: Int64) -> Double? {
          let others = rows.indices.filter { $0 != point && result.groups[$0] == group }
          if others.isEmpty { return nil }
          return others.map { distance(row, rows[$0]) }.reduce(0, +) / Double(others.count)
        }
        let outer = (0..<Int64(configuration.k)).filter { $0 != result.groups[point] }
          .compactMap { mean($0) }.min()
        var expected = 0.0
        if let inner = mean(result.groups[point]), let outer {
          expected = (outer - inner) / max(inner, outer)
        }
        #expect(isClose(result.silhouettes[point], expected, 1e-6))
      }
    }
  }

  @Test func seedsThreadsAndMistakes() throws {
    var configuration = KMeans.Configuration()
    configuration.k = 2
    configuration.seedCentroids = [[0, 0], [10, 10]]
    let result = try KMeans.run(
      matrix([[0, 1], [1, 0], [9, 10], [10, 9]]), configuration)
    #expect(result.groups == [0, 0, 1, 1])
    #expect(result.centroids == [[0.5, 0.5], [9.5, 9.5]])
    configuration.seedCentroids = [[0, 0]]
    #expect(throws: QueryError.self) { try KMeans.run(matrix([[0, 1]]), configuration) }
    configuration.seedCentroids = []
    let points = matrix(randomRows(5_000, 4, seed: 3))
    configuration.k = 7
    configuration.concurrency = 1
    let one = try KMeans.run(points, configuration)
    configuration.concurrency = 3
    let three = try KMeans.run(points, configuration)
    #expect(one.groups == three.groups && one.distances == three.distances)
    #expect(throws: QueryError.self) { try KMeans.run(matrix([[.nan]]), configuration) }
  }
}

@Suite struct KNearestNeighboursTests {
  private func similarity(
    _ metric: NodeSimilarities.Metric, _ a: [Double], _ b: [Double]
  ) -> Double {
    func cosine(_ a: [Double], _ b: [Double]) -> Double {
      let product = zip(a, b).map { $0 * $1 }.reduce(0, +)
      let squares = a.map { $0 * $0 }.reduce(0, +) * b.map { $0 * $0 }.reduce(0, +)
      return squares > 0 ? product / squares.squareRoot() : 0
    }
    func centred(_ a: [Double]) -> [Double] {
      a.map { $0 - a.reduce(0, +) / Double(a.count) }
    }
    return switch metric {
    case .cosine: (1 + cosine(a, b)) / 2
    case .pearson: max(0, cosine(centred(a), centred(b)))
    case .euclidean:
      1 / (1 + zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot())
    case .jaccard: Double(Set(a).intersection(b).count) / Double(max(Set(a).union(b).count, 1))
    case .overlap:
      Double(Set(a).intersection(b).count) / Double(max(min(Set(a).count, Set(b).count), 1))
    }
  }

  @Test(arguments: NodeSimilarities.Metric.allCases)
  func smallGraphsAreComparedWhole(metric: NodeSimilarities.Metric) throws {
    for seed in 0..<30 as Range<UInt64> {
      let count = 2 + Int(seed % 9)
      let isOfSets = metric == .jaccard || metric == .overlap
      let rows = randomRows(count, 11, seed: seed).map { row in
        isOfSets ? row.map { ($0 * 10).rounded() } : row
      }
      var similarities = NodeSimilarities()
      if isOfSets {
        similarities.add(sets: rows.map { $0.map { Int64($0) } }, metric)
      } else {
        similarities.add(vectors: matrix(rows), metric)
      }
      var configuration = KNearestNeighbours.Configuration()
      configuration.topK = 3
      let result = try KNearestNeighbours.run(graph(count, []), similarities, configuration)
      var expected: [Double] = []
      for node in 0..<count {
        let all = (0..<count).filter { $0 != node }
          .map { similarity(metric, rows[node], rows[$0]) }
        expected += all.sorted(by: >).prefix(3)
      }
      #expect(areClose(result.similarities, expected, 1e-5))
      for (i, value) in result.similarities.enumerated() {
        let pair = (Int(result.firstNodes[i]), Int(result.secondNodes[i]))
        #expect(pair.0 != pair.1)
        #expect(isClose(value, similarity(metric, rows[pair.0], rows[pair.1]), 1e-5))
      }
    }
  }

  @Test func mostNeighboursAreFoundWhateverTheThreads() throws {
    let count = 700
    let rows = randomRows(count, 8, seed: 2)
    var similarities = NodeSimilarities()
    similarities.add(vectors: matrix(rows), .euclidean)
    let view = RandomGraph(seed: 1, nodeCount: count, edgeCount: 1_400).view()
    for sampler in KNearestNeighbours.Sampler.allCases {
      var configuration = KNearestNeighbours.Configuration()
      configuration.initialSampler = sampler
      configuration.concurrency = 1
      let one = try KNearestNeighbours.run(view, similarities, configuration)
      configuration.concurrency = 3
      let three = try KNearestNeighbours.run(view, similarities, configuration)
      #expect(one.secondNodes == three.secondNodes)
      #expect(one.didConverge)
      #expect(one.nodePairsConsidered == three.nodePairsConsidered)
      var found: [UInt32: Set<UInt32>] = [:]
      for (a, b) in zip(one.firstNodes, one.secondNodes) { found[a, default: []].insert(b) }
      var hits = 0
      for node in stride(from: 0, to: count, by: 30) {
        let exact = (0..<count).filter { $0 != node }.sorted {
          similarity(.euclidean, rows[node], rows[$0])
            > similarity(.euclidean, rows[node], rows[$1])
        }.prefix(10)
        hits += exact.count { found[UInt32(node)]?.contains(UInt32($0)) ?? false }
      }
      #expect(Double(hits) / 240 > 0.95)
    }
  }

  @Test func filters() throws {
    for count in [40, 600] {
      let rows = randomRows(count, 4, seed: 9)
      var similarities = NodeSimilarities()
      similarities.add(vectors: matrix(rows), .euclidean)
      var configuration = KNearestNeighbours.Configuration()
      configuration.topK = 4
      configuration.seedTargetNodes = true
      configuration.sourceFilter = [1, 5, 30]
      configuration.targetFilter = (0..<UInt32(count)).filter { $0 % 7 == 2 }
      let result = try KNearestNeighbours.run(graph(count, []), similarities, configuration)
      #expect(result.firstNodes == [1, 1, 1, 1, 5, 5, 5, 5, 30, 30, 30, 30])
      #expect(result.secondNodes.allSatisfy { $0 % 7 == 2 })
      for begin in [0, 4, 8] {
        #expect(Set(result.secondNodes[begin..<begin + 4]).count == 4)
        let values = result.similarities[begin..<begin + 4]
        #expect(Array(values) == values.sorted(by: >))
      }
      if count > 512 { continue }
      let source = 5
      let exact = (0..<count).filter { $0 % 7 == 2 && $0 != source }
        .map { similarity(.euclidean, rows[source], rows[$0]) }.sorted(by: >).prefix(4)
      #expect(areClose(Array(result.similarities[4..<8]), Array(exact), 1e-5))
    }
  }

  @Test func numbersAndCutoffs() throws {
    var similarities = NodeSimilarities()
    similarities.add(numbers: [24, 73, 24, 48, 67])
    var configuration = KNearestNeighbours.Configuration()
    configuration.topK = 1
    configuration.similarityCutoff = 0.1
    let result = try KNearestNeighbours.run(graph(5, []), similarities, configuration)
    #expect(result.firstNodes == [0, 1, 2, 4])
    #expect(result.secondNodes == [2, 4, 0, 1])
    #expect(areClose(result.similarities, [1, 1 / 7.0, 1, 1 / 7.0]))
    configuration.topK = 0
    #expect(throws: QueryError.self) {
      try KNearestNeighbours.run(graph(5, []), similarities, configuration)
    }
  }
}

@Suite struct PropertyScalingTests {
  @Test func scalersAndTheirStatistics() {
    let column = [1.0, 3, 8]
    #expect(PropertyScaling.run([column], scaler: .minMax) == [[0, 2 / 7.0, 1]])
    #expect(PropertyScaling.run([column, [0, 0, 0]], scaler: .max)[1] == [0, 0, 0])
    #expect(
      areClose(PropertyScaling.run([column], scaler: .mean)[0], [-3 / 7.0, -1 / 7.0, 4 / 7.0]))
    #expect(PropertyScaling.statistics(column, scaler: .minMax).map(\.value) == [1, 8])
    #expect(PropertyScaling.statistics(column, scaler: .mean).map(\.value) == [1, 4, 8])
    let spread = PropertyScaling.statistics(column, scaler: .standardScore).map(\.value)
    #expect(areClose(spread, [4, (26 / 3.0).squareRoot()]))
  }
}

@Suite struct Node2VecTests {
  @Test func neighboursGetSimilarVectors() throws {
    // Two groups of six, joined by one relationship.
    var edges: [(Int, Int)] = [(0, 6)]
    for group in 0..<2 {
      for a in 0..<6 { for b in 0..<a { edges.append((group * 6 + a, group * 6 + b)) } }
    }
    var configuration = Node2Vec.Configuration()
    configuration.embeddingDimension = 12
    configuration.walks.walkLength = 20
    configuration.walks.walksPerNode = 3
    configuration.iterations = 12
    configuration.initialLearningRate = 0.02
    configuration.positiveSamplingFactor = 1
    let view = graph(12, edges, .undirected)
    let result = try Node2Vec.run(view, configuration)
    #expect(result.lossPerIteration.count == 12)
    #expect(result.lossPerIteration[11] < result.lossPerIteration[0])
    func cosine(_ a: Int, _ b: Int) -> Float {
      let (x, y) = (result.embeddings.row(a), result.embeddings.row(b))
      let product = zip(x, y).map { $0 * $1 }.reduce(0, +)
      let squares = x.map { $0 * $0 }.reduce(0, +) * y.map { $0 * $0 }.reduce(0, +)
      return product / squares.squareRoot()
    }
    #expect(cosine(1, 2) > cosine(1, 8))
    #expect(cosine(7, 11) > cosine(5, 11))
    configuration.walks.concurrency = 1
    #expect(try Node2Vec.run(view, configuration).embeddings == result.embeddings)
    configuration.minLearningRate = 1
    #expect(throws: QueryError.self) { try Node2Vec.run(view, configuration) }
  }
}
