/// A text that is not JSON as RFC 8259 has it.
package struct JSONError: Error, CustomStringConvertible, Sendable {
  package var offset: Int
  package var message: String
  package var description: String { "not JSON at byte \(offset): \(message)" }
}

extension JSON {
  /// Reads one document. A number with point or exponent is a float, any other one an integer.
  package init(parsing text: String) throws(JSONError) {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.document()
  }
}

private struct JSONReader {
  static let maximumDepth = 500
  let bytes: [UInt8]
  var index = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  func failure(_ message: String) -> JSONError { JSONError(offset: index, message: message) }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value()
    skipSpace()
    if index < bytes.count { throw failure("there is more behind the value") }
    return value
  }

  mutating func skipSpace() {
    while index < bytes.count,
      bytes[index] == 32 || (9...10).contains(bytes[index]) || bytes[index] == 13
    {
      index += 1
    }
  }

  mutating func accept(_ byte: UInt8) -> Bool {
    skipSpace()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  mutating func value() throws(JSONError) -> JSON {
    skipSpace()
    guard index < bytes.count else { throw failure("a value is missing") }
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw failure("more than \(Self.maximumDepth) levels") }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
    guard bytes[index...].starts(with: word.utf8) else { throw failure("a value is expected") }
    index += word.utf8.count
    return value
  }

  private mutating func object() throws(JSONError) -> JSON {
    index += 1
    var members: [JSON.Member] = []
    if accept(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
        throw failure("a name in quotes is expected")
      }
      let name = try string()
      guard accept(UInt8(ascii: ":")) else { throw failure("`:` is expected") }
      members.append(.init(name, try value()))
    } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "}")) else { throw failure("`,` or `}` is expected") }
    return .object(members)
  }

  private mutating func array() throws(JSONError) -> JSON {
    index += 1
    var elements: [JSON] = []
    if accept(UInt8(ascii: "]")) { return .array(elements) }
    repeat { elements.append(try value()) } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "]")) else { throw failure("`,` or `]` is expected") }
    return .array(elements)
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = index
    var isInteger = true
    func digits() -> Int { bytes[index...].prefix { (48...57).contains($0) }.count }
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
    let whole = digits()
    if whole == 0 || whole > 1 && bytes[index] == 48 { throw failure("a value is expected") }
    index += whole
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      isInteger = false
      index += 1
      let fraction = digits()
      if fraction == 0 { throw failure("a digit is expected") }
      index += fraction
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      index += 1
      if index < bytes.count, bytes[index] == 43 || bytes[index] == 45 { index += 1 }
      let exponent = digits()
      if exponent == 0 { throw failure("a digit is expected") }
      index += exponent
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger {
      guard let value = Int64(text) else { throw failure("\(text) is beyond 64 bits") }
      return .integer(value)
    }
    guard let value = Double(text), value.isFinite else { throw failure("\(text) is no number") }
    return .float(value)
  }

  private mutating func string() throws(JSONError) -> String {
    index += 1
    var content: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else {
          throw failure("the string is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): content += try escape()
      case ..<0x20: throw failure("a control character in a string must be escaped")
      default: content.append(byte)
      }
    }
    throw failure("the string is not closed")
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard index < bytes.count else { throw failure("the string is not closed") }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "u"):
      var code = try unit()
      if (0xD800..<0xDC00).contains(code), bytes[index...].starts(with: "\\u".utf8) {
        let mark = index
        index += 2
        let low = try unit()
        if (0xDC00..<0xE000).contains(low) {
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        } else {
          index = mark
        }
      }
      return Array(String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
    default: throw failure("unknown escape")
    }
  }

  private mutating func unit() throws(JSONError) -> UInt32 {
    guard index + 4 <= bytes.count,
      let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are expected") }
    index += 4
    return code
  }
}
