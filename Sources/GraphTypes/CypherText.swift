#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Text as Cypher sees it: a sequence of Unicode code points. Lengths, positions and reversal count
/// code points, not Swift's characters (a flag emoji is two, as in Neo4j).
package enum CypherText {
  // MARK: Literals and names

  /// Appends a string literal in single quotes.
  static func quote(_ value: String, into text: inout String) {
    text += "'"
    for scalar in value.unicodeScalars {
      switch scalar {
      case "'": text += "\\'"
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{c}": text += "\\f"
      case "\0"..."\u{1f}", "\u{7f}":
        let digits = String(scalar.value, radix: 16, uppercase: true)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "'"
  }

  /// A string literal in single quotes.
  package static func quoted(_ value: String) -> String {
    var text = ""
    quote(value, into: &text)
    return text
  }

  /// A label, type, key or variable as a query must write it: in backticks unless it is a plain
  /// identifier of any alphabet.
  package static func name(_ name: String) -> String {
    if isIdentifier(name) { return name }
    return "`" + replace(name, "`", with: "``") + "`"
  }

  private static func isIdentifier(_ name: String) -> Bool {
    let isASCIIWord = name.utf8.allSatisfy {
      ASCII.isLetter($0) || ASCII.digit($0) != nil || $0 == 0x5F
    }
    if isASCIIWord, let first = name.utf8.first { return ASCII.digit(first) == nil }
    guard let first = name.unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
      return false
    }
    return name.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
  }

  // MARK: Case

  /// All of Unicode, independent of language settings: `ЁЖ` becomes `ёж`.
  /// A Σ at the end of a word becomes ς, which Swift's `lowercased()` leaves out.
  package static func lower(_ text: String) -> String {
    if !text.unicodeScalars.contains("Σ") { return text.lowercased() }
    var result = ""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      // Unicode, section 3.13, Final_Sigma.
      let isFinal =
        scalar == "Σ" && follows(scalars[..<index].reversed()) && !follows(scalars[(index + 1)...])
      result += isFinal ? "ς" : scalar.properties.lowercaseMapping
    }
    return result
  }

  /// Whether the first scalar that casing does not ignore is a letter.
  private static func follows(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
    scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
  }
  package static func upper(_ text: String) -> String { text.uppercased() }

  // MARK: Code points

  package static func length(_ text: String) -> Int { text.unicodeScalars.count }

  package static func reverse(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: text.unicodeScalars.reversed())
    return String(result)
  }

  /// From `start` (counted from 0) to the end, or `length` code points; what lies beyond the end is
  /// left out. Both must not be negative.
  package static func substring(_ text: String, from start: Int, length: Int? = nil)
    throws(QueryError) -> String
  {
    if start < 0 || length ?? 0 < 0 {
      throw QueryError(
        .argumentError, "NumberOutOfRange",
        "positions and lengths in text must not be negative, got \(min(start, length ?? start))")
    }
    let rest = text.unicodeScalars.dropFirst(start)
    return String(length.map { rest.prefix($0) } ?? rest)
  }

  package static func left(_ text: String, _ length: Int) throws(QueryError) -> String {
    try substring(text, from: 0, length: length)
  }

  package static func right(_ text: String, _ length: Int) throws(QueryError) -> String {
    if length < 0 { return try substring(text, from: 0, length: length) }
    return String(text.unicodeScalars.suffix(length))
  }

  // MARK: White space

  package static func trim(_ text: String) -> String { trimEnd(trimStart(text)) }

  package static func trimStart(_ text: String) -> String {
    String(text.unicodeScalars.drop(while: \.properties.isWhitespace))
  }

  package static func trimEnd(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    return String(scalars)
  }

  // MARK: Search

  // Matches are found in UTF-8: a whole character there never starts inside another one.

  package static func contains(_ text: String, _ part: String) -> Bool {
    text.withBytes { text in part.withBytes { find($0, in: text, from: 0) != nil } }
  }

  package static func starts(_ text: String, with part: String) -> Bool {
    text.withBytes { text in part.withBytes { text.starts(with: $0) } }
  }

  package static func ends(_ text: String, with part: String) -> Bool {
    text.withBytes { text in part.withBytes { text.suffix($0.count).elementsEqual($0) } }
  }

  /// Every occurrence from left to right; an empty `part` occurs nowhere.
  package static func replace(_ text: String, _ part: String, with replacement: String) -> String {
    if part.isEmpty { return text }
    return split(text, by: part).joined(separator: replacement)
  }

  /// The pieces between the occurrences of `separator`, empty ones included; with an empty
  /// separator the single code points.
  package static func split(_ text: String, by separator: String) -> [String] {
    if separator.isEmpty { return text.unicodeScalars.map { String($0) } }
    return text.withBytes { bytes in
      separator.withBytes { separator in
        var pieces: [String] = []
        var start = 0
        while let match = find(separator, in: bytes, from: start) {
          pieces.append(String(decoding: bytes[start..<match], as: UTF8.self))
          start = match + separator.count
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
      }
    }
  }

  /// The first occurrence at or after `start`.
  private static func find(
    _ part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    // `memchr` skips to candidates for the last byte. In UTF-8 that byte tells letters of one
    // alphabet apart, while the first is the same for half of it.
    guard let last = part.last else { return start }
    guard let base = text.baseAddress else { return nil }
    let before = part.count - 1
    var position = start + before
    while position < text.count,
      let match = memchr(base + position, Int32(last), text.count - position)
    {
      let end = UnsafeRawPointer(match) - UnsafeRawPointer(base)
      if text[end - before..<end].elementsEqual(part[..<before]) { return end - before }
      position = end + 1
    }
    return nil
  }
}
