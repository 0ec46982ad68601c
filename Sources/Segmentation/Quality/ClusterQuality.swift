/// How well rows are divided into clusters. Labels are at least 0, one a row: leave noise out.
package enum ClusterQuality {
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
