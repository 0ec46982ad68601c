/// k-means++: each next centroid is a row drawn with a chance in proportion to its squared distance
/// from the centroids so far; of a few draws the one that helps most stays (as scikit-learn does).
enum KMeansSeeding {
  /// - Returns: shape `[k * dimension]`, row after row.
  static func centroids(
    _ points: PointBlock, k: Int, random: inout RandomSource, concurrency: Int
  ) -> [Double] {
    let dimension = points.dimension
    let n = points.count
    let trials = 2 + Int(naturalLogarithm(Double(k)))
    let closest = Scratch<Double>(n, repeating: .infinity)
    let candidates = (0..<trials).map { _ in Scratch<Double>(n, repeating: 0) }
    var chosen = [random.index(below: n)]
    var blockSums = lower(points, to: [chosen[0]], from: closest, into: [closest], concurrency)[0]
    var best = closest
    var spare = candidates
    while chosen.count < k {
      let total = blockSums.reduce(0, +)
      let draws = (0..<trials).map { _ in
        total > 0
          ? draw(points, best, blockSums, at: random.unit() * total) : random.index(below: n)
      }
      let sums = lower(points, to: draws, from: best, into: spare, concurrency)
      var winner = 0
      var least = Double.infinity
      for trial in 0..<trials {
        let sum = sums[trial].reduce(0, +)
        if sum < least {
          least = sum
          winner = trial
        }
      }
      chosen.append(draws[winner])
      blockSums = sums[winner]
      (best, spare[winner]) = (spare[winner], best)
    }
    var result: [Double] = []
    for row in chosen {
      for column in 0..<dimension { result.append(points.values.base[row * dimension + column]) }
    }
    return result
  }

  /// For each draw: the least of `from` and the squared distances to the drawn row.
  /// - Returns: sums per draw and block of rows.
  private static func lower(
    _ points: PointBlock, to draws: [Int], from: Scratch<Double>, into: [Scratch<Double>],
    _ concurrency: Int
  ) -> [[Double]] {
    let dimension = points.dimension
    let blocks = points.blockCount
    let sums = Scratch<Double>(blocks * draws.count, repeating: 0)
    parallelFor(blocks, concurrency: concurrency) { block in
      for (trial, draw) in draws.enumerated() {
        let centre = points.values.base + draw * dimension
        let target = into[trial].base
        var sum = 0.0
        for row in points.block(block) {
          let distance = squaredDistance(points.values.base + row * dimension, centre, dimension)
          let least = min(from.base[row], distance)
          target[row] = least
          sum += least
        }
        sums.base[trial * blocks + block] = sum
      }
    }
    return draws.indices.map { trial in
      (0..<blocks).map { sums.base[trial * blocks + $0] }
    }
  }

  /// The row at which the running sum of squared distances passes a value.
  private static func draw(
    _ points: PointBlock, _ distances: Scratch<Double>, _ blockSums: [Double], at value: Double
  ) -> Int {
    var left = value
    var block = 0
    while block < blockSums.count - 1 && left >= blockSums[block] {
      left -= blockSums[block]
      block += 1
    }
    var last = points.block(block).lowerBound
    for row in points.block(block) where distances.base[row] > 0 {
      last = row
      left -= distances.base[row]
      if left < 0 { break }
    }
    return last
  }
}
