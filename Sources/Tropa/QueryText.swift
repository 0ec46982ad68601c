internal import Cypher

/// What can be said of query text without running it.
public enum QueryText {
  /// The statements of a text, which semicolons end; those in strings, backticks and comments do
  /// not count. `rest` is what stands behind the last semicolon, nil if it is only space and comments.
  public static func split(_ text: String) -> (statements: [String], rest: String?) {
    let result = StatementSplitter.split(text)
    let bytes = Array(text.utf8)
    func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    return (result.complete.map(part), result.rest.map(part))
  }

  /// Where the statements of a text stand, and what is behind the last semicolon, as UTF-8 offsets.
  package static func statementRanges(_ text: String) -> [Range<Int>] {
    let result = StatementSplitter.split(text)
    return result.complete + (result.rest.map { [$0] } ?? [])
  }

  /// Whether a text is one expression and nothing else.
  public static func isExpression(_ text: String) -> Bool {
    (try? StatementStack.run(need: StatementStack.need(of: text)) {
      _ = try Parser.parseExpression(text)
    }) != nil
  }

  /// Whether a text is one statement that makes an index or a constraint.
  package static func isSchemaStatement(_ text: String) -> Bool {
    let answer = try? StatementStack.run(need: StatementStack.need(of: text)) {
      let statement = try Parser.parseStatement(text)
      switch statement.body {
      case .createIndex, .createConstraint: return statement.mode == .run
      default: return false
      }
    }
    return answer ?? false
  }

  /// An error as a person reads it: message, the source line with a caret, and the hint.
  ///
  /// - Parameter name: the file that the text came from.
  public static func explain(_ error: QueryError, in text: String, name: String? = nil) -> String {
    Diagnostic(error, in: SourceText(text), name: name).rendered()
  }

  /// Line and column, both from 1, of an error's place.
  public static func position(of error: QueryError, in text: String) -> (line: Int, column: Int)? {
    error.range.map { position(at: $0.lowerBound, in: text) }
  }

  static func position(at offset: Int, in text: String) -> (line: Int, column: Int) {
    let position = SourceText(text).position(at: offset)
    return (position.line, position.column)
  }
}
