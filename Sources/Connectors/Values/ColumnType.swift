internal import GraphColumns
internal import GraphTypes

/// The type of a column, by the names of neo4j-admin.
package indirect enum ColumnType: Sendable, Equatable {
  case string, integer, float, boolean, date, localTime, time, localDateTime, dateTime, duration
  case point
  case array(ColumnType)

  static let names: [String: ColumnType] = [
    "string": .string, "char": .string, "text": .string,
    "int": .integer, "integer": .integer, "long": .integer, "short": .integer, "byte": .integer,
    "float": .float, "double": .float, "number": .float, "decimal": .float,
    "boolean": .boolean, "bool": .boolean,
    "date": .date, "localtime": .localTime, "time": .time, "localdatetime": .localDateTime,
    "datetime": .dateTime, "duration": .duration, "point": .point,
  ]

  /// Reads `int`, `string[]` and so on; nil for unknown names.
  package init?(_ name: String) {
    let plain = name.lowercased()
    if plain.hasSuffix("[]") {
      guard let element = Self.names[String(plain.dropLast(2))] else { return nil }
      self = .array(element)
    } else {
      guard let type = Self.names[plain] else { return nil }
      self = type
    }
  }

  var name: String {
    switch self {
    case .string: "string"
    case .integer: "int"
    case .float: "float"
    case .boolean: "boolean"
    case .date: "date"
    case .localTime: "localtime"
    case .time: "time"
    case .localDateTime: "localdatetime"
    case .dateTime: "datetime"
    case .duration: "duration"
    case .point: "point"
    case .array(let element): element.name + "[]"
    }
  }

  /// The type of the vector that holds such a column.
  var vectorType: VectorType {
    switch self {
    case .string: .string
    case .integer: .integer
    case .float: .float
    case .boolean: .boolean
    case .date: .date
    case .localDateTime: .localDateTime
    default: .any
    }
  }

  /// "an integer", for messages.
  var nameWithArticle: String {
    switch self {
    case .string: "a text"
    case .integer: "an integer"
    case .float: "a number"
    case .boolean: "a boolean"
    case .date: "a date"
    case .localTime: "a local time"
    case .time: "a time"
    case .localDateTime: "a date and time"
    case .dateTime: "a date and time with zone"
    case .duration: "a duration"
    case .point: "a point"
    case .array(let element): "a list of type \(element.name)[]"
    }
  }

  /// What such a value looks like.
  func hint(_ format: TextFormat) -> String? {
    let patterns = format.datePatterns.map { "'\($0.text)'" }.joined(separator: ", ")
    let dates = patterns.isEmpty ? "" : "\(patterns) or "
    switch self {
    case .integer: return "an integer looks like 42; for decimals use type float"
    case .float:
      return format.decimalPoint == UInt8(ascii: ",")
        ? "a number looks like 12,50; the decimal sign is set to ','"
        : "a number looks like 12.50; for 12,50 set the decimal sign to ','"
    case .boolean: return "true or false"
    case .date: return "expected \(dates)2024-01-31; other forms need a date format"
    case .localDateTime:
      return "expected \(dates)2024-01-31T15:30:00; other forms need a date format"
    case .dateTime: return "expected \(dates)2024-01-31T15:30:00+03:00"
    case .localTime: return "expected 15:30:00"
    case .time: return "expected 15:30:00+03:00"
    case .duration: return "expected ISO 8601, such as P1DT2H"
    case .point: return "expected {x: 1.5, y: 2} or {latitude: 55.75, longitude: 37.62}"
    case .array(let element): return element.hint(format)
    case .string: return nil
    }
  }
}
