/// How well rows are divided into clusters.
package enum ClusterQuality {
  /// Mean silhouette (Rousseeuw 1987): (b − a) / max(a, b), with a the mean distance of a row to the
  /// others of its cluster and b the least mean distance to another cluster; 0 for a row alone in
  /// its cluster. In −1 ... 1, greater is better.
  ///
  /// - Parameter sampleSize: at most so many rows, drawn by `seed`, are compared with each other.
  /// - Returns: nil with fewer than two clusters (in the sample).
  /// - Complexity: O(sample² · columns).
  package static func silhouette(
    _ matrix: Matrix, labels: [Int], sampleSize: Int = 2000, seed: UInt64 = 42,
    concurrency: Int = 4
  ) -> Double? {
    let rows = sample(matrix.rowCount, size: sampleSize, seed: seed)
    let values = rows.isEmpty ? [] : silhouettes(matrix, labels: labels, rows: rows, concurrency)
    guard let values else { return nil }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Silhouette of each row among all rows; nil with fewer than two clusters.
  /// - Complexity: O(rows² · columns).
  package static func silhouettes(
    _ matrix: Matrix, labels: [Int], concurrency: Int = 4
  ) -> [Double]? {
    silhouettes(matrix, labels: labels, rows: Array(0..<matrix.rowCount), concurrency)
  }

  private static func silhouettes(
    _ matrix: Matrix, labels: [Int], rows: [Int], _ concurrency: Int
  ) -> [Double]? {
    let points = PointBlock(matrix.selecting(rows: rows))
    let own = rows.map { labels[$0] }
    let clusters = (own.max() ?? -1) + 1
    var sizes = [Int](repeating: 0, count: clusters)
    for label in own { sizes[label] += 1 }
    guard sizes.count(where: { $0 > 0 }) >= 2 else { return nil }
    let counts = sizes
    let n = rows.count
    let dimension = points.dimension
    let result = Scratch<Double>(n, repeating: 0)
    let block = 64
    parallelFor((n + block - 1) / block, concurrency: concurrency) { index in
      var sums = [Double](repeating: 0, count: clusters)
      for row in index * block..<min((index + 1) * block, n) {
        for cluster in 0..<clusters { sums[cluster] = 0 }
        let point = points.values.base + row * dimension
        for other in 0..<n {
          sums[own[other]] += squaredDistance(
            point, points.values.base + other * dimension, dimension
          ).squareRoot()
        }
        let size = counts[own[row]]
        if size < 2 { continue }
        let a = sums[own[row]] / Double(size - 1)
        var b = Double.infinity
        for cluster in 0..<clusters where cluster != own[row] && counts[cluster] > 0 {
          b = min(b, sums[cluster] / Double(counts[cluster]))
        }
        let greater = max(a, b)
        result.base[row] = greater > 0 ? (b - a) / greater : 0
      }
    }
    return result.array
  }

  private static func sample(_ count: Int, size: Int, seed: UInt64) -> [Int] {
    if count <= size { return Array(0..<count) }
    // Algorithm S (Knuth): ascending, each row with the same chance.
    var random = RandomSource(seed: seed)
    var result: [Int] = []
    for row in 0..<count where result.count < size {
      if random.index(below: count - row) < size - result.count { result.append(row) }
    }
    return result
  }

  /// Davies–Bouldin index (1979): the mean over clusters of the greatest (sᵢ + sⱼ) / d(cᵢ, cⱼ), with
  /// s the mean distance to the centroid. At least 0, smaller is better; nil with fewer than two
  /// clusters, infinite where two centroids are the same.
  package static func daviesBouldin(_ matrix: Matrix, labels: [Int]) -> Double? {
    let summary = ClusterSummary(matrix, labels: labels)
    let present = summary.sizes.indices.filter { summary.sizes[$0] > 0 }
    guard present.count >= 2 else { return nil }
    var total = 0.0
    for a in present {
      var worst = 0.0
      for b in present where b != a {
        let distance = summary.squaredDistance(a, b).squareRoot()
        let spread = summary.meanDistances[a] + summary.meanDistances[b]
        worst = max(worst, spread == 0 ? 0 : spread / distance)
      }
      total += worst
    }
    return total / Double(present.count)
  }

  /// Caliński–Harabasz index (1974): variance between clusters over variance within, each by its
  /// degrees of freedom. Greater is better; nil with fewer than two clusters or as many as rows;
  /// 1 where all rows lie on their centroids (as scikit-learn).
  package static func calinskiHarabasz(_ matrix: Matrix, labels: [Int]) -> Double? {
    let summary = ClusterSummary(matrix, labels: labels)
    let clusters = summary.sizes.count { $0 > 0 }
    guard clusters >= 2, clusters < matrix.rowCount else { return nil }
    if summary.within == 0 { return 1 }
    return summary.between / summary.within * Double(matrix.rowCount - clusters)
      / Double(clusters - 1)
  }
}

/// Centroids and spreads of given clusters.
private struct ClusterSummary {
  var sizes: [Int]
  var meanDistances: [Double]
  /// Σ squared distances of rows to their centroid.
  var within = 0.0
  /// Σ size · squared distance of centroids to the mean of all rows.
  var between = 0.0
  private var centroids: Matrix

  init(_ matrix: Matrix, labels: [Int]) {
    let k = (labels.max() ?? -1) + 1
    sizes = [Int](repeating: 0, count: k)
    for label in labels { sizes[label] += 1 }
    centroids = Matrix(rowCount: k, columnCount: matrix.columnCount)
    var means: [Double] = []
    for column in 0..<matrix.columnCount {
      var total = 0.0
      for row in 0..<matrix.rowCount {
        centroids[labels[row], column] += matrix[row, column]
        total += matrix[row, column]
      }
      means.append(total / Double(max(matrix.rowCount, 1)))
      for cluster in 0..<k where sizes[cluster] > 0 {
        centroids[cluster, column] /= Double(sizes[cluster])
      }
    }
    meanDistances = [Double](repeating: 0, count: k)
    for row in 0..<matrix.rowCount {
      var square = 0.0
      for column in 0..<matrix.columnCount {
        let difference = matrix[row, column] - centroids[labels[row], column]
        square += difference * difference
      }
      within += square
      meanDistances[labels[row]] += square.squareRoot()
    }
    for cluster in 0..<k where sizes[cluster] > 0 {
      meanDistances[cluster] /= Double(sizes[cluster])
      for column in 0..<matrix.columnCount {
        let difference = centroids[cluster, column] - means[column]
        between += Double(sizes[cluster]) * difference * difference
      }
    }
  }

  func squaredDistance(_ a: Int, _ b: Int) -> Double {
    var square = 0.0
    for column in 0..<centroids.columnCount {
      let difference = centroids[a, column] - centroids[b, column]
      square += difference * difference
    }
    return square
  }
}
