internal import GraphKernels

extension GraphAlgorithm {
  static let kMeans = GraphAlgorithm(
    "gds.kmeans", "Groups of nodes whose vectors lie near each other.",
    stream: [
      .integer("nodeId"), .integer("communityId"), .float("distanceFromCentroid"),
      .float("silhouette"),
    ],
    summary: [
      .map("communityDistribution"), .init("centroids", "LIST<LIST<FLOAT>>"),
      .float("averageDistanceToCentroid"), .float("averageSilhouette"),
    ]
  ) { settings in
    var configuration = KMeans.Configuration()
    configuration.concurrency = settings.concurrency
    configuration.k = try settings.map.integer("k", default: 10)
    configuration.maxIterations = try settings.map.integer("maxIterations", default: 10)
    configuration.deltaThreshold = try settings.map.float("deltaThreshold", default: 0.05)
    configuration.numberOfRestarts = try settings.map.integer("numberOfRestarts", default: 1)
    configuration.initialSampler = try settings.map.choice(
      "initialSampler", default: KMeans.Sampler.uniform)
    configuration.computeSilhouette = try settings.map.boolean(
      "computeSilhouette", default: false)
    configuration.randomSeed = try settings.randomSeed()
    configuration.seedCentroids = try settings.map.floatLists("seedCentroids") ?? []
    let view = settings.view
    let rows = try settings.rows(settings.map.requiredString("nodeProperty"), "nodeProperty")
    let points = FloatMatrix(
      view.nodes.members.joined().flatMap { index in
        rows.values[index * rows.dimension..<(index + 1) * rows.dimension].map { Float($0) }
      }, dimension: rows.dimension)
    return PreparedAlgorithm(
      memory: KMeans.memoryEstimate(
        nodeCount: view.nodeCount, dimension: rows.dimension, configuration)
    ) { [configuration] monitor in
      let result = try KMeans.run(points, configuration, monitor: monitor)
      let places = view.memberPlaces
      let hasSilhouettes = !result.silhouettes.isEmpty
      var sizes: [Int64: Int] = [:]
      for group in result.groups { sizes[group, default: 0] += 1 }
      return .perNode(
        view,
        [
          .values { .integer(result.groups[places[$0]]) },
          .values { .float(result.distances[places[$0]]) },
          .values { .float(hasSilhouettes ? result.silhouettes[places[$0]] : -1) },
        ],
        summary: {
          let count = Double(max(result.silhouettes.count, 1))
          return [
            "communityDistribution": .communityDistribution(
              Distribution(counts: Array(sizes.values))),
            "centroids": .list(result.centroids.map { .floats($0) }),
            "averageDistanceToCentroid": .float(result.averageDistance),
            "averageSilhouette": .float(
              hasSilhouettes ? result.silhouettes.reduce(0, +) / count : -1),
          ]
        })
    }
  }
}

extension GraphView {
  /// For each index its place among the members.
  var memberPlaces: [Int] {
    var places = [Int](repeating: 0, count: nodeCount)
    for (place, index) in nodes.members.joined().enumerated() { places[index] = place }
    return places
  }
}
