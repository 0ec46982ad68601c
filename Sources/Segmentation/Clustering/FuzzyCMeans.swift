/// Fuzzy c-means (Bezdek 1981): every row belongs to every cluster to a degree, the degrees of a row
/// add up to 1, and centroids are means weighted by the m-th powers of the degrees.
package enum FuzzyCMeans {
  package struct Configuration: Sendable {
    /// The number of clusters.
    package var c = 8
    /// The exponent m, above 1 and at most 50: near 1 rows belong to one cluster only, far above to
    /// all alike, and m-th powers of degrees vanish.
    package var fuzziness = 2.0
    package var maxIterations = 300
    /// Stop when the Euclidean norm of the change of all degrees is below this.
    package var tolerance = 5e-3
    package var seed: UInt64 = 42
    /// Start from these degrees, shape `[rows][c]`, which are normalised.
    package var initialMemberships: Matrix?
    /// Start from these instead, shape `[c][columns]`; with neither, from greedy k-means++.
    package var initialCentroids: Matrix?
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// Degrees, shape `[rows][c]`; each row adds up to 1.
    package var memberships: Matrix
    /// Shape `[c][columns]`.
    package var centroids: Matrix
    /// The cluster of the greatest degree, of equals the first.
    package var labels: [Int]
    /// Σ degree^m · squared distance, with the degrees that the centroids were made of.
    package var objective: Double
    /// Mean over the rows of the sum of squared degrees: 1 where all are certain, 1 / c where none
    /// is (Bezdek's partition coefficient).
    package var partitionCoefficient: Double
    package var iterations: Int
    package var didConverge: Bool
  }

  /// Equal to scikit-fuzzy's `cmeans` from the same degrees, up to rounding. The result does not
  /// depend on the number of threads.
  ///
  /// - Parameter isCancelled: asked on the calling thread before each iteration.
  /// - Throws: for c below 1 or above the number of rows, a fuzziness of 1 or less, values that are
  ///   not finite, a start of another shape; when cancelled.
  /// - Complexity: O(rows · c · columns) an iteration; memory rows · (columns + c) numbers.
  package static func run(
    _ matrix: Matrix, _ configuration: Configuration = .init(),
    isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) -> Result {
    try validate(matrix, configuration)
    let points = PointTiles(matrix, concurrency: configuration.concurrency)
    try requireFinite(points, configuration.concurrency)
    let run = FuzzyRun(points, configuration)
    if let memberships = configuration.initialMemberships {
      run.start(memberships: memberships)
    } else if let centroids = configuration.initialCentroids {
      run.start(centroids: centroids.rowMajor())
    } else {
      var random = RandomSource(seed: configuration.seed)
      run.start(
        centroids: try KMeansSeeding.centroids(
          points, k: configuration.c, random: &random, concurrency: configuration.concurrency,
          isCancelled: isCancelled))
    }
    return try run.result(isCancelled: isCancelled)
  }

  private static func validate(
    _ matrix: Matrix, _ configuration: Configuration
  ) throws(SegmentationError) {
    let c = configuration.c
    try requireClusters(c, of: matrix)
    try require(
      configuration.fuzziness > 1 && configuration.fuzziness <= 50, "fuzziness",
      "it is \(configuration.fuzziness); it must be above 1 and at most 50, such as 2")
    try require(
      configuration.maxIterations >= 1, "maxIterations",
      "it is \(configuration.maxIterations); it must be at least 1")
    if let start = configuration.initialMemberships {
      try require(
        start.rowCount == matrix.rowCount && start.columnCount == c, "initialMemberships",
        "they are \(start.rowCount) of \(start.columnCount) clusters; "
          + "\(matrix.rowCount) of \(c) are needed")
      try require(
        start.values.allSatisfy { $0.isFinite && $0 >= 0 }, "initialMemberships",
        "they must be finite and not negative")
    }
    if let start = configuration.initialCentroids {
      try require(
        start.rowCount == c && start.columnCount == matrix.columnCount, "initialCentroids",
        "they are \(start.rowCount) of \(start.columnCount) columns; "
          + "\(c) of \(matrix.columnCount) are needed")
      try require(
        start.firstNotFinite() == nil, "initialCentroids", "they must be finite numbers")
    }
  }
}

/// One run of fuzzy c-means. A pass over the rows makes the degrees for the centroids as they are,
/// and at once the weighted sums for the next ones.
final class FuzzyRun {
  private let points: PointTiles
  private let configuration: FuzzyCMeans.Configuration
  private let c: Int
  private let dimension: Int
  private let centroids: Scratch<Double>
  /// In tiles as the points: `(tile * c + cluster) * 8 + lane`.
  private let memberships: Scratch<Double>
  /// Per block of rows, summed over tiles lane by lane: `[blocks][c][dimension + 1][8]`; the last
  /// column adds up the weights.
  private let sums: Scratch<Double>
  /// Per block: Σ change², Σ weight · distance², Σ degree².
  private let measures: Scratch<Double>

