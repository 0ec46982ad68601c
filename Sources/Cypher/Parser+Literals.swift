import GraphTypes

// The values of names, strings and numbers.

extension Parser {
  /// Takes a name: any word, keyword or not, or a name in backticks.
  mutating func name(_ expected: String) throws(SyntaxFailure) -> Identifier {
    if !token.isName { throw unexpected(expected) }
    let name = Identifier(nameText(token), range: token.range)
    advance()
    return name
  }

  /// The name that a token spells.
  func nameText(_ token: Token) -> String {
    var start = Int(token.start)
    var end = Int(token.end)
    switch token.kind {
    case .quotedName: (start, end) = (start + 1, end - 1)
    case .parameter: start += 1
    case .quotedParameter: (start, end) = (start + 2, end - 1)
    default: break
    }
    if !token.hasEscape { return String(decoding: bytes[start..<end], as: UTF8.self) }
    var unescaped: [UInt8] = []
    var index = start
    while index < end {
      unescaped.append(bytes[index])
      index += bytes[index] == UInt8(ascii: "`") ? 2 : 1
    }
    return String(decoding: unescaped, as: UTF8.self)
  }

  /// Takes the name of a parameter at hand, without its `$`.
  mutating func parameterName() -> Identifier {
    let name = Identifier(nameText(token), range: token.range)
    advance()
    return name
  }

  // MARK: - Strings

  mutating func stringValue() throws(SyntaxFailure) -> String {
    let token = token
    let contents = bytes[Int(token.start) + 1..<Int(token.end) - 1]
    advance()
    return token.hasEscape
      ? try unescaped(contents) : String(decoding: contents, as: UTF8.self)
  }

