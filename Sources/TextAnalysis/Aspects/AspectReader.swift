/// What a text says of each aspect: the mean polarity of the clauses that name it, in -1 … 1; NaN
/// for aspects it does not name.
package typealias AspectPolarities = SIMD4<Float>

/// Reads the polarity of aspects: the text is divided into clauses, each clause gets the polarity
/// of its words, and the aspects that it names get it.
///
/// A clause ends with its sentence, at words such as «но», and at a comma when the next part names
/// another aspect: «доставка быстрая, но качество плохое». Parts that name nothing belong to their
/// neighbour in the sentence. Where the lexicon knows none of a clause's words, a model's word for
/// the clause counts, if there is a model.
package struct AspectReader: Sendable {
  private let lexicon: SentimentLexicon
  private let model: LinearSentimentModel?
  /// Bits of `Aspect` by stem.
  private let words: [UInt64: UInt8]

  package init(_ lexicon: SentimentLexicon, model: LinearSentimentModel?) throws(TextError) {
    self.lexicon = lexicon
    self.model = model
    let reader = try TermReader()
    var words: [UInt64: UInt8] = [:]
    for aspect in Aspect.allCases {
      for word in aspect.words.split(whereSeparator: \.isWhitespace) {
        for stem in reader.stem(of: String(word)) {
          words[stem, default: 0] |= 1 << aspect.rawValue
        }
      }
    }
    self.words = words
  }

  /// One value a text, in order.
  package func polarities(
    of texts: [String], concurrency: Int, checkpoint: () throws -> Void = {}
  ) throws -> [AspectPolarities] {
    try TextBatches.map(
      texts, concurrency: concurrency, checkpoint: checkpoint, make: { Work(self, $0) },
      placeholder: AspectPolarities(repeating: .nan), body: { work, text in work.read(text) })
  }

  private struct Clause {
    var terms: Range<Int>
    var aspects: UInt8
  }

  /// The work of one thread.
  private final class Work {
    private let reader: AspectReader
    private let terms: TermReader
    private let scorer: LinearSentimentModel.Scorer?
    private var clauses: [Clause] = []

    init(_ reader: AspectReader, _ terms: TermReader) {
      self.reader = reader
      self.terms = terms
      // The scorer reads clauses while the terms of the whole text are still needed.
      scorer = reader.model.flatMap { model in (try? TermReader()).map { .init(model, $0) } }
    }

    func read(_ text: UnsafeBufferPointer<UInt8>) -> AspectPolarities {
      terms.read(text)
      divide()
      var sums = SIMD4<Float>.zero
      var counts = SIMD4<Float>.zero
      for clause in clauses where clause.aspects != 0 {
        var polarity = reader.lexicon.polarity(terms.terms, clause.terms)
        if polarity == 0, let scorer { polarity = scorer.score(source(clause, text)).polarity }
        for aspect in 0..<Aspect.allCases.count where clause.aspects & (1 << aspect) != 0 {
          sums[aspect] += polarity
          counts[aspect] += 1
        }
      }
      return sums / counts
    }

    /// The bytes of a clause.
    private func source(
      _ clause: Clause, _ text: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
      let first = terms.reader.token(clause.terms.lowerBound)
      let last = terms.reader.token(clause.terms.upperBound - 1)
      return UnsafeBufferPointer(rebasing: text[Int(first.sourceStart)..<Int(last.sourceEnd)])
    }

    private func divide() {
      clauses.removeAll(keepingCapacity: true)
      var sentence = 0
      var part = Clause(terms: 0..<0, aspects: 0)
      func end(_ index: Int) {
        if index == part.terms.lowerBound { return }
        part.terms = part.terms.lowerBound..<index
        // A part joins the one before it unless both name aspects.
        if clauses.count > sentence {
          let before = clauses[clauses.count - 1]
          if before.aspects == 0 || part.aspects == 0 || before.aspects == part.aspects {
            clauses[clauses.count - 1] = Clause(
              terms: before.terms.lowerBound..<index, aspects: before.aspects | part.aspects)
            part = Clause(terms: index..<index, aspects: 0)
            return
          }
        }
        clauses.append(part)
        part = Clause(terms: index..<index, aspects: 0)
      }
      for index in 0..<terms.termCount {
        let term = terms.terms[index]
        if term.roles.contains(.adversative) {
          end(index)
          // What stands against it is another clause even if it names nothing.
          if clauses.count > sentence { sentence = clauses.count }
        }
        if term.kind == .word { part.aspects |= reader.words[term.fingerprint] ?? 0 }
        if term.kind.endsSentence {
          end(index + 1)
          sentence = clauses.count
        } else if term.kind == .comma {
          end(index + 1)
        }
      }
      end(terms.termCount)
    }
  }
}
