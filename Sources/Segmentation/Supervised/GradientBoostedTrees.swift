/// Gradient-boosted trees for a binary outcome: each tree corrects the probabilities of those before
/// it along the derivatives of the log-loss (Friedman 2001). The method is that of scikit-learn's
/// `HistGradientBoostingClassifier` and LightGBM.
package struct GradientBoostedTrees: Sendable, Equatable {
  package struct Configuration: Sendable {
    package var maxTrees = 100
    /// By which each tree is multiplied.
    package var learningRate = 0.1
    package var maxLeaves = 31
    package var minRowsInLeaf = 20
    /// Added to the curvature in leaves: draws their values to 0.
    package var l2 = 0.0
    /// Of present values, in `2 ... 255`.
    package var maxBins = 255
    /// The share of the rows on which training is watched, to stop early; 0 for none.
    package var validationShare = 0.0
    /// Stop when the log-loss there has not fallen for so many trees.
    package var patience = 10
    /// Of the choice of rows that are watched.
    package var seed: UInt64 = 42
    package var concurrency = 4
    package init() {}
  }

  /// ln of the odds before any tree.
  package var baseline: Double
  package var trees: [DecisionTree]

  package init(baseline: Double, trees: [DecisionTree]) {
    self.baseline = baseline
    self.trees = trees
  }

  /// The result depends on the seed (only if rows are watched), never on the number of threads.
  ///
  /// - Parameters:
  ///   - features: NaN is a missing value; each split learns where those go.
  ///   - labels: one a row, of both kinds.
  ///   - isCancelled: asked on the calling thread before each split.
  /// - Throws: for other shapes, labels of one kind, or settings out of range; when cancelled.
  /// - Complexity: O(*rows* · *columns* · depth) a tree; a byte for each value of `features`.
  package init(
    _ features: Matrix, _ labels: [Bool], _ configuration: Configuration = .init(),
    isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) {
    try SupervisedInput.validate(features, labels, nil)
    try Self.validate(configuration)
    let columns = BinnedColumns(
      features, maxBins: configuration.maxBins, concurrency: configuration.concurrency)
    let count = features.rowCount
    let (training, watched) = Self.divide(labels, configuration)
    var positive = 0.0
    for row in training where labels[Int(row)] { positive += 1 }
    let share = positive / Double(training.count)
    let start = naturalLogarithm(share / (1 - share))
    let scores = Scratch<Double>(count, repeating: start)
    let gradient = Scratch<Double>(count, repeating: 0)
    let hessian = Scratch<Double>(count, repeating: 0)
    let limits = TreeGrower.Limits(
      maxLeaves: configuration.maxLeaves, minRowsInLeaf: configuration.minRowsInLeaf,
      l2: configuration.l2, learningRate: configuration.learningRate,
      concurrency: configuration.concurrency)
    var trees: [DecisionTree] = []
    var best = (loss: Double.infinity, trees: 0)
    let rows = Scratch<Int32>(training)
    for _ in 0..<configuration.maxTrees {
      for row in training {
        let row = Int(row)
        let probability = logistic(scores.base[row])
        gradient.base[row] = probability - (labels[row] ? 1 : 0)
        hessian.base[row] = probability * (1 - probability)
      }
      // In order again, so that a tree does not depend on those before it but by their scores.
      for (index, row) in training.enumerated() { rows.base[index] = row }
      let tree = try TreeGrower(columns, rows: rows, gradient: gradient, hessian: hessian, limits)
        .grow(adding: scores, isCancelled: isCancelled)
      trees.append(tree)
      if tree.nodes.count == 1 { break }
      if watched.isEmpty { continue }
      var loss = 0.0
      for row in watched {
        let row = Int(row)
        scores.base[row] += tree.value(features, row)
        loss += softplus(labels[row] ? -scores.base[row] : scores.base[row])
      }
      if loss < best.loss - 1e-7 * Double(watched.count) { best = (loss, trees.count) }
      if trees.count - best.trees >= configuration.patience { break }
    }
    if !watched.isEmpty { trees.removeLast(trees.count - max(best.trees, 1)) }
    baseline = start
    self.trees = trees
  }

  /// Rows to learn from and rows to watch; of each kind of label the same share is watched.
  private static func divide(
    _ labels: [Bool], _ configuration: Configuration
  ) -> (training: [Int32], watched: [Int32]) {
    var training: [Int32] = []
    var watched: [Int32] = []
    var random = RandomSource(seed: configuration.seed)
    var seen = [0, 0]
    var taken = [0, 0]
    for row in labels.indices {
      let kind = labels[row] ? 1 : 0
      seen[kind] += 1
      let wanted = configuration.validationShare * Double(seen[kind])
      // Keeps to the share within one row, with a random choice of rows.
      let chance = wanted - Double(taken[kind])
      if configuration.validationShare > 0 && random.unit() < chance {
        taken[kind] += 1
        watched.append(Int32(row))
      } else {
        training.append(Int32(row))
      }
    }
    let hasBoth = { (rows: [Int32]) in
      rows.contains { labels[Int($0)] } && rows.contains { !labels[Int($0)] }
    }
    if watched.isEmpty || !hasBoth(training) || !hasBoth(watched) {
      return (labels.indices.map(Int32.init), [])
    }
    return (training, watched)
  }

  /// ln of the odds of each row.
  package func logOdds(_ features: Matrix, concurrency: Int = 4) -> [Double] {
    let count = features.rowCount
    let result = Scratch<Double>(count, repeating: baseline)
    let blockSize = 1024
    parallelFor((count + blockSize - 1) / blockSize, concurrency: concurrency) { block in
      for tree in trees {
        for row in block * blockSize..<min(count, (block + 1) * blockSize) {
          result.base[row] += tree.value(features, row)
        }
      }
    }
    return count == 0 ? [] : result.array
  }

  package func probabilities(_ features: Matrix, concurrency: Int = 4) -> [Double] {
    logOdds(features, concurrency: concurrency).map(logistic)
  }

  private static func validate(_ configuration: Configuration) throws(SegmentationError) {
    try require(
      configuration.maxTrees >= 1, "maxTrees",
      "it is \(configuration.maxTrees); it must be at least 1")
    try require(
      configuration.learningRate > 0, "learningRate",
      "it is \(configuration.learningRate); it must be above 0")
    try require(
      configuration.maxLeaves >= 2, "maxLeaves",
      "it is \(configuration.maxLeaves); it must be at least 2")
    try require(
      configuration.minRowsInLeaf >= 1, "minRowsInLeaf",
      "it is \(configuration.minRowsInLeaf); it must be at least 1")
    try require(
      configuration.l2 >= 0, "l2", "it is \(configuration.l2); it must be at least 0")
    try require(
      (2...255).contains(configuration.maxBins), "maxBins",
      "it is \(configuration.maxBins); it must be between 2 and 255")
    try require(
      (0..<1).contains(configuration.validationShare), "validationShare",
      "it is \(configuration.validationShare); it must be at least 0 and below 1")
  }
}

extension DecisionTree {
  /// The leaf's number for a row of a matrix.
  func value(_ features: Matrix, _ row: Int) -> Double {
    nodes.withUnsafeBufferPointer { nodes in
      features.values.withUnsafeBufferPointer { values in
        var index = 0
        while nodes[index].feature >= 0 {
          let node = nodes[index]
          index = Self.next(node, values[Int(node.feature) * features.rowCount + row])
        }
        return nodes[index].value
      }
    }
  }
}
