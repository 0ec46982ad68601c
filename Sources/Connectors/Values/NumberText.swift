import Glibc

/// Numbers from bytes, without a String in between.
enum NumberText {
  /// An optional sign and digits, all of the bytes.
  /// - Returns: nil for other text and for what does not fit in 64 bits.
  @inline(__always) static func integer(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int64? {
    var i = 0
    var isNegative = false
    if count > 0 && (text[0] == 45 || text[0] == 43) {
      isNegative = text[0] == 45
      i = 1
    }
    let digits = count - i
    if digits == 0 || digits > 19 { return nil }
    var value: UInt64 = 0
    while i < count {
      let digit = text[i] &- 48
      if digit > 9 { return nil }
      value = value &* 10 &+ UInt64(digit)
      i &+= 1
    }
    if isNegative {
      return value <= UInt64(1) << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil
    }
    return value < UInt64(1) << 63 ? Int64(value) : nil
  }

  /// Whether an integer's text is the one that the integer would be printed as.
  static func isCanonicalInteger(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard integer(text, count) != nil else { return false }
    let first = text[0] == 45 ? 1 : 0
    return text[0] != 43 && (text[first] != 48 || count == 1)
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// A decimal number, `NaN`, `Infinity` or `-Infinity`, rounded correctly.
  ///
  /// Up to 2^53 and 22 powers of ten both factors are exact, so one rounding is right (Clinger,
  /// "How to read floating point numbers accurately", 1990); other numbers go to `strtod`.
  static func float(_ text: UnsafePointer<UInt8>, _ count: Int, point: UInt8) -> Double? {
    var i = 0
    var isNegative = false
    if count > 0 && (text[0] == 45 || text[0] == 43) {
      isNegative = text[0] == 45
      i = 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    while i < count {
      let digit = text[i] &- 48
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      digits &+= 1
      i &+= 1
    }
    if i < count && text[i] == point {
      i &+= 1
      let start = i
      while i < count {
        let digit = text[i] &- 48
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        i &+= 1
      }
      exponent = start &- i
      digits &+= i &- start
    }
    if digits == 0 { return special(text, count) }
    if i < count {
      guard text[i] == 101 || text[i] == 69 else { return nil }
      guard let power = integer(text + i + 1, count - i - 1), abs(power) < 10_000 else {
        return nil
      }
      exponent += Int(power)
    }
    if digits <= 19 && mantissa <= 1 << 53 && exponent >= -22 && exponent <= 22 {
      let value =
        exponent < 0
        ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
      return isNegative ? -value : value
    }
    return slowFloat(text, count, point)
  }

  private static func slowFloat(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ point: UInt8
  ) -> Double? {
    var copy = [CChar](repeating: 0, count: count + 1)
    for i in 0..<count { copy[i] = CChar(bitPattern: text[i] == point ? 46 : text[i]) }
    let value = strtod(copy, nil)
    return value.isFinite ? value : nil
  }

  private static func special(_ text: UnsafePointer<UInt8>, _ count: Int) -> Double? {
    switch String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self) {
    case "NaN", "nan": .nan
    case "Infinity", "+Infinity", "inf", "Inf": .infinity
    case "-Infinity", "-inf", "-Inf": -.infinity
    default: nil
    }
  }

  /// The text without spaces, no-break spaces (U+00A0, U+202F), thin spaces and apostrophes between
  /// its digits.
  static func withoutGrouping(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var i = 0
    while i < text.count {
      if text[i] == 32 || text[i] == 39 {
        i += 1
      } else if text[i] == 0xC2 && i + 1 < text.count && text[i + 1] == 0xA0 {
        i += 2
      } else if text[i] == 0xE2 && i + 2 < text.count && text[i + 1] == 0x80
        && (text[i + 2] == 0xAF || text[i + 2] == 0x89)
      {
        i += 3
      } else {
        result.append(text[i])
        i += 1
      }
    }
    return result
  }
}
