/// What each feature adds to a row's score: exact Shapley values of the trees, where a feature that
/// is not known follows both branches by their cover (Lundberg, Erion, Lee: "Consistent
/// individualized feature attribution for tree ensembles", 2018, algorithm 2).
struct TreeContributions {
  private let tree: DecisionTree
  private let row: [Double]
  private var result: [Double]
  /// Paths of all levels, one after the other.
  private var path: [Element]

  /// One feature on the way from the root.
  private struct Element {
    var feature: Int32 = -1
    /// The share of rows that come by when the feature is not known, and when it is.
    var zero = 0.0
    var one = 0.0
    /// The summed weight of the sets of features of each size.
    var weight = 0.0
  }

  /// Adds the contributions of a tree to `sums`, one a feature; with the tree's mean they add up to
  /// its value for the row.
  /// - Complexity: O(*leaves* · *depth*²).
  static func add(_ tree: DecisionTree, _ row: [Double], to sums: inout [Double]) {
    if tree.nodes[0].isLeaf { return }
    let levels = tree.depth + 2
    var run = TreeContributions(
      tree: tree, row: row, result: sums,
      path: [Element](repeating: Element(), count: levels * (levels + 1) / 2))
    run.descend(0, depth: 0, start: 0, parent: 0, zero: 1, one: 1, feature: -1)
    sums = run.result
  }

  private mutating func descend(
    _ index: Int, depth: Int, start: Int, parent: Int, zero: Double, one: Double, feature: Int32
  ) {
    for element in 0..<depth { path[start + element] = path[parent + element] }
    extend(start, depth, zero, one, feature)
    let node = tree.nodes[index]
    if node.isLeaf {
      for element in 1..<depth + 1 {
        let weight = unwoundSum(start, depth, element)
        let own = path[start + element]
        result[Int(own.feature)] += weight * (own.one - own.zero) * node.value
      }
      return
    }
    let hot = DecisionTree.next(node, row[Int(node.feature)])
    let cold = Int(hot == Int(node.left) ? node.right : node.left)
    var (ownZero, ownOne) = (1.0, 1.0)
    var length = depth
    // A feature that was asked before counts once.
    if let before = (1..<depth + 1).first(where: { path[start + $0].feature == node.feature }) {
      (ownZero, ownOne) = (path[start + before].zero, path[start + before].one)
      unwind(start, depth, before)
      length -= 1
    }
    let next = start + depth + 1
    descend(
      hot, depth: length + 1, start: next, parent: start,
      zero: ownZero * tree.nodes[hot].cover / node.cover, one: ownOne, feature: node.feature)
    descend(
      cold, depth: length + 1, start: next, parent: start,
      zero: ownZero * tree.nodes[cold].cover / node.cover, one: 0, feature: node.feature)
  }

  /// Appends a feature to the path of `depth` elements.
  private mutating func extend(
    _ start: Int, _ depth: Int, _ zero: Double, _ one: Double, _ feature: Int32
  ) {
    path[start + depth] = Element(
      feature: feature, zero: zero, one: one, weight: depth == 0 ? 1 : 0)
    let size = Double(depth + 1)
    for index in stride(from: depth - 1, through: 0, by: -1) {
      path[start + index + 1].weight +=
        one * path[start + index].weight * Double(index + 1) / size
      path[start + index].weight = zero * path[start + index].weight * Double(depth - index) / size
    }
  }

  /// Takes element `removed` out of the path again.
  private mutating func unwind(_ start: Int, _ depth: Int, _ removed: Int) {
    let (zero, one) = (path[start + removed].zero, path[start + removed].one)
    var next = path[start + depth].weight
    let size = Double(depth + 1)
    for index in stride(from: depth - 1, through: 0, by: -1) {
      if one != 0 {
        let weight = path[start + index].weight
        path[start + index].weight = next * size / (Double(index + 1) * one)
        next = weight - path[start + index].weight * zero * Double(depth - index) / size
      } else {
        path[start + index].weight =
          path[start + index].weight * size / (zero * Double(depth - index))
      }
    }
    for index in removed..<depth {
      path[start + index].feature = path[start + index + 1].feature
      path[start + index].zero = path[start + index + 1].zero
      path[start + index].one = path[start + index + 1].one
    }
  }

  /// The sum of the weights that `unwind` would leave.
  private func unwoundSum(_ start: Int, _ depth: Int, _ removed: Int) -> Double {
    let (zero, one) = (path[start + removed].zero, path[start + removed].one)
    var next = path[start + depth].weight
    let size = Double(depth + 1)
    var sum = 0.0
    for index in stride(from: depth - 1, through: 0, by: -1) {
      if one != 0 {
        let weight = next * size / (Double(index + 1) * one)
        sum += weight
        next = path[start + index].weight - weight * zero * Double(depth - index) / size
      } else {
        sum += path[start + index].weight * size / (zero * Double(depth - index))
      }
    }
    return sum
  }
}

extension GradientBoostedTrees {
  /// The ln of the odds of a row of mean score.
  package var meanLogOdds: Double { trees.reduce(baseline) { $0 + $1.mean } }

  /// What each feature adds to the ln of the odds of each row; with `meanLogOdds` they add up to
  /// those of the row.
  /// - Parameter isCancelled: asked on the calling thread every thousand rows.
  /// - Returns: shape `[rows][columns]`.
  /// - Throws: when cancelled.
  package func contributions(
    _ features: Matrix, concurrency: Int = 4, isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) -> Matrix {
    let (count, columns) = (features.rowCount, features.columnCount)
    let result = Scratch<Double>(count * columns, repeating: 0)
    try parallelFor(count, concurrency: concurrency, round: 1024, isCancelled: isCancelled) { row in
      let values = features.row(row)
      var sums = [Double](repeating: 0, count: columns)
      for tree in trees { TreeContributions.add(tree, values, to: &sums) }
      for column in 0..<columns { result.base[column * count + row] = sums[column] }
    }
    return Matrix(
      rowCount: count, columnCount: columns, values: count * columns == 0 ? [] : result.array)
  }
}
