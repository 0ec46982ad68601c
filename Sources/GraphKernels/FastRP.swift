package import GraphTypes

/// Fast random projection (Chen, Sultan, Tian, Chen, Skiena: "Fast and accurate network embeddings
/// via very sparse random projection", 2019) as GDS defines it: nodes start with random vectors; in
/// each iteration a node's vector is the mean of its neighbours' vectors, and is added, scaled to
/// length 1, to its embedding.
package enum FastRP {
  package struct Configuration: Sendable {
    package var embeddingDimension = 128
    /// How much each iteration counts.
    package var iterationWeights: [Double] = [0, 1, 1]
    /// How much a node's own random vector counts.
    package var nodeSelfInfluence = 0.0
    /// Random vectors are multiplied by degree to this power.
    package var normalizationStrength = 0.0
    /// The share of dimensions that are made from `features` alone.
    package var propertyRatio = 0.0
    /// Features of nodes, `nodeCount` rows.
    package var features: FloatMatrix?
    package var randomSeed: UInt64 = 42
    package var usesWeights = true
    package var concurrency = 4
    package init() {}
  }

  /// Sparse random vectors: two of three entries are 0.
  private static let sparsity = 3.0

  /// A node's random numbers are its own: the result does not depend on the number of threads.
  /// - Returns: an embedding for each index.
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(iterations · dimension · (*n* + *m*)) time; 12 · dimension bytes a node.
  package static func run(
    _ view: GraphView, _ configuration: Configuration,
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> FloatMatrix {
    try validate(configuration, view)
    let n = view.nodeCount
    let d = configuration.embeddingDimension
    let projection = RandomProjection(view, configuration, sparsity: sparsity)
    var previous = Scratch<Float>(n * d, repeating: 0)
    var current = Scratch<Float>(n * d, repeating: 0)
    let embeddings = Scratch<Float>(n * d, repeating: 0)
    let concurrency = configuration.concurrency
    let blocks = Morsels(count: n, size: 1024)
    try parallelFor(blocks.count, concurrency: concurrency, monitor: monitor) {
      [previous] (_, block) throws(QueryError) in
      for node in blocks.range(block) {
        projection.fill(node, previous.base + node * d)
        add(
          previous.base + node * d, times: Float(configuration.nodeSelfInfluence), normalised: true,
          to: embeddings.base + node * d, d)
      }
    }
    let isWeighted = configuration.usesWeights && view.isWeighted
    let morsels = Morsels(view.outgoing)
    for (iteration, weight) in configuration.iterationWeights.enumerated() {
      try parallelFor(morsels.count, concurrency: concurrency, monitor: monitor) {
        [previous, current] (_, morsel) throws(QueryError) in
        for node in morsels.range(morsel) {
          let vector = current.base + node * d
          sum(view.outgoing, node, isWeighted: isWeighted, previous.base, into: vector, d)
          add(
            vector, times: Float(weight), normalised: true, to: embeddings.base + node * d, d)
        }
      }
      swap(&previous, &current)
      monitor.report(
        "iteration \(iteration + 1) of \(configuration.iterationWeights.count)",
        fraction: Double(iteration + 1) / Double(configuration.iterationWeights.count))
    }
    return FloatMatrix(embeddings.array.prefix(n * d) + [], dimension: d)
  }

  /// The sum over neighbours, scaled to length 1.
  @inline(__always)
  private static func sum(
    _ table: NeighbourTable, _ node: Int, isWeighted: Bool, _ source: UnsafePointer<Float>,
    into vector: UnsafeMutablePointer<Float>, _ d: Int
  ) {
    for i in 0..<d { vector[i] = 0 }
    table.forEachRun(of: node) { run in
      let weights = isWeighted ? table.weights(of: run) : nil
      for j in 0..<Int(run.count) {
        let other = source + Int(run.start[j]) * d
        if let weights {
          let weight = Float(weights[j])
          for i in 0..<d { vector[i] += weight * other[i] }
        } else {
          for i in 0..<d { vector[i] += other[i] }
        }
      }
    }
    let length = norm(vector, d)
    if length > 0 {
      let scale = 1 / length
      for i in 0..<d { vector[i] *= scale }
    }
  }

  @inline(__always)
  private static func norm(_ vector: UnsafePointer<Float>, _ d: Int) -> Float {
    var sum: Float = 0
    for i in 0..<d { sum += vector[i] * vector[i] }
    return sum.squareRoot()
  }

  private static func add(
    _ vector: UnsafePointer<Float>, times weight: Float, normalised: Bool,
    to target: UnsafeMutablePointer<Float>, _ d: Int
  ) {
    let length = normalised ? norm(vector, d) : 1
    if weight == 0 || length == 0 { return }
    let scale = weight / length
    for i in 0..<d { target[i] += scale * vector[i] }
  }

  package static func memoryEstimate(
    nodeCount: Int, _ configuration: Configuration
  ) -> MemoryEstimate {
    let bytes = 12 * nodeCount * configuration.embeddingDimension
    return MemoryEstimate(bytesMin: bytes, bytesMax: bytes * 4 / 3)
  }

  private static func validate(
    _ configuration: Configuration, _ view: GraphView
  ) throws(QueryError) {
    let d = configuration.embeddingDimension
    try require(d >= 1, "embeddingDimension", d, "at least 1")
    try require(
      !configuration.iterationWeights.isEmpty || configuration.nodeSelfInfluence != 0,
      "iterationWeights", "[]", "not empty where nodeSelfInfluence is 0")
    let ratio = configuration.propertyRatio
    try require(ratio >= 0 && ratio <= 1, "propertyRatio", ratio, "in 0 ... 1")
    try require(
      ratio == 0 || configuration.features != nil, "propertyRatio", ratio,
      "0 where there are no featureProperties")
    if let features = configuration.features {
      try require(
        features.rowCount == view.nodeCount, "featureProperties", features.rowCount,
        "one row a node (\(view.nodeCount))")
    }
  }
}

/// The vectors that nodes start with.
private struct RandomProjection: Sendable {
  private let table: NeighbourTable
  private let configuration: FastRP.Configuration
  private let sparsity: Double
  /// Random vectors of the features, `propertyDimension` numbers each.
  private let featureVectors: [Float]
  private let baseDimension: Int

  init(_ view: GraphView, _ configuration: FastRP.Configuration, sparsity: Double) {
    table = view.outgoing
    self.configuration = configuration
    self.sparsity = sparsity
    let own = Int(configuration.propertyRatio * Double(configuration.embeddingDimension))
    baseDimension = configuration.embeddingDimension - own
    let scale = own > 0 ? (sparsity / Double(own)).squareRoot() : 0
    var random = SplitMix(configuration.randomSeed, -1)
    featureVectors = (0..<own * (configuration.features?.dimension ?? 0)).map { _ in
      Self.entry(&random, Float(scale), sparsity)
    }
  }

  private static func entry(
    _ random: inout SplitMix, _ value: Float, _ sparsity: Double
  ) -> Float {
    let draw = random.nextUnit() * 2 * sparsity
    return draw < 1 ? value : draw < 2 ? -value : 0
  }

  func fill(_ node: Int, _ vector: UnsafeMutablePointer<Float>) {
    var random = SplitMix(configuration.randomSeed, node)
    let degree = table.degree(of: node)
    let scaling = degree == 0 ? 1 : power(Double(degree), configuration.normalizationStrength)
    let value = scaling * (sparsity / Double(max(baseDimension, 1))).squareRoot()
    for i in 0..<baseDimension { vector[i] = Self.entry(&random, Float(value), sparsity) }
    guard let features = configuration.features else { return }
    let own = configuration.embeddingDimension - baseDimension
    for (j, feature) in features.row(node).enumerated() where feature != 0 {
      for i in 0..<own { vector[baseDimension + i] += feature * featureVectors[j * own + i] }
    }
  }
}
