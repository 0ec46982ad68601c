/// One run of Lloyd's iterations from given centroids.
///
/// Hamerly's bounds: per row an upper bound of the distance to its own centroid and a lower bound
/// of that to any other; while the first is below the second, or below half the distance from its
/// centroid to the next, the row cannot change and no distance is computed.
final class LloydRun {
  private let points: PointBlock
  private let configuration: KMeans.Configuration
  private let k: Int
  private let dimension: Int
  /// Shape `[k * dimension]`.
  private let centroids: Scratch<Double>
  private let labels: Scratch<Int32>
  private let upper: Scratch<Double>
  private let lower: Scratch<Double>
  private var sums: Scratch<Double>
  private var counts: Scratch<Int>

  init(_ points: PointBlock, _ start: [Double], _ configuration: KMeans.Configuration) {
    self.points = points
    self.configuration = configuration
    k = configuration.k
    dimension = points.dimension
    centroids = Scratch(start, padding: 0)
    labels = Scratch(points.count, repeating: 0)
    upper = Scratch(points.count, repeating: .infinity)
    lower = Scratch(points.count, repeating: 0)
    sums = Scratch(points.blockCount * k * dimension, repeating: 0)
    counts = Scratch(points.blockCount * k, repeating: 0)
  }

  func result() -> KMeans.Result {
    let tolerance = configuration.tolerance * points.meanVariance()
    var iterations = 0
    var didConverge = false
    var isFirst = true
    while iterations < configuration.maxIterations && !didConverge {
      let changed = assign(isFirst: isFirst)
      iterations += 1
      // The last assignment stands: the centroids are already the means of these clusters.
      if !changed && !isFirst {
        didConverge = true
        break
      }
      isFirst = false
      let shift = update()
      didConverge = shift <= tolerance
    }
    return summary(iterations: iterations, didConverge: didConverge)
  }

