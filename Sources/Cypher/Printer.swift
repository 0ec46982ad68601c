import GraphTypes

/// Writes trees as canonical Cypher: keywords in capitals, one space between tokens, only the
/// parentheses that are needed, one line. What it writes parses to an equal tree.
struct Printer {
  private(set) var text = ""

  mutating func write(_ string: String) { text += string }

  mutating func list<Items: Sequence>(
    _ items: Items, separator: String = ", ", _ print: (inout Printer, Items.Element) -> Void
  ) {
    var isFirst = true
    for item in items {
      if !isFirst { text += separator }
      isFirst = false
      print(&self, item)
    }
  }

  // MARK: - Names

  /// A label, type or property key: any plain name will do, keywords included.
  mutating func key(_ identifier: Identifier) { key(identifier.name) }

  mutating func key(_ name: String) {
    Lexer.isPlainName(name) ? write(name) : quoted(name)
  }

  /// A variable: a reserved word gets backticks, although few places need them.
  mutating func variable(_ identifier: Identifier) { variable(identifier.name) }

  mutating func variable(_ name: String) {
    Lexer.isPlainName(name) && !Self.needsQuotes(name) ? write(name) : quoted(name)
  }

  /// Whether a plain name could be read as a keyword in one of the places of a variable.
  private static func needsQuotes(_ name: String) -> Bool {
    guard let keyword = KeywordTable.shared.keyword(Array(name.utf8)[...]) else { return false }
    switch keyword {
    // Followed by a brace, these start subqueries.
    case .exists, .count, .collect: return true
    default: return keyword.isReserved
    }
  }

  private mutating func quoted(_ name: String) {
    text += "`"
    for scalar in name.unicodeScalars {
      if scalar == "`" { text += "`" }
      text.unicodeScalars.append(scalar)
    }
    text += "`"
  }

  mutating func parameter(_ name: String) {
    write("$")
    let startsWithDigit = name.unicodeScalars.first.map { ("0"..."9").contains($0) } ?? false
    startsWithDigit && Lexer.isPlainName("_" + name) ? write(name) : key(name)
  }

  mutating func qualifiedName(_ name: QualifiedName) {
    list(name.parts, separator: ".") { printer, part in
      name.parts.count == 1 ? printer.variableUnlessCounting(part) : printer.key(part)
    }
  }

  /// The name of a function: behind it stands `(`, so that `count` and its kin are clear.
  private mutating func variableUnlessCounting(_ identifier: Identifier) {
    let keyword = KeywordTable.shared.keyword(Array(identifier.name.utf8)[...])
    keyword?.isReserved ?? false ? variable(identifier) : key(identifier)
  }

  // MARK: - Literals

  mutating func literal(_ literal: Literal) {
    switch literal {
    case .null: write("null")
    case .boolean(let value): write(value ? "true" : "false")
    case .integer(let value): write(String(value))
    case .float(let value): write(String(value))
    case .string(let value): string(value)
    }
  }

  mutating func string(_ value: String) {
    text += "'"
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "'": text += "\\'"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\0"..<" ", "\u{7F}":
        let digits = String(scalar.value, radix: 16, uppercase: true)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "'"
  }
}

private func printed(_ print: (inout Printer) -> Void) -> String {
  var printer = Printer()
  print(&printer)
  return printer.text
}

// Descriptions are canonical Cypher, for EXPLAIN, error messages and tests.

extension Statement: CustomStringConvertible {
  package var description: String { printed { $0.statement(self) } }
}

extension Query: CustomStringConvertible {
  package var description: String { printed { $0.query(self) } }
}

extension Clause: CustomStringConvertible {
  package var description: String { printed { $0.clause(self) } }
}

extension Projection: CustomStringConvertible {
  package var description: String { printed { $0.projection(self) } }
}

extension PathPattern: CustomStringConvertible {
  package var description: String { printed { $0.pathPattern(self) } }
}

extension NodePattern: CustomStringConvertible {
  package var description: String { printed { $0.node(self) } }
}

extension RelationshipPattern: CustomStringConvertible {
  package var description: String { printed { $0.relationship(self) } }
}

extension LabelExpression: CustomStringConvertible {
  package var description: String { printed { $0.labels(self) } }
}

extension Expression: CustomStringConvertible {
  package var description: String { printed { $0.expression(self) } }
}

extension TypeExpression: CustomStringConvertible {
  package var description: String { printed { $0.type(self) } }
}
