/// Greedy k-means++ (Arthur, Vassilvitskii 2007, section 5, as scikit-learn does): each next
/// centroid is the best of 2 + ⌊ln k⌋ rows drawn with chances in proportion to their squared
/// distances from the centroids so far, the one that leaves the least sum of squared distances.
enum KMeansSeeding {
  /// - Returns: shape `[k * dimension]`, row after row.
  /// - Complexity: O(rows · k · log k · columns).
  static func centroids(
    _ points: PointTiles, k: Int, random: inout RandomSource, concurrency: Int,
    isCancelled: () -> Bool
  ) throws(SegmentationError) -> [Double] {
    let trials = 2 + Int(naturalLogarithm(Double(k)))
    var chosen = [random.index(below: points.count)]
    let padded = points.tileCount * PointTiles.lanes
    var closest = Scratch<Double>(padded, repeating: .infinity)
    var candidates = (0..<trials).map { _ in Scratch<Double>(uninitialized: padded) }
    var blockSums = lower(points, to: chosen, from: closest, into: [closest], concurrency)[0]
    while chosen.count < k {
      if isCancelled() { throw .cancelled }
      let total = blockSums.reduce(0, +)
      let draws = (0..<trials).map { _ in
        total > 0
          ? draw(points, closest, blockSums, at: random.unit() * total)
          : random.index(below: points.count)
      }
      let sums = lower(points, to: draws, from: closest, into: candidates, concurrency)
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
      (closest, candidates[winner]) = (candidates[winner], closest)
    }
    return chosen.flatMap(points.row)
  }

  /// For each draw: the least of `from` and the squared distances to the drawn row.
  /// - Returns: sums per draw and block of tiles.
  private static func lower(
    _ points: PointTiles, to draws: [Int], from: Scratch<Double>, into: [Scratch<Double>],
    _ concurrency: Int
  ) -> [[Double]] {
    let dimension = points.dimension
    let blocks = points.blockCount
    let centres = Scratch(draws.flatMap(points.row))
    let sums = Scratch<Double>(blocks * draws.count, repeating: 0)
    parallelFor(blocks, concurrency: concurrency) { block in
      for trial in draws.indices {
        let centre = UnsafePointer(centres.base + trial * dimension)
        let target = into[trial].base
        var sum = SIMD8<Double>.zero
        for tile in points.tiles(of: block) {
          var least = loadEight(from.base + tile * 8)
          let distances = squaredDistances(points.tile(tile), to: centre, dimension)
          least.replace(with: distances, where: distances .< least)
          // The copies that fill up the last tile have no chance.
          for lane in points.rows(in: tile)..<8 { least[lane] = 0 }
          storeEight(least, to: target + tile * 8)
          sum += least
        }
        sums.base[trial * blocks + block] = sum.sum()
      }
    }
    return draws.indices.map { trial in (0..<blocks).map { sums.base[trial * blocks + $0] } }
  }

  /// The row at which the running sum of squared distances passes a value.
  private static func draw(
    _ points: PointTiles, _ distances: Scratch<Double>, _ blockSums: [Double], at value: Double
  ) -> Int {
    var left = value
    var block = 0
    while block < blockSums.count - 1 && left >= blockSums[block] {
      left -= blockSums[block]
      block += 1
    }
    let tiles = points.tiles(of: block)
    var last = tiles.lowerBound * 8
    for row in last..<min(tiles.upperBound * 8, points.count) where distances.base[row] > 0 {
      last = row
      left -= distances.base[row]
      if left < 0 { break }
    }
    return last
  }
}
