import Foundation
import TestSupport
import Testing

@testable import TextAnalysis

@Suite struct LogisticRegressionTests {
  /// The solution is where the gradient `w - Σ cᵢ yᵢ xᵢ σ(-yᵢ w·xᵢ)` is 0.
  @Test(arguments: 0..<5) func gradientVanishes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let columns = 12
    var rows = SparseRows(columnCount: columns)
    var labels: [Bool] = []
    var costs: [Double] = []
    for _ in 0..<80 {
      let chosen = (0..<columns).filter { _ in random.below(3) == 0 }
      let values = chosen.map { _ in Float(random.below(200) - 100) / 100 }
      rows.append(columns: chosen.map(UInt32.init), values: values)
      labels.append(values.reduce(0, +) + Float(random.below(100)) / 100 > 0.4)
      costs.append(0.2 + Double(random.below(30)) / 10)
    }
    let members = (0..<80).filter { $0 % 7 != 0 }
    let fit = LogisticRegression.fit(
      rows, members: members, isPositive: labels, costs: costs,
      .init(tolerance: 1e-6, epochsMaximum: 2000, seed: seed))
    var gradient = fit.weights.map(Double.init) + [Double(fit.bias)]
    for row in members {
      let sign = labels[row] ? 1.0 : -1
      let share = costs[row] / (1 + exp(sign * fit.decision(rows, row)))
      for entry in rows.starts[row]..<rows.starts[row + 1] {
        gradient[Int(rows.columns[entry])] -= share * sign * Double(rows.values[entry])
      }
      gradient[columns] -= share * sign
    }
    #expect(gradient.allSatisfy { abs($0) < 1e-3 }, "\(gradient)")
  }

  @Test func oneClassAlone() {
    var rows = SparseRows(columnCount: 1)
    rows.append(columns: [0], values: [1])
    let fit = LogisticRegression.fit(
      rows, members: [0], isPositive: [true], costs: [1])
    #expect(fit.decision(rows, 0) > 0)
    let none = LogisticRegression.fit(rows, members: [], isPositive: [true], costs: [1])
    #expect(none.decision(rows, 0) == 0)
  }

  @Test func calibratedSharesAreTheTrueOnes() {
    var random = SeededGenerator(seed: 9)
    var decisions: [[Double]] = []
    var labels: [Int] = []
    for _ in 0..<3000 {
      let x = Double(random.below(2000)) / 500 - 2
      // P(1) = σ(2x - 1)
      let p = 1 / (1 + exp(1 - 2 * x))
      decisions.append([x])
      labels.append(Double(random.below(1_000_000)) / 1e6 < p ? 1 : 0)
    }
    let calibration = Calibration.fit(decisions, labels: labels, classCount: 2)
    for x in [-1.0, 0, 1] {
      let score = calibration.score([x], [.negative, .positive])
      #expect(abs(Double(score.positive) - 1 / (1 + exp(1 - 2 * x))) < 0.05)
      #expect(abs(score.positive + score.negative - 1) < 1e-6 && score.neutral == 0)
    }
    // The fitted shares add up to those of the labels.
    let mean =
      decisions.reduce(0.0) {
        $0 + Double(calibration.score($1, [.negative, .positive]).positive)
      } / 3000
    #expect(abs(mean - calibration.shares[1]) < 1e-3)
  }

  @Test func decisionsThatTellEverything() {
    let decisions = (0..<100).map { [Double($0 % 2) * 1e6] }
    let calibration = Calibration.fit(
      decisions, labels: (0..<100).map { $0 % 2 }, classCount: 2)
    #expect(calibration.score([1e6], [.negative, .positive]).label == .positive)
    #expect(calibration.score([0], [.negative, .positive]).label == .negative)
    #expect(calibration.score([-1e6], [.negative, .positive]).positive >= 0)
  }

  @Test func confusion() {
    var matrix = ConfusionMatrix(SentimentClass.allCases)
    for (truth, label, count) in [
      (SentimentClass.negative, SentimentClass.negative, 6), (.negative, .positive, 2),
      (.neutral, .neutral, 1), (.neutral, .positive, 1), (.positive, .positive, 10),
    ] {
      for _ in 0..<count { matrix.add(truth: truth, label: label) }
    }
    #expect(matrix.accuracy == 0.85 && matrix.total == 20)
    #expect(matrix.precision(2) == 10.0 / 13 && matrix.recall(0) == 0.75)
    #expect(abs(matrix.macroF1 - (12.0 / 14 + 2.0 / 3 + 20.0 / 23) / 3) < 1e-12)
    #expect(ConfusionMatrix([.negative, .positive]).macroF1 == 0)
  }

  @Test func scales() throws {
    let five = try StarScale([2, 5, 3])
    #expect(
      [1, 2, 3, 4, 5].map { five.sentiment($0) }.map(\.name) == [
        "negative", "negative", "neutral", "positive", "positive",
      ])
    let ten = try StarScale([0, 7, 10])
    #expect(ten.sentiment(3) == .negative && ten.sentiment(5) == .neutral)
    #expect(ten.sentiment(7) == .positive)
    let binary = try StarScale([0, 1, 1])
    #expect(binary.sentiment(0) == .negative && binary.sentiment(1) == .positive)
    let fractions = try StarScale([-1, 0.2, 1])
    #expect(fractions.sentiment(-0.3) == .negative && fractions.sentiment(0) == .neutral)
    #expect(throws: TextError.self) { try StarScale([3, 3]) }
    #expect(throws: TextError.self) { try StarScale([]) }
    #expect(throws: TextError.self) { try StarScale([.nan, 1]) }
  }
}
