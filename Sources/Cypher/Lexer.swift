/// Splits a query text into tokens. It never fails: what it cannot read becomes a token of an error
/// kind, which the parser reports if it gets that far.
///
/// Words are Unicode identifiers (ID_Start and connector punctuation, then ID_Continue and currency
/// signs), as openCypher defines them, so that Cyrillic needs no backticks.
struct Lexer {
  private let bytes: [UInt8]
  private var position = 0
  private let keywords = KeywordTable.shared

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Parameter bytes: valid UTF-8, fewer than 2^31 bytes.
  /// - Returns: the tokens; the last one, and only that, is `.endOfInput`.
  /// - Complexity: O(`bytes.count`).
  static func tokens(_ bytes: [UInt8]) -> [Token] {
    var lexer = Lexer(bytes)
    var tokens: [Token] = []
    tokens.reserveCapacity(bytes.count / 3 + 8)
    while let token = lexer.next() { tokens.append(token) }
    let end = Int32(bytes.count)
    tokens.append(Token(kind: .endOfInput, start: end, end: end))
    return tokens
  }

  private func byte(_ offset: Int) -> UInt8 {
    let index = position + offset
    return index < bytes.count ? bytes[index] : 0
  }

  private mutating func next() -> Token? {
    while position < bytes.count {
      let first = bytes[position]
      switch first {
      case UInt8(ascii: " "), 0x09...0x0D, 0x1C...0x1F:
        position += 1
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        return word()
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        return number()
      case UInt8(ascii: "."):
        if isDigit(byte(1)) { return number() }
        return byte(1) == UInt8(ascii: ".") ? symbol(.dotDot, 2) : symbol(.dot, 1)
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        return string(quote: first)
      case UInt8(ascii: "`"):
        return quotedName(.quotedName, start: position)
      case UInt8(ascii: "$"):
        return parameter()
      case UInt8(ascii: "/"):
        switch byte(1) {
        case UInt8(ascii: "/"): skipLineComment()
        case UInt8(ascii: "*"):
          if let token = skipBlockComment() { return token }
        default: return symbol(.slash, 1)
        }
      case 0x80...:
        let (scalar, length) = decodeScalar()
        if Self.isSpace(scalar) {
          position += length
        } else {
          return beyondASCII(scalar, length)
        }
      default:
        return asciiSymbol(first)
      }
    }
    return nil
  }

  private mutating func symbol(_ kind: TokenKind, _ length: Int) -> Token {
    token(kind, from: position, to: position + length)
  }

  private mutating func token(_ kind: TokenKind, from start: Int, to end: Int) -> Token {
    position = end
    return Token(kind: kind, start: Int32(start), end: Int32(end))
  }

  private mutating func asciiSymbol(_ first: UInt8) -> Token {
    let second = byte(1)
    switch first {
    case UInt8(ascii: "("): return symbol(.leftParenthesis, 1)
    case UInt8(ascii: ")"): return symbol(.rightParenthesis, 1)
    case UInt8(ascii: "["): return symbol(.leftBracket, 1)
    case UInt8(ascii: "]"): return symbol(.rightBracket, 1)
    case UInt8(ascii: "{"): return symbol(.leftBrace, 1)
    case UInt8(ascii: "}"): return symbol(.rightBrace, 1)
    case UInt8(ascii: ","): return symbol(.comma, 1)
    case UInt8(ascii: ";"): return symbol(.semicolon, 1)
    case UInt8(ascii: ":"):
      return second == UInt8(ascii: ":") ? symbol(.colonColon, 2) : symbol(.colon, 1)
    case UInt8(ascii: "|"):
      return second == UInt8(ascii: "|") ? symbol(.barBar, 2) : symbol(.bar, 1)
    case UInt8(ascii: "&"): return symbol(.ampersand, 1)
    case UInt8(ascii: "!"):
      return second == UInt8(ascii: "=") ? symbol(.exclamationEqual, 2) : symbol(.exclamation, 1)
    case UInt8(ascii: "+"):
      return second == UInt8(ascii: "=") ? symbol(.plusEqual, 2) : symbol(.plus, 1)
    case UInt8(ascii: "-"): return symbol(.minus, 1)
    case UInt8(ascii: "*"): return symbol(.star, 1)
    case UInt8(ascii: "%"): return symbol(.percent, 1)
    case UInt8(ascii: "^"): return symbol(.caret, 1)
    case UInt8(ascii: "="):
      switch second {
      case UInt8(ascii: "~"): return symbol(.regularExpression, 2)
      case UInt8(ascii: "="): return symbol(.doubleEqual, 2)
      default: return symbol(.equal, 1)
      }
    case UInt8(ascii: "<"):
      switch second {
      case UInt8(ascii: "="): return symbol(.lessOrEqual, 2)
      case UInt8(ascii: ">"): return symbol(.notEqual, 2)
      default: return symbol(.less, 1)
      }
    case UInt8(ascii: ">"):
      return second == UInt8(ascii: "=") ? symbol(.greaterOrEqual, 2) : symbol(.greater, 1)
    default: return symbol(.unexpectedCharacter, 1)
    }
  }

  // MARK: - Words, names, parameters

  private mutating func word() -> Token {
    let start = position
    let isASCII = skipWord()
    let keyword = isASCII ? keywords.keyword(bytes[start..<position]) : nil
    return Token(kind: .word, keyword: keyword, start: Int32(start), end: Int32(position))
  }

