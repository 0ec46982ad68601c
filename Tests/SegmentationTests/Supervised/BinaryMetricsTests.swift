import Testing

@testable import Segmentation

@Suite struct BinaryMetricsTests {
  private let test = SupervisedSample(rows: 4000, seed: 2)

  /// scikit-learn 1.9 (Benchmarks/supervised.py), with probabilities as they are and rounded to
  /// hundredths, which ties many.
  @Test func equalScikitLearn() throws {
    let train = SupervisedSample(rows: 4000, seed: 1)
    let p = try LogisticRegression(try train.filled, train.labels).probabilities(try test.filled)
    #expect(abs(BinaryMetrics.averagePrecision(test.labels, p) - 0.738827) < 2e-6)
    #expect(abs(BinaryMetrics.brier(test.labels, p) - 0.200593) < 2e-6)
    #expect(abs(BinaryMetrics.logLoss(test.labels, p) - 0.585363) < 2e-6)
    let rounded = p.map { ($0 * 100).rounded() / 100 }
    #expect(abs(BinaryMetrics.rocAUC(test.labels, rounded) - 0.756318) < 2e-6)
    #expect(abs(BinaryMetrics.averagePrecision(test.labels, rounded) - 0.735848) < 2e-6)
  }

  @Test func aucIsTheShareOfPairsInOrder() {
    var random = RandomSource(seed: 5)
    for _ in 0..<50 {
      let count = 2 + random.index(below: 30)
      let scores = (0..<count).map { _ in Double(random.index(below: 6)) }
      let labels = (0..<count).map { _ in random.unit() < 0.4 }
      var (ordered, pairs) = (0.0, 0.0)
      for a in 0..<count where labels[a] {
        for b in 0..<count where !labels[b] {
          pairs += 1
          ordered += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0
        }
      }
      let auc = BinaryMetrics.rocAUC(labels, scores)
      if pairs == 0 { #expect(auc.isNaN) } else { #expect(abs(auc - ordered / pairs) < 1e-12) }
    }
  }

  @Test func liftByHand() {
    let labels = [true, true, false, true, false, false, false, false, false, false]
    let scores = (0..<10).map { -Double($0) }
    #expect(abs(BinaryMetrics.lift(labels, scores, share: 0.1) - 1 / 0.3) < 1e-12)
    #expect(abs(BinaryMetrics.lift(labels, scores, share: 0.5) - 0.6 / 0.3) < 1e-12)
    // Equal scores say nothing.
    #expect(abs(BinaryMetrics.lift(labels, labels.map { _ in 1 }, share: 0.1) - 1) < 1e-12)
  }

  @Test func calibrationKeepsEqualProbabilitiesTogether() {
    let p = [0.1, 0.1, 0.1, 0.1, 0.8, 0.9]
    let labels = [false, false, false, true, true, true]
    let bins = BinaryMetrics.calibration(labels, p, bins: 3)
    #expect(bins.map(\.count) == [4, 2])
    #expect(abs(bins[0].observed - 0.25) < 1e-12 && abs(bins[1].predicted - 0.85) < 1e-12)
    #expect(abs(BinaryMetrics.calibrationError(bins) - (4 * 0.15 + 2 * 0.15) / 6) < 1e-12)
  }
}
