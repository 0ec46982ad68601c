/// One run of Lloyd's iterations from given centroids, with Hamerly's bounds (2010).
///
/// Hamerly keeps two numbers a row: an upper bound of the distance to its own centroid and a lower
/// bound of that to any other. While the first is below the second the row cannot change. Here only
/// their difference is kept, and what all centroids have moved since is added up per cluster rather
/// than taken from every row's bound: a row that stays costs one comparison and no write. Rows are
/// assigned exactly as without bounds.
///
/// Sums of clusters are not made anew in each iteration: rows that change their cluster are taken
/// from one and put to the other.
final class LloydRun {
  private let points: PointTiles
  private let configuration: KMeans.Configuration
  private let k: Int
  private let dimension: Int
  /// Shape `[k * dimension]`.
  private let centroids: Scratch<Double>
  /// −1 before the first assignment.
  private let labels: Scratch<Int32>
  /// Distance to the second nearest centroid less that to the nearest, when last looked at, plus
  /// `drift` of the cluster at that time.
  private let gaps: Scratch<Float>
  /// How far a cluster's own centroid and the others have moved together since the start, at most.
  private let drift: Scratch<Double>
  /// Per block of rows, shape `[blocks][k][dimension]`.
  private let sums: Scratch<Double>
  private let counts: Scratch<Int>

  init(_ points: PointTiles, _ start: [Double], _ configuration: KMeans.Configuration) {
    self.points = points
    self.configuration = configuration
    k = configuration.k
    dimension = points.dimension
    centroids = Scratch(start)
    labels = Scratch(points.tileCount * PointTiles.lanes, repeating: -1)
    gaps = Scratch(points.tileCount * PointTiles.lanes, repeating: -.infinity)
    drift = Scratch(k, repeating: 0)
    // One block more, for rows that repair empty clusters.
    sums = Scratch((points.blockCount + 1) * k * dimension, repeating: 0)
    counts = Scratch((points.blockCount + 1) * k, repeating: 0)
  }

  func result(isCancelled: () -> Bool) throws(SegmentationError) -> KMeans.Result {
    let tolerance =
      configuration.tolerance == 0
      ? 0
      : configuration.tolerance * points.meanVariance(concurrency: configuration.concurrency)
    var iterations = 0
    var didConverge = false
    while iterations < configuration.maxIterations && !didConverge {
      if isCancelled() { throw .cancelled }
      let changed = assign()
      iterations += 1
      // The last assignment stands: the centroids are already the means of these clusters.
      if !changed && iterations > 1 {
        didConverge = true
        break
      }
      didConverge = update() <= tolerance
    }
    return NearestCentroids(
      points, centroids, k: k, concurrency: configuration.concurrency
    ).result(iterations: iterations, didConverge: didConverge)
  }

  /// - Returns: whether any row changed its cluster.
  private func assign() -> Bool {
    let changes = Scratch<Bool>(points.blockCount, repeating: false)
    let (points, labels, gaps, drift) = (points, labels, gaps, drift)
    let (centroids, sums, counts, k, dimension) = (centroids, sums, counts, k, dimension)
    let limits = Scratch((0..<k).map { Float(drift.base[$0]).nextUp })
    parallelFor(points.blockCount, concurrency: configuration.concurrency) { block in
      let sum = sums.base + block * k * dimension
      let count = counts.base + block * k
      let space = Scratch<Double>(uninitialized: k * 8)
      var changed = false
      for tile in points.tiles(of: block) {
        let rows = points.rows(in: tile)
        let label = labels.base + tile * 8
        let gap = gaps.base + tile * 8
        var isSettled = true
        for lane in 0..<rows {
          let own = Int(label[lane])
          if own < 0 || !(gap[lane] > limits.base[own]) { isSettled = false }
        }
        if isSettled { continue }
        let point = points.tile(tile)
        let nearest = NearestTwo(
          point, centroids: centroids.base, k: k, dimension: dimension, space: space.base)
        let difference = nearest.leastGap
        for lane in 0..<rows {
          let cluster = Int(nearest.cluster[lane])
          gap[lane] = Float(difference[lane] + drift.base[cluster]).nextDown
          let own = Int(label[lane])
          if own == cluster { continue }
          changed = true
          label[lane] = Int32(truncatingIfNeeded: cluster)
          count[cluster] += 1
          let to = sum + cluster * dimension
          if own >= 0 {
            count[own] -= 1
            let from = sum + own * dimension
            for column in 0..<dimension {
              let value = point[column * 8 + lane]
              from[column] -= value
              to[column] += value
            }
          } else {
            for column in 0..<dimension { to[column] += point[column * 8 + lane] }
          }
        }
      }
      changes.base[block] = changed
    }
    return (0..<points.blockCount).contains { changes.base[$0] }
  }

