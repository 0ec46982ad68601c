import Foundation
internal import GraphColumns

// Names, strings and punctuation of JSON.

extension DumpParser {
  @inline(__always)
  mutating func skipSpace() {
    // A line feed ends the line.
    while at < count, base[at] == 32 || base[at] == 9 || base[at] == 13 { at &+= 1 }
  }

  mutating func accept(_ byte: UInt8) -> Bool {
    skipSpace()
    guard at < count, base[at] == byte else { return false }
    at += 1
    return true
  }

  /// Goes to the next member of an object.
  /// - Returns: false behind its end.
  mutating func member(_ isFirst: inout Bool) throws(Failure) -> Bool {
    defer { isFirst = false }
    return try member(afterFirst: !isFirst)
  }
  mutating func member(afterFirst: Bool) throws(Failure) -> Bool {
    if accept(UInt8(ascii: "}")) { return false }
    if afterFirst, !accept(UInt8(ascii: ",")) { throw Failure(message: "`,` or `}` is expected") }
    return true
  }

  /// A member's name, and the colon behind it.
  mutating func name() throws(Failure) -> Text {
    let name = try string()
    guard accept(UInt8(ascii: ":")) else { throw Failure(message: "`:` is expected") }
    skipSpace()
    return name.bytes
  }

  static func equal(_ text: Text, _ name: StaticString) -> Bool {
    guard text.count == name.utf8CodeUnitCount, let base = text.baseAddress else {
      return text.isEmpty && name.utf8CodeUnitCount == 0
    }
    return memcmp(base, name.utf8Start, text.count) == 0
  }

  mutating func identifier() throws(Failure) -> UInt64 {
    guard case .integer(let number) = try value(), number >= 0 else {
      throw Failure(message: "a number of a node is expected")
    }
    return UInt64(number)
  }

  /// In the block where it has no escapes, else in the arena.
  mutating func string() throws(Failure) -> StringRef {
    guard accept(UInt8(ascii: "\"")) else { throw Failure(message: "a string is expected") }
    let start = at
    var seen: UInt8 = 0
    while at < count {
      let byte = base[at]
      if byte == UInt8(ascii: "\"") {
        let text = StringRef(base: base + start, count: at - start)
        if seen >= 0x80 { try checkEncoding(text) }
        at += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      if byte < 0x20 {
        throw Failure(message: "a control character in a string must be escaped")
      }
      seen |= byte
      at &+= 1
    }
    throw Failure(message: "the string is not closed")
  }

  func checkEncoding(_ text: StringRef) throws(Failure) {
    if String(validating: text.bytes, as: UTF8.self) == nil {
      throw Failure(message: "the string is not UTF-8")
    }
  }

  mutating func escapedString(from start: Int) throws(Failure) -> StringRef {
    var content = Array(Text(start: base + start, count: at - start))
    while at < count, base[at] != UInt8(ascii: "\"") {
      let byte = base[at]
      at += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &content)
      } else if byte < 0x20 {
        throw Failure(message: "a control character in a string must be escaped")
      } else {
        content.append(byte)
      }
    }
    guard at < count else { throw Failure(message: "the string is not closed") }
    at += 1
    let text = content.withUnsafeBufferPointer { arena.append($0) }
    try checkEncoding(text)
    return text
  }

  mutating func escape(into content: inout [UInt8]) throws(Failure) {
    guard at < count else { throw Failure(message: "the string is not closed") }
    let byte = base[at]
    at += 1
    switch byte {
    case UInt8(ascii: "n"): content.append(10)
    case UInt8(ascii: "t"): content.append(9)
    case UInt8(ascii: "r"): content.append(13)
    case UInt8(ascii: "b"): content.append(8)
    case UInt8(ascii: "f"): content.append(12)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "u"):
      var code = try unit()
      if (0xD800..<0xDC00).contains(code), at + 1 < count, base[at] == UInt8(ascii: "\\"),
        base[at + 1] == UInt8(ascii: "u")
      {
        at += 2
        let low = try unit()
        guard (0xDC00..<0xE000).contains(low) else { throw Failure(message: "half a character") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw Failure(message: "half a character") }
      content.append(contentsOf: String(Character(scalar)).utf8)
    default: throw Failure(message: "unknown escape")
    }
  }

  mutating func unit() throws(Failure) -> UInt32 {
    let digits = String(decoding: Text(start: base + at, count: min(4, count - at)), as: UTF8.self)
    guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit),
      let code = UInt32(digits, radix: 16)
    else {
      throw Failure(message: "four hexadecimal digits are expected")
    }
    at += 4
    return code
  }

  /// Also in values that are not looked at, lines do not end.
  mutating func skipValue() throws(Failure) {
    var depth = 0
    repeat {
      skipSpace()
      guard at < count else { throw Failure(message: "a value is missing") }
      switch base[at] {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        at += 1
      case 10: throw Failure(message: "the line ends too early")
      default: at += 1
      }
      if depth < 0 { throw Failure(message: "a value is missing") }
      // The rest of a number or word.
      while depth == 0, at < count, Self.isOfWord(base[at]) { at += 1 }
    } while depth > 0
  }

  static func isOfWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 43 || byte == 45
      || byte == 46
  }
}
