internal import WordForms

/// Divides reviews into tokens and folds their characters. Its buffers are used again for each
/// text; not for use by two threads at once.
///
/// Folding: lower case, `е` for `ё`, marks of stress dropped, white space as single blanks with one
/// at each end, a letter or sign that stands three or more times in a row once (Cyrillic letters)
/// or twice (Latin letters) or three times (signs), links as one character.
final class ReviewReader {
  /// What a text has beyond these bytes is not read; reviews end long before.
  static let byteLimit = 1 << 18

  private(set) var characters: UnsafeMutablePointer<UInt32>
  private(set) var characterCount = 0
  private(set) var tokens: UnsafeMutablePointer<ReviewToken>
  private(set) var tokenCount = 0
  private var capacity: Int
  /// An opening bracket that may yet be closed: its token.
  private var openBracket = -1

  private static let blank: UInt32 = 0x20
  private static let linkCharacter: UInt32 = 0xFFFC

  init() {
    capacity = 4096
    characters = .allocate(capacity: capacity)
    tokens = .allocate(capacity: capacity)
  }
  deinit {
    characters.deallocate()
    tokens.deallocate()
  }

  /// Token `index` of the text that was read last.
  @inline(__always)
  func token(_ index: Int) -> ReviewToken { tokens[index] }

  /// A token's folded characters.
  func text(of token: ReviewToken) -> String {
    var text = String.UnicodeScalarView()
    for index in Int(token.start)..<Int(token.end) {
      text.append(Unicode.Scalar(characters[index]) ?? "\u{FFFD}")
    }
    return String(text)
  }

  /// Reads a text: `characters` and `tokens` are its own until the next call. Any bytes will do.
  ///
  /// - Complexity: linear.
  func read(_ whole: UnsafeBufferPointer<UInt8>) {
    let text = UnsafeBufferPointer(rebasing: whole.prefix(Self.byteLimit))
    // A character or token needs at least a byte, but for the blanks at both ends.
    if text.count + 8 > capacity { reserve(text.count + 8) }
    characters[0] = Self.blank
    characterCount = 1
    tokenCount = 0
    openBracket = -1
    CharacterTable.entries.withUnsafeBufferPointer { table in
      var scan = Scan(text: text, table: table)
      while scan.index < text.count { step(&scan) }
      finishWord(&scan, at: text.count)
    }
    if characters[characterCount - 1] != Self.blank { append(Self.blank) }
  }

  private func reserve(_ count: Int) {
    capacity = count + count / 2
    characters.deallocate()
    tokens.deallocate()
    characters = .allocate(capacity: capacity)
    tokens = .allocate(capacity: capacity)
  }

  /// Where the reading is, and the word or number at hand.
  private struct Scan {
    let text: UnsafeBufferPointer<UInt8>
    let table: UnsafeBufferPointer<FoldedCharacter>
    var index = 0
    /// The word's first character and byte; -1 between words.
    var wordStart = -1
    var sourceStart = 0
    var isNumber = false
    var hasCyrillic = false
    var hasLatin = false
    var isElongated = false
    var capitals = 0
    var letters = 0
    /// How often the last letter stands in a row, before shortening.
    var run = 0

    @inline(__always)
    func kind(at index: Int) -> CharacterClass {
      var index = index
      if index >= text.count { return .separator }
      return CharacterTable.entry(text.scalar(at: &index), in: table).kind
    }
    func byte(at index: Int) -> UInt8 { index < text.count ? text[index] : 0 }
  }

  @inline(__always)
  private func append(_ character: UInt32) {
    characters[characterCount] = character
    characterCount &+= 1
  }

  @inline(__always)
  private func step(_ scan: inout Scan) {
    let start = scan.index
    let scalar = scan.text.scalar(at: &scan.index)
    let character = CharacterTable.entry(scalar, in: scan.table)
    switch character.kind {
    case .latinLetter, .cyrillicLetter, .otherLetter:
      if scan.wordStart < 0 || scan.isNumber {
        finishWord(&scan, at: start)
        if skipLink(&scan, from: start) { return }
        begin(&scan, at: start, isNumber: false)
      }
      addLetter(&scan, character, isCapital: scalar != character.scalar && scalar != 0x451)
    case .digit:
      if scan.wordStart < 0 { begin(&scan, at: start, isNumber: true) }
      append(character.scalar)
      scan.run = 0
    case .mark: addMark(&scan, scalar)
    case .ignorable: break
    case .apostrophe
    where scan.wordStart >= 0 && !scan.isNumber && scan.kind(at: scan.index).isLetter:
      append(character.scalar)
      scan.run = 0
    case .decimalSeparator
    where scan.wordStart >= 0 && scan.isNumber && scan.kind(at: scan.index) == .digit:
      append(0x2E)
    case .connector where scan.wordStart >= 0 && !scan.isNumber: append(character.scalar)
    case .ideograph:
      finishWord(&scan, at: start)
      begin(&scan, at: start, isNumber: false)
      append(character.scalar)
      finishWord(&scan, at: scan.index)
    default:
      finishWord(&scan, at: start)
      sign(&scan, scalar, from: start)
    }
  }

