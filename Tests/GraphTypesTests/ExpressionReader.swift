import GraphTypes
import Testing

/// A reader of small Cypher expressions, so that tests are tables of text: literals, lists, maps,
/// names, arithmetic, comparison, property access, and calls of the functions that this module
/// implements.
struct ExpressionReader {
  private var characters: [Character]
  private var position = 0
  var names: [String: Value]
  /// Noon of a day in 2024, so that "now" is known.
  static let context = TemporalContext(now: Instant(seconds: 1_709_208_000, nanoseconds: 5))

  static func evaluate(_ text: String, _ names: [String: Value] = [:]) throws -> Value {
    var reader = ExpressionReader(characters: Array(text), names: names)
    let value = try reader.comparison()
    try reader.require(reader.isAtEnd, "end")
    return value
  }

  private struct Unreadable: Error { var text: String }

  private var isAtEnd: Bool {
    mutating get {
      while position < characters.count, characters[position] == " " { position += 1 }
      return position == characters.count
    }
  }

  private func require(_ condition: Bool, _ what: String) throws {
    if !condition {
      throw Unreadable(
        text: "expected \(what): \(String(characters[min(position, characters.count)...]))")
    }
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard !isAtEnd, characters[position...].starts(with: symbol) else { return false }
    position += symbol.count
    return true
  }

  private mutating func comparison() throws -> Value {
    var left = try sum()
    for (symbol, function) in [
      ("<=", Value.isLessOrEqual), (">=", Value.isGreaterOrEqual), ("=", Value.equals),
      ("<", Value.isLess), (">", Value.isGreater),
    ] where take(symbol) {
      left = function(left, try sum()).map { .boolean($0) } ?? .null
      break
    }
    return left
  }

