/// One token and where it stands, as UTF-8 offsets.
struct Token: Sendable {
  var kind: TokenKind
  /// For a `.word`, its keyword if it has one. Also for words in the place of names.
  var keyword: Keyword?
  /// For a `.quotedString`, whether it holds a backslash; for a `.quotedName` and `.quotedParameter`,
  /// whether it holds a doubled backtick.
  var hasEscape = false
  var start: Int32
  var end: Int32

  var range: SourceRange { SourceRange(Int(start)..<Int(end)) }

  /// A name as far as the lexer can tell: a word, keyword or not, or a name in backticks.
  var isName: Bool { kind == .word || kind == .quotedName }
}

enum TokenKind: UInt8, Sendable {
  case endOfInput
  case word
  case quotedName
  case parameter
  /// A `$` before `(`.
  case dollar
  case quotedParameter
  /// Digits, `0x…` or `0o…`. The digits are checked when the value is read.
  case integerNumber
  case floatNumber
  /// Starts like a number and runs into a letter.
  case malformedNumber
  case quotedString

  case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
  case comma, semicolon, colon, colonColon, dot, dotDot, bar, barBar, ampersand, exclamation
  case plus, plusEqual, minus, star, slash, percent, caret
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, regularExpression
  /// Dashes and arrow heads beyond ASCII that openCypher allows in relationship patterns.
  case unicodeDash, unicodeLeftArrow, unicodeRightArrow

  /// `==` and `!=`, which Cypher does not have but people type.
  case doubleEqual, exclamationEqual
  case unexpectedCharacter, unterminatedString, unterminatedName, unterminatedComment, emptyName

  /// How a message shows the token; nil when it shows the source text.
  var spelling: String? {
    switch self {
    case .leftParenthesis: "("
    case .rightParenthesis: ")"
    case .leftBracket: "["
    case .rightBracket: "]"
    case .leftBrace: "{"
    case .rightBrace: "}"
    case .comma: ","
    case .semicolon: ";"
    case .colon: ":"
    case .colonColon: "::"
    case .dot: "."
    case .dotDot: ".."
    case .bar: "|"
    case .equal: "="
    case .greater: ">"
    case .minus: "-"
    default: nil
    }
  }
}
