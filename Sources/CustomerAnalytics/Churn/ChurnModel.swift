import Segmentation

/// What was learned of clients before: from features at a day to the probability of no purchase in
/// the horizon after it.
///
/// Logistic regression over logarithms in one scale, boosted trees over the values themselves, or
/// both: then the logarithms of their odds are averaged, which keeps contributions additive.
struct ChurnModel: Equatable {
  var horizon: Int
  /// Days at which it learned, the last first; what it knows ends a horizon after the first.
  var cutoffs: [Int]
  /// Names of the features, in order of the columns.
  var features: [String]
  var centres: [Double]
  var scales: [Double]
  var logistic: LogisticRegression?
  var trees: GradientBoostedTrees?

  /// - Parameters:
  ///   - snapshots: features at days whose horizon is over.
  ///   - labels: whether clients bought nothing in the horizon, one a row of each snapshot.
  /// - Throws: if all clients did the same; when cancelled.
  init(
    _ snapshots: [ChurnFeatures], labels: [[Bool]], horizon: Int, _ settings: ChurnSettings,
    isCancelled: () -> Bool
  ) throws(SegmentationError) {
    self.horizon = horizon
    cutoffs = snapshots.map(\.day)
    features = snapshots.first?.columns.map(\.name) ?? []
    let columns = features.indices.map { column in
      snapshots.flatMap { $0.columns[column].values }
    }
    let matrix = Matrix(columns: columns)
    let target = labels.flatMap { $0 }
    // Snapshots repeat clients: together they weigh as much as one.
    let weight = 1 / Double(max(snapshots.count, 1))
    centres = []
    scales = []
    for column in columns {
      let values = column.map(Self.compressed)
      let mean = values.reduce(0, +) / Double(max(values.count, 1))
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(max(values.count, 1))).squareRoot()
      centres.append(mean)
      scales.append(deviation > 1e-12 * abs(mean) ? deviation : 0)
    }
    if settings.classifier != .trees {
      var configuration = LogisticRegression.Configuration()
      configuration.inverseRegularisation = settings.inverseRegularisation
      configuration.concurrency = settings.concurrency
      logistic = try LogisticRegression(
        scaled(matrix), target, weights: [Double](repeating: weight, count: target.count),
        configuration, isCancelled: isCancelled)
    }
    if settings.classifier != .logistic {
      trees = try GradientBoostedTrees(
        matrix, target, settings.trees, isCancelled: isCancelled)
    }
  }

  init(
    horizon: Int, cutoffs: [Int], features: [String], centres: [Double], scales: [Double],
    logistic: LogisticRegression?, trees: GradientBoostedTrees?
  ) {
    self.horizon = horizon
    self.cutoffs = cutoffs
    self.features = features
    self.centres = centres
    self.scales = scales
    self.logistic = logistic
    self.trees = trees
  }

  /// Counts and money have long tails on both sides of 0.
  private static func compressed(_ value: Double) -> Double {
    value < 0 ? -naturalLogarithm1p(-value) : naturalLogarithm1p(value)
  }

  private func scaled(_ matrix: Matrix) -> Matrix {
    var result = matrix
    for column in 0..<matrix.columnCount {
      let factor = scales[column] > 0 ? 1 / scales[column] : 0
      for row in 0..<matrix.rowCount {
        result[row, column] =
          (Self.compressed(matrix[row, column]) - centres[column]) * factor
      }
    }
    return result
  }

  /// The probability that each client buys nothing in the horizon.
  func risks(_ matrix: Matrix, concurrency: Int) -> [Double] {
    switch (logistic, trees) {
    case (let logistic?, let trees?):
      let a = logistic.logOdds(scaled(matrix))
      let b = trees.logOdds(matrix, concurrency: concurrency)
      return zip(a, b).map { probability(ofLogOdds: ($0 + $1) / 2) }
    case (let logistic?, nil): return logistic.probabilities(scaled(matrix))
    case (nil, let trees?): return trees.probabilities(matrix, concurrency: concurrency)
    case (nil, nil): return []
    }
  }

  /// What each feature adds to ln of the odds, against the clients of the training.
  /// - Returns: shape `[rows][columns]`.
  /// - Throws: when cancelled.
  func contributions(
    _ matrix: Matrix, concurrency: Int, isCancelled: () -> Bool
  ) throws(SegmentationError) -> Matrix {
    var result = Matrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount)
    let share = logistic != nil && trees != nil ? 0.5 : 1
    if let logistic {
      // Scaled columns have the mean 0.
      let values = scaled(matrix)
      for column in 0..<matrix.columnCount {
        for row in 0..<matrix.rowCount {
          result[row, column] += share * logistic.coefficients[column] * values[row, column]
        }
      }
    }
    if let trees {
      let parts = try trees.contributions(
        matrix, concurrency: concurrency, isCancelled: isCancelled)
      for index in result.values.indices { result.values[index] += share * parts.values[index] }
    }
    return result
  }
}