  private mutating func sum() throws -> Value {
    var left = try product()
    while true {
      if take("+") {
        left = try Value.add(left, product())
      } else if take("-") {
        left = try Value.subtract(left, product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws -> Value {
    var left = try power()
    while true {
      if take("*") {
        left = try Value.multiply(left, power())
      } else if take("/") {
        left = try Value.divide(left, power())
      } else if take("%") {
        left = try Value.modulo(left, power())
      } else {
        return left
      }
    }
  }

  private mutating func power() throws -> Value {
    let left = try unary()
    return take("^") ? try Value.power(left, unary()) : left
  }

  private mutating func unary() throws -> Value {
    if take("-") {
      if !isAtEnd, characters[position].isNumber { return try number(sign: "-") }
      return try Value.negate(unary())
    }
    return try postfix()
  }

  private mutating func postfix() throws -> Value {
    var value = try primary()
    while !isAtEnd, characters[position] == ".", take(".") {
      let name = word()
      value = try #require(try value.component(named: name), "no component \(name)")
    }
    return value
  }

  private mutating func primary() throws -> Value {
    try require(!isAtEnd, "a value")
    if take("(") {
      let value = try comparison()
      try require(take(")"), ")")
      return value
    }
    if take("[") { return .list(try sequence(until: "]") { try $0.comparison() }) }
    if take("{") {
      let entries = try sequence(until: "}") { reader in
        _ = reader.isAtEnd
        let key = reader.word()
        try reader.require(reader.take(":"), ":")
        return (key, try reader.comparison())
      }
      return .map(Dictionary(uniqueKeysWithValues: entries))
    }
    if take("'") { return .string(try string()) }
    if characters[position].isNumber { return try number(sign: "") }

    var name = word()
    switch name {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "NaN": return .float(.nan)
    case "Infinity": return .float(.infinity)
    default: break
    }
    if let value = names[name] { return value }
    while take(".") { name += "." + word() }
    try require(take("("), "a call of \(name)")
    return try call(name, sequence(until: ")") { try $0.comparison() })
  }

  private mutating func sequence<T>(
    until end: String, _ element: (inout ExpressionReader) throws -> T
  ) throws -> [T] {
    var elements: [T] = []
    if take(end) { return elements }
    repeat { elements.append(try element(&self)) } while take(",")
    try require(take(end), end)
    return elements
  }

  private mutating func word() -> String {
    let start = position
    while position < characters.count,
      characters[position].isLetter || characters[position].isNumber || characters[position] == "_"
    {
      position += 1
    }
    return String(characters[start..<position])
  }

  private mutating func string() throws -> String {
    var text = ""
    while position < characters.count, characters[position] != "'" {
      if characters[position] == "\\" { position += 1 }
      text.append(characters[position])
      position += 1
    }
    try require(take("'"), "'")
    return text
  }

  private mutating func number(sign: String) throws -> Value {
    let start = position
    while position < characters.count,
      characters[position].isNumber || characters[position] == "."
        || characters[position] == "e"
        || (characters[position] == "-" && characters[position - 1] == "e")
    {
      position += 1
    }
    let text = sign + String(characters[start..<position])
    if let integer = Int64(text) { return .integer(integer) }
    return .float(try #require(Double(text), "not a number: \(text)"))
  }

  private func call(_ name: String, _ arguments: [Value]) throws -> Value {
    let context = Self.context
    let parts = name.split(separator: ".").map(String.init)
    if let kind = TemporalKind(rawValue: parts[0]) {
      switch parts.last {
      case "truncate":
        return try TemporalFunctions.truncate(
          kind, unit: arguments[0], arguments[1],
          overrides: arguments.count > 2 ? arguments[2] : .null, in: context)
      case "fromepoch":
        return try TemporalFunctions.fromEpoch(seconds: arguments[0], nanoseconds: arguments[1])
      case "fromepochmillis":
        return try TemporalFunctions.fromEpochMillis(arguments[0])
      case "transaction", "statement", "realtime":
        return try TemporalFunctions.current(kind, in: context, zone: arguments.first)
      default:
        if arguments.isEmpty { return try TemporalFunctions.current(kind, in: context) }
        return try TemporalFunctions.construct(kind, from: arguments[0], in: context)
      }
    }
    switch name {
    case "duration": return try TemporalFunctions.duration(from: arguments[0])
    case "duration.between":
      return try TemporalFunctions.between(arguments[0], arguments[1], in: .monthsDaysSeconds)
    case "duration.inMonths":
      return try TemporalFunctions.between(arguments[0], arguments[1], in: .months)
    case "duration.inDays":
      return try TemporalFunctions.between(arguments[0], arguments[1], in: .days)
    case "duration.inSeconds":
      return try TemporalFunctions.between(arguments[0], arguments[1], in: .seconds)
    case "toString": return try Value.toString(arguments[0])
    case "toInteger": return try Value.toInteger(arguments[0])
    case "toFloat": return try Value.toFloat(arguments[0])
    case "toBoolean": return try Value.toBoolean(arguments[0])
    case "valueType": return .string(arguments[0].valueType)
    case "point": return try Point.construct(from: arguments[0])
    case "point.distance": return Point.distance(arguments[0], arguments[1])
    case "point.withinBBox":
      return Point.isWithinBox(arguments[0], arguments[1], arguments[2])
    default: throw Unreadable(text: "no function \(name)")
    }
  }
}

/// Checks a table of `expression => result` rows. Rows `name := expression` define names for those
/// below. A row goes on over several lines until its brackets are closed and it has both sides. A
/// result that starts with `!` lists words of an error's kind and message: `!TypeError month`.
func check(_ table: String, sourceLocation: SourceLocation = #_sourceLocation) {
  var names: [String: Value] = [:]
  var row = ""
  var checked = 0
  for line in table.split(separator: "\n") {
    row += (row.isEmpty ? "" : " ") + line.trimmed
    guard row.hasClosedBrackets else { continue }
    if let (name, expression) = row.split(":=") {
      if expression.isEmpty { continue }
      do {
        names[name] = try ExpressionReader.evaluate(expression, names)
      } catch {
        Issue.record("\(row): \(error)", sourceLocation: sourceLocation)
      }
      row = ""
      continue
    }
    guard let (expression, expected) = row.split("=>"), !expected.isEmpty else { continue }
    row = ""
    checked += 1
    let actual: String
    do {
      actual = try ExpressionReader.evaluate(expression, names).description
    } catch let error as QueryError {
      actual = "!\(error.kind.rawValue) \(error.message)"
    } catch {
      actual = "\(error)"
    }
    let agrees =
      expected.hasPrefix("!")
      ? expected.dropFirst().split(separator: " ").allSatisfy { actual.contains($0) }
        && actual.hasPrefix("!")
      : actual == expected
    #expect(
      agrees, "\(expression)\n  expected \(expected)\n  got      \(actual)",
      sourceLocation: sourceLocation)
  }
  #expect(checked > 0 && row.isEmpty, "rows without a result", sourceLocation: sourceLocation)
}

extension String {
  fileprivate var hasClosedBrackets: Bool {
    func number(of brackets: String) -> Int { count { brackets.contains($0) } }
    return number(of: "([{") == number(of: ")]}")
  }

  /// The trimmed texts before and after the first occurrence of a separator.
  fileprivate func split(_ separator: String) -> (String, String)? {
    guard let range = firstRange(of: separator) else { return nil }
    return (self[..<range.lowerBound].trimmed, self[range.upperBound...].trimmed)
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
