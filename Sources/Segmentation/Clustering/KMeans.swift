/// k-means clustering: k-means++ seeding (Arthur, Vassilvitskii 2007) and Lloyd's iterations with
/// Hamerly's bounds (2010).
package enum KMeans {
  package struct Configuration: Sendable {
    /// The number of clusters.
    package var k = 8
    package var maxIterations = 300
    /// Stop when the centroids moved by less: the sum of their squared shifts, as a share of the
    /// columns' mean variance (as scikit-learn's `tol`).
    package var tolerance = 1e-4
    /// Starts with different seeds; the one of the least inertia stays.
    package var restarts = 1
    package var seed: UInt64 = 42
    /// Start from these instead of k-means++, shape `[k][columns]`.
    package var initialCentroids: Matrix?
    package var concurrency = 4
    package init() {}
  }

  package struct Result: Sendable {
    /// The cluster of each row, in `0 ..< k`.
    package var labels: [Int]
    /// Shape `[k][columns]`.
    package var centroids: Matrix
    /// The distance of each row to its centroid.
    package var distances: [Double]
    /// The sum of the squared distances of rows to their centroids.
    package var inertia: Double
    package var iterations: Int
    package var didConverge: Bool
    /// Rows of each cluster.
    package var sizes: [Int]
  }

  /// The result depends on the seed, never on the number of threads. A cluster that lost all rows
  /// gets the row that is farthest from its own centroid.
  ///
  /// - Throws: for k below 1 or above the number of rows, values that are not finite, initial
  ///   centroids of another shape.
  /// - Complexity: O(rows · k · columns) for the seeding and at most as much for an iteration;
  ///   memory rows · (columns + 4) numbers.
  package static func run(
    _ matrix: Matrix, _ configuration: Configuration = .init()
  ) throws(SegmentationError) -> Result {
    try validate(matrix, configuration)
    let points = PointBlock(matrix)
    var random = RandomSource(seed: configuration.seed)
    var best: Result?
    let restarts = configuration.initialCentroids == nil ? configuration.restarts : 1
    for _ in 0..<restarts {
      var stream = random.split()
      let start =
        configuration.initialCentroids?.rowMajor()
        ?? KMeansSeeding.centroids(
          points, k: configuration.k, random: &stream, concurrency: configuration.concurrency)
      let run = LloydRun(points, start, configuration)
      let result = run.result()
      if best.map({ result.inertia < $0.inertia }) ?? true { best = result }
    }
    guard let best else { throw SegmentationError("restarts", "it must be at least 1") }
    return best
  }

  private static func validate(
    _ matrix: Matrix, _ configuration: Configuration
  ) throws(SegmentationError) {
    let k = configuration.k
    try require(matrix.columnCount >= 1, "features", "there are none; give at least one column")
    try require(k >= 1, "k", "it is \(k); it must be at least 1")
    try require(
      k <= matrix.rowCount, "k",
      "it is \(k), more than the \(matrix.rowCount) rows to be clustered")
    try require(
      configuration.restarts >= 1, "restarts",
      "it is \(configuration.restarts); it must be at least 1")
    try require(
      configuration.maxIterations >= 1, "maxIterations",
      "it is \(configuration.maxIterations); it must be at least 1")
    if let first = matrix.firstNotFinite() {
      throw SegmentationError(
        "features",
        "row \(first.row + 1), column \(first.column + 1) has no finite value; replace it first")
    }
    if let start = configuration.initialCentroids {
      try require(
        start.rowCount == k && start.columnCount == matrix.columnCount, "initialCentroids",
        "they are \(start.rowCount) of \(start.columnCount) columns; "
          + "\(k) of \(matrix.columnCount) are needed")
      try require(
        start.firstNotFinite() == nil, "initialCentroids", "they must be finite numbers")
    }
  }
}