  /// Moves the centroids to the means of their rows and adds to the drift.
  /// - Returns: the sum of the squared shifts; infinite when an empty cluster was repaired.
  private func update() -> Double {
    var (total, sizes) = totals()
    let didRepair = repairEmptyClusters(&total, &sizes)
    var shift = 0.0
    var moves = [Double](repeating: 0, count: k)
    for cluster in 0..<k {
      var square = 0.0
      for column in 0..<dimension where sizes[cluster] > 0 {
        let position = cluster * dimension + column
        let mean = total[position] / Double(sizes[cluster])
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
    for cluster in 0..<k {
      let others = cluster == first ? second : moves[first]
      drift.base[cluster] += (moves[cluster] + others) * (1 + 1e-12)
    }
    return didRepair ? .infinity : shift
  }

  /// Sums and sizes of the clusters.
  private func totals() -> (sums: [Double], sizes: [Int]) {
    var total = [Double](repeating: 0, count: k * dimension)
    var sizes = [Int](repeating: 0, count: k)
    for block in 0...points.blockCount {
      for i in total.indices { total[i] += sums.base[block * k * dimension + i] }
      for i in sizes.indices { sizes[i] += counts.base[block * k + i] }
    }
    return (total, sizes)
  }

  /// Gives each empty cluster the row farthest from its own centroid, out of a cluster of several.
  /// - Returns: whether there was one.
  private func repairEmptyClusters(_ total: inout [Double], _ sizes: inout [Int]) -> Bool {
    var didRepair = false
    let spare = points.blockCount
    for cluster in 0..<k where sizes[cluster] == 0 {
      var farthest = -1
      var greatest = 0.0
      for tile in 0..<points.tileCount {
        for lane in 0..<points.rows(in: tile) {
          let row = tile * 8 + lane
          let own = Int(labels.base[row])
          if sizes[own] < 2 { continue }
          var distance = 0.0
          for column in 0..<dimension {
            let difference =
              points.tile(tile)[column * 8 + lane] - centroids.base[own * dimension + column]
            distance += difference * difference
          }
          if distance > greatest {
            greatest = distance
            farthest = row
          }
        }
      }
      // All rows lie on their centroids: there are fewer different rows than clusters.
      if farthest < 0 { break }
      let own = Int(labels.base[farthest])
      for column in 0..<dimension {
        let value = points.value(farthest, column)
        total[own * dimension + column] -= value
        total[cluster * dimension + column] += value
        sums.base[(spare * k + own) * dimension + column] -= value
        sums.base[(spare * k + cluster) * dimension + column] += value
      }
      counts.base[spare * k + own] -= 1
      counts.base[spare * k + cluster] += 1
      sizes[own] -= 1
      sizes[cluster] = 1
      labels.base[farthest] = Int32(cluster)
      gaps.base[farthest] = -.infinity
      didRepair = true
    }
    return didRepair
  }
}

/// The nearest of given centroids for every row.
struct NearestCentroids {
  let points: PointTiles
  let centroids: Scratch<Double>
  let k: Int
  let concurrency: Int

  init(_ points: PointTiles, _ centroids: Scratch<Double>, k: Int, concurrency: Int) {
    self.points = points
    self.centroids = centroids
    self.k = k
    self.concurrency = concurrency
  }

  /// Labels, distances and inertia.
  func result(iterations: Int, didConverge: Bool) -> KMeans.Result {
    let (points, centroids, k) = (points, centroids, k)
    let (dimension, count, blocks) = (points.dimension, points.count, points.blockCount)
    let inertias = Scratch<Double>(blocks, repeating: 0)
    let blockSizes = Scratch<Int>(blocks * k, repeating: 0)
    var distances: [Double] = []
    let labels = [Int](unsafeUninitializedCapacity: count) { labels, written in
      let labels = SharedMutablePointer(base: labels.baseAddress)
      distances = [Double](unsafeUninitializedCapacity: count) { distances, filled in
        let distances = SharedMutablePointer(base: distances.baseAddress)
        parallelFor(blocks, concurrency: concurrency) { block in
          guard let labels = labels.base, let distances = distances.base else { return }
          let sizes = blockSizes.base + block * k
          let space = Scratch<Double>(uninitialized: k * 8)
          var inertia = 0.0
          for tile in points.tiles(of: block) {
            let nearest = NearestTwo(
              points.tile(tile), centroids: centroids.base, k: k, dimension: dimension,
              space: space.base)
            let roots = nearest.first.squareRoot()
            for lane in 0..<points.rows(in: tile) {
              let cluster = Int(nearest.cluster[lane])
              labels[tile * 8 + lane] = cluster
              distances[tile * 8 + lane] = roots[lane]
              sizes[cluster] += 1
              inertia += nearest.first[lane]
            }
          }
          inertias.base[block] = inertia
        }
        filled = count
      }
      written = count
    }
    var sizes = [Int](repeating: 0, count: k)
    var inertia = 0.0
    for block in 0..<blocks {
      inertia += inertias.base[block]
      for cluster in 0..<k { sizes[cluster] += blockSizes.base[block * k + cluster] }
    }
    var matrix = Matrix(rowCount: k, columnCount: dimension)
    for cluster in 0..<k {
      for column in 0..<dimension {
        matrix[cluster, column] = centroids.base[cluster * dimension + column]
      }
    }
    return KMeans.Result(
      labels: labels, centroids: matrix, distances: distances, inertia: inertia,
      iterations: iterations, didConverge: didConverge, sizes: sizes)
  }
}

/// A pointer that threads share, each for its own part.
struct SharedMutablePointer<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>?
}