  /// Moves behind the characters of a word, of which the first may be any that a word can contain.
  /// - Returns: whether all of them are ASCII.
  private mutating func skipWord() -> Bool {
    var isASCII = true
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        if !Self.isWordByte(byte) { break }
        position += 1
      } else {
        let (scalar, length) = decodeScalar()
        if !Self.continuesWord(scalar) { break }
        isASCII = false
        position += length
      }
    }
    return isASCII
  }

  private mutating func quotedName(_ kind: TokenKind, start: Int) -> Token {
    let contents = position + 1
    var index = contents
    var hasEscape = false
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "`") {
        if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "`") {
          hasEscape = true
          index += 1
        } else {
          let isEmpty = index == contents
          var token = token(isEmpty ? .emptyName : kind, from: start, to: index + 1)
          token.hasEscape = hasEscape
          return token
        }
      }
      index += 1
    }
    return token(.unterminatedName, from: start, to: bytes.count)
  }

  private mutating func parameter() -> Token {
    let start = position
    position += 1
    if byte(0) == UInt8(ascii: "`") { return quotedName(.quotedParameter, start: start) }
    _ = skipWord()
    if position > start + 1 { return token(.parameter, from: start, to: position) }
    let isBeforeParenthesis = byte(0) == UInt8(ascii: "(")
    return token(isBeforeParenthesis ? .dollar : .unexpectedCharacter, from: start, to: position)
  }

  // MARK: - Numbers and strings

  private mutating func number() -> Token {
    let start = position
    var kind = TokenKind.integerNumber
    let radix = byte(1) | 0x20
    if bytes[position] == UInt8(ascii: "0"),
      radix == UInt8(ascii: "x") || radix == UInt8(ascii: "o")
    {
      _ = skipWord()
      return token(.integerNumber, from: start, to: position)
    }
    skipDigits()
    if byte(0) == UInt8(ascii: "."), isDigit(byte(1)) {
      kind = .floatNumber
      position += 1
      skipDigits()
    }
    if byte(0) | 0x20 == UInt8(ascii: "e") {
      let hasSign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
      if isDigit(byte(hasSign ? 2 : 1)) {
        kind = .floatNumber
        position += hasSign ? 2 : 1
        skipDigits()
      }
    }
    let end = position
    _ = skipWord()
    return token(position > end ? .malformedNumber : kind, from: start, to: position)
  }

  private mutating func skipDigits() {
    while isDigit(byte(0)) || byte(0) == UInt8(ascii: "_") { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func string(quote: UInt8) -> Token {
    let start = position
    var index = position + 1
    var hasEscape = false
    while index < bytes.count {
      if bytes[index] == quote {
        var token = token(.quotedString, from: start, to: index + 1)
        token.hasEscape = hasEscape
        return token
      }
      if bytes[index] == UInt8(ascii: "\\") {
        hasEscape = true
        index += 1
      }
      index += 1
    }
    return token(.unterminatedString, from: start, to: bytes.count)
  }

  // MARK: - Comments

  private mutating func skipLineComment() {
    while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
  }

  /// Returns an error token if the comment does not end.
  private mutating func skipBlockComment() -> Token? {
    let start = position
    position += 2
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        position += 2
        return nil
      }
      position += 1
    }
    return token(.unterminatedComment, from: start, to: bytes.count)
  }

  // MARK: - Beyond ASCII

  private mutating func beyondASCII(_ scalar: Unicode.Scalar, _ length: Int) -> Token {
    if Self.startsWord(scalar) { return word() }
    // The dashes and arrow heads of openCypher's rules Dash, LeftArrowHead and RightArrowHead.
    switch scalar.value {
    case 0x00AD, 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D:
      return symbol(.unicodeDash, length)
    case 0x27E8, 0x3008, 0xFE64, 0xFF1C: return symbol(.unicodeLeftArrow, length)
    case 0x27E9, 0x3009, 0xFE65, 0xFF1E: return symbol(.unicodeRightArrow, length)
    default: return symbol(.unexpectedCharacter, length)
    }
  }

  /// The scalar at `position` and its length in bytes; the text is valid UTF-8.
  private func decodeScalar() -> (Unicode.Scalar, length: Int) {
    let first = UInt32(bytes[position])
    func trail(_ offset: Int) -> UInt32 { UInt32(byte(offset)) & 0x3F }
    let (value, length): (UInt32, Int) =
      switch first {
      case 0..<0x80: (first, 1)
      case 0..<0xE0: ((first & 0x1F) << 6 | trail(1), 2)
      case 0..<0xF0: ((first & 0x0F) << 12 | trail(1) << 6 | trail(2), 3)
      default: ((first & 0x07) << 18 | trail(1) << 12 | trail(2) << 6 | trail(3), 4)
      }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    default: false
    }
  }

  private static func startsWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isIDStart || scalar.properties.generalCategory == .connectorPunctuation
  }

  private static func continuesWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isIDContinue || scalar.properties.generalCategory == .currencySymbol
  }

  /// openCypher's white space beyond ASCII, and the byte order mark that files begin with.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.value == 0x180E || scalar.value == 0xFEFF
  }

  /// Whether a name can be written without backticks, keywords aside.
  static func isPlainName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first else { return false }
    let startIsPlain =
      first.isASCII
      ? isWordByte(UInt8(ascii: first)) && first != "$" && !("0"..."9").contains(first)
      : startsWord(first)
    return startIsPlain
      && name.unicodeScalars.dropFirst().allSatisfy { scalar in
        scalar.isASCII ? isWordByte(UInt8(ascii: scalar)) : continuesWord(scalar)
      }
  }
}
