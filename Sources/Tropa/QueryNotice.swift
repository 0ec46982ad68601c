internal import CypherPlanning

/// Something in a statement that is allowed but probably not meant: a label, relationship type or
/// property that the database does not have, patterns that nothing connects, an old form. The
/// statement runs all the same.
public struct QueryNotice: Sendable, Equatable {
  /// The notification code that drivers of Neo4j know.
  public var code: String
  public var message: String
  /// UTF-8 byte offsets into the query text; empty for what a procedure tells of its call.
  public var range: Range<Int>
  public var hint: String?

  init(_ warning: QueryWarning) {
    code = "Neo.ClientNotification.Statement.\(warning.kind.rawValue)"
    message = warning.message
    range = warning.range
    hint = warning.hint
  }
}

extension QueryText {
  /// Line and column, both from 1, of a notice's place.
  public static func position(
    of notice: QueryNotice, in text: String
  ) -> (line: Int, column: Int) {
    position(at: notice.range.lowerBound, in: text)
  }

  /// A notice on one line, with its place, if it has one, and hint.
  public static func explain(_ notice: QueryNotice, in text: String) -> String {
    var line = "warning: \(notice.message)"
    if !notice.range.isEmpty {
      let place = position(of: notice, in: text)
      line += " (line \(place.line), column \(place.column))"
    }
    return line + (notice.hint.map { "; \($0)" } ?? "")
  }
}
