/// What a review says of the thing, from bad to good.
package enum SentimentClass: UInt8, CaseIterable, Sendable {
  case negative, neutral, positive

  package var name: String {
    switch self {
    case .negative: "negative"
    case .neutral: "neutral"
    case .positive: "positive"
    }
  }

  /// Of the words about an aspect; what leans to neither side is neutral.
  package init(aspectPolarity polarity: Float) {
    self = polarity <= -0.1 ? .negative : polarity >= 0.1 ? .positive : .neutral
  }
}

/// A model's answer for one text.
package struct SentimentScore: Equatable, Sendable {
  /// Probabilities; their sum is 1. Those of a model without a neutral class are 0 for it.
  package var negative: Float
  package var neutral: Float
  package var positive: Float
  /// Not always the most probable class: see the model's rule.
  package var label: SentimentClass

  package init(negative: Float, neutral: Float, positive: Float, label: SentimentClass) {
    self.negative = negative
    self.neutral = neutral
    self.positive = positive
    self.label = label
  }

  /// From -1 (negative) to 1 (positive).
  package var polarity: Float { positive - negative }

  package func probability(_ sentiment: SentimentClass) -> Float {
    switch sentiment {
    case .negative: negative
    case .neutral: neutral
    case .positive: positive
    }
  }
}

/// Anything that reads sentiment from texts, batch by batch: the linear model and the lexicon here;
/// an encoder such as ruRoberta can follow the same protocol.
package protocol SentimentModel: Sendable {
  /// Changes with whatever changes the scores; it is kept beside them.
  var version: String { get }
  /// The classes that labels can have.
  var classes: [SentimentClass] { get }

  /// One score a text, in order. The result does not depend on `concurrency`.
  ///
  /// - Parameter checkpoint: called now and then, from one thread; what it throws ends the work.
  func scores(
    of texts: [String], concurrency: Int, checkpoint: () throws -> Void
  ) throws -> [SentimentScore]
}

extension SentimentModel {
  package func scores(of texts: [String], concurrency: Int = 1) throws -> [SentimentScore] {
    try scores(of: texts, concurrency: concurrency) {}
  }
}
