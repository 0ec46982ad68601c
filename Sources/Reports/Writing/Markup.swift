/// HTML and SVG as text that is also well-formed XML. Text and values of attributes are escaped
/// here and nowhere else.
struct Markup {
  private(set) var text = ""

  typealias Attributes = KeyValuePairs<String, String>

  /// An element with what the body writes inside.
  mutating func element(
    _ name: StaticString, _ attributes: Attributes = [:],
    _ body: (inout Markup) throws -> Void
  ) rethrows {
    open(name, attributes)
    text += ">"
    try body(&self)
    text += "</\(name)>"
  }

  /// An element with text inside.
  mutating func element(_ name: StaticString, _ attributes: Attributes, _ content: String) {
    element(name, attributes) { $0.write(content) }
  }

  mutating func element(_ name: StaticString, _ content: String) { element(name, [:], content) }

  /// An element without contents.
  mutating func empty(_ name: StaticString, _ attributes: Attributes) {
    open(name, attributes)
    text += "/>"
  }

  /// Text, escaped.
  mutating func write(_ content: String) { text += Self.escaped(content) }

  /// Markup that was made apart.
  mutating func append(_ other: Markup) { text += other.text }

  mutating func lineBreak() { text += "\n" }

  private mutating func open(_ name: StaticString, _ attributes: Attributes) {
    text += "<\(name)"
    for (name, value) in attributes where !value.isEmpty {
      text += " \(name)=\"\(Self.escaped(value))\""
    }
  }

  /// What XML does not allow even when escaped becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
