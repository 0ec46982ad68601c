/// Silhouettes (Rousseeuw 1987): (b − a) / max(a, b), with a the mean distance of a row to the others
/// of its cluster and b the least mean distance to another cluster; 0 for a row alone in its
/// cluster. In −1 ... 1, greater is better.
extension ClusterQuality {
  /// Mean silhouette.
  ///
  /// - Parameters:
  ///   - labels: at least 0, one a row.
  ///   - sampleSize: at most so many rows, drawn by `seed`, are compared with each other.
  /// - Returns: nil with fewer than two clusters (in the sample).
  /// - Complexity: O(sample² · columns).
  package static func silhouette(
    _ matrix: Matrix, labels: [Int], sampleSize: Int = 2000, seed: UInt64 = 42,
    concurrency: Int = 4
  ) -> Double? {
    var random = RandomSource(seed: seed)
    let rows = random.sample(sampleSize, of: matrix.rowCount)
    guard
      let values = silhouettes(
        matrix.selecting(rows: rows), labels: rows.map { labels[$0] }, concurrency: concurrency)
    else { return nil }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Silhouette of each row among all rows; nil with fewer than two clusters.
  /// - Complexity: O(rows² · columns).
  package static func silhouettes(
    _ matrix: Matrix, labels: [Int], concurrency: Int = 4
  ) -> [Double]? {
    let clusters = (labels.max() ?? -1) + 1
    var members = [[Int]](repeating: [], count: clusters)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    members.removeAll(where: \.isEmpty)
    guard members.count >= 2 else { return nil }
    let order = members.flatMap { $0 }
    let grouped = members.map {
      PointTiles(matrix.selecting(rows: $0), concurrency: concurrency)
    }
    let points = Scratch(matrix.selecting(rows: order).rowMajor())
    let own = members.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element.count) }
    let n = order.count
    let dimension = matrix.columnCount
    let found = Scratch<Double>(n, repeating: 0)
    // Four rows at a time, padded by repeating the last.
    parallelFor((n + 3) / 4, concurrency: concurrency) { index in
      let first = index * 4
      let rows = (0..<4).map { min(first + $0, n - 1) }
      let four = Scratch<Double>(uninitialized: 4 * dimension)
      for (slot, row) in rows.enumerated() {
        (four.base + slot * dimension).update(
          from: points.base + row * dimension, count: dimension)
      }
      var sums = [[Double]](
        repeating: [Double](repeating: 0, count: grouped.count), count: 4)
      for (cluster, tiles) in grouped.enumerated() {
        let (a, b, c, d) = distanceSums(tiles, four.base, dimension)
        sums[0][cluster] = a
        sums[1][cluster] = b
        sums[2][cluster] = c
        sums[3][cluster] = d
      }
      for slot in 0..<min(4, n - first) {
        let cluster = own[first + slot]
        let size = grouped[cluster].count
        if size < 2 { continue }
        let a = sums[slot][cluster] / Double(size - 1)
        var b = Double.infinity
        for other in grouped.indices where other != cluster {
          b = min(b, sums[slot][other] / Double(grouped[other].count))
        }
        let greater = max(a, b)
        found.base[first + slot] = greater > 0 ? (b - a) / greater : 0
      }
    }
    var result = [Double](repeating: 0, count: n)
    for (position, row) in order.enumerated() { result[row] = found.base[position] }
    return result
  }

  /// The sums of the distances of four points to all rows of some tiles.
  private static func distanceSums(
    _ tiles: PointTiles, _ points: UnsafePointer<Double>, _ dimension: Int
  ) -> (Double, Double, Double, Double) {
    var a = SIMD8<Double>.zero
    var b = a
    var c = a
    var d = a
    for tile in 0..<tiles.tileCount {
      var (toA, toB, toC, toD) = squaredDistancesToFour(tiles.tile(tile), points, dimension)
      for lane in tiles.rows(in: tile)..<8 {
        toA[lane] = 0
        toB[lane] = 0
        toC[lane] = 0
        toD[lane] = 0
      }
      a += toA.squareRoot()
      b += toB.squareRoot()
      c += toC.squareRoot()
      d += toD.squareRoot()
    }
    return (a.sum(), b.sum(), c.sum(), d.sum())
  }
}
