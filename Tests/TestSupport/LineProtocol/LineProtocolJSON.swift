/// A JSON document that keeps what the line protocol tells apart: `1` is an integer and `1.0` a
/// float, which Foundation's reader takes for the same number.
package enum LineProtocolJSON: Equatable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(String)
  case array([LineProtocolJSON])
  case object([String: LineProtocolJSON])

  package subscript(key: String) -> LineProtocolJSON? {
    if case .object(let members) = self { members[key] } else { nil }
  }
}

// MARK: Writing

extension LineProtocolJSON {
  /// On one line, with the members of objects sorted by name.
  package var text: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .float(let value):
      precondition(value.isFinite, "JSON has no notation for \(value)")
      bytes += String(value).utf8
    case .string(let value): Self.write(value, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ string: String, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case ..<0x20: bytes += "\\u00".utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

// MARK: Reading

extension LineProtocolJSON {
  /// A text that is not JSON as RFC 8259 has it.
  package struct ParseError: Error, CustomStringConvertible {
    package var offset: Int
    package var message: String
    package var description: String { "not JSON at byte \(offset): \(message)" }
  }

  /// Reads one document. Stricter than it must be where leniency would hide a mistake of the
  /// writer: a repeated name, an integer beyond 64 bits and a lone surrogate are errors.
  package init(parsing text: String) throws {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.document()
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private static let depthMaximum = 512

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ message: String) -> LineProtocolJSON.ParseError {
    LineProtocolJSON.ParseError(offset: position, message: message)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private mutating func take(_ token: StaticString) -> Bool {
    guard token.withUTF8Buffer({ bytes[position...].starts(with: $0) }) else { return false }
    position += token.utf8CodeUnitCount
    return true
  }

  mutating func document() throws -> LineProtocolJSON {
    let value = try value()
    skipBlanks()
    guard next == nil else { throw failure("something follows the document") }
    return value
  }

  private mutating func value() throws -> LineProtocolJSON {
    skipBlanks()
    guard let next else { throw failure("a value is expected") }
    switch next {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return .array(try nested { try $0.array() })
    case UInt8(ascii: "{"): return .object(try nested { try $0.object() })
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default:
      if take("null") { return .null }
      if take("true") { return .boolean(true) }
      if take("false") { return .boolean(false) }
      throw failure("a value is expected")
    }
  }

  private mutating func nested<Result>(
    _ body: (inout Self) throws -> Result
  ) throws -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMaximum else { throw failure("nested too deeply") }
    position += 1
    return try body(&self)
  }

  private mutating func array() throws -> [LineProtocolJSON] {
    var elements: [LineProtocolJSON] = []
    skipBlanks()
    if take("]") { return elements }
    while true {
      elements.append(try value())
      skipBlanks()
      if take("]") { return elements }
      guard take(",") else { throw failure("a comma or a bracket is expected") }
    }
  }

  private mutating func object() throws -> [String: LineProtocolJSON] {
    var members: [String: LineProtocolJSON] = [:]
    skipBlanks()
    if take("}") { return members }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw failure("a name is expected") }
      let name = try string()
      skipBlanks()
      guard take(":") else { throw failure("a colon is expected") }
      guard members.updateValue(try value(), forKey: name) == nil else {
        throw failure("the name \(name) is there twice")
      }
      skipBlanks()
      if take("}") { return members }
      guard take(",") else { throw failure("a comma or a brace is expected") }
    }
  }

  private mutating func digits() throws {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw failure("a digit is expected") }
  }

  private mutating func number() throws -> LineProtocolJSON {
    let start = position
    var isFloat = false
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") {
      isFloat = true
      try digits()
    }
    if take("e") || take("E") {
      isFloat = true
      _ = take("+") || take("-")
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isFloat, let value = Double(text), value.isFinite { return .float(value) }
    if !isFloat, let value = Int64(text) { return .integer(value) }
    position = start
    throw failure("the number does not fit into 64 bits")
  }

  private mutating func string() throws -> String {
    var content: [UInt8] = []
    position += 1
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try escaped()
      case ..<0x20: throw failure("a control character must be escaped")
      default: content.append(byte)
      }
    }
    throw failure("the string is never closed")
  }

  private mutating func escaped() throws -> [UInt8] {
    guard let byte = next else { throw failure("the string is never closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), take("\\u") {
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
      return Array(String(Character(scalar)).utf8)
    default: throw failure("unknown escape")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are expected") }
    position += 4
    return code
  }
}
