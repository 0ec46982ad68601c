internal import WordForms

/// How a text becomes terms: division into words, folding of letters, stop words, stemming.
package struct TextAnalyzer: Sendable {
  enum Division: Sendable {
    /// Words of letters and digits, folded; see `WordReader`.
    case words
    /// Words of letters only, folded.
    case letters
    /// What stands between white space, as it is.
    case whiteSpace
    /// The whole text as one term, as it is.
    case none
  }

  package let name: String
  package let description: String
  let division: Division
  /// For words with a Cyrillic letter, and for those with a Latin one and no Cyrillic.
  let cyrillicStemmer: Stemmer.Language?
  let latinStemmer: Stemmer.Language?
  package let stopWords: [String]
  /// The same in UTF-8.
  let stopWordBytes: Set<[UInt8]>
  var isFolding: Bool { division == .words || division == .letters }

  private init(
    _ name: String, _ division: Division, cyrillic: Stemmer.Language? = nil,
    latin: Stemmer.Language? = nil, stopWords: [String] = [], _ description: String
  ) {
    self.name = name
    self.division = division
    self.description = description
    cyrillicStemmer = cyrillic
    latinStemmer = latin
    self.stopWords = stopWords
    stopWordBytes = Set(stopWords.map { Array($0.utf8) })
  }

  /// What an index has that names none.
  package static let defaultName = "russian-english"

  package static let all: [TextAnalyzer] = [
    TextAnalyzer(
      defaultName, .words, cyrillic: .russian, latin: .english,
      stopWords: StopWords.russian + StopWords.english,
      "Words, stemmed by Snowball as their letters say: Cyrillic as Russian, Latin as English. "
        + "Without the stop words of both."),
    TextAnalyzer(
      "russian", .words, cyrillic: .russian, stopWords: StopWords.russian,
      "Words, Russian stemmed by Snowball, without its stop words; other words as they are."),
    TextAnalyzer(
      "english", .words, latin: .english, stopWords: StopWords.english,
      "Words, English stemmed by Snowball, without its stop words; other words as they are."),
    TextAnalyzer(
      "standard", .words, stopWords: StopWords.english,
      "Words, not stemmed, without English stop words."),
    TextAnalyzer("standard-no-stop-words", .words, "Words, not stemmed."),
    TextAnalyzer("simple", .letters, "Words of letters only, not stemmed."),
    TextAnalyzer(
      "stop", .letters, stopWords: StopWords.english,
      "Words of letters only, not stemmed, without English stop words."),
    TextAnalyzer("whitespace", .whiteSpace, "What stands between white space, as it is."),
    TextAnalyzer("unicode_whitespace", .whiteSpace, "The same as whitespace."),
    TextAnalyzer("keyword", .none, "The whole text as one term, as it is."),
  ]

  /// - Throws: `invalidArgument`, with the names there are.
  package static func named(_ name: String) throws(StoreError) -> TextAnalyzer {
    let wanted = name.lowercased()
    if let analyzer = all.first(where: { $0.name == wanted }) { return analyzer }
    throw StoreError(
      .invalidArgument, "there is no full-text analyzer '\(name)'",
      hint: "the analyzers are \(all.map(\.name).joined(separator: ", "))")
  }
}
