import Testing

@testable import Segmentation

@Suite struct LogisticRegressionTests {
  private let train = SupervisedSample(rows: 4000, seed: 1)
  private let test = SupervisedSample(rows: 4000, seed: 2)

  /// scikit-learn 1.9 (Benchmarks/supervised.py).
  @Test(arguments: [
    (
      1.0, 0.0, [1.3400496, -0.9246656, 0.0827976, -0.1432805, 0.5592922, 0.5552376], -0.1259346,
      0.756322
    ),
    (
      0.01, 0.0, [0.9316599, -0.6304159, 0.0478136, -0.0971914, 0.3889499, 0.3632047], -0.117012,
      0.756304
    ),
    (
      0.02, 0.6, [1.0889334, -0.7105581, 0.0, -0.0282958, 0.4010609, 0.3711066], -0.1185249,
      0.757579
    ),
  ])
  func equalsScikitLearn(
    c: Double, l1Ratio: Double, coefficients: [Double], intercept: Double, auc: Double
  ) throws {
    var configuration = LogisticRegression.Configuration()
    configuration.inverseRegularisation = c
    configuration.l1Ratio = l1Ratio
    let model = try LogisticRegression(try train.filled, train.labels, configuration)
    for (ours, theirs) in zip(model.coefficients, coefficients) {
      #expect(abs(ours - theirs) < 1e-5, "\(model.coefficients)")
    }
    #expect(abs(model.intercept - intercept) < 1e-5)
    let probabilities = model.probabilities(try test.filled)
    #expect(abs(BinaryMetrics.rocAUC(test.labels, probabilities) - auc) < 2e-6)
  }

  @Test func weightsCountRowsSeveralTimes() throws {
    let features = try train.filled
    let twice = (0..<4000).filter { $0 % 3 == 0 }
    let repeated = features.selecting(rows: Array(0..<4000) + twice)
    let labels = train.labels + twice.map { train.labels[$0] }
    let weights = (0..<4000).map { $0 % 3 == 0 ? 2.0 : 1 }
    let a = try LogisticRegression(repeated, labels)
    let b = try LogisticRegression(features, train.labels, weights: weights)
    #expect(zip(a.coefficients, b.coefficients).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func doesNotDependOnThreads() throws {
    var configuration = LogisticRegression.Configuration()
    configuration.concurrency = 1
    let one = try LogisticRegression(try train.filled, train.labels, configuration)
    configuration.concurrency = 3
    let three = try LogisticRegression(try train.filled, train.labels, configuration)
    #expect(three == one)
  }

  /// Labels that a line separates, a constant column and twin columns: the penalty keeps it finite.
  @Test func hardCases() throws {
    let x = (0..<50).map { Double($0) - 24.5 }
    let features = Matrix(columns: [x, x, x.map { _ in 3 }])
    var configuration = LogisticRegression.Configuration()
    configuration.inverseRegularisation = 1e6
    let model = try LogisticRegression(features, x.map { $0 > 0 }, configuration)
    #expect(model.coefficients.allSatisfy { $0.isFinite })
    #expect(BinaryMetrics.rocAUC(x.map { $0 > 0 }, model.probabilities(features)) == 1)
    #expect(abs(model.coefficients[0] - model.coefficients[1]) < 1e-3)
  }

  @Test func contributionsAddUp() throws {
    let features = try train.filled
    let model = try LogisticRegression(features, train.labels)
    let means = (0..<6).map { features.column($0).reduce(0, +) / 4000 }
    let base = model.logOdds(Matrix(rows: [means]))[0]
    for row in 0..<5 {
      let parts = model.contributions(features.row(row), means: means)
      #expect(abs(base + parts.reduce(0, +) - model.logOdds(features)[row]) < 1e-12)
    }
  }

  @Test func refusesWhatCannotBeLearned() throws {
    let features = Matrix(columns: [[1, 2, 3]])
    #expect(throws: SegmentationError.self) {
      try LogisticRegression(features, [true, true, true])
    }
    #expect(throws: SegmentationError.self) { try LogisticRegression(features, [true, false]) }
    #expect(throws: SegmentationError.self) {
      try LogisticRegression(Matrix(columns: [[1, .nan, 3]]), [true, false, true])
    }
  }
}
