/// Words, phrases and emoji with the strength of their praise (above 0) or blame (below 0), found
/// by their stems.
package struct SentimentLexicon: Sendable {
  /// By the stem of a word, or the combined stems of two or three words.
  private var strengths: [UInt64: Float] = [:]
  /// Whether longer entries begin with these two words.
  private var beginnings: Set<UInt64> = []
  package private(set) var entryCount = 0
  /// Of all entries, in whatever order they came.
  package var checksum: UInt64 {
    strengths.reduce(0) {
      $0 &+ Fingerprint.combine($1.key, UInt64($1.value.bitPattern))
    }
  }

  package init() {}

  /// The one that is part of the program: Russian and English words of this project's own.
  package static func builtIn() throws(TextError) -> SentimentLexicon { try made.get() }

  private static let made = Result { () throws(TextError) in try make() }

  private static func make() throws(TextError) -> SentimentLexicon {
    let reader = try TermReader()
    var lexicon = SentimentLexicon()
    for list in [RussianLexicon.entries, EnglishLexicon.entries] {
      for (strength, words) in list {
        for word in words.split(whereSeparator: \.isWhitespace) {
          lexicon.add(reader.stem(of: String(word)), strength)
        }
      }
    }
    for list in [RussianLexicon.phrases, EnglishLexicon.phrases] {
      for (strength, phrases) in list {
        for phrase in phrases { lexicon.add(reader.stem(of: phrase), strength) }
      }
    }
    for (strength, emoji) in emoji {
      for scalar in emoji.unicodeScalars where scalar != " " {
        lexicon.strengths[Fingerprint.sign(.emoji, UInt64(scalar.value))] = strength
      }
    }
    return lexicon
  }

  private static let emoji: [(Float, String)] = [
    (2, "👍 ❤ 😍 🥰 😘 💖 💕 💗 💓 💯 🔥 🤩 👏 🙏 🎉 😻 ✨ 🌟 ⭐ 💐 🌹 👌 💪 🏆 🥇 ♥ 😇 🤗 💋"),
    (1, "😊 🙂 😀 😃 😄 😁 ☺ 😉 😎 🌸 😋 ✅ 😌 🤣 😂"),
    (-1, "😐 😕 🙁 ☹ 😒 😔 😞 😟 🤔 😬 🙄 😓 😥 🤷"),
    (-2, "👎 😡 😠 🤬 😭 😢 😤 🤮 🤢 😩 😫 😱 💔 💩 🤦 😖 😣 ❌ 😰"),
  ]

  /// Takes up a word or a phrase of up to three words.
  ///
  /// - Parameter replacing: whether it replaces an entry that is there already.
  mutating func add(_ stems: [UInt64], _ strength: Float, replacing: Bool = true) {
    guard let key = Self.key(stems), replacing || strengths[key] == nil else { return }
    if strengths.updateValue(strength, forKey: key) == nil { entryCount += 1 }
    if stems.count == 3 { beginnings.insert(Fingerprint.combine(stems[0], stems[1])) }
  }

  private static func key(_ stems: [UInt64]) -> UInt64? {
    switch stems.count {
    case 1: stems[0]
    case 2: Fingerprint.combine(stems[0], stems[1])
    case 3: Fingerprint.combine(Fingerprint.combine(stems[0], stems[1]), stems[2])
    default: nil
    }
  }

  /// The longest entry that begins at a term.
  ///
  /// - Returns: how many terms it takes, 0 when there is none.
  func match(
    _ terms: UnsafeMutablePointer<ReviewTerm>, at index: Int, count: Int
  ) -> (length: Int, strength: Float) {
    let first = terms[index]
    if first.fingerprint == 0 { return (0, 0) }
    if first.kind == .word, index + 1 < count, terms[index + 1].kind == .word {
      let pair = Fingerprint.combine(first.fingerprint, terms[index + 1].fingerprint)
      if index + 2 < count, terms[index + 2].kind == .word, beginnings.contains(pair),
        let strength = strengths[Fingerprint.combine(pair, terms[index + 2].fingerprint)]
      {
        return (3, strength)
      }
      if let strength = strengths[pair] { return (2, strength) }
    }
    if let strength = strengths[first.fingerprint] { return (1, strength) }
    return (0, 0)
  }
}
