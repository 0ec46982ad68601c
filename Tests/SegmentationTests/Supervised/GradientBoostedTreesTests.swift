import Testing

@testable import Segmentation

@Suite struct GradientBoostedTreesTests {
  private let train = SupervisedSample(rows: 4000, seed: 1)
  private let test = SupervisedSample(rows: 4000, seed: 2)

  /// scikit-learn 1.9, HistGradientBoostingClassifier without early stopping: AUC 0.780864, log-loss
  /// 0.573542 (Benchmarks/supervised.py).
  @Test func isAsGoodAsScikitLearn() throws {
    let model = try GradientBoostedTrees(train.features, train.labels)
    let p = model.probabilities(test.features)
    let auc = BinaryMetrics.rocAUC(test.labels, p)
    #expect(abs(auc - 0.780864) < 0.005, "\(auc)")
    let loss = BinaryMetrics.logLoss(test.labels, p)
    #expect(abs(loss - 0.573542) < 0.01, "\(loss)")
    #expect(model.trees.count == 100)
    #expect(model.trees.allSatisfy { $0.nodes.filter(\.isLeaf).count <= 31 })
    #expect(model.trees.allSatisfy { $0.nodes.allSatisfy { $0.cover >= 20 } })
  }

  @Test func dependsOnTheSeedNotOnThreads() throws {
    var configuration = GradientBoostedTrees.Configuration()
    configuration.maxTrees = 20
    configuration.validationShare = 0.2
    configuration.concurrency = 1
    let one = try GradientBoostedTrees(train.features, train.labels, configuration)
    configuration.concurrency = 4
    let four = try GradientBoostedTrees(train.features, train.labels, configuration)
    #expect(four == one)
    configuration.seed = 7
    let other = try GradientBoostedTrees(train.features, train.labels, configuration)
    #expect(other != one)
  }

  @Test func stopsEarly() throws {
    var configuration = GradientBoostedTrees.Configuration()
    configuration.learningRate = 0.5
    configuration.validationShare = 0.2
    let model = try GradientBoostedTrees(train.features, train.labels, configuration)
    #expect(model.trees.count < 60)
    let p = model.probabilities(test.features)
    #expect(BinaryMetrics.rocAUC(test.labels, p) > 0.75)
  }

  /// What is missing decides: half of the rows have no value, and those are positive.
  @Test func missingValuesHaveADirection() throws {
    let values = (0..<200).map { $0 % 2 == 0 ? Double.nan : Double($0) }
    let features = Matrix(columns: [values])
    let model = try GradientBoostedTrees(features, values.map(\.isNaN))
    let p = model.probabilities(Matrix(columns: [[.nan, 1, 150, 999]]))
    #expect(p[0] > 0.9 && p[1...].allSatisfy { $0 < 0.1 })
  }

  /// With all leaves wanted, trees learn any table of two features.
  @Test func learnsExclusiveOr() throws {
    let rows = (0..<400).map { [Double($0 % 2), Double($0 / 2 % 2)] }
    let labels = rows.map { $0[0] != $0[1] }
    var configuration = GradientBoostedTrees.Configuration()
    // The first split alone gains nothing: rows of one kind are more.
    let features = Matrix(rows: rows + [[0, 1], [0, 1], [0, 1]])
    configuration.l2 = 1
    let model = try GradientBoostedTrees(features, labels + [true, true, true], configuration)
    let p = model.probabilities(Matrix(rows: [[0, 0], [0, 1], [1, 0], [1, 1]]))
    #expect(p[0] < 0.05 && p[1] > 0.95 && p[2] > 0.95 && p[3] < 0.05, "\(p)")
  }

  @Test func aLabelOfOneKindIsRefused() {
    #expect(throws: SegmentationError.self) {
      try GradientBoostedTrees(Matrix(columns: [[1, 2]]), [true, true])
    }
  }
}
