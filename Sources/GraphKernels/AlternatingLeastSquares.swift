package import GraphTypes

/// Factors of implicit feedback: each source (client) and target (item) gets a vector, so that
/// the product of two is near 1 where they have to do with each other and near 0 elsewhere (Hu,
/// Koren, Volinsky: "Collaborative filtering for implicit feedback datasets", 2008). Minimises
///
///     Σ over all pairs  c · (p − x·y)²  +  λ (Σ |x|² + Σ |y|²)
///
/// where *p* is 1 and *c* = 1 + α · value for pairs that have a value (`InteractionMatrix`), and
/// *p* = 0, *c* = 1 for all others. Sources and targets are solved for in turn, each vector by some
/// steps of conjugate gradients from where it was (Takács, Pilászy, Tikk: "Applications of the
/// conjugate gradient method for implicit feedback collaborative filtering", 2011).
package enum AlternatingLeastSquares {
  package struct Configuration: Sendable {
    package var common = Recommendations.Configuration()
    /// The length of the vectors.
    package var factors = 64
    /// λ
    package var regularization = 0.01
    /// α: how much more is known of a pair that has a value.
    package var alpha = 1.0
    package var iterations = 15
    /// Steps of conjugate gradients for each vector in each iteration.
    package var steps = 3
    package var randomSeed: UInt64 = 42
    package init() {}
  }

  package struct Factors: Sendable {
    /// Shape `[sources · factors]`, `[targets · factors]`; in order of `sourceNodes`,
    /// `targetNodes`, which are indices in the view.
    package var sources: FloatMatrix
    package var targets: FloatMatrix
    package var sourceNodes: [UInt32]
    package var targetNodes: [UInt32]
    /// What is minimised, by the mean of all pairs.
    package var loss: Double
  }

  /// The result does not depend on the number of threads.
  /// - Throws: `ArgumentError` for a configuration out of range; what the monitor throws.
  /// - Complexity: O(iterations · steps · factors · (*m* + *n* · factors)) time.
  package static func factorise(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> Factors {
    let matrix = InteractionMatrix(view, usesWeights: configuration.common.usesWeights)
    let (x, y) = try factors(matrix, configuration, share: 1, monitor: monitor)
    return Factors(
      sources: x.matrix, targets: y.matrix, sourceNodes: matrix.sources,
      targetNodes: matrix.targets, loss: try loss(matrix, x, y, configuration, monitor: monitor))
  }

  /// The targets with the greatest products; scores are these.
  package static func run(
    _ view: GraphView, _ configuration: Configuration = .init(),
    monitor: some AlgorithmMonitor = SilentMonitor()
  ) throws(QueryError) -> (recommendations: Recommendations, loss: Double) {
    try configuration.common.validate()
    let matrix = InteractionMatrix(view, usesWeights: configuration.common.usesWeights)
    let (x, y) = try factors(matrix, configuration, share: 0.8, monitor: monitor)
    let search = RecommendationSearch(matrix, configuration.common)
    let scorer = FactorProducts(x, y)
    let workers = (0..<max(configuration.common.concurrency, 1)).map { _ in scorer.makeScores() }
    let result = try search.run(
      blockSize: FactorProducts.blockSize * 4, "recommending", from: 0.8, monitor: monitor
    ) { (worker, rows, select) throws(QueryError) in
      var begin = rows.startIndex
      while begin < rows.endIndex {
        let block = rows[begin..<min(begin + FactorProducts.blockSize, rows.endIndex)]
        scorer.fill(workers[worker], block)
        for (lane, row) in block.enumerated() {
          select(row) { workers[worker].offer(lane, to: $0) }
        }
        begin = block.endIndex
      }
    }
    return (result, try loss(matrix, x, y, configuration, monitor: monitor))
  }

  private static func factors(
    _ matrix: InteractionMatrix, _ configuration: Configuration, share: Double,
    monitor: some AlgorithmMonitor
  ) throws(QueryError) -> (FactorRows, FactorRows) {
    try validate(configuration)
    let x = FactorRows(matrix.sources.count, configuration.factors)
    let y = FactorRows(matrix.targets.count, configuration.factors)
    y.randomise(configuration.randomSeed)
    let solver = FactorSolver(configuration)
    for iteration in 0..<configuration.iterations {
      try solver.solve(x, by: y, matrix.rows, monitor: monitor)
      try solver.solve(y, by: x, matrix.columns, monitor: monitor)
      monitor.report(
        "iteration \(iteration + 1) of \(configuration.iterations)",
        fraction: share * Double(iteration + 1) / Double(configuration.iterations))
    }
    return (x, y)
  }

  /// Of all pairs, those without a value by the sum of squares xᵀ(YᵀY)x over all targets.
  private static func loss(
    _ matrix: InteractionMatrix, _ x: FactorRows, _ y: FactorRows, _ configuration: Configuration,
    monitor: some AlgorithmMonitor
  ) throws(QueryError) -> Double {
    let solver = FactorSolver(configuration)
    let gram = try solver.gram(of: y, monitor: monitor)
    let block = 256
    let sums = Scratch<Double>((x.count + block - 1) / block, repeating: 0)
    try parallelFor(
      sums.count, concurrency: configuration.common.concurrency, monitor: monitor
    ) { (_, index) throws(QueryError) in
      let product = Scratch<Float>(x.stride, repeating: 0)
      var sum = 0.0
      for row in index * block..<min((index + 1) * block, x.count) {
        let vector = x.row(row)
        gram.multiply(vector, into: product.base)
        sum += Double(FactorRows.dot(vector, product.base, x.stride))
        for i in matrix.rows.range(row) {
          let score = Double(
            FactorRows.dot(vector, y.row(Int(matrix.rows.columns.base[i])), x.stride))
          let confidence = 1 + configuration.alpha * Double(matrix.rows.values.base[i])
          sum += confidence * (1 - score) * (1 - score) - score * score
        }
      }
      sums.base[index] = sum
    }
    var total = configuration.regularization * (x.squares + y.squares)
    for i in 0..<sums.count { total += sums.base[i] }
    return total / Double(max(x.count * y.count, 1))
  }

  package static func memoryEstimate(
    nodeCount: Int, relationshipCount: Int, _ configuration: Configuration = .init()
  ) -> MemoryEstimate {
    let matrix = InteractionMatrix.bytes(
      nodeCount: nodeCount, relationshipCount: relationshipCount)
    // Asked before the configuration is checked: any number may come.
    let factors = min(max(configuration.factors, 1), 1 << 16)
    let threads = min(max(configuration.common.concurrency, 1), 1 << 10)
    let vectors = 4 * nodeCount * (factors + 15)
    let scores = 4 * FactorProducts.blockSize * nodeCount * threads
    let results = 36 * nodeCount * min(configuration.common.topK, nodeCount)
    return MemoryEstimate(
      bytesMin: matrix.bytesMin + vectors,
      bytesMax: matrix.bytesMax + vectors + scores + results)
  }

  private static func validate(_ configuration: Configuration) throws(QueryError) {
    try require(
      configuration.factors >= 1 && configuration.factors <= 4096, "factors",
      configuration.factors, "in 1 ... 4096")
    try require(
      configuration.regularization >= 0, "regularization", configuration.regularization,
      "at least 0")
    try require(configuration.alpha >= 0, "alpha", configuration.alpha, "at least 0")
    try require(
      configuration.iterations >= 1, "iterations", configuration.iterations, "at least 1")
    try require(configuration.steps >= 1, "steps", configuration.steps, "at least 1")
  }
}
