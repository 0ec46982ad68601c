/// Lexicons that people have as files. They are read, never shipped: their licences forbid it.
extension SentimentLexicon {
  private static let sizeMaximum = 64 << 20

  /// Adds the entries of a file:
  ///
  /// - RuSentiLex (Loukachevitch, Levchik 2016): `word, part of speech, lemmas, polarity, source`,
  ///   lines with `!` are remarks; entries that are neutral or both are left out;
  /// - KartaSlovSent (Kulagin 2021): a header with `term;tag;value`, tags PSTV, NGTV, NEUT;
  /// - any table `word;number` or `word,number` of strengths from -3 to 3 (0 takes a built-in word
  ///   out).
  ///
  /// Words of general lexicons weigh little (strengths below 1), and those that the built-in lexicon
  /// has keep its strength: so they help most, as measured on reviews (see the article TextAnalysis).
  /// Entries of a plain table replace what is there.
  ///
  /// - Throws: `TextError` with the file and line.
  package mutating func add(file path: String) throws(TextError) {
    let bytes = try FileBytes.read(path, maximum: Self.sizeMaximum)
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw TextError("\(path) is packed", hint: "unpack it first: gunzip -k \(path)")
    }
    try add(text: String(decoding: bytes, as: UTF8.self), name: path)
  }

  mutating func add(text: String, name: String) throws(TextError) {
    let reader = try TermReader()
    var parse: Row? = nil
    var added = 0
    // Lists of the user's own words know better than the built-in ones; general lexicons do not.
    var isOwn = false
    for (index, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let line = line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
      if line.isEmpty || line.hasPrefix("!") || line.hasPrefix("#") { continue }
      if parse == nil {
        if line.hasPrefix("term;tag;value") {
          parse = Self.kartaSlovSent
          continue
        }
        if Self.ruSentiLex(line) != nil {
          parse = Self.ruSentiLex
        } else {
          parse = Self.pair
          isOwn = true
        }
        // A header of names.
        if parse?(line) == nil, index == 0 { continue }
      }
      guard let entry = parse?(line) else {
        throw TextError(
          "\(name):\(index + 1): '\(line.prefix(60))' is no entry of a lexicon",
          hint: "an entry of RuSentiLex, of KartaSlovSent, or `word;strength`")
      }
      if entry.strength == 0 && !isOwn { continue }
      add(reader.stem(of: entry.word), entry.strength, replacing: isOwn)
      added += 1
    }
    guard added > 0 else {
      throw TextError("\(name) has no entries that praise or blame", hint: "is it a lexicon?")
    }
  }

  private typealias Entry = (word: String, strength: Float)
  private typealias Row = (Substring) -> Entry?

  private static func fields(_ line: Substring, _ separator: Character) -> [String] {
    line.split(separator: separator, omittingEmptySubsequences: false).map { field in
      String(field.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
  }

  private static func ruSentiLex(_ line: Substring) -> Entry? {
    let fields = fields(line, ",")
    guard fields.count >= 5 else { return nil }
    // Facts («авария») are weaker than opinions. The published file has tags such as `negaitve`.
    let weight: Float = fields[4].hasPrefix("fact") ? 0.4 : 0.6
    let polarity = fields[3]
    if polarity.contains("/") || polarity.hasPrefix("neu") { return (fields[0], 0) }
    if polarity.hasPrefix("neg") { return (fields[0], -weight) }
    return polarity.hasPrefix("pos") ? (fields[0], weight) : nil
  }

  private static func kartaSlovSent(_ line: Substring) -> Entry? {
    let fields = fields(line, ";")
    guard fields.count >= 3, let value = Float(fields[2]), value.isFinite else { return nil }
    return fields[1] == "NEUT" ? (fields[0], 0) : (fields[0], max(-1, min(value, 1)) * 0.8)
  }

  private static func pair(_ line: Substring) -> Entry? {
    for separator: Character in [";", "\t", ","] {
      let fields = fields(line, separator)
      guard fields.count >= 2, let value = Float(fields[1].replacing(",", with: ".")),
        value.isFinite, abs(value) <= 5, !fields[0].isEmpty
      else { continue }
      return (fields[0].trimmingQuotes, value)
    }
    return nil
  }
}

extension String {
  fileprivate var trimmingQuotes: String {
    count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
  }
}
