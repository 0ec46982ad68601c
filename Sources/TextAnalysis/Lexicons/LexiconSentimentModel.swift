internal import Glibc

/// Sentiment by counting words of a lexicon: what there is before any review has stars.
///
/// An entry counts with its strength; behind a negation it turns and is weaker (a praise turned is
/// blamed with three quarters of it, a blame turned is half a praise: «не плохо»); «очень» and
/// capitals make it stronger, «немного» weaker, «бы» and "if" much weaker. The polarity is
/// `s / √(s² + 15)` of the sum, after VADER (Hutto, Gilbert 2014).
package struct LexiconSentimentModel: SentimentModel {
  package let version: String
  package let classes = SentimentClass.allCases
  package let lexicon: SentimentLexicon
  /// Polarities nearer to 0 are neutral.
  static let threshold: Float = 0.2

  package init(_ lexicon: SentimentLexicon) {
    self.lexicon = lexicon
    version = "lexicon-\(String(lexicon.checksum, radix: 16))"
  }

  package func scores(
    of texts: [String], concurrency: Int, checkpoint: () throws -> Void
  ) throws -> [SentimentScore] {
    let lexicon = lexicon
    return try TextBatches.map(
      texts, concurrency: concurrency, checkpoint: checkpoint, make: { $0 },
      placeholder: Self.score(of: 0),
      body: { terms, text in
        terms.read(text)
        return Self.score(of: lexicon.polarity(terms.terms, 0..<terms.termCount))
      })
  }

  /// Probabilities that grow with the polarity; a guess, not measured shares.
  static func score(of polarity: Float) -> SentimentScore {
    let logits = SIMD3<Float>(-3.5 * polarity, 0.7 - abs(polarity), 3.5 * polarity)
    let highest = logits.max()
    let powers = SIMD3<Float>(
      exp(logits[0] - highest), exp(logits[1] - highest), exp(logits[2] - highest))
    let total = powers.sum()
    return SentimentScore(
      negative: powers[0] / total, neutral: powers[1] / total, positive: powers[2] / total,
      label: polarity <= -threshold ? .negative : polarity >= threshold ? .positive : .neutral)
  }
}

extension SentimentLexicon {
  /// Of a stretch of terms, in -1 … 1; 0 where no entry is met.
  func polarity(_ terms: UnsafeMutablePointer<ReviewTerm>, _ range: Range<Int>) -> Float {
    var sum: Float = 0
    var emphasis: Float = 1
    var isHypothetical = false
    var clauseStart: Float = 0
    var index = range.lowerBound
    while index < range.upperBound {
      let term = terms[index]
      switch term.kind {
      case .smile: sum += 0.8
      case .frown: sum -= 1.2
      default: break
      }
      if term.kind.endsSentence || term.kind == .comma {
        if isHypothetical { sum = clauseStart + (sum - clauseStart) * 0.4 }
        isHypothetical = false
        clauseStart = sum
        emphasis = 1
        index += 1
        continue
      }
      let (length, strength) = match(terms, at: index, count: range.upperBound)
      if length > 0 {
        var value = strength * emphasis
        // A phrase has its negation in it.
        if length == 1, term.isNegated { value *= value > 0 ? -0.75 : -0.5 }
        sum += value
        emphasis = 1
        index += length
        continue
      }
      if term.roles.contains(.intensifier) {
        emphasis = 1.4
      } else if term.roles.contains(.diminisher) {
        emphasis = 0.6
      } else if term.kind == .word, !term.roles.contains(.negator) {
        emphasis = max(1, emphasis * 0.9)
      }
      if term.roles.contains(.hypothetical) { isHypothetical = true }
      index += 1
    }
    if isHypothetical { sum = clauseStart + (sum - clauseStart) * 0.4 }
    return sum / (sum * sum + 15).squareRoot()
  }
}
