internal import GraphTypes

/// What was wrong with an import, for the person whose files these are: which file, line and
/// column, what is there, what was expected, and what to do.
package struct ImportError: Error, Equatable, Sendable, CustomStringConvertible {
  package var file: String?
  /// From 1.
  package var line: Int?
  /// In characters, from 1.
  package var column: Int?
  package var message: String
  package var hint: String?

  package init(
    _ message: String, file: String? = nil, line: Int? = nil, column: Int? = nil,
    hint: String? = nil
  ) {
    self.message = message
    self.file = file
    self.line = line
    self.column = column
    self.hint = hint
  }

  package var description: String {
    var text = ""
    if let file {
      text += file
      if let line { text += ":\(line)" }
      if let line = line, let column, line > 0 { text += ":\(column)" }
      text += ": "
    }
    text += message
    if let hint { text += " (\(hint))" }
    return text
  }

  /// For an unknown name, with the nearest known one.
  static func unknown(
    _ what: String, _ name: String, among known: some Sequence<String>, file: String? = nil,
    line: Int? = nil, column: Int? = nil
  ) -> ImportError {
    let names = Array(known)
    let nearest = NameSuggestion.nearest(to: name, among: names)
    let hint =
      nearest.map { "did you mean '\($0)'?" }
      ?? (names.isEmpty ? nil : "known: \(names.joined(separator: ", "))")
    return ImportError(
      "unknown \(what) '\(name)'", file: file, line: line, column: column, hint: hint)
  }
}

/// Why a row was not taken. Lines count from the start of the block that the row is in.
struct RejectedRow: Sendable {
  var line: Int
  /// In characters, from 1; nil when the whole row is meant.
  var column: Int?
  /// "column 'quantity': 'abc' is not an integer", without file and line.
  var message: String
  var hint: String?
  /// The record as it stands in the file (as UTF-8), without its line end.
  var text: [UInt8]
}
