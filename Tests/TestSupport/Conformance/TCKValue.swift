import GraphTypes

/// A value as the TCK writes it down. Expected values are read from text (`TCKValue(parsing:)`),
/// an engine's are converted (`TCKValue(_:render:)`); the two agree when `text()` does.
///
/// Temporal values have no notation of their own: they are strings here, with the text that
/// `toString()` gives. Identities of nodes and relationships do not exist here.
package indirect enum TCKValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  case list([TCKValue])
  case map([String: TCKValue])
  case node(Entity)
  case relationship(Entity)
  case path(start: Entity, hops: [Hop])
  /// A value for which the TCK has no notation. It equals nothing that can be expected.
  case foreign(String)

  /// A node with its labels, or a relationship with its type as the only label.
  package struct Entity: Sendable {
    package var labels: [String]
    package var properties: [String: TCKValue]
  }

  /// A path's next relationship and the node that it leads to. `isForward` says that the
  /// relationship points to that node.
  package struct Hop: Sendable {
    package var relationship: Entity
    package var isForward: Bool
    package var node: Entity
  }
}

extension TCKValue {
  /// - Parameter render: the text that `toString()` gives for a temporal value or a duration.
  package init(_ value: Value, render: (Value) -> String) {
    func properties(_ values: [String: Value]) -> [String: TCKValue] {
      values.mapValues { TCKValue($0, render: render) }
    }
    func entity(_ node: Node) -> Entity {
      Entity(labels: node.labels, properties: properties(node.properties))
    }
    func entity(_ relationship: Relationship) -> Entity {
      Entity(labels: [relationship.type], properties: properties(relationship.properties))
    }
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    case .list(let values): self = .list(values.map { TCKValue($0, render: render) })
    case .map(let values): self = .map(properties(values))
    case .node(let node): self = .node(entity(node))
    case .relationship(let relationship): self = .relationship(entity(relationship))
    case .path(let path):
      var hops: [Hop] = []
      for (index, relationship) in path.relationships.enumerated() {
        let ends = (path.nodes[index].id, path.nodes[index + 1].id)
        let isForward = ends == (relationship.start, relationship.end)
        guard isForward || ends == (relationship.end, relationship.start) else {
          self = .foreign("path whose relationship \(index + 1) does not join its neighbours")
          return
        }
        hops.append(
          Hop(
            relationship: entity(relationship), isForward: isForward,
            node: entity(path.nodes[index + 1])))
      }
      self = .path(start: entity(path.nodes[0]), hops: hops)
    case .date, .localTime, .time, .localDateTime, .dateTime, .duration:
      self = .string(render(value))
    case .bytes(let bytes): self = .foreign("bytes \(bytes)")
    case .point(let point): self = .foreign("\(point)")
    }
  }

  /// The engine's value for a parameter or a row of a test procedure, where the TCK has neither
  /// graph elements nor temporal values. Nil for those.
  package var parameterValue: Value? {
    switch self {
    case .null: return .null
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let value): return .string(value)
    case .list(let values):
      let converted = values.compactMap(\.parameterValue)
      return converted.count == values.count ? .list(converted) : nil
    case .map(let values):
      let converted = values.compactMapValues(\.parameterValue)
      return converted.count == values.count ? .map(converted) : nil
    case .node, .relationship, .path, .foreign: return nil
    }
  }
}

extension TCKValue {
  /// The one way to write the value in TCK notation: labels and keys sorted, one space after a
  /// colon or comma. Two values are the same to the TCK exactly when these texts have the same
  /// bytes: types stay apart (`1`, `1.0`, `'1'`), NaN is NaN, and -0.0 is 0.0.
  ///
  /// - Parameter ignoringListOrder: sorts the elements of every list, which makes it a bag.
  package func text(ignoringListOrder: Bool = false) -> String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .float(let value): return Self.text(of: value)
    case .string(let value): return Self.quoted(value)
    case .list(let values):
      var texts = values.map { $0.text(ignoringListOrder: ignoringListOrder) }
      if ignoringListOrder { texts.sort() }
      return "[" + texts.joined(separator: ", ") + "]"
    case .map(let values): return Self.text(of: values, ignoringListOrder)
    case .node(let node): return Self.text(of: node, "()", ignoringListOrder)
    case .relationship(let relationship):
      return Self.text(of: relationship, "[]", ignoringListOrder)
    case .path(let start, let hops):
      var text = "<" + Self.text(of: start, "()", ignoringListOrder)
      for hop in hops {
        text += hop.isForward ? "-" : "<-"
        text += Self.text(of: hop.relationship, "[]", ignoringListOrder)
        text += hop.isForward ? "->" : "-"
        text += Self.text(of: hop.node, "()", ignoringListOrder)
      }
      return text + ">"
    case .foreign(let description): return "?\(description)?"
    }
  }

  private static func text(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "Inf" }
    return value == 0 ? "0.0" : String(value)
  }

  private static func quoted(_ value: String) -> String {
    var bytes = [UInt8(ascii: "'")]
    for byte in value.utf8 {
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") {
        bytes.append(UInt8(ascii: "\\"))
      }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self) + "'"
  }

  private static func text(of values: [String: TCKValue], _ ignoringListOrder: Bool) -> String {
    let entries = values.sorted { $0.key < $1.key }.map { key, value in
      "\(symbol(key)): \(value.text(ignoringListOrder: ignoringListOrder))"
    }
    return "{" + entries.joined(separator: ", ") + "}"
  }

  private static func text(
    of entity: Entity, _ brackets: String, _ ignoringListOrder: Bool
  ) -> String {
    var parts = [entity.labels.sorted().map { ":" + symbol($0) }.joined()]
    if !entity.properties.isEmpty { parts.append(text(of: entity.properties, ignoringListOrder)) }
    let inside = parts.filter { !$0.isEmpty }.joined(separator: " ")
    return "\(brackets.first ?? "(")\(inside)\(brackets.last ?? ")")"
  }

  /// A name, in backquotes unless it is an identifier.
  private static func symbol(_ name: String) -> String {
    let isIdentifier =
      name.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
      && name.unicodeScalars.first.map { $0.properties.isXIDStart || $0 == "_" } ?? false
    return isIdentifier
      ? name
      : "`"
        + name.split(separator: "`", omittingEmptySubsequences: false)
        .joined(separator: "``") + "`"
  }
}
