/// Regularised logistic regression over dense columns.
///
/// Minimises, as scikit-learn's `LogisticRegression` does,
/// `C · Σ wᵢ ln(1 + exp(−yᵢ (xᵢ·β + β₀))) + (1 − ρ)/2 ‖β‖² + ρ ‖β‖₁` with y = ±1 and the intercept
/// β₀ free, by Newton steps with backtracking; for ρ > 0 the quadratic model of each step is
/// minimised by coordinate descent (as in glmnet: Friedman, Hastie, Tibshirani 2010).
package struct LogisticRegression: Sendable, Equatable {
  package struct Configuration: Sendable {
    /// C: the weight of the data against the penalty.
    package var inverseRegularisation = 1.0
    /// ρ: the share of the absolute penalty, which sets coefficients to 0.
    package var l1Ratio = 0.0
    package var maxIterations = 100
    /// Stop when a step moves no coefficient by more.
    package var tolerance = 1e-9
    package var concurrency = 4
    package init() {}
  }

  /// Shape `[columns]`.
  package var coefficients: [Double]
  package var intercept: Double

  package init(coefficients: [Double], intercept: Double) {
    self.coefficients = coefficients
    self.intercept = intercept
  }

  /// - Parameters:
  ///   - features: finite numbers; columns of like scale converge best.
  ///   - labels: one a row, of both kinds.
  ///   - weights: one a row, at least 0; nil for 1 each.
  ///   - isCancelled: asked on the calling thread before each iteration.
  /// - Throws: for missing values, other shapes, or labels of one kind; when cancelled.
  /// - Complexity: O(*rows* · *columns*²) an iteration, some ten iterations.
  package init(
    _ features: Matrix, _ labels: [Bool], weights: [Double]? = nil,
    _ configuration: Configuration = .init(), isCancelled: () -> Bool = { false }
  ) throws(SegmentationError) {
    try Self.validate(features, labels, weights, configuration)
    let problem = LogisticProblem(features, labels, weights, configuration)
    var position = [Double](repeating: 0, count: features.columnCount + 1)
    position[features.columnCount] = problem.baseline
    var value = problem.objective(position)
    for _ in 0..<configuration.maxIterations {
      if isCancelled() { throw .cancelled }
      let (gradient, hessian) = problem.derivatives(position)
      let step = problem.step(from: position, gradient, hessian)
      // The decrease that the step promises (Lee, Sun, Saunders 2014); no step can promise a rise.
      let promise = problem.promise(position, step, gradient)
      // Near the summit the objective no longer shows a step that still sharpens the position.
      let rounding = 1e-12 * abs(value)
      var length = 1.0
      var next = position
      var nextValue = value
      for _ in 0..<30 {
        for index in position.indices { next[index] = position[index] + length * step[index] }
        nextValue = problem.objective(next)
        if nextValue <= value + 1e-4 * length * min(promise, 0) + rounding { break }
        length /= 2
      }
      if !(nextValue <= value + rounding) { break }
      (position, value) = (next, nextValue)
      if step.allSatisfy({ abs($0) * length <= configuration.tolerance }) { break }
    }
    coefficients = Array(position.dropLast())
    intercept = position[features.columnCount]
  }

  /// ln of the odds of each row.
  package func logOdds(_ features: Matrix) -> [Double] {
    precondition(features.columnCount == coefficients.count)
    var result = [Double](repeating: intercept, count: features.rowCount)
    for (column, coefficient) in coefficients.enumerated() where coefficient != 0 {
      let start = column * features.rowCount
      for row in 0..<features.rowCount {
        result[row] += coefficient * features.values[start + row]
      }
    }
    return result
  }

  package func probabilities(_ features: Matrix) -> [Double] {
    logOdds(features).map(logistic)
  }

  /// What each feature of a row adds to the logarithm of the odds, against a row of `means`; with
  /// the odds of that row they add up to those of the row.
  package func contributions(_ row: [Double], means: [Double]) -> [Double] {
    coefficients.indices.map { coefficients[$0] * (row[$0] - means[$0]) }
  }

  private static func validate(
    _ features: Matrix, _ labels: [Bool], _ weights: [Double]?, _ configuration: Configuration
  ) throws(SegmentationError) {
    try SupervisedInput.validate(features, labels, weights)
    if let first = features.firstNotFinite() {
      throw SegmentationError(
        "features",
        "row \(first.row + 1), column \(first.column + 1) has no finite value; replace it first")
    }
    try require(
      configuration.inverseRegularisation > 0, "inverseRegularisation",
      "it is \(configuration.inverseRegularisation); it must be above 0")
    try require(
      (0...1).contains(configuration.l1Ratio), "l1Ratio",
      "it is \(configuration.l1Ratio); it must be between 0 and 1")
  }
}

/// What every method that learns from labelled rows needs.
enum SupervisedInput {
  static func validate(
    _ features: Matrix, _ labels: [Bool], _ weights: [Double]?
  ) throws(SegmentationError) {
    try require(features.columnCount >= 1, "features", "there are none; give at least one column")
    try require(
      labels.count == features.rowCount && (weights?.count ?? labels.count) == labels.count,
      "labels",
      "there are \(labels.count) labels and \(weights?.count ?? labels.count) weights for "
        + "\(features.rowCount) rows")
    try require(
      labels.contains(true) && labels.contains(false), "labels",
      "all rows have the same label, so there is nothing to learn")
    if let weights {
      try require(
        weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights",
        "they must be finite and at least 0")
    }
  }
}