  /// - Returns: whether any row changed its cluster.
  private func assign(isFirst: Bool) -> Bool {
    let lanes = CentroidLanes(centroids.base, k: k, dimension: dimension)
    let half = halfDistances()
    let changes = Scratch<Bool>(points.blockCount, repeating: false)
    let (points, labels, upper, lower) = (points, labels, upper, lower)
    let (centroids, dimension) = (centroids, dimension)
    parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
      var changed = false
      for row in points.block(block) {
        let point = UnsafePointer(points.values.base + row * dimension)
        let own = Int(labels.base[row])
        if !isFirst {
          let bound = max(half.base[own], lower.base[row])
          if upper.base[row] <= bound { continue }
          let exact = squaredDistance(point, centroids.base + own * dimension, dimension)
            .squareRoot()
          upper.base[row] = exact
          if exact <= bound { continue }
        }
        let (cluster, first, second) = lanes.nearestTwo(point)
        upper.base[row] = first.squareRoot()
        lower.base[row] = second.squareRoot()
        if cluster != own {
          labels.base[row] = Int32(cluster)
          changed = true
        }
      }
      changes.base[block] = changed
    }
    return (0..<points.blockCount).contains { changes.base[$0] }
  }

  /// Half the distance of each centroid to the nearest other one.
  private func halfDistances() -> Scratch<Double> {
    let half = Scratch<Double>(k, repeating: .infinity)
    for a in 0..<k {
      for b in 0..<k where b != a {
        let distance = squaredDistance(
          centroids.base + a * dimension, centroids.base + b * dimension, dimension)
        half.base[a] = min(half.base[a], distance.squareRoot() / 2)
      }
    }
    return half
  }

  /// Moves the centroids to the means of their rows and adjusts the bounds.
  /// - Returns: the sum of the squared shifts.
  private func update() -> Double {
    sumRows()
    var shift = 0.0
    var moves = [Double](repeating: 0, count: k)
    let taken = repairEmptyClusters()
    for cluster in 0..<k {
      let size = Double(counts.base[cluster])
      var square = 0.0
      for column in 0..<dimension {
        let position = cluster * dimension + column
        let mean = size > 0 ? sums.base[position] / size : centroids.base[position]
        let difference = mean - centroids.base[position]
        square += difference * difference
        centroids.base[position] = mean
      }
      shift += square
      moves[cluster] = square.squareRoot()
    }
    // The farthest any other centroid moved, per cluster.
    let first = moves.indices.max { (moves[$0], $1) < (moves[$1], $0) } ?? 0
    let second = moves.indices.filter { $0 != first }.map { moves[$0] }.max() ?? 0
    let shifts = moves
    let (points, labels, upper, lower) = (points, labels, upper, lower)
    parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
      for row in points.block(block) {
        let own = Int(labels.base[row])
        // A little more than the exact move, for rounding.
        upper.base[row] += shifts[own] * (1 + 1e-12)
        lower.base[row] -= (own == first ? second : shifts[first]) * (1 + 1e-12)
      }
    }
    for row in taken {
      upper.base[row] = .infinity
      lower.base[row] = 0
    }
    return taken.isEmpty ? shift : .infinity
  }

  /// Sums and counts of each cluster, into the part of block 0.
  private func sumRows() {
    let (points, labels, sums, counts) = (points, labels, sums, counts)
    let (k, dimension) = (k, dimension)
    parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
      let sum = sums.base + block * k * dimension
      let count = counts.base + block * k
      sum.update(repeating: 0, count: k * dimension)
      count.update(repeating: 0, count: k)
      for row in points.block(block) {
        let cluster = Int(labels.base[row])
        count[cluster] += 1
        let point = points.values.base + row * dimension
        let target = sum + cluster * dimension
        for column in 0..<dimension { target[column] += point[column] }
      }
    }
    for block in 1..<max(points.blockCount, 1) {
      for i in 0..<k * dimension { sums.base[i] += sums.base[block * k * dimension + i] }
      for i in 0..<k { counts.base[i] += counts.base[block * k + i] }
    }
  }

  /// Gives each empty cluster the row farthest from its own centroid, out of a cluster of several.
  /// - Returns: the rows moved.
  private func repairEmptyClusters() -> [Int] {
    var taken: [Int] = []
    for cluster in 0..<k where counts.base[cluster] == 0 {
      var farthest = -1
      var greatest = 0.0
      for row in 0..<points.count {
        let own = Int(labels.base[row])
        if counts.base[own] < 2 { continue }
        let distance = squaredDistance(
          points.values.base + row * dimension, centroids.base + own * dimension, dimension)
        if distance > greatest {
          greatest = distance
          farthest = row
        }
      }
      // All rows lie on their centroids: there are fewer different rows than clusters.
      if farthest < 0 { break }
      let own = Int(labels.base[farthest])
      for column in 0..<dimension {
        let value = points.values.base[farthest * dimension + column]
        sums.base[own * dimension + column] -= value
        sums.base[cluster * dimension + column] = value
      }
      counts.base[own] -= 1
      counts.base[cluster] = 1
      labels.base[farthest] = Int32(cluster)
      taken.append(farthest)
    }
    return taken
  }

  /// Labels and distances for the centroids as they are now.
  private func summary(iterations: Int, didConverge: Bool) -> KMeans.Result {
    let lanes = CentroidLanes(centroids.base, k: k, dimension: dimension)
    let distances = Scratch<Double>(points.count, repeating: 0)
    let inertias = Scratch<Double>(points.blockCount, repeating: 0)
    let (points, labels, dimension) = (points, labels, dimension)
    parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
      var inertia = 0.0
      for row in points.block(block) {
        let (cluster, first, _) = lanes.nearestTwo(
          UnsafePointer(points.values.base + row * dimension))
        labels.base[row] = Int32(cluster)
        distances.base[row] = first.squareRoot()
        inertia += first
      }
      inertias.base[block] = inertia
    }
    var sizes = [Int](repeating: 0, count: k)
    let final = (0..<points.count).map { row in
      let label = Int(labels.base[row])
      sizes[label] += 1
      return label
    }
    var inertia = 0.0
    for block in 0..<points.blockCount { inertia += inertias.base[block] }
    var matrix = Matrix(rowCount: k, columnCount: dimension)
    for cluster in 0..<k {
      for column in 0..<dimension {
        matrix[cluster, column] = centroids.base[cluster * dimension + column]
      }
    }
    return KMeans.Result(
      labels: final, centroids: matrix, distances: distances.array, inertia: inertia,
      iterations: iterations, didConverge: didConverge, sizes: sizes)
  }
}
