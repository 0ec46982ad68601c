internal import CypherPlanning

/// Something in a statement that is allowed but probably not meant: a label, relationship type or
/// property that the database does not have. The statement runs all the same.
public struct QueryNotice: Sendable, Equatable {
  public var message: String
  /// UTF-8 byte offsets into the query text.
  public var range: Range<Int>
  public var hint: String?

  init(_ warning: QueryWarning) {
    message = warning.message
    range = warning.range
    hint = warning.hint
  }
}

extension QueryText {
  /// A notice on one line, with its place and hint.
  public static func explain(_ notice: QueryNotice, in text: String) -> String {
    let place = position(at: notice.range.lowerBound, in: text)
    return "warning: \(notice.message) (line \(place.line), column \(place.column))"
      + (notice.hint.map { "; \($0)" } ?? "")
  }
}