  /// Degrees and distances below this count as this, as in scikit-fuzzy.
  private static let least = Double.ulpOfOne

  init(_ points: PointTiles, _ configuration: FuzzyCMeans.Configuration) {
    self.points = points
    self.configuration = configuration
    c = configuration.c
    dimension = points.dimension
    centroids = Scratch(c * dimension, repeating: 0)
    memberships = Scratch(points.tileCount * c * 8, repeating: 0)
    sums = Scratch(points.blockCount * c * (dimension + 1) * 8, repeating: 0)
    measures = Scratch(points.blockCount * 3, repeating: 0)
  }

  func start(centroids start: [Double]) {
    for position in start.indices { centroids.base[position] = start[position] }
    pass()
  }

  func start(memberships start: Matrix) {
    for row in 0..<points.count {
      for cluster in 0..<c {
        memberships.base[(row / 8 * c + cluster) * 8 + row % 8] = max(
          start[row, cluster], Self.least)
      }
    }
    weigh()
  }

  func result(isCancelled: () -> Bool) throws(SegmentationError) -> FuzzyCMeans.Result {
    var iterations = 0
    var didConverge = false
    while iterations < configuration.maxIterations && !didConverge {
      if isCancelled() { throw .cancelled }
      moveCentroids()
      pass()
      iterations += 1
      didConverge = measure(0).squareRoot() < configuration.tolerance
    }
    return summary(iterations: iterations, didConverge: didConverge)
  }

  private func measure(_ index: Int) -> Double {
    (0..<points.blockCount).reduce(0) { $0 + measures.base[$1 * 3 + index] }
  }

  /// Centroids from the weighted sums.
  private func moveCentroids() {
    let width = dimension + 1
    for cluster in 0..<c {
      var totals = [Double](repeating: 0, count: width)
      for block in 0..<points.blockCount {
        let place = sums.base + (block * c + cluster) * width * 8
        for column in 0..<width { totals[column] += loadEight(place + column * 8).sum() }
      }
      for column in 0..<dimension {
        centroids.base[cluster * dimension + column] = totals[column] / totals[dimension]
      }
    }
  }

