internal import Glibc

/// Logistic regressions over the words and character n-grams of a review, one for each step between
/// the marks it was trained on («at least two stars», «at least three» …), and a calibration that
/// makes probabilities of the classes of their decisions and of the built-in lexicon's polarity,
/// which knows words that the training texts lack.
package struct LinearSentimentModel: SentimentModel {
  package let classes: [SentimentClass]
  /// Of the file and of the built-in lexicon.
  package var version: String {
    "linear-\(String(checksum, radix: 16))-\(String(lexicon.checksum, radix: 16))"
  }
  /// What is known of its making, for people.
  package let information: ModelInformation
  let space: FeatureSpace
  /// Decisions per feature: `heads` numbers each, as 16-bit steps of `steps[head]`.
  let weights: [Int16]
  let steps: [Float]
  let biases: [Float]
  let calibration: Calibration
  let checksum: UInt64
  private let lexicon: SentimentLexicon
  var heads: Int { steps.count }
  package var featureCount: Int { space.count }

  init(
    classes: [SentimentClass], information: ModelInformation, space: FeatureSpace,
    weights: [Int16], steps: [Float], biases: [Float], calibration: Calibration,
    checksum: UInt64 = 0
  ) throws(TextError) {
    self.classes = classes
    self.information = information
    self.space = space
    self.weights = weights
    self.steps = steps
    self.biases = biases
    self.calibration = calibration
    self.checksum = checksum
    lexicon = try SentimentLexicon.builtIn()
  }

  package func scores(
    of texts: [String], concurrency: Int, checkpoint: () throws -> Void
  ) throws -> [SentimentScore] {
    try TextBatches.map(
      texts, concurrency: concurrency, checkpoint: checkpoint, make: { Scorer(self, $0) },
      placeholder: SentimentScore(negative: 0, neutral: 1, positive: 0, label: .neutral),
      body: { scorer, text in scorer.score(text) })
  }

  /// Scores texts one by one. Not for use by two threads at once.
  final class Scorer {
    private let model: LinearSentimentModel
    private let vector: ReviewVector
    private var decisions: [Double]

    init(_ model: LinearSentimentModel, _ terms: TermReader) {
      self.model = model
      vector = ReviewVector(model.space, terms)
      decisions = [Double](repeating: 0, count: model.heads + 1)
    }

    func score(_ text: UnsafeBufferPointer<UInt8>) -> SentimentScore {
      vector.read(text)
      if model.heads <= 4 {
        decideFour()
      } else {
        for head in 0..<model.heads { decisions[head] = decision(head) }
      }
      decisions[model.heads] = Double(vector.polarity(model.lexicon))
      return model.calibration.score(decisions, model.classes)
    }

    private func decision(_ head: Int) -> Double {
      var sum: Float = 0
      model.weights.withUnsafeBufferPointer { weights in
        for index in 0..<vector.count {
          sum +=
            vector.values[index]
            * Float(weights[Int(vector.columns[index]) * model.heads + head])
        }
      }
      return Double(sum * model.steps[head] + model.biases[head])
    }

    /// As `decision` for all heads at once: five stars have four steps.
    private func decideFour() {
      let heads = model.heads
      var sums = SIMD4<Float>.zero
      model.weights.withUnsafeBufferPointer { weights in
        for index in 0..<vector.count {
          let first = Int(vector.columns[index]) &* heads
          let value = vector.values[index]
          for head in 0..<heads { sums[head] += value * Float(weights[first &+ head]) }
        }
      }
      for head in 0..<heads {
        decisions[head] = Double(sums[head] * model.steps[head] + model.biases[head])
      }
    }
  }
}

/// How and of what a model was made.
package struct ModelInformation: Equatable, Sendable {
  package var texts = 0
  /// How many texts of each mark, ascending by mark.
  package var marks: [Double] = []
  package var markCounts: [Int] = []
  /// Of the cross-validation during training.
  package var accuracy: Double = 0
  package var macroF1: Double = 0
  package init() {}
}
