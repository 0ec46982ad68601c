import GraphKernels
import GraphTypes
import Testing

/// Shortest paths by definition: all distances, from Floyd and Warshall.
struct AllDistances {
  private(set) var distances: [[Double]]

  init(_ graph: RandomGraph, isWeighted: Bool = false, isUndirected: Bool = false) {
    let n = graph.nodeCount
    distances = Array(repeating: Array(repeating: .infinity, count: n), count: n)
    for node in 0..<n { distances[node][node] = 0 }
    for edge in graph.edges {
      let (a, b) = (Int(edge.source), Int(edge.target))
      let weight = isWeighted ? edge.weight : 1
      distances[a][b] = min(distances[a][b], weight)
      if isUndirected { distances[b][a] = min(distances[b][a], weight) }
    }
    for node in 0..<n { distances[node][node] = 0 }
    for k in 0..<n {
      for a in 0..<n {
        for b in 0..<n {
          distances[a][b] = min(distances[a][b], distances[a][k] + distances[k][b])
        }
      }
    }
  }
}

@Suite struct RankTests {
  @Test func articleRankIsItsEquation() throws {
    for (number, graph) in smallGraphs.enumerated() {
      let isWeighted = number % 2 == 0
      var configuration = PageRank.Configuration()
      configuration.maxIterations = 500
      configuration.tolerance = 1e-14
      configuration.usesWeights = isWeighted
      let result = try ArticleRank.run(graph.view(isWeighted: isWeighted), configuration)
      let mean = Double(graph.edges.count) / Double(graph.nodeCount)
      var strength = [Double](repeating: 0, count: graph.nodeCount)
      for edge in graph.edges { strength[Int(edge.source)] += isWeighted ? edge.weight : 1 }
      var expected = [Double](repeating: 0.15, count: graph.nodeCount)
      for edge in graph.edges {
        expected[Int(edge.target)] +=
          0.85 * result.scores[Int(edge.source)] * (isWeighted ? edge.weight : 1)
          / (strength[Int(edge.source)] + mean)
      }
      #expect(areClose(result.scores, expected, 1e-9))
    }
  }

  @Test func eigenvectorIsOne() throws {
    for seed in 0..<40 as Range<UInt64> {
      // A cycle makes every node reach every other: one greatest eigenvalue.
      var graph = RandomGraph(seed: seed, nodeCount: 8, edgeCount: 14)
      for node in 0..<8 as Range<UInt32> { graph.edges.append((node, (node + 1) % 8, 1)) }
      var configuration = EigenvectorCentrality.Configuration()
      configuration.maxIterations = 5000
      configuration.tolerance = 1e-13
      configuration.usesWeights = false
      let result = try EigenvectorCentrality.run(graph.view(), configuration)
      #expect(result.didConverge)
      #expect(isClose(result.scores.map { $0 * $0 }.reduce(0, +), 1, 1e-9))
      var image = [Double](repeating: 0, count: 8)
      for edge in graph.edges { image[Int(edge.target)] += result.scores[Int(edge.source)] }
      let value = image.map { $0 * $0 }.reduce(0, +).squareRoot()
      #expect(areClose(image.map { $0 / value }, result.scores, 1e-6))
    }
  }

  @Test func authoritiesAndHubsMakeEachOther() throws {
    for graph in smallGraphs {
      var authorities = [Double](repeating: 1, count: graph.nodeCount)
      var hubs = authorities
      for _ in 0..<7 {
        authorities = authorities.map { _ in 0 }
        for edge in graph.edges { authorities[Int(edge.target)] += hubs[Int(edge.source)] }
        authorities = normalised(authorities)
        hubs = hubs.map { _ in 0 }
        for edge in graph.edges { hubs[Int(edge.source)] += authorities[Int(edge.target)] }
        hubs = normalised(hubs)
      }
      var configuration = HITS.Configuration()
      configuration.iterations = 7
      let result = try HITS.run(graph.view(), configuration)
      #expect(areClose(result.authorities, authorities, 1e-9))
      #expect(areClose(result.hubs, hubs, 1e-9))
    }
  }

  private func normalised(_ values: [Double]) -> [Double] {
    let length = values.map { $0 * $0 }.reduce(0, +).squareRoot()
    return length > 0 ? values.map { $0 / length } : values
  }
}

@Suite struct DistanceCentralityTests {
  @Test func closenessAndHarmonicByDistances() throws {
    for graph in smallGraphs {
      let n = graph.nodeCount
      let distances = AllDistances(graph).distances
      var configuration = ClosenessCentrality.Configuration()
      let plain = try ClosenessCentrality.run(graph.view(), configuration)
      configuration.useWassermanFaust = true
      let scaled = try ClosenessCentrality.run(graph.view(), configuration)
      let harmonic = try HarmonicCentrality.run(graph.view())
      for node in 0..<n {
        let finite = (0..<n).filter { $0 != node }.map { distances[$0][node] }
          .filter { $0 < .infinity }
        let count = Double(finite.count)
        let expected = count == 0 ? 0 : count / finite.reduce(0, +)
        #expect(isClose(plain[node], expected))
        #expect(isClose(scaled[node], n > 1 ? expected * count / Double(n - 1) : 0))
        let sum = finite.map { 1 / $0 }.reduce(0, +)
        #expect(isClose(harmonic[node], n > 1 ? sum / Double(n - 1) : 0))
      }
    }
  }

