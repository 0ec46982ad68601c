/// Finds statements in a text without parsing them: for a shell that collects lines until a
/// semicolon, and for script files with too many statements to parse before the first one runs.
package enum StatementSplitter {
  package struct Result: Sendable {
    /// The statements that a semicolon ends, without it, as UTF-8 offsets; empty ones are left out.
    package var complete: [Range<Int>]
    /// What is behind the last semicolon, from its first token to the end of the text; nil if
    /// that is only space and comments.
    package var rest: Range<Int>?
  }

  /// Semicolons in strings, names in backticks, and comments do not count. A string, name or
  /// comment that is not closed reaches to the end of the text and is part of `rest`.
  /// - Complexity: O(length of the text).
  package static func split(_ text: String) -> Result {
    let bytes = Array(text.utf8)
    var result = Result(complete: [])
    var start: Int?
    var end = 0
    for token in Lexer.tokens(bytes) {
      switch token.kind {
      case .semicolon:
        if let start { result.complete.append(start..<end) }
        start = nil
      case .endOfInput: break
      default:
        start = start ?? Int(token.start)
        end = Int(token.end)
      }
    }
    result.rest = start.map { $0..<bytes.count }
    return result
  }
}
