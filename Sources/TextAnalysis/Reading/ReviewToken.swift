/// A piece of a review: a word or a sign that says something.
package struct ReviewToken: Sendable {
  package enum Kind: UInt8, Sendable {
    case word, number, link, emoji
    /// Brackets and emoticons that laugh or weep: `))`, `:)`, `((`, `:-(`.
    case smile, frown
    case exclamation, question, ellipsis, fullStop
    /// Comma, semicolon, colon, dash.
    case comma
    case lineBreak
    /// Everything else, brackets around words among it.
    case other

    /// Whether a sentence ends here.
    @inlinable package var endsSentence: Bool {
      switch self {
      case .exclamation, .question, .ellipsis, .fullStop, .lineBreak, .smile, .frown: true
      default: false
      }
    }
  }

  package var kind: Kind
  package var hasCyrillic = false
  package var hasLatin = false
  /// Written with a letter three or more times: «оооочень».
  package var isElongated = false
  /// Three or more letters, all capitals.
  package var isShouted = false
  /// How often a sign stands in a row, up to 255; 1 for words.
  package var repetitions: UInt8 = 1
  /// In the folded characters.
  package var start: Int32
  package var end: Int32
  /// In the bytes of the text.
  package var sourceStart: Int32
  package var sourceEnd: Int32
  /// Of the folded characters; see `Fingerprint`.
  package var hash: UInt64 = 0
}
