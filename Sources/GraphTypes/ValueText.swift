/// How values are written as text.
public enum ValueTextStyle: Sendable {
  /// For tables and messages: strings bare at the top and quoted inside, temporal values bare.
  case display
  /// As the openCypher TCK writes results: strings and temporal values always quoted.
  case result
  /// Cypher that evaluates to the value: `date('1984-10-11')`, `point({…})`. Nodes, relationships,
  /// paths and byte arrays have no such text and are written as in `display`.
  case literal
}

extension Value: CustomStringConvertible {
  public var description: String { text(.display) }

  /// Map keys and properties are sorted; names that are no plain identifiers are in backticks.
  public func text(_ style: ValueTextStyle) -> String {
    if style == .display, case .string(let text) = self { return text }
    var text = ""
    write(to: &text, style)
    return text
  }

  private func write(to text: inout String, _ style: ValueTextStyle) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .float(let value):
      if style == .literal && !value.isFinite {
        text += value.isNaN ? "(0.0 / 0.0)" : value < 0 ? "(-1.0 / 0.0)" : "(1.0 / 0.0)"
      } else {
        text += value.cypherText
      }
    case .string(let value): CypherText.quote(value, into: &text)
    case .bytes(let value):
      text += "0x"
      for byte in value {
        text += byte < 16 ? "0" : ""
        text += String(byte, radix: 16)
      }
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += ", " }
        value.write(to: &text, style)
      }
      text += "]"
    case .map(let map): Self.write(map, to: &text, style)
    case .node(let node): node.write(to: &text, style)
    case .relationship(let relationship): relationship.write(to: &text, style)
    case .path(let path): path.write(to: &text, style)
    case .date(let value): Self.write(value.description, "date", to: &text, style)
    case .localTime(let value): Self.write(value.description, "localtime", to: &text, style)
    case .time(let value): Self.write(value.description, "time", to: &text, style)
    case .localDateTime(let value):
      Self.write(value.description, "localdatetime", to: &text, style)
    case .dateTime(let value): Self.write(value.description, "datetime", to: &text, style)
    case .duration(let value): Self.write(value.description, "duration", to: &text, style)
    case .point(let value): text += value.description
    }
  }

  private static func write(
    _ temporal: String, _ function: String, to text: inout String, _ style: ValueTextStyle
  ) {
    switch style {
    case .display: text += temporal
    case .result: CypherText.quote(temporal, into: &text)
    case .literal:
      text += function
      text += "("
      CypherText.quote(temporal, into: &text)
      text += ")"
    }
  }

  fileprivate static func write(
    _ map: [String: Value], to text: inout String, _ style: ValueTextStyle
  ) {
    text += "{"
    var isFirst = true
    for (key, value) in map.sorted(by: { $0.key.codePointOrder($1.key) < 0 }) {
      if !isFirst { text += ", " }
      isFirst = false
      text += CypherText.name(key)
      text += ": "
      value.write(to: &text, style)
    }
    text += "}"
  }
}

extension Node: CustomStringConvertible {
  /// `(:A:B {x: 1})`.
  public var description: String {
    var text = ""
    write(to: &text, .display)
    return text
  }

  fileprivate func write(to text: inout String, _ style: ValueTextStyle) {
    text += "("
    for label in labels {
      text += ":"
      text += CypherText.name(label)
    }
    if !properties.isEmpty {
      if !labels.isEmpty { text += " " }
      Value.write(properties, to: &text, style)
    }
    text += ")"
  }
}

extension Relationship: CustomStringConvertible {
  /// `[:T {x: 1}]`.
  public var description: String {
    var text = ""
    write(to: &text, .display)
    return text
  }

  fileprivate func write(to text: inout String, _ style: ValueTextStyle) {
    text += "[:"
    text += CypherText.name(type)
    if !properties.isEmpty {
      text += " "
      Value.write(properties, to: &text, style)
    }
    text += "]"
  }
}

extension Path: CustomStringConvertible {
  /// `<(:A)-[:T]->(:B)<-[:T]-(:C)>`, an arrow pointing away from where its relationship starts.
  public var description: String {
    var text = ""
    write(to: &text, .display)
    return text
  }

  fileprivate func write(to text: inout String, _ style: ValueTextStyle) {
    text += "<"
    nodes[0].write(to: &text, style)
    for (index, relationship) in relationships.enumerated() {
      let isForward = relationship.start == nodes[index].id
      text += isForward ? "-" : "<-"
      relationship.write(to: &text, style)
      text += isForward ? "->" : "-"
      nodes[index + 1].write(to: &text, style)
    }
    text += ">"
  }
}
