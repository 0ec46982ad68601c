/// The features of one review, as fingerprints with repetitions: words (terms, those under a
/// negation apart, and pairs of terms) and n-grams of the characters of each word with its blanks
/// (scikit-learn's `char_wb`; words shorter than the shortest n-gram count as one).
///
/// Not for use by two threads at once.
final class ReviewFeatures {
  static let characterLengths = 3...5

  let terms: TermReader
  private(set) var words: UnsafeMutablePointer<UInt64>
  private(set) var wordCount = 0
  private(set) var grams: UnsafeMutablePointer<UInt64>
  private(set) var gramCount = 0
  private var wordCapacity = 4096
  private var gramCapacity = 16_384

  init(_ terms: TermReader) {
    self.terms = terms
    words = .allocate(capacity: wordCapacity)
    grams = .allocate(capacity: gramCapacity)
  }
  deinit {
    words.deallocate()
    grams.deallocate()
  }

  /// - Complexity: linear.
  func read(_ text: UnsafeBufferPointer<UInt8>) {
    terms.read(text)
    reserve()
    readWords()
    readGrams()
  }

  private func reserve() {
    let wordsNeeded = 4 * terms.termCount + 8
    if wordsNeeded > wordCapacity {
      wordCapacity = wordsNeeded * 2
      words.deallocate()
      words = .allocate(capacity: wordCapacity)
    }
    let gramsNeeded = terms.reader.characterCount * Self.characterLengths.count + 8
    if gramsNeeded > gramCapacity {
      gramCapacity = gramsNeeded * 2
      grams.deallocate()
      grams = .allocate(capacity: gramCapacity)
    }
  }

  private func readWords() {
    var count = 0
    var previous: UInt64 = 0
    for index in 0..<terms.termCount {
      let term = terms.terms[index]
      if term.fingerprint == 0 { continue }
      let fingerprint =
        term.isNegated ? Fingerprint.negated(term.fingerprint) : term.fingerprint
      words[count] = fingerprint
      count &+= 1
      if previous != 0 {
        words[count] = Fingerprint.combine(previous, term.fingerprint)
        count &+= 1
      }
      previous = term.fingerprint
    }
    wordCount = count
  }

  private func readGrams() {
    let characters = terms.reader.characters
    let end = terms.reader.characterCount
    let shortest = Self.characterLengths.lowerBound
    let longest = Self.characterLengths.upperBound
    var count = 0
    for start in 0..<max(end - 1, 0) {
      var hash = Fingerprint.next(Fingerprint.Seed.character, UInt64(characters[start]))
      var index = start &+ 1
      let stop = min(start &+ longest, end)
      while index < stop {
        let character = characters[index]
        hash = Fingerprint.next(hash, UInt64(character))
        index &+= 1
        // A blank ends the word.
        if character == 0x20 {
          grams[count] = Fingerprint.finish(hash)
          count &+= 1
          break
        }
        if index &- start >= shortest {
          grams[count] = Fingerprint.finish(hash)
          count &+= 1
        }
      }
    }
    gramCount = count
  }
}
