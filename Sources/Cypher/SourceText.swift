/// A query text, and how byte offsets in it relate to text, lines and columns.
package struct SourceText: Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// A place as people count: both from 1, columns in characters (grapheme clusters).
  package struct Position: Hashable, Sendable {
    package var line: Int
    package var column: Int
  }

  /// The text of a range. Bounds outside the text are clamped to it.
  /// - Complexity: O(length of the range).
  package func text(_ range: Range<Int>) -> String {
    String(decoding: text.utf8[index(range.lowerBound)..<index(range.upperBound)], as: UTF8.self)
  }

  package func text(_ range: SourceRange) -> String { text(range.bounds) }

  /// - Complexity: O(length of the text).
  package func position(at offset: Int) -> Position {
    let (number, line) = line(at: offset)
    let column = text(line.lowerBound..<max(line.lowerBound, offset)).count + 1
    return Position(line: number, column: column)
  }

  /// The line that contains a byte offset: its number from 1, and its bytes without the line break.
  /// `\n`, `\r\n` and `\r` end lines.
  /// - Complexity: O(length of the text).
  package func line(at offset: Int) -> (number: Int, bytes: Range<Int>) {
    let bytes = Array(text.utf8)
    let offset = min(max(0, offset), bytes.count)
    let newline = UInt8(ascii: "\n")
    let carriageReturn = UInt8(ascii: "\r")
    var number = 1
    var start = 0
    var index = 0
    while index < offset {
      let byte = bytes[index]
      index += 1
      let isPair = byte == carriageReturn && index < bytes.count && bytes[index] == newline
      if byte == newline || byte == carriageReturn && !isPair {
        number += 1
        start = index
      }
    }
    var end = start
    while end < bytes.count, bytes[end] != newline, bytes[end] != carriageReturn { end += 1 }
    return (number, start..<end)
  }

  private func index(_ offset: Int) -> String.Index {
    let utf8 = text.utf8
    return utf8.index(utf8.startIndex, offsetBy: max(0, offset), limitedBy: utf8.endIndex)
      ?? utf8.endIndex
  }
}