  /// Sums for the first centroids from degrees that were given.
  private func weigh() {
    let power = MembershipPower(configuration.fuzziness)
    let (points, memberships, sums, c, dimension) = (points, memberships, sums, c, dimension)
    parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
      let target = sums.base + block * c * (dimension + 1) * 8
      let weights = Scratch<Double>(c * 8, repeating: 0)
      for tile in points.tiles(of: block) {
        let degrees = memberships.base + tile * c * 8
        var total = SIMD8<Double>.zero
        for cluster in 0..<c { total += loadEight(degrees + cluster * 8) }
        for cluster in 0..<c {
          var degree = loadEight(degrees + cluster * 8) / total
          degree.replace(with: Self.least, where: degree .< Self.least)
          var weight = power.weight(degree)
          for lane in points.rows(in: tile)..<8 {
            degree[lane] = 0
            weight[lane] = 0
          }
          storeEight(degree, to: degrees + cluster * 8)
          storeEight(weight, to: weights.base + cluster * 8)
        }
        Self.add(
          points.tile(tile), weights: weights.base, to: target, c: c, dimension: dimension)
      }
    }
  }

  /// Degrees for the centroids, how much they changed, and the sums for the next centroids.
  private func pass() {
    let power = MembershipPower(configuration.fuzziness)
    let (points, memberships, sums, c, dimension) = (points, memberships, sums, c, dimension)
    let (centroids, measures) = (centroids, measures)
    parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
      let target = sums.base + block * c * (dimension + 1) * 8
      target.update(repeating: 0, count: c * (dimension + 1) * 8)
      let squares = Scratch<Double>(c * 8, repeating: 0)
      let weights = Scratch<Double>(c * 8, repeating: 0)
      var change = SIMD8<Double>.zero
      var objective = SIMD8<Double>.zero
      var certainty = SIMD8<Double>.zero
      for tile in points.tiles(of: block) {
        let point = points.tile(tile)
        squaredDistances(
          point, toEach: centroids.base, count: c, dimension, into: squares.base)
        let degrees = memberships.base + tile * c * 8
        var total = SIMD8<Double>.zero
        for cluster in 0..<c {
          var square = loadEight(squares.base + cluster * 8)
          let floor = Self.least * Self.least
          square.replace(with: floor, where: square .< floor)
          storeEight(square, to: squares.base + cluster * 8)
          let closeness = power.closeness(square)
          storeEight(closeness, to: weights.base + cluster * 8)
          total += closeness
        }
        let scale = SIMD8<Double>(repeating: 1) / total
        let rows = points.rows(in: tile)
        for cluster in 0..<c {
          let before = loadEight(degrees + cluster * 8)
          var degree = loadEight(weights.base + cluster * 8) * scale
          if rows < 8 { for lane in rows..<8 { degree[lane] = 0 } }
          var floored = degree
          floored.replace(with: Self.least, where: degree .< Self.least)
          var weight = power.weight(floored)
          var beforeWeight = power.weight(before)
          if rows < 8 {
            for lane in rows..<8 {
              weight[lane] = 0
              beforeWeight[lane] = 0
            }
          }
          storeEight(weight, to: weights.base + cluster * 8)
          storeEight(degree, to: degrees + cluster * 8)
          let difference = degree - before
          change += difference * difference
          objective += beforeWeight * loadEight(squares.base + cluster * 8)
          certainty += degree * degree
        }
        Self.add(point, weights: weights.base, to: target, c: c, dimension: dimension)
      }
      measures.base[block * 3] = change.sum()
      measures.base[block * 3 + 1] = objective.sum()
      measures.base[block * 3 + 2] = certainty.sum()
    }
  }

  /// Adds the weighted rows of a tile, lane by lane.
  @inline(__always)
  private static func add(
    _ point: UnsafePointer<Double>, weights: UnsafePointer<Double>,
    to target: UnsafeMutablePointer<Double>, c: Int, dimension: Int
  ) {
    for cluster in 0..<c {
      let weight = loadEight(weights + cluster * 8)
      let sum = target + cluster * (dimension + 1) * 8
      for column in 0..<dimension {
        storeEight(
          loadEight(sum + column * 8) + weight * loadEight(point + column * 8),
          to: sum + column * 8)
      }
      storeEight(loadEight(sum + dimension * 8) + weight, to: sum + dimension * 8)
    }
  }

  private func summary(iterations: Int, didConverge: Bool) -> FuzzyCMeans.Result {
    let count = points.count
    let (memberships, points, c) = (memberships, points, c)
    var labels: [Int] = []
    let degrees = [Double](unsafeUninitializedCapacity: count * c) { degrees, written in
      let degrees = SharedMutablePointer(base: degrees.baseAddress)
      labels = [Int](unsafeUninitializedCapacity: count) { labels, filled in
        let labels = SharedMutablePointer(base: labels.baseAddress)
        parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
          guard let degrees = degrees.base, let labels = labels.base else { return }
          for tile in points.tiles(of: block) {
            for lane in 0..<points.rows(in: tile) {
              let row = tile * 8 + lane
              var best = 0
              var greatest = -1.0
              for cluster in 0..<c {
                let degree = memberships.base[(tile * c + cluster) * 8 + lane]
                degrees[cluster * count + row] = degree
                if degree > greatest { (best, greatest) = (cluster, degree) }
              }
              labels[row] = best
            }
          }
        }
        filled = count
      }
      written = count * c
    }
    var centres = Matrix(rowCount: c, columnCount: dimension)
    for cluster in 0..<c {
      for column in 0..<dimension {
        centres[cluster, column] = centroids.base[cluster * dimension + column]
      }
    }
    return FuzzyCMeans.Result(
      memberships: Matrix(rowCount: count, columnCount: c, values: degrees), centroids: centres,
      labels: labels, objective: measure(1),
      partitionCoefficient: measure(2) / Double(count), iterations: iterations,
      didConverge: didConverge)
  }
}

/// The two powers of fuzzy c-means. For m = 2 they need no power function.
struct MembershipPower: Sendable {
  private let isSquare: Bool
  private let m: Double
  private let exponent: Double

  init(_ fuzziness: Double) {
    isSquare = fuzziness == 2
    m = fuzziness
    exponent = -1 / (fuzziness - 1)
  }

  /// Degree to the power m.
  @inline(__always)
  func weight(_ degree: SIMD8<Double>) -> SIMD8<Double> {
    if isSquare { return degree * degree }
    var result = degree
    for lane in 0..<8 { result[lane] = power(degree[lane], m) }
    return result
  }

  /// Distance to the power −2 / (m − 1), of the squared distance.
  @inline(__always)
  func closeness(_ square: SIMD8<Double>) -> SIMD8<Double> {
    if isSquare { return SIMD8(repeating: 1) / square }
    var result = square
    for lane in 0..<8 { result[lane] = power(square[lane], exponent) }
    return result
  }
}
