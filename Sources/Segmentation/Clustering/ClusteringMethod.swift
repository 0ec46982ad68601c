/// One of the methods with its settings.
package enum ClusteringMethod: Sendable {
  case kMeans(KMeans.Configuration)
  case cMeans(FuzzyCMeans.Configuration)
  case dbscan(DBSCAN.Configuration)

  /// The same with another number of clusters; DBSCAN finds its own.
  package func with(k: Int) -> ClusteringMethod {
    switch self {
    case .kMeans(var configuration):
      configuration.k = k
      configuration.initialCentroids = nil
      return .kMeans(configuration)
    case .cMeans(var configuration):
      configuration.c = k
      configuration.initialCentroids = nil
      configuration.initialMemberships = nil
      return .cMeans(configuration)
    case .dbscan: return self
    }
  }

  /// The same from another seed.
  package func with(seed: UInt64) -> ClusteringMethod {
    switch self {
    case .kMeans(var configuration):
      configuration.seed = seed
      return .kMeans(configuration)
    case .cMeans(var configuration):
      configuration.seed = seed
      return .cMeans(configuration)
    case .dbscan: return self
    }
  }

  /// - Throws: as the method does.
  package func run(
    _ matrix: Matrix, isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) -> Clustering {
    switch self {
    case .kMeans(let configuration):
      return Clustering(try KMeans.run(matrix, configuration, isCancelled: isCancelled))
    case .cMeans(let configuration):
      return Clustering(
        try FuzzyCMeans.run(matrix, configuration, isCancelled: isCancelled), matrix)
    case .dbscan(let configuration):
      return Clustering(try DBSCAN.run(matrix, configuration, isCancelled: isCancelled), matrix)
    }
  }
}

/// Rows in clusters, whatever the method.
package struct Clustering: Sendable {
  /// In `0 ..< clusterCount`; −1 for noise.
  package var labels: [Int]
  package var clusterCount: Int
  /// Shape `[clusterCount][columns]`; of DBSCAN the means of the clusters.
  package var centroids: Matrix
  /// Of each row to the centroid of its cluster; NaN for noise.
  package var distances: [Double]
  /// Σ distance²; noise left out.
  package var inertia: Double
  package var iterations: Int
  /// Shape `[rows][clusterCount]`, of fuzzy c-means.
  package var memberships: Matrix?
  /// Of fuzzy c-means.
  package var partitionCoefficient: Double?

  init(_ result: KMeans.Result) {
    labels = result.labels
    clusterCount = result.centroids.rowCount
    centroids = result.centroids
    distances = result.distances
    inertia = result.inertia
    iterations = result.iterations
  }

  init(_ result: FuzzyCMeans.Result, _ matrix: Matrix) {
    labels = result.labels
    clusterCount = result.centroids.rowCount
    centroids = result.centroids
    iterations = result.iterations
    memberships = result.memberships
    partitionCoefficient = result.partitionCoefficient
    (distances, inertia) = Self.distances(matrix, result.labels, result.centroids)
  }

  init(_ result: DBSCAN.Result, _ matrix: Matrix) {
    labels = result.labels
    clusterCount = result.clusterCount
    centroids = Self.means(matrix, result.labels, clusterCount)
    iterations = 1
    (distances, inertia) = Self.distances(matrix, result.labels, centroids)
  }

  private static func means(_ matrix: Matrix, _ labels: [Int], _ count: Int) -> Matrix {
    var means = Matrix(rowCount: count, columnCount: matrix.columnCount)
    var sizes = [Int](repeating: 0, count: count)
    for label in labels where label >= 0 { sizes[label] += 1 }
    for column in 0..<matrix.columnCount {
      for (row, label) in labels.enumerated() where label >= 0 {
        means[label, column] += matrix[row, column]
      }
      for cluster in 0..<count where sizes[cluster] > 0 {
        means[cluster, column] /= Double(sizes[cluster])
      }
    }
    return means
  }

  private static func distances(
    _ matrix: Matrix, _ labels: [Int], _ centroids: Matrix
  ) -> ([Double], Double) {
    var squares = [Double](repeating: 0, count: labels.count)
    for column in 0..<matrix.columnCount {
      for (row, label) in labels.enumerated() where label >= 0 {
        let difference = matrix[row, column] - centroids[label, column]
        squares[row] += difference * difference
      }
    }
    let inertia = squares.reduce(0, +)
    for row in squares.indices {
      squares[row] = labels[row] >= 0 ? squares[row].squareRoot() : .nan
    }
    return (squares, inertia)
  }
}
