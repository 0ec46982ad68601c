// toInteger(), toFloat(), toBoolean() and toString(). Null and text that says no such value give
// null; a type that cannot be converted is a TypeError (InvalidArgumentValue, as in the TCK).

extension Value {
  /// Floats and the numbers in strings are cut towards zero, true is 1.
  ///
  /// - Throws: ArgumentError NumberOutOfRange for what no 64-bit integer can hold.
  package static func toInteger(_ value: Value) throws(QueryError) -> Value {
    switch value {
    case .null, .integer: value
    case .float(let number): try integer(cutting: number).map { .integer($0) } ?? .null
    case .boolean(let truth): .integer(truth ? 1 : 0)
    case .string(let text):
      if let number = Int64(CypherText.trim(text)) {
        .integer(number)
      } else if let number = decimalNumber(text) {
        try integer(cutting: number).map { .integer($0) } ?? .null
      } else {
        .null
      }
    default: throw inconvertible(value, "toInteger")
    }
  }

  package static func toFloat(_ value: Value) throws(QueryError) -> Value {
    switch value {
    case .null, .float: value
    case .integer(let number): .float(Double(number))
    case .string(let text): floatingPointNumber(text).map { .float($0) } ?? .null
    default: throw inconvertible(value, "toFloat")
    }
  }

  /// `true` and `false` in any case; 0 is false and every other integer true.
  package static func toBoolean(_ value: Value) throws(QueryError) -> Value {
    switch value {
    case .null, .boolean: value
    case .integer(let number): .boolean(number != 0)
    case .string(let text):
      switch CypherText.trim(text).lowercased() {
      case "true": .boolean(true)
      case "false": .boolean(false)
      default: .null
      }
    default: throw inconvertible(value, "toBoolean")
    }
  }

  package static func toString(_ value: Value) throws(QueryError) -> Value {
    if case .null = value { return .null }
    guard let text = value.scalarText else { throw inconvertible(value, "toString") }
    return .string(text)
  }

  /// The text of a string, number, boolean, date, time, duration or point; nil for other types.
  package var scalarText: String? {
    switch self {
    case .string(let text): text
    case .boolean, .integer, .float, .date, .localTime, .time, .localDateTime, .dateTime,
      .duration, .point:
      description
    case .null, .bytes, .list, .map, .node, .relationship, .path: nil
    }
  }

  /// Nil for NaN and infinities.
  package static func integer(cutting number: Double) throws(QueryError) -> Int64? {
    if let integer = Int64(exactly: number.rounded(.towardZero)) { return integer }
    if !number.isFinite { return nil }
    throw QueryError(
      .argumentError, "NumberOutOfRange",
      "\(number.cypherText) is beyond the range of integers, ±9223372036854775807",
      hint: "toIntegerOrNull() gives null, toFloat() a floating-point number")
  }

  /// Digits with an optional sign, fraction and exponent. Swift's own reader would also take
  /// hexadecimal numbers and words such as `inf`.
  private static func decimalNumber(_ text: String) -> Double? {
    let trimmed = CypherText.trim(text)
    let isPlain = trimmed.utf8.allSatisfy { byte in
      ASCII.digit(byte) != nil || "+-.eE".utf8.contains(byte)
    }
    return isPlain ? Double(trimmed) : nil
  }

  /// A decimal number, or what `toString` makes of the others.
  private static func floatingPointNumber(_ text: String) -> Double? {
    if let number = decimalNumber(text) { return number }
    switch CypherText.trim(text) {
    case "NaN": return .nan
    case "Infinity", "+Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: return nil
    }
  }

  private static func inconvertible(_ value: Value, _ function: String) -> QueryError {
    QueryError(
      .typeError, "InvalidArgumentValue",
      "\(function)() cannot convert \(value.typeNameWithArticle)")
  }
}
