/// k-means clustering: greedy k-means++ seeding and Lloyd's iterations with Hamerly's bounds, or
/// mini-batches (`MiniBatchRun`).
package enum KMeans {
  package struct Configuration: Sendable {
    /// The number of clusters.
    package var k = 8
    package var maxIterations = 300
    /// Stop when the centroids moved by no more: the sum of their squared shifts, as a share of the
    /// columns' mean variance (as scikit-learn's `tol`). 0: when no row changes its cluster.
    package var tolerance = 1e-4
    /// Starts with different seeds; the one of the least inertia stays.
    package var restarts = 1
    package var seed: UInt64 = 42
    /// Start from these instead of k-means++, shape `[k][columns]`.
    package var initialCentroids: Matrix?
    /// Rows of a mini-batch; nil: all rows in each iteration.
    package var batchSize: Int?
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
    /// Passes over the rows, or mini-batches.
    package var iterations: Int
    package var didConverge: Bool
    /// Rows of each cluster.
    package var sizes: [Int]
  }

  /// The result depends on the seed, never on the number of threads. A cluster that lost all rows
  /// gets the row that is farthest from its own centroid.
  ///
  /// - Parameter isCancelled: asked on the calling thread before each iteration.
  /// - Throws: for k below 1 or above the number of rows, values that are not finite, initial
  ///   centroids of another shape; when cancelled.
  /// - Complexity: O(rows · k · log k · columns) for the seeding and at most O(rows · k · columns)
  ///   for an iteration; memory rows · (columns + 1) numbers, with seeding rows · (3 + ln k) more.
  package static func run(
    _ matrix: Matrix, _ configuration: Configuration = .init(),
    isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) -> Result {
    try validate(matrix, configuration)
    let points = PointTiles(matrix, concurrency: configuration.concurrency)
    try requireFinite(points, configuration.concurrency)
    var random = RandomSource(seed: configuration.seed)
    var best: Result?
    let restarts = configuration.initialCentroids == nil ? configuration.restarts : 1
    for _ in 0..<restarts {
      var stream = random.split()
      let start: [Double]
      if let given = configuration.initialCentroids {
        start = given.rowMajor()
      } else {
        start = try KMeansSeeding.centroids(
          points, k: configuration.k, random: &stream, concurrency: configuration.concurrency,
          isCancelled: isCancelled)
      }
      let result: Result
      if let batch = configuration.batchSize, batch < points.count {
        result = try MiniBatchRun(points, start, configuration, batchSize: batch)
          .result(&stream, isCancelled: isCancelled)
      } else {
        result = try LloydRun(points, start, configuration).result(isCancelled: isCancelled)
      }
      if best.map({ result.inertia < $0.inertia }) ?? true { best = result }
    }
    guard let best else { throw SegmentationError("restarts", "it must be at least 1") }
    return best
  }

  /// Rows in the clusters of centroids that were found before, as at an earlier date.
  ///
  /// - Throws: for another number of columns, for values that are not finite.
  package static func assign(
    _ matrix: Matrix, to centroids: Matrix, concurrency: Int = 4
  ) throws(SegmentationError) -> Result {
    try require(
      centroids.rowCount >= 1 && centroids.columnCount == matrix.columnCount, "features",
      "there are \(matrix.columnCount) columns, the centroids have \(centroids.columnCount)")
    let points = PointTiles(matrix, concurrency: concurrency)
    try requireFinite(points, concurrency)
    return NearestCentroids(
      points, Scratch(centroids.rowMajor()), k: centroids.rowCount, concurrency: concurrency
    ).result(iterations: 0, didConverge: true)
  }

  private static func validate(
    _ matrix: Matrix, _ configuration: Configuration
  ) throws(SegmentationError) {
    let k = configuration.k
    try requireClusters(k, of: matrix)
    try require(
      configuration.restarts >= 1, "restarts",
      "it is \(configuration.restarts); it must be at least 1")
    try require(
      configuration.maxIterations >= 1, "maxIterations",
      "it is \(configuration.maxIterations); it must be at least 1")
    if let batch = configuration.batchSize {
      try require(batch >= 1, "batchSize", "it is \(batch); it must be at least 1")
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

/// - Throws: unless rows can be divided into k clusters.
func requireClusters(_ k: Int, of matrix: Matrix) throws(SegmentationError) {
  try require(matrix.columnCount >= 1, "features", "there are none; give at least one column")
  try require(k >= 1, "k", "it is \(k); it must be at least 1")
  try require(
    k <= matrix.rowCount, "k",
    "it is \(k), more than the \(matrix.rowCount) rows to be clustered")
}

/// - Throws: for the first value that is not a finite number.
func requireFinite(_ points: PointTiles, _ concurrency: Int) throws(SegmentationError) {
  guard let first = points.firstNotFinite(concurrency: concurrency) else { return }
  throw SegmentationError(
    "features",
    "row \(first.row + 1), column \(first.column + 1) has no finite value; replace it first")
}
