/// k-means by mini-batches (Sculley 2010): each batch of drawn rows moves its centroids towards the
/// batch's means, by the share the batch has in all rows a centroid has seen. A few passes' worth of
/// rows come near Lloyd's inertia; the result is not a local optimum.
///
/// It stops as scikit-learn's `MiniBatchKMeans` does: when the smoothed inertia of the batches has
/// not fallen for ten batches in a row, or after `maxIterations` passes' worth of rows.
final class MiniBatchRun {
  private let points: PointTiles
  private let configuration: KMeans.Configuration
  private let batchSize: Int
  private let k: Int
  private let centroids: Scratch<Double>
  private static let patience = 10

  init(
    _ points: PointTiles, _ start: [Double], _ configuration: KMeans.Configuration,
    batchSize: Int
  ) {
    self.points = points
    self.configuration = configuration
    self.batchSize = batchSize
    k = configuration.k
    centroids = Scratch(start)
  }

  func result(
    _ random: inout RandomSource, isCancelled: () -> Bool
  ) throws(SegmentationError) -> KMeans.Result {
    let dimension = points.dimension
    let tiles = (batchSize + 7) / 8
    let batch = Scratch<Double>(uninitialized: tiles * dimension * 8)
    var seen = [Int](repeating: 0, count: k)
    let batchesPerPass = max(points.count / batchSize, 1)
    let limit = batchesPerPass * configuration.maxIterations
    // The weight of one batch in the smoothed inertia, as scikit-learn has it.
    let weight = min(2 * Double(batchSize) / Double(points.count + 1), 1)
    var smoothed: Double?
    var least = Double.infinity
    var waited = 0
    var iterations = 0
    while iterations < limit && waited < Self.patience {
      if isCancelled() { throw .cancelled }
      fill(batch, &random)
      let inertia = step(batch, tiles, &seen) / Double(batchSize)
      iterations += 1
      // The first batch still shows how the start was found.
      if iterations == 1 { continue }
      let value = smoothed.map { $0 * (1 - weight) + inertia * weight } ?? inertia
      smoothed = value
      waited = value < least ? 0 : waited + 1
      least = min(least, value)
    }
    return NearestCentroids(points, centroids, k: k, concurrency: configuration.concurrency)
      .result(iterations: iterations, didConverge: waited >= Self.patience)
  }

  /// Draws the rows of a batch, with replacement.
  private func fill(_ batch: Scratch<Double>, _ random: inout RandomSource) {
    let dimension = points.dimension
    for position in 0..<batchSize {
      let row = random.index(below: points.count)
      let source = points.tile(row / 8) + row % 8
      let target = batch.base + position / 8 * dimension * 8 + position % 8
      for column in 0..<dimension { target[column * 8] = source[column * 8] }
    }
    // The rest of the last tile repeats a row, and is not counted.
    for position in batchSize..<(batchSize + 7) / 8 * 8 {
      let target = batch.base + position / 8 * dimension * 8 + position % 8
      for column in 0..<dimension { target[column * 8] = batch.base[column * 8] }
    }
  }

  /// - Returns: the batch's inertia before the centroids move.
  private func step(_ batch: Scratch<Double>, _ tiles: Int, _ seen: inout [Int]) -> Double {
    let dimension = points.dimension
    var sums = [Double](repeating: 0, count: k * dimension)
    var counts = [Int](repeating: 0, count: k)
    let space = Scratch<Double>(uninitialized: k * 8)
    var inertia = 0.0
    for tile in 0..<tiles {
      let point = UnsafePointer(batch.base + tile * dimension * 8)
      let nearest = NearestTwo(
        point, centroids: centroids.base, k: k, dimension: dimension, space: space.base)
      for lane in 0..<min(8, batchSize - tile * 8) {
        let cluster = Int(nearest.cluster[lane])
        counts[cluster] += 1
        inertia += nearest.first[lane]
        for column in 0..<dimension {
          sums[cluster * dimension + column] += point[column * 8 + lane]
        }
      }
    }
    for cluster in 0..<k where counts[cluster] > 0 {
      let before = Double(seen[cluster])
      seen[cluster] += counts[cluster]
      for column in 0..<dimension {
        let position = cluster * dimension + column
        centroids.base[position] =
          (centroids.base[position] * before + sums[position]) / Double(seen[cluster])
      }
    }
    return inertia
  }
}