  // MARK: Words

  private func begin(_ scan: inout Scan, at source: Int, isNumber: Bool) {
    scan.wordStart = characterCount
    scan.sourceStart = source
    scan.isNumber = isNumber
    scan.hasCyrillic = false
    scan.hasLatin = false
    scan.isElongated = false
    scan.capitals = 0
    scan.letters = 0
    scan.run = 0
  }

  @inline(__always)
  private func addLetter(_ scan: inout Scan, _ character: FoldedCharacter, isCapital: Bool) {
    scan.letters &+= 1
    if isCapital { scan.capitals &+= 1 }
    let isCyrillic = character.kind == .cyrillicLetter
    if isCyrillic { scan.hasCyrillic = true }
    if character.kind == .latinLetter { scan.hasLatin = true }
    if scan.run > 0, characters[characterCount &- 1] == character.scalar {
      scan.run &+= 1
      if scan.run >= 3 {
        if scan.run == 3, isCyrillic { characterCount &-= 1 }
        scan.isElongated = true
        return
      }
    } else {
      scan.run = 1
    }
    append(character.scalar)
  }

  /// As in `TermAnalysis`: one character with the letter before it, or dropped.
  private func addMark(_ scan: inout Scan, _ mark: UInt32) {
    guard scan.wordStart >= 0, characterCount > scan.wordStart,
      let base = Unicode.Scalar(characters[characterCount - 1]),
      let markScalar = Unicode.Scalar(mark),
      let composed = CharacterTable.composed(base, markScalar)
    else { return }
    characters[characterCount - 1] = FoldedCharacter(composed).scalar
    scan.run = 0
  }

  private func finishWord(_ scan: inout Scan, at source: Int) {
    let start = scan.wordStart
    if start < 0 { return }
    scan.wordStart = -1
    var token = ReviewToken(
      kind: scan.isNumber ? .number : .word, start: Int32(start), end: Int32(characterCount),
      sourceStart: Int32(scan.sourceStart), sourceEnd: Int32(source))
    token.hasCyrillic = scan.hasCyrillic
    token.hasLatin = scan.hasLatin
    token.isElongated = scan.isElongated
    token.isShouted = scan.letters >= 3 && scan.capitals == scan.letters
    token.hash = Fingerprint.of(characters, start..<characterCount)
    tokens[tokenCount] = token
    tokenCount += 1
  }

  /// A web address at `start`, which becomes one token.
  private func skipLink(_ scan: inout Scan, from start: Int) -> Bool {
    func begins(_ prefix: StaticString) -> Bool {
      let count = prefix.utf8CodeUnitCount
      guard scan.text.count - start >= count else { return false }
      return (0..<count).allSatisfy { scan.text[start + $0] | 0x20 == prefix.utf8Start[$0] | 0x20 }
    }
    let first = scan.text[start] | 0x20
    guard first == UInt8(ascii: "h") || first == UInt8(ascii: "w"),
      begins("http://") || begins("https://") || begins("www.")
    else { return false }
    var end = start
    while end < scan.text.count, scan.text[end] > 0x20 { end += 1 }
    add(.link, [Self.linkCharacter], 1, source: start..<end)
    scan.index = end
    return true
  }

  // MARK: Signs

  private func add(
    _ kind: ReviewToken.Kind, _ signs: [UInt32], _ repetitions: Int, source: Range<Int>
  ) {
    let start = characterCount
    for sign in signs { append(sign) }
    addToken(kind, start, repetitions, source)
  }

  @inline(__always)
  private func addToken(
    _ kind: ReviewToken.Kind, _ start: Int, _ repetitions: Int, _ source: Range<Int>
  ) {
    var token = ReviewToken(
      kind: kind, start: Int32(start), end: Int32(characterCount),
      sourceStart: Int32(source.lowerBound), sourceEnd: Int32(source.upperBound))
    token.repetitions = UInt8(min(repetitions, 255))
    tokens[tokenCount] = token
    tokenCount += 1
  }