  /// More than one batch of searches, in several lanes.
  @Test func manySearchesWhateverTheThreads() throws {
    let graph = RandomGraph(seed: 4, nodeCount: 700, edgeCount: 1_400)
    let view = graph.view(.undirected)
    let one = try HarmonicCentrality.run(view, concurrency: 1)
    #expect(try HarmonicCentrality.run(view, concurrency: 3) == one)
    // Against a plain search from one node.
    var distance = [Int?](repeating: nil, count: 700)
    distance[9] = 0
    var queue = [9]
    while let node = queue.first {
      queue.removeFirst()
      for next in view.outgoing.neighbours(of: node) where distance[Int(next)] == nil {
        distance[Int(next)] = (distance[node] ?? 0) + 1
        queue.append(Int(next))
      }
    }
    let sum = distance.compactMap { $0 }.filter { $0 > 0 }.map { 1 / Double($0) }.reduce(0, +)
    #expect(isClose(one[9], sum / 699, 1e-9))
  }

  /// Counts paths by distances: σ(s, v) σ(v, t) / σ(s, t) for the nodes between.
  private func betweenness(
    _ graph: RandomGraph, isWeighted: Bool, isUndirected: Bool
  ) -> [Double] {
    let n = graph.nodeCount
    let distances = AllDistances(graph, isWeighted: isWeighted, isUndirected: isUndirected)
      .distances
    var edges = graph.edges.map {
      (Int($0.source), Int($0.target), isWeighted ? $0.weight : 1)
    }
    if isUndirected { edges += edges.map { ($0.1, $0.0, $0.2) } }
    edges.removeAll { $0.0 == $0.1 }
    let paths = (0..<n).map { source -> [Double] in
      var counts = [Double](repeating: 0, count: n)
      counts[source] = 1
      let order = (0..<n).filter { distances[source][$0] < .infinity }
        .sorted { distances[source][$0] < distances[source][$1] }
      for node in order where node != source {
        for edge in edges
        where edge.1 == node && distances[source][edge.0] + edge.2 == distances[source][node] {
          counts[node] += counts[edge.0]
        }
      }
      return counts
    }
    return (0..<n).map { node in
      var sum = 0.0
      for s in 0..<n where s != node {
        for t in 0..<n where t != node && t != s && distances[s][t] < .infinity {
          if distances[s][node] + distances[node][t] == distances[s][t] {
            sum += paths[s][node] * paths[node][t] / paths[s][t]
          }
        }
      }
      return isUndirected ? sum / 2 : sum
    }
  }

  @Test func betweennessCountsPaths() throws {
    for (number, graph) in smallGraphs.enumerated() {
      let isWeighted = number % 2 == 0
      let isUndirected = number % 3 == 0
      var configuration = BetweennessCentrality.Configuration()
      configuration.usesWeights = isWeighted
      let view = graph.view(isUndirected ? .undirected : .natural, isWeighted: isWeighted)
      let result = try BetweennessCentrality.run(view, configuration)
      let expected = betweenness(graph, isWeighted: isWeighted, isUndirected: isUndirected)
      #expect(areClose(result, expected, 1e-9))
    }
  }

  @Test func samplesOfBetweenness() throws {
    let view = RandomGraph(seed: 6, nodeCount: 200, edgeCount: 800).view()
    var configuration = BetweennessCentrality.Configuration()
    let exact = try BetweennessCentrality.run(view, configuration)
    configuration.samplingSize = 60
    let sampled = try BetweennessCentrality.run(view, configuration)
    configuration.concurrency = 1
    #expect(try BetweennessCentrality.run(view, configuration) == sampled)
    #expect(zip(sampled, exact).allSatisfy { $0 <= $1 + 1e-9 })
    let share = sampled.reduce(0, +) / exact.reduce(0, +)
    #expect(share > 0.2 && share < 0.4)
    configuration.samplingSize = 0
    #expect(throws: QueryError.self) { try BetweennessCentrality.run(view, configuration) }
  }
}

@Suite struct BiconnectivityTests {
  private func components(
    _ graph: RandomGraph, without node: Int? = nil, skipping edge: Int? = nil
  ) -> Int {
    var parents = Array(0..<graph.nodeCount)
    func root(_ x: Int) -> Int { parents[x] == x ? x : root(parents[x]) }
    for (i, e) in graph.edges.enumerated() {
      let (a, b) = (Int(e.source), Int(e.target))
      if a == node || b == node || i == edge { continue }
      parents[root(a)] = root(b)
    }
    return (0..<graph.nodeCount).count { $0 != node && root($0) == $0 }
  }

  @Test func pointsAndBridgesDivideComponents() throws {
    for graph in smallGraphs {
      let all = components(graph)
      for orientation in [RelationshipOrientation.natural, .undirected] {
        let result = try Biconnectivity.run(graph.view(orientation))
        for node in 0..<graph.nodeCount {
          // A lone node takes its component with it.
          #expect(
            result.isArticulationPoint[node] == (components(graph, without: node) > all))
        }
        let expected = graph.edges.indices.filter { components(graph, skipping: $0) > all }
          .map { i -> [UInt32] in
            [graph.edges[i].source, graph.edges[i].target].sorted()
          }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
        #expect(result.bridges.map { [$0.0, $0.1] } == expected)
      }
    }
  }

  @Test func longPaths() throws {
    let count = 200_000
    let result = try Biconnectivity.run(graph(count, (1..<count).map { ($0 - 1, $0) }))
    #expect(result.bridges.count == count - 1)
    #expect(result.isArticulationPoint.count { $0 } == count - 2)
  }
}
