internal import GraphKernels

extension GraphAlgorithm {
  static let kNearestNeighbours = kNearestNeighbours(
    "gds.knn", "For each node those whose properties are most like its own.", isFiltered: false)

  static let filteredKNearestNeighbours = kNearestNeighbours(
    "gds.knn.filtered",
    "For some nodes those of some others whose properties are most like their own.",
    isFiltered: true)

  private static func kNearestNeighbours(
    _ name: String, _ summary: String, isFiltered: Bool
  ) -> GraphAlgorithm {
    GraphAlgorithm(
      name, summary, target: .relationships(property: "similarity"),
      stream: [.integer("node1"), .integer("node2"), .float("similarity")],
      summary: [
        .integer("nodesCompared"), .integer("ranIterations"), .boolean("didConverge"),
        .integer("nodePairsConsidered"), .integer("similarityPairs"),
        .map("similarityDistribution"),
      ], statsOnly: ["similarityPairs"]
    ) { settings in
      var configuration = try settings.nearestNeighbours()
      if isFiltered {
        configuration.sourceFilter = try settings.nodeFilter("sourceNodeFilter")
        configuration.targetFilter = try settings.nodeFilter("targetNodeFilter")
        configuration.seedTargetNodes = try settings.map.boolean(
          "seedTargetNodes", default: false)
      }
      let similarity = try settings.nodeSimilarities()
      let view = settings.view
      return PreparedAlgorithm(
        memory: KNearestNeighbours.memoryEstimate(nodeCount: view.nodeCount, configuration)
      ) { [configuration, settings] monitor in
        let result = try KNearestNeighbours.run(
          view, similarity, configuration, monitor: monitor)
        return .similarPairs(
          result.firstNodes, result.secondNodes, result.similarities, settings
        ) {
          [
            "nodesCompared": .count(result.nodesCompared),
            "ranIterations": .count(result.ranIterations),
            "didConverge": .boolean(result.didConverge),
            "nodePairsConsidered": .count(result.nodePairsConsidered),
          ]
        }
      }
    }
  }
}

extension AlgorithmSettings {
  fileprivate mutating func nearestNeighbours() throws -> KNearestNeighbours.Configuration {
    var configuration = KNearestNeighbours.Configuration()
    configuration.concurrency = concurrency
    configuration.topK = try map.integer("topK", default: 10)
    configuration.sampleRate = try map.float("sampleRate", default: 0.5)
    configuration.deltaThreshold = try map.float("deltaThreshold", default: 0.001)
    configuration.maxIterations = try map.integer("maxIterations", default: 100)
    configuration.randomJoins = try map.integer("randomJoins", default: 10)
    configuration.initialSampler = try map.choice(
      "initialSampler", default: KNearestNeighbours.Sampler.uniform)
    configuration.randomSeed = try randomSeed()
    configuration.similarityCutoff = try map.float("similarityCutoff", default: 0)
    configuration.perturbationRate = try map.float("perturbationRate", default: 0)
    return configuration
  }

  /// `nodeProperties`: a name, a map name → metric, or a list of these.
  fileprivate mutating func nodeSimilarities() throws -> NodeSimilarities {
    let key = "nodeProperties"
    let value = map.value(key)
    if value.isNull { throw map.missing(key, example: "['…']") }
    var similarities = NodeSimilarities()
    for (property, metric) in try Self.propertyMetrics(value) {
      let values = try graph.nodeValues(property, of: view)
      let first = view.nodes.members.joined().lazy.compactMap { values[$0] }.first
      let isIntegerList =
        if case .list(let items)? = first {
          items.allSatisfy { if case .integer = $0 { true } else { false } }
        } else {
          false
        }
      if isIntegerList && (metric == nil || metric == .jaccard || metric == .overlap) {
        let sets = try values.map { value -> [Int64] in
          guard let value else { return [] }
          guard case .list(let items) = value else {
            throw wrongProperty(property, key, value, "a list of integers")
          }
          return try items.map { item in
            guard case .integer(let number) = item else {
              throw wrongProperty(property, key, item, "an integer")
            }
            return number
          }
        }
        similarities.add(sets: sets, metric ?? .jaccard)
        continue
      }
      if metric == .jaccard || metric == .overlap {
        throw wrongProperty(property, key, first ?? .null, "a list of integers")
      }
      let rows = try rows(property, key)
      if rows.isVector {
        similarities.add(vectors: rows.matrix, metric ?? .cosine)
      } else if metric == nil {
        similarities.add(numbers: rows.values)
      } else {
        throw wrongProperty(property, key, first ?? .null, "a list of numbers")
      }
    }
    if similarities.isEmpty { throw map.missing(key, example: "['…']") }
    return similarities
  }

  private static func propertyMetrics(
    _ value: Value
  ) throws -> [(String, NodeSimilarities.Metric?)] {
    switch value {
    case .string(let name): return [(name, nil)]
    case .list(let values): return try values.flatMap { try propertyMetrics($0) }
    case .map(let entries):
      return try entries.keys.sorted().map { name in
        var inner = try ConfigurationMap(value, of: "nodeProperties")
        if try inner.string(name)?.uppercased() == "DEFAULT" { return (name, nil) }
        return (name, try inner.choice(name, default: NodeSimilarities.Metric.cosine))
      }
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "`nodeProperties` is \(value.typeNameWithArticle), not names or a map name → metric")
    }
  }
}
