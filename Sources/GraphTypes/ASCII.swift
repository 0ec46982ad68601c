/// Classes of ASCII bytes, for the readers of temporal and numeric text.
enum ASCII {
  /// The value of a decimal digit.
  @inline(__always) static func digit(_ byte: UInt8) -> Int64? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int64(value) : nil
  }

  @inline(__always) static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  @inline(__always) static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }
}

/// A position in UTF-8 text that only moves forward over what it recognises.
struct ByteCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }
  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  func isAt(_ character: Unicode.Scalar) -> Bool { next == UInt8(ascii: character) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isAt(character) else { return false }
    index += 1
    return true
  }

  /// +1 or -1 if there is a sign.
  mutating func sign() -> Int64? { take("+") ? 1 : take("-") ? -1 : nil }

  /// How many digits follow.
  func digitCount() -> Int {
    var end = index
    while end < bytes.count, ASCII.digit(bytes[end]) != nil { end += 1 }
    return end - index
  }

  /// Exactly `count` digits, at most 18.
  mutating func number(digits count: Int) -> Int64? {
    guard index + count <= bytes.count, count <= 18, count > 0 else { return nil }
    var value: Int64 = 0
    for position in index..<index + count {
      guard let digit = ASCII.digit(bytes[position]) else { return nil }
      value = value * 10 + digit
    }
    index += count
    return value
  }

  /// After `.` or `,`: 1 to 9 digits as nanoseconds. 0 without a fraction, nil for a bad one.
  mutating func nanoseconds() -> Int64? {
    guard take(".") || take(",") else { return 0 }
    let count = digitCount()
    guard count <= 9, var value = number(digits: count) else { return nil }
    for _ in count..<9 { value *= 10 }
    return value
  }
}

extension String {
  /// Runs `body` over the text's UTF-8 bytes.
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return copy.withUTF8(body)
  }
}
