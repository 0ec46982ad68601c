import GraphTypes

// What an error says: what was found, what was expected, and the likely fix.

extension Parser {
  /// The failure at the token at hand.
  ///
  /// - Parameters:
  ///   - expected: what could stand here, with article: "an expression".
  ///   - candidates: keywords that could stand here; a word that looks like one of them is taken
  ///     for a slip of the finger.
  ///   - hint: what to do, unless the token itself tells better.
  func unexpected(
    _ expected: String, candidates: [Keyword] = [], hint: String? = nil
  ) -> SyntaxFailure {
    if let failure = lexicalFailure() { return failure }
    return SyntaxFailure(
      "UnexpectedSyntax", "expected \(expected), found \(description(of: token))",
      range: errorRange,
      hint: adviceForSlip() ?? suggestion(among: candidates) ?? hint ?? hintForToken())
  }

  /// Where to point: the token at hand, or the place behind the last one at the end of the text.
  var errorRange: Range<Int> {
    at(.endOfInput) ? previousEnd..<previousEnd : token.range.bounds
  }

  func text(_ token: Token) -> String { source.text(token.range) }

  private func description(of token: Token) -> String {
    switch token.kind {
    case .endOfInput: "the end of the query"
    case .quotedString: "a string"
    case .integerNumber, .floatNumber: "the number `\(shortened(text(token)))`"
    default: "`\(shortened(text(token)))`"
    }
  }

  private func shortened(_ text: String) -> String {
    text.count > 40 ? text.prefix(40) + "…" : text
  }

  private func suggestion(among candidates: [Keyword]) -> String? {
    guard token.kind == .word else { return nil }
    let word = text(token).uppercased()
    let spellings = candidates.map(\.spelling)
    if let keyword = NameSuggestion.lookAlike(of: word, among: spellings) {
      return NameSuggestion.adviceForLookAlike(keyword)
    }
    // Two letters are near to too much, and a keyword that stands in the wrong place is no slip.
    if word.count < 3 || spellings.contains(word) { return nil }
    return nearest(word, among: spellings).map { "did you mean \($0)?" }
  }

  private func hintForToken() -> String? {
    switch token.kind {
    case .doubleEqual: "equality is written ="
    case .exclamationEqual: "inequality is written <>"
    case .ampersand: "conjunction is written AND"
    case .exclamation: "negation is written NOT"
    default: nil
    }
  }

  // MARK: - What the lexer could not read

  private func lexicalFailure() -> SyntaxFailure? {
    let range = token.range.bounds
    switch token.kind {
    case .unexpectedCharacter, .unicodeDash, .unicodeLeftArrow, .unicodeRightArrow:
      return unexpectedCharacter()
    case .malformedNumber:
      return malformedNumber(token)
    case .unterminatedString:
      return SyntaxFailure(
        "UnexpectedSyntax", "the string is not closed",
        range: range.lowerBound..<range.lowerBound + 1,
        hint: "add the closing quote, and write \\' for a quote inside the string")
    case .unterminatedName:
      return SyntaxFailure(
        "UnexpectedSyntax", "the name in backticks is not closed",
        range: range.lowerBound..<range.lowerBound + 1,
        hint: "add the closing backtick, and write two for a backtick inside the name")
    case .unterminatedComment:
      return SyntaxFailure(
        "UnexpectedSyntax", "the comment is not closed",
        range: range.lowerBound..<range.lowerBound + 2, hint: "add */")
    case .emptyName:
      return SyntaxFailure("UnexpectedSyntax", "a name cannot be empty", range: range)
    default:
      return nil
    }
  }

  func malformedNumber(_ token: Token) -> SyntaxFailure {
    SyntaxFailure(
      "InvalidNumberLiteral", "`\(shortened(text(token)))` is not a number",
      range: token.range.bounds,
      hint: "a name cannot start with a digit unless it is in backticks")
  }

  private func unexpectedCharacter() -> SyntaxFailure {
    let character = text(token)
    let scalar = character.unicodeScalars.first ?? " "
    let isInvisible =
      scalar.properties.generalCategory == .format || scalar.value == 0x00AD
      || scalar.properties.generalCategory == .control
    let code = String(scalar.value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    let message =
      isInvisible
      ? "unexpected invisible character \(name)"
      : scalar.isASCII
        ? "unexpected character `\(character)`" : "unexpected character `\(character)` (\(name))"
    return SyntaxFailure(
      scalar.isASCII ? "UnexpectedSyntax" : "InvalidUnicodeCharacter", message,
      range: token.range.bounds, hint: isInvisible ? "delete it" : Self.hint(for: scalar))
  }

  private static func hint(for scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "“", "”", "„", "‘", "’", "‚", "«", "»": "strings are written in straight quotes: 'text'"
    case "‐", "‑", "‒", "–", "—", "―", "−", "﹘", "﹣", "－": "write -"
    case "≤": "write <="
    case "≥": "write >="
    case "≠": "write <>"
    case "→": "write ->"
    case "←": "write <-"
    case "×": "write *"
    case "÷": "write /"
    case "#": "comments start with //"
    case "?": "a parameter is written $name"
    case "$": "a parameter's name follows its $ directly: $name"
    case "@", "\\", "~": "a name with special characters is written in backticks"
    default: nil
    }
  }
}

/// The candidate that is nearest to a word, if it is near enough to be meant: at most one slip in
/// three letters. Letters count without regard to case.
package func nearest(_ word: String, among candidates: some Sequence<String>) -> String? {
  let letters = Array(word.uppercased())
  let limit = max(1, letters.count / 3)
  var best: (distance: Int, candidate: String)?
  for candidate in candidates {
    let distance = editDistance(letters, Array(candidate.uppercased()))
    if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  return best?.candidate
}

/// Optimal string alignment distance: insertions, deletions, replacements, and swaps of neighbours.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var distance = min(
        previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        distance = min(distance, beforePrevious[j - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
