internal import GraphTypes
internal import WordForms

/// A term of a text and its place among the words (stop words count).
struct Token: Equatable {
  /// See `TermAnalysis.terms`.
  var term: UInt32
  var position: UInt32
}

/// The work of an analyzer: gives the terms of texts and numbers them. Each different word is
/// stemmed once. Not for use by two threads at once.
final class TermAnalysis {
  let analyzer: TextAnalyzer
  private(set) var terms = TermTable()
  /// Words as they are in the texts (folded), and the term of each; -1 for a stop word.
  private var words = TermTable()
  private var termOfWord: [Int32] = []
  private let cyrillicStemmer: Stemmer?
  private let latinStemmer: Stemmer?

  /// Longer terms are cut: keys of LMDB have 511 bytes.
  static let termBytesMaximum = 240
  /// Between the texts of a list, so that no phrase reaches over their borders.
  static let textGap: UInt32 = 100

  private let word = UnsafeMutablePointer<UInt8>.allocate(capacity: termBytesMaximum + 8)
  private var wordCount = 0
  private var hasCyrillic = false
  private var hasLatin = false

  init(_ analyzer: TextAnalyzer) throws(StoreError) {
    self.analyzer = analyzer
    cyrillicStemmer = try Self.stemmer(analyzer.cyrillicStemmer)
    latinStemmer = try Self.stemmer(analyzer.latinStemmer)
  }
  deinit { word.deallocate() }

  private static func stemmer(_ language: Stemmer.Language?) throws(StoreError) -> Stemmer? {
    guard let language else { return nil }
    do throws(Stemmer.Missing) {
      return try Stemmer(language)
    } catch {
      throw StoreError(.system, error.description, hint: error.hint)
    }
  }

  /// Forgets all terms; numbers begin at 0 again.
  func reset() {
    terms = TermTable()
    words = TermTable()
    termOfWord = []
  }

  /// Appends the terms of a text, or of a list of texts; other values have none.
  func analyze(_ value: Value, appendingTo tokens: inout [Token]) {
    var position: UInt32 = 0
    switch value {
    case .string(var text): text.withUTF8 { analyze($0, from: &position, appendingTo: &tokens) }
    case .list(let elements):
      for case .string(var text) in elements {
        text.withUTF8 { analyze($0, from: &position, appendingTo: &tokens) }
        position += Self.textGap
      }
    default: break
    }
  }

  /// - Parameter position: of the first word; moves behind the last.
  func analyze(
    _ text: UnsafeBufferPointer<UInt8>, from position: inout UInt32,
    appendingTo tokens: inout [Token]
  ) {
    switch analyzer.division {
    case .words: readWords(text, withDigits: true, &position, &tokens)
    case .letters: readWords(text, withDigits: false, &position, &tokens)
    case .whiteSpace: readRuns(text, dividing: true, &position, &tokens)
    case .none: readRuns(text, dividing: false, &position, &tokens)
    }
  }

  // MARK: Division

  private func readWords(
    _ text: UnsafeBufferPointer<UInt8>, withDigits: Bool, _ position: inout UInt32,
    _ tokens: inout [Token]
  ) {
    CharacterTable.entries.withUnsafeBufferPointer { table in
      func character(at index: inout Int) -> FoldedCharacter {
        CharacterTable.entry(text.scalar(at: &index), in: table)
      }
      /// The class of what is at `index`.
      func kind(at index: Int) -> CharacterClass {
        var index = index
        return index < text.count ? character(at: &index).kind : .separator
      }
      wordCount = 0
      // Of the last character of the word.
      var last = CharacterClass.separator
      var index = 0
      while index < text.count {
        let character = character(at: &index)
        let isPart: Bool
        switch character.kind {
        case .separator: isPart = false
        case .cyrillicLetter:
          hasCyrillic = true
          isPart = true
        case .latinLetter:
          hasLatin = true
          isPart = true
        case .otherLetter: isPart = true
        case .digit: isPart = withDigits
        case .ignorable: continue
        case .mark:
          guard wordCount > 0 else { continue }
          addMark(character.scalar)
          continue
        case .apostrophe:
          isPart = withDigits && wordCount > 0 && last.isLetter && kind(at: index).isLetter
        case .decimalSeparator:
          isPart = wordCount > 0 && last == .digit && kind(at: index) == .digit
        case .connector:
          let next = kind(at: index)
          isPart = withDigits && wordCount > 0 && (next.isLetter || next == .digit)
        case .ideograph:
          finishWord(&position, &tokens)
          add(character.scalar)
          isPart = false
        }
        if isPart {
          add(character.scalar)
        } else {
          finishWord(&position, &tokens)
        }
        last = character.kind
      }
      finishWord(&position, &tokens)
    }
  }

