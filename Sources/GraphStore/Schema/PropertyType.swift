internal import GraphTypes

/// A type that a constraint demands of a property, read from its canonical spelling: what
/// `IS :: …` takes, such as `STRING`, `INTEGER | FLOAT` or `LIST<STRING NOT NULL>`.
indirect enum PropertyType {
  /// As `Value.typeName` names it.
  case named(String)
  case list(PropertyType)
  case union([PropertyType])
  case any

  private static let names = [
    "BOOLEAN": "Boolean", "STRING": "String", "INTEGER": "Integer", "FLOAT": "Float",
    "DATE": "Date", "LOCAL TIME": "LocalTime", "ZONED TIME": "Time",
    "LOCAL DATETIME": "LocalDateTime", "ZONED DATETIME": "DateTime", "DURATION": "Duration",
    "POINT": "Point",
  ]

  /// Nil for what is not a type of properties.
  init?(_ text: String) {
    var reader = Reader(rest: text[...])
    guard let type = reader.union(), reader.rest.isEmpty else { return nil }
    self = type
  }

  private struct Reader {
    var rest: Substring

    mutating func accept(_ text: String) -> Bool {
      guard rest.hasPrefix(text) else { return false }
      rest = rest.dropFirst(text.count).drop { $0 == " " }
      return true
    }

    mutating func union() -> PropertyType? {
      var parts: [PropertyType] = []
      repeat {
        guard let part = single() else { return nil }
        parts.append(part)
      } while accept("|")
      return parts.count == 1 ? parts[0] : .union(parts)
    }

    private mutating func single() -> PropertyType? {
      var type: PropertyType
      if accept("LIST<") {
        guard let element = union(), accept(">") else { return nil }
        type = .list(element)
      } else if accept("ANY<") {
        guard let union = union(), accept(">") else { return nil }
        type = union
      } else if accept("ANY") || accept("PROPERTY VALUE") {
        type = .any
      } else if let (spelling, name) = PropertyType.names.first(where: { rest.hasPrefix($0.key) }),
        accept(spelling)
      {
        type = .named(name)
      } else {
        return nil
      }
      // Lists hold no null, and a property that is null is not there.
      _ = accept("NOT NULL")
      return type
    }
  }

  /// - Parameter value: not null.
  func admits(_ value: Value) -> Bool {
    switch self {
    case .any: true
    case .named(let name): value.typeName == name
    case .union(let parts): parts.contains { $0.admits(value) }
    case .list(let element):
      if case .list(let values) = value { values.allSatisfy(element.admits) } else { false }
    }
  }
}
