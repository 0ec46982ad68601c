/// Distances to the k-th nearest neighbour, from which DBSCAN's epsilon can be read.
package enum NeighbourDistances {
  /// An epsilon for DBSCAN: the knee of the descending curve of distances to the `minPoints`-th row,
  /// the row itself included (Ester and others 1996, section 4.2; the knee as in "Kneedle").
  ///
  /// - Parameter sampleSize: at most so many rows, drawn by `seed`, are looked at; their neighbours
  ///   are sought among all rows.
  /// - Returns: nil for fewer rows than `minPoints`, or where all distances are 0.
  /// - Throws: for values that are not finite.
  package static func suggestedEpsilon(
    _ matrix: Matrix, minPoints: Int, sampleSize: Int = 5000, seed: UInt64 = 42,
    concurrency: Int = 4
  ) throws(SegmentationError) -> Double? {
    if matrix.rowCount < max(minPoints, 1) { return nil }
    var random = RandomSource(seed: seed)
    let rows = random.sample(sampleSize, of: matrix.rowCount)
    let distances = try distances(
      matrix, rows: rows, neighbour: minPoints, concurrency: concurrency
    ).sorted(by: >)
    let curve = distances.enumerated().map { (x: Double($0.offset), y: $0.element) }
    guard let knee = Knee.position(curve), let greatest = distances.first, greatest > 0 else {
      return nil
    }
    // A knee at distance 0 is where equal rows begin.
    return distances[knee] > 0 ? distances[knee] : distances.last { $0 > 0 }
  }

  /// - Parameters:
  ///   - rows: whose distances are wanted.
  ///   - neighbour: 1 is the row itself, at distance 0.
  /// - Returns: one distance a row of `rows`.
  /// - Precondition: `neighbour` in `1 ... rowCount`.
  /// - Complexity: near O(rows · log rowCount) in few dimensions.
  package static func distances(
    _ matrix: Matrix, rows: [Int], neighbour: Int, concurrency: Int = 4
  ) throws(SegmentationError) -> [Double] {
    precondition((1...max(matrix.rowCount, 1)).contains(neighbour))
    try require(matrix.columnCount >= 1, "features", "there are none; give at least one column")
    if let first = matrix.firstNotFinite() {
      throw SegmentationError(
        "features",
        "row \(first.row + 1), column \(first.column + 1) has no finite value; replace it first")
    }
    let tree = PointTree(matrix, concurrency: concurrency)
    let result = Scratch<Double>(rows.count, repeating: 0)
    let block = 64
    parallelFor((rows.count + block - 1) / block, concurrency: concurrency) { index in
      let nearest = Scratch<Double>(neighbour, repeating: .infinity)
      for position in index * block..<min((index + 1) * block, rows.count) {
        let point = Scratch(matrix.row(rows[position]))
        for slot in 0..<neighbour { nearest.base[slot] = .infinity }
        search(tree, tree.root, point.base, nearest)
        result.base[position] = nearest.base[neighbour - 1].squareRoot()
      }
    }
    return result.array
  }

  /// Keeps the least squared distances, ascending.
  private static func search(
    _ tree: PointTree, _ node: PointTree.Node, _ point: UnsafePointer<Double>,
    _ nearest: Scratch<Double>
  ) {
    let last = nearest.count - 1
    if !node.isLeaf {
      let (left, right) = (node.left, node.right)
      let toLeft = tree.leastDistance(point, left.number)
      let toRight = tree.leastDistance(point, right.number)
      let (near, far) = toLeft <= toRight ? (left, right) : (right, left)
      if min(toLeft, toRight) < nearest.base[last] { search(tree, near, point, nearest) }
      if max(toLeft, toRight) < nearest.base[last] { search(tree, far, point, nearest) }
      return
    }
    for tile in node.leaf * PointTree.leafTiles..<(node.leaf + 1) * PointTree.leafTiles {
      let distances = squaredDistances(tree.tile(tile), to: point, tree.dimension)
      for lane in 0..<8 where distances[lane] < nearest.base[last] {
        let distance = distances[lane]
        var slot = last
        while slot > 0 && nearest.base[slot - 1] > distance {
          nearest.base[slot] = nearest.base[slot - 1]
          slot -= 1
        }
        nearest.base[slot] = distance
      }
    }
  }
}