  @inline(__always)
  private func add(_ scalar: UInt32) {
    // What is beyond is cut at a whole character.
    if wordCount <= Self.termBytesMaximum - 4 { word.append(scalar: scalar, count: &wordCount) }
  }

  /// A combining mark: makes one character with the letter before it where there is such a one;
  /// dropped behind other Cyrillic letters, where it marks the stress.
  private func addMark(_ mark: UInt32) {
    var start = wordCount - 1
    while start > 0, word[start] & 0xC0 == 0x80 { start -= 1 }
    var index = start
    let base = UnsafeBufferPointer(start: word, count: wordCount).scalar(at: &index)
    guard let baseScalar = Unicode.Scalar(base), let markScalar = Unicode.Scalar(mark) else {
      return
    }
    if let composed = CharacterTable.composed(baseScalar, markScalar) {
      wordCount = start
      add(FoldedCharacter(composed).scalar)
    } else if FoldedCharacter(baseScalar).kind != .cyrillicLetter {
      add(mark)
    }
  }

  private func readRuns(
    _ text: UnsafeBufferPointer<UInt8>, dividing: Bool, _ position: inout UInt32,
    _ tokens: inout [Token]
  ) {
    wordCount = 0
    var index = 0
    while index < text.count {
      let scalar = text.scalar(at: &index)
      if dividing, Unicode.Scalar(scalar)?.properties.isWhitespace == true {
        finishWord(&position, &tokens)
      } else if scalar != 0 {
        // Keys use 0 as the end of a term.
        add(scalar)
      }
    }
    finishWord(&position, &tokens)
  }

  // MARK: Terms

  private func finishWord(_ position: inout UInt32, _ tokens: inout [Token]) {
    if wordCount == 0 { return }
    let number = words.insert(UnsafeBufferPointer(start: word, count: wordCount))
    if number == termOfWord.count { termOfWord.append(term()) }
    if termOfWord[number] >= 0 {
      tokens.append(Token(term: UInt32(termOfWord[number]), position: position))
    }
    position &+= 1
    wordCount = 0
    hasCyrillic = false
    hasLatin = false
  }

  /// The term of the word at hand, -1 for a stop word.
  private func term() -> Int32 {
    let word = UnsafeBufferPointer(start: word, count: wordCount)
    if !analyzer.stopWords.isEmpty, analyzer.stopWordBytes.contains(Array(word)) { return -1 }
    let stemmer = hasCyrillic ? cyrillicStemmer : hasLatin ? latinStemmer : nil
    let stem = stemmer?.stem(word) ?? word
    return Int32(terms.insert(stem.isEmpty ? word : stem))
  }

  /// Part of a word, or a pattern, in the form that terms have, without stemming.
  func folded(_ text: String) -> [Unicode.Scalar] {
    guard analyzer.isFolding else { return text.unicodeScalars.filter { $0.value != 0 } }
    var folded: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      let character = FoldedCharacter(scalar)
      if character.kind == .ignorable { continue }
      if character.kind == .mark, let base = folded.last {
        if let composed = CharacterTable.composed(base, scalar) {
          folded[folded.count - 1] =
            Unicode.Scalar(FoldedCharacter(composed).scalar) ?? composed
          continue
        }
        if FoldedCharacter(base).kind == .cyrillicLetter { continue }
      }
      folded.append(Unicode.Scalar(character.scalar) ?? scalar)
    }
    return folded
  }
}
