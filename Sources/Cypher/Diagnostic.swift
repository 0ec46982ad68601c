import GraphTypes

/// An error as a person reads it: what is wrong, where, in the line itself, and the likely fix.
///
/// ```
/// error: variable `custmer` is not defined (line 3, column 8)
///  3 | RETURN custmer.name, sum(o.total) AS revenue
///    |        ^^^^^^^
/// hint: did you mean `customer`?
/// code: Neo.ClientError.Statement.SyntaxError (UndefinedVariable)
/// ```
package struct Diagnostic: Sendable {
  /// The most columns of a source line that are shown; of a longer line, the part around the error.
  package static let maximumWidth = 100
  private static let tabWidth = 4

  private let error: QueryError
  private let source: SourceText
  private let name: String?

  /// - Parameters:
  ///   - source: the text that `error.range` refers to.
  ///   - name: the file that the text came from, for texts that did.
  package init(_ error: QueryError, in source: SourceText, name: String? = nil) {
    self.error = error
    self.source = source
    self.name = name
  }

  /// The lines of the message, without a line break at the end.
  package func rendered() -> String {
    guard let range = error.range else {
      return lines("error: \(error.message)", [], error.hint)
    }
    let position = source.position(at: range.lowerBound)
    let place =
      name.map { "\($0):\(position.line):\(position.column)" }
      ?? "line \(position.line), column \(position.column)"
    return lines("error: \(error.message) (\(place))", excerpt(range), error.hint)
  }

  private func lines(_ first: String, _ excerpt: [String], _ hint: String?) -> String {
    let code = "code: \(error.statusCode) (\(error.detail))"
    return ([first] + excerpt + (hint.map { ["hint: \($0)"] } ?? []) + [code])
      .joined(separator: "\n")
  }

  /// The line in which the range starts, and carets under the part of the range that is in it.
  private func excerpt(_ range: Range<Int>) -> [String] {
    let (number, line) = source.line(at: range.lowerBound)
    let start = min(range.lowerBound, line.upperBound)
    let end = min(max(range.upperBound, start), line.upperBound)
    var before = expanded(source.text(line.lowerBound..<start), from: 0)
    var marked = expanded(source.text(start..<end), from: displayWidth(of: before))
    var after = expanded(
      source.text(end..<line.upperBound), from: displayWidth(of: before) + displayWidth(of: marked))
    shorten(&before, &marked, &after)
    let margin = String(repeating: " ", count: "\(number)".count)
    let indent = String(repeating: " ", count: displayWidth(of: before))
    let carets = String(repeating: "^", count: max(1, displayWidth(of: marked)))
    return [" \(number) | \(before)\(marked)\(after)", " \(margin) | \(indent)\(carets)"]
  }

  /// Tabs as the spaces up to the next stop, and other control characters as `·`, so that carets
  /// stand under what they point at in any terminal.
  private func expanded(_ text: String, from column: Int) -> String {
    var result = ""
    var width = column
    for character in text {
      if character == "\t" {
        let spaces = Self.tabWidth - width % Self.tabWidth
        result += String(repeating: " ", count: spaces)
        width += spaces
      } else if let scalar = character.unicodeScalars.first,
        scalar.properties.generalCategory == .control
      {
        result += "·"
        width += 1
      } else {
        result.append(character)
        width += displayWidth(of: character)
      }
    }
    return result
  }

  /// Cuts a long line so that the marked part, or its start, stays in sight.
  private func shorten(_ before: inout String, _ marked: inout String, _ after: inout String) {
    let limit = Self.maximumWidth
    guard displayWidth(of: before) + displayWidth(of: marked) + displayWidth(of: after) > limit
    else { return }
    if displayWidth(of: marked) > limit / 2 {
      marked = prefix(of: marked, width: limit / 2)
      after = "…"
    }
    let room = limit - displayWidth(of: marked)
    if displayWidth(of: before) > room / 2 {
      let kept = prefix(of: String(before.reversed()), width: room / 2)
      before = "…" + String(kept.reversed())
    }
    let rest = limit - displayWidth(of: before) - displayWidth(of: marked)
    if displayWidth(of: after) > rest { after = prefix(of: after, width: rest) + "…" }
  }

  private func prefix(of text: String, width: Int) -> String {
    var remaining = width
    return String(
      text.prefix { character in
        remaining -= displayWidth(of: character)
        return remaining >= 0
      })
  }
}
