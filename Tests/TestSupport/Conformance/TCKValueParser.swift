/// A text that is not a value in TCK notation.
package struct TCKValueError: Error, CustomStringConvertible {
  package var text: String
  package var offset: Int
  package var expected: String
  package var description: String {
    "not a TCK value: \(text) (at byte \(offset), expected \(expected))"
  }
}

extension TCKValue {
  /// Reads a table cell: literals, `(:Label {key: value})`, `[:TYPE {key: value}]`, paths in angle
  /// brackets, and lists and maps of those. `\'` and `\\` are the only escapes of a string.
  package init(parsing text: String) throws {
    var parser = TCKValueParser(text)
    self = try parser.value()
    try parser.requireEnd()
  }
}

private struct TCKValueParser {
  private let text: String
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  private func failure(expected: String) -> TCKValueError {
    TCKValueError(text: text, offset: position, expected: expected)
  }

  mutating func requireEnd() throws {
    skipBlanks()
    guard position == bytes.count else { throw failure(expected: "the end") }
  }

  // MARK: Tokens

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 {
      position += 1
    }
  }

  private func isNext(_ token: StaticString) -> Bool {
    token.withUTF8Buffer { bytes[position...].starts(with: $0) }
  }

  private mutating func take(_ token: StaticString) -> Bool {
    skipBlanks()
    guard isNext(token) else { return false }
    position += token.utf8CodeUnitCount
    return true
  }

  private mutating func require(_ token: StaticString) throws {
    guard take(token) else { throw failure(expected: "\(token)") }
  }

  private mutating func takeWhile(_ accept: (UInt8) -> Bool) -> String {
    let start = position
    while position < bytes.count, accept(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  // MARK: Values

  mutating func value() throws -> TCKValue {
    skipBlanks()
    guard position < bytes.count else { throw failure(expected: "a value") }
    switch bytes[position] {
    case UInt8(ascii: "'"):
      return .string(try quoted(by: UInt8(ascii: "'"), escape: UInt8(ascii: "\\")))
    case UInt8(ascii: "("): return .node(try node())
    case UInt8(ascii: "{"): return .map(try map())
    case UInt8(ascii: "<"): return try path()
    case UInt8(ascii: "["):
      let start = position
      position += 1
      guard take(":") else { return .list(try elements(until: "]") { try $0.value() }) }
      position = start
      return .relationship(try relationship())
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return try number()
    default: return try word()
    }
  }

  private mutating func word() throws -> TCKValue {
    let start = position
    switch takeWhile({ $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }) {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "NaN": return .float(.nan)
    case "Inf": return .float(.infinity)
    default:
      position = start
      throw failure(expected: "a value")
    }
  }

  private mutating func number() throws -> TCKValue {
    let start = position
    if take("-Inf") { return .float(-.infinity) }
    let digits = takeWhile { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-+.eE".utf8.contains(byte)
    }
    if let integer = Int64(digits) { return .integer(integer) }
    if digits.utf8.contains(where: ".eE".utf8.contains), let float = Double(digits) {
      return .float(float)
    }
    position = start
    throw failure(expected: "a number")
  }

  /// Text between quotes. The escape character takes the next quote or escape character for itself;
  /// where it is the quote, a doubled quote stands for one.
  private mutating func quoted(by quote: UInt8, escape: UInt8) throws -> String {
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == escape, position < bytes.count,
        bytes[position] == quote || bytes[position] == escape
      {
        content.append(bytes[position])
        position += 1
      } else if byte == quote {
        return String(decoding: content, as: UTF8.self)
      } else {
        content.append(byte)
      }
    }
    throw failure(expected: "a closing quote")
  }

  private mutating func elements<Element>(
    until close: StaticString, _ element: (inout Self) throws -> Element
  ) throws -> [Element] {
    if take(close) { return [] }
    var elements: [Element] = []
    repeat { elements.append(try element(&self)) } while take(",")
    try require(close)
    return elements
  }

  private mutating func map() throws -> [String: TCKValue] {
    try require("{")
    var map: [String: TCKValue] = [:]
    let entries = try elements(until: "}") { parser in
      let key = try parser.symbol()
      try parser.require(":")
      return (key, try parser.value())
    }
    for (key, value) in entries {
      guard map.updateValue(value, forKey: key) == nil else {
        throw failure(expected: "each key once, not `\(key)` again")
      }
    }
    return map
  }

  private mutating func symbol() throws -> String {
    skipBlanks()
    if isNext("`") { return try quoted(by: UInt8(ascii: "`"), escape: UInt8(ascii: "`")) }
    let name = takeWhile { byte in
      byte >= 0x80 || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    guard !name.isEmpty else { throw failure(expected: "a name") }
    return name
  }

  // MARK: Graph elements

  private mutating func entity(until close: StaticString) throws -> TCKValue.Entity {
    var entity = TCKValue.Entity(labels: [], properties: [:])
    while take(":") { entity.labels.append(try symbol()) }
    skipBlanks()
    if isNext("{") { entity.properties = try map() }
    try require(close)
    return entity
  }

  private mutating func node() throws -> TCKValue.Entity {
    try require("(")
    return try entity(until: ")")
  }

  private mutating func relationship() throws -> TCKValue.Entity {
    try require("[")
    let relationship = try entity(until: "]")
    guard relationship.labels.count == 1 else { throw failure(expected: "one relationship type") }
    return relationship
  }

  private mutating func path() throws -> TCKValue {
    try require("<")
    let start = try node()
    var hops: [TCKValue.Hop] = []
    while !take(">") {
      let isForward = !take("<-")
      if isForward { try require("-") }
      let relationship = try relationship()
      try isForward ? require("->") : require("-")
      hops.append(.init(relationship: relationship, isForward: isForward, node: try node()))
    }
    return .path(start: start, hops: hops)
  }
}