  /// Characters between words: blanks, punctuation, emoticons, emoji.
  private func sign(_ scan: inout Scan, _ scalar: UInt32, from start: Int) {
    switch scalar {
    case 0x20, 0x09, 0x0B, 0x0C, 0xA0, 0x2000...0x200A, 0x202F, 0x3000: addBlank()
    case 0x0A, 0x0D, 0x85, 0x2028, 0x2029:
      let isRepeated = tokenCount > 0 && tokens[tokenCount - 1].kind == .lineBreak
      if !isRepeated && tokenCount > 0 {
        addToken(.lineBreak, characterCount, 1, start..<scan.index)
      }
      addBlank()
    case 0x21: addRun(&scan, .exclamation, 0x21, start)
    case 0x3F: addRun(&scan, .question, 0x3F, start)
    case 0x2026: add(.ellipsis, [0x2E, 0x2E], 2, source: start..<scan.index)
    case 0x2E:
      let before = tokenCount
      addRun(&scan, .fullStop, 0x2E, start)
      if tokens[before].repetitions > 1 { tokens[before].kind = .ellipsis }
    case 0x2D, 0x2010, 0x2011:
      // Inside of a word it divides nothing: «по-моему».
      if characters[characterCount - 1] != Self.blank, scan.kind(at: scan.index).isLetter {
        append(0x2D)
      } else {
        add(.comma, [0x2D], 1, source: start..<scan.index)
      }
    case 0x2C, 0x2012...0x2015: add(.comma, [scalar], 1, source: start..<scan.index)
    case 0x3A, 0x3B, 0x3D:
      if !addEmoticon(&scan, scalar, start) {
        add(scalar == 0x3D ? .other : .comma, [scalar], 1, source: start..<scan.index)
      }
    case 0x28:
      let before = tokenCount
      addRun(&scan, .frown, 0x28, start)
      openBracket = tokens[before].repetitions == 1 ? before : -1
    case 0x29:
      let before = tokenCount
      addRun(&scan, .smile, 0x29, start)
      if tokens[before].repetitions == 1, openBracket >= 0 {
        tokens[openBracket].kind = .other
        tokens[before].kind = .other
        openBracket = -1
      }
    default:
      if scalar >= 0x2190, Self.isEmoji(scalar) {
        add(.emoji, [scalar], 1, source: start..<scan.index)
        tokens[tokenCount - 1].hash = UInt64(scalar)
      } else if Unicode.Scalar(scalar)?.properties.isWhitespace ?? true || scalar < 0x20 {
        addBlank()
      } else if !(0x1F3FB...0x1F3FF).contains(scalar) {
        add(.other, [scalar], 1, source: start..<scan.index)
      }
    }
  }

  @inline(__always)
  private func addBlank() {
    if characters[characterCount &- 1] != Self.blank { append(Self.blank) }
  }

  /// The same sign as often as it stands in a row; up to three are kept.
  private func addRun(
    _ scan: inout Scan, _ kind: ReviewToken.Kind, _ sign: UInt32, _ start: Int
  ) {
    var count = 1
    while scan.index < scan.text.count, scan.text[scan.index] == UInt8(sign) {
      scan.index += 1
      count += 1
    }
    let first = characterCount
    for _ in 0..<min(count, 3) { append(sign) }
    addToken(kind, first, count, start..<scan.index)
  }

  /// `:)`, `;-)`, `=(`, `:D`, `:/` and their kin, with as many brackets as there are.
  private func addEmoticon(_ scan: inout Scan, _ eyes: UInt32, _ start: Int) -> Bool {
    var end = scan.index
    if scan.byte(at: end) == UInt8(ascii: "-") || scan.byte(at: end) == UInt8(ascii: "'") {
      end += 1
    }
    let mouth = scan.byte(at: end)
    let kind: ReviewToken.Kind
    switch mouth {
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "*"): kind = .smile
    case UInt8(ascii: "D"), UInt8(ascii: "P"):
      // Not `размер:Double`.
      if scan.kind(at: end + 1).isLetter { return false }
      kind = .smile
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "|"): kind = .frown
    case UInt8(ascii: "/"), UInt8(ascii: "\\"):
      if scan.byte(at: end + 1) == mouth { return false }
      kind = .frown
    default: return false
    }
    var count = 0
    while scan.byte(at: end) == mouth, end < scan.text.count {
      end += 1
      count += 1
    }
    add(kind, [eyes, UInt32(mouth)], count, source: start..<end)
    scan.index = end
    return true
  }

  private static func isEmoji(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x1F300...0x1F3FA, 0x1F400...0x1FAFF, 0x2600...0x27BF: true
    case 0x2190...0x25FF: Unicode.Scalar(scalar)?.properties.isEmojiPresentation ?? false
    case 0x2B00...0x2BFF, 0x1F000...0x1F2FF: Unicode.Scalar(scalar)?.properties.isEmoji ?? false
    default: false
    }
  }
}
