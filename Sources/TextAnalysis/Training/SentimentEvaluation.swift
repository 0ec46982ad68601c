internal import Glibc

/// How well a model's labels agree with the marks of texts it has not seen.
package struct SentimentEvaluation: Sendable {
  package struct Mistake: Sendable {
    /// Of the texts evaluated.
    package var row: Int
    package var truth: SentimentClass
    package var score: SentimentScore
  }

  package private(set) var matrix: ConfusionMatrix
  /// The mean of -ln of the probability of the true class, in natural units.
  package let logarithmicLoss: Double
  /// Wrong labels, the surest first.
  package private(set) var mistakes: [Mistake] = []

  /// - Parameters:
  ///   - texts: with their marks; those whose class the model does not know do not count.
  package init(
    _ model: some SentimentModel, texts: [String], marks: [Double], scale: StarScale,
    concurrency: Int, checkpoint: () throws -> Void = {}
  ) throws {
    matrix = ConfusionMatrix(model.classes)
    let scores = try model.scores(of: texts, concurrency: concurrency, checkpoint: checkpoint)
    var loss = 0.0
    for (row, score) in scores.enumerated() {
      let truth = scale.sentiment(marks[row])
      guard model.classes.contains(truth) else { continue }
      matrix.add(truth: truth, label: score.label)
      loss -= log(Double(max(score.probability(truth), 1e-7)))
      if score.label != truth { mistakes.append(Mistake(row: row, truth: truth, score: score)) }
    }
    logarithmicLoss = loss / Double(max(matrix.total, 1))
    mistakes.sort {
      ($1.score.probability($1.score.label), $0.row)
        < ($0.score.probability($0.score.label), $1.row)
    }
  }

  /// Rows for training and for testing: about `share` of the texts are for testing. Copies of a
  /// text are on the same side, so that none is tested that was learnt.
  package static func split(
    _ texts: [String], share: Double, seed: UInt64
  ) -> (training: [Int], test: [Int]) {
    let isTest = texts.map { text in
      let hash = Fingerprint.combine(seed, UInt64(bitPattern: TextHash.of(text)))
      return Double(hash >> 11) * 0x1p-53 < share
    }
    return (texts.indices.filter { !isTest[$0] }, texts.indices.filter { isTest[$0] })
  }
}