  private func unescaped(_ contents: ArraySlice<UInt8>) throws(SyntaxFailure) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(contents.count)
    var index = contents.startIndex
    while index < contents.endIndex {
      let byte = contents[index]
      index += 1
      if byte != UInt8(ascii: "\\") {
        result.append(byte)
        continue
      }
      // The lexer took the byte behind a backslash into the string, so there is one.
      let escape = contents[index]
      index += 1
      switch escape {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"),
        UInt8(ascii: "/"):
        result.append(escape)
      case UInt8(ascii: "u"), UInt8(ascii: "U"):
        let scalar = try unicodeEscape(contents, &index)
        result.append(contentsOf: Array(String(scalar).utf8))
      default:
        // The range takes in the whole character behind the backslash.
        var end = index
        while end < contents.endIndex, contents[end] & 0xC0 == 0x80 { end += 1 }
        throw SyntaxFailure(
          "UnexpectedSyntax", "`\(source.text(index - 2..<end))` is not an escape sequence",
          range: index - 2..<end, hint: "write \\\\ for a backslash")
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Reads the digits of `\uXXXX` or `\UXXXXXXXX`, and of the second half of a surrogate pair.
  /// - Parameter index: behind the `u`; moves behind the last digit.
  private func unicodeEscape(
    _ contents: ArraySlice<UInt8>, _ index: inout Int
  ) throws(SyntaxFailure) -> Unicode.Scalar {
    let start = index - 2
    guard
      var value = hexadecimal(
        contents, &index, digits: contents[index - 1] == UInt8(ascii: "u") ? 4 : 8)
    else { throw invalidUnicodeLiteral(start..<index) }
    if 0xD800..<0xDC00 ~= value {
      guard index + 1 < contents.endIndex, contents[index] == UInt8(ascii: "\\"),
        contents[index + 1] == UInt8(ascii: "u")
      else { throw invalidUnicodeLiteral(start..<index) }
      index += 2
      guard let low = hexadecimal(contents, &index, digits: 4), 0xDC00..<0xE000 ~= low
      else { throw invalidUnicodeLiteral(start..<index) }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw invalidUnicodeLiteral(start..<index) }
    return scalar
  }

  private func hexadecimal(
    _ contents: ArraySlice<UInt8>, _ index: inout Int, digits: Int
  ) -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard index < contents.endIndex, let digit = Self.digit(contents[index]), digit < 16
      else { return nil }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  private func invalidUnicodeLiteral(_ range: Range<Int>) -> SyntaxFailure {
    SyntaxFailure(
      "InvalidUnicodeLiteral", "`\(source.text(range))` is not a Unicode escape", range: range,
      hint: "write \\u and 4 hexadecimal digits, or \\U and 8")
  }

  // MARK: - Numbers

  /// Reads the number at hand, which `isNegative` says to negate: the smallest integer has no
  /// positive counterpart.
  mutating func number(isNegative: Bool) throws(SyntaxFailure) -> Literal {
    let token = token
    advance()
    if token.kind == .floatNumber {
      let value = try floatValue(token)
      return .float(isNegative ? -value : value)
    }
    let magnitude = try integerMagnitude(token)
    guard magnitude <= UInt64(Int64.max) + (isNegative ? 1 : 0) else { throw overflow(token) }
    return .integer(isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude))
  }

  private func integerMagnitude(_ token: Token) throws(SyntaxFailure) -> UInt64 {
    var digits = bytes[Int(token.start)..<Int(token.end)]
    var radix: UInt64 = 10
    if digits.count > 1, digits[digits.startIndex] == UInt8(ascii: "0") {
      switch digits[digits.startIndex + 1] | 0x20 {
      case UInt8(ascii: "x"): radix = 16
      case UInt8(ascii: "o"): radix = 8
      default:
        throw SyntaxFailure(
          "InvalidNumberLiteral", "an integer does not start with 0", range: token.range.bounds,
          hint: "leave the 0 out, or write 0o before octal digits")
      }
      digits = digits.dropFirst(2)
    }
    try checkUnderscores(digits, token)
    var magnitude: UInt64 = 0
    var overflows = false
    for byte in digits where byte != UInt8(ascii: "_") {
      guard let digit = Self.digit(byte), digit < radix else { throw invalidNumber(token, radix) }
      let (product, carry) = magnitude.multipliedReportingOverflow(by: radix)
      let (sum, carryOfSum) = product.addingReportingOverflow(digit)
      overflows = overflows || carry || carryOfSum
      magnitude = sum
    }
    if overflows { throw overflow(token) }
    return magnitude
  }

  /// The value of a digit in any radix up to 36.
  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private func floatValue(_ token: Token) throws(SyntaxFailure) -> Double {
    let digits = bytes[Int(token.start)..<Int(token.end)]
    for part in digits.split(
      omittingEmptySubsequences: true, whereSeparator: { !(0x30...0x39 ~= $0 || $0 == 0x5F) })
    {
      try checkUnderscores(part, token)
    }
    let text = String(decoding: digits.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    guard let value = Double(text) else { throw malformedNumber(token) }
    if value.isInfinite {
      throw SyntaxFailure(
        "FloatingPointOverflow", "the number is too large for a float",
        range: token.range.bounds, hint: "the largest float is 1.7976931348623157e308")
    }
    return value
  }

  /// Underscores stand between digits, one at a time.
  private func checkUnderscores(_ digits: ArraySlice<UInt8>, _ token: Token) throws(SyntaxFailure) {
    var previous = UInt8(ascii: "_")
    for byte in digits {
      if byte == UInt8(ascii: "_"), previous == byte { throw malformedUnderscore(token) }
      previous = byte
    }
    if previous == UInt8(ascii: "_") { throw malformedUnderscore(token) }
  }

  private func malformedUnderscore(_ token: Token) -> SyntaxFailure {
    SyntaxFailure(
      "InvalidNumberLiteral", "`\(text(token))` is not a number", range: token.range.bounds,
      hint: "digits stand on both sides of an underscore, and behind 0x and 0o")
  }

  private func invalidNumber(_ token: Token, _ radix: UInt64) -> SyntaxFailure {
    let digits = radix == 16 ? "0 to 9 and A to F" : radix == 8 ? "0 to 7" : "0 to 9"
    return SyntaxFailure(
      "InvalidNumberLiteral", "`\(text(token))` is not a number", range: token.range.bounds,
      hint: "the digits of this number are \(digits)")
  }

  private func overflow(_ token: Token) -> SyntaxFailure {
    SyntaxFailure(
      "IntegerOverflow", "the number is too large for an integer", range: token.range.bounds,
      hint: "integers reach from -9223372036854775808 to 9223372036854775807")
  }
}
