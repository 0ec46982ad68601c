#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Cypher's arithmetic operators. Null in, null out. Integers stay integers and overflow is an
// ArithmeticError; as soon as one operand is a float, both are.

extension Value {
  /// `+`: numbers; concatenation of strings (with a number, boolean, temporal value or point too)
  /// and of lists (with a single element too, at either end); dates and times plus durations.
  package static func add(_ a: Value, _ b: Value) throws(QueryError) -> Value {
    switch (a, b) {
    case (.integer(let a), .integer(let b)):
      let (sum, overflow) = a.addingReportingOverflow(b)
      if overflow { throw .integerOverflow("\(a) + \(b)") }
      return .integer(sum)
    case (.float(let a), .float(let b)): return .float(a + b)
    case (.integer(let a), .float(let b)): return .float(Double(a) + b)
    case (.float(let a), .integer(let b)): return .float(a + Double(b))
    case (.null, _), (_, .null): return .null
    case (.list(let a), .list(let b)):
      try checkSize(a.count, b.count, "list", maximum: listCountMaximum)
      return .list(a + b)
    case (.list(let a), _): return .list(a + [b])
    case (_, .list(let b)): return .list([a] + b)
    case (.string(let a), .string(let b)):
      try checkSize(a.utf8.count, b.utf8.count, "string", maximum: stringBytesMaximum)
      return .string(a + b)
    case (.string(let text), _):
      guard let other = b.scalarText else { break }
      return .string(text + other)
    case (_, .string(let text)):
      guard let other = a.scalarText else { break }
      return .string(other + text)
    case (.duration(let a), .duration(let b)): return .duration(try a + b)
    case (_, .duration(let duration)):
      if let sum = try a.adding(duration) { return sum }
    case (.duration(let duration), _):
      if let sum = try b.adding(duration) { return sum }
    default: break
    }
    throw invalidOperands("+", a, b)
  }

  /// Bytes of a string and elements of a list that an operator may make: more is a mistake in the
  /// query (`s + s` in a loop doubles each time), and would take the process down.
  package static let stringBytesMaximum = 1 << 28
  package static let listCountMaximum = 1 << 27

  package static func checkSize(
    _ a: Int, _ b: Int, _ what: String, maximum: Int
  ) throws(QueryError) {
    if a + b <= maximum { return }
    throw QueryError(
      .memoryLimit, "MemoryLimitExceeded",
      "a \(what) of \(a + b) \(what == "list" ? "elements" : "bytes") is longer than \(maximum)")
  }

  /// `-`: numbers; dates and times minus durations; durations.
  package static func subtract(_ a: Value, _ b: Value) throws(QueryError) -> Value {
    switch (a, b) {
    case (.integer(let a), .integer(let b)):
      let (difference, overflow) = a.subtractingReportingOverflow(b)
      if overflow { throw .integerOverflow("\(a) - \(b)") }
      return .integer(difference)
    case (.float(let a), .float(let b)): return .float(a - b)
    case (.integer(let a), .float(let b)): return .float(Double(a) - b)
    case (.float(let a), .integer(let b)): return .float(a - Double(b))
    case (.null, _), (_, .null): return .null
    case (.duration(let a), .duration(let b)): return .duration(try a - b)
    case (_, .duration(let duration)):
      if let difference = try a.adding(-duration) { return difference }
    default: break
    }
    throw invalidOperands("-", a, b)
  }

  /// `*`: numbers; a duration and a number in either order.
  package static func multiply(_ a: Value, _ b: Value) throws(QueryError) -> Value {
    switch (a, b) {
    case (.integer(let a), .integer(let b)):
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      if overflow { throw .integerOverflow("\(a) * \(b)") }
      return .integer(product)
    case (.float(let a), .float(let b)): return .float(a * b)
    case (.integer(let a), .float(let b)): return .float(Double(a) * b)
    case (.float(let a), .integer(let b)): return .float(a * Double(b))
    case (.null, _), (_, .null): return .null
    case (.duration(let duration), .integer(let factor)),
      (.integer(let factor), .duration(let duration)):
      return .duration(try duration * factor)
    case (.duration(let duration), .float(let factor)),
      (.float(let factor), .duration(let duration)):
      return .duration(try duration * factor)
    default: throw invalidOperands("*", a, b)
    }
  }

  /// `/`: numbers (integers are cut towards zero; by the integer 0 is an error, by 0.0 is Infinity
  /// or NaN); a duration by a number.
  package static func divide(_ a: Value, _ b: Value) throws(QueryError) -> Value {
    switch (a, b) {
    case (.integer(let a), .integer(let b)):
      if b == 0 { throw .divisionByZero }
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      if overflow { throw .integerOverflow("\(a) / \(b)") }
      return .integer(quotient)
    case (.float(let a), .float(let b)): return .float(a / b)
    case (.integer(let a), .float(let b)): return .float(Double(a) / b)
    case (.float(let a), .integer(let b)): return .float(a / Double(b))
    case (.null, _), (_, .null): return .null
    case (.duration(let a), .integer(let b)): return .duration(try a / b)
    case (.duration(let a), .float(let b)): return .duration(try a / b)
    default: throw invalidOperands("/", a, b)
    }
  }

  /// `%`: the remainder of `/`, with the sign of the dividend.
  package static func modulo(_ a: Value, _ b: Value) throws(QueryError) -> Value {
    switch (a, b) {
    case (.integer(let a), .integer(let b)):
      if b == 0 { throw .divisionByZero }
      // The only overflow, the least integer by -1, leaves no remainder.
      return .integer(b == -1 ? 0 : a % b)
    case (.float(let a), .float(let b)): return .float(fmod(a, b))
    case (.integer(let a), .float(let b)): return .float(fmod(Double(a), b))
    case (.float(let a), .integer(let b)): return .float(fmod(a, Double(b)))
    case (.null, _), (_, .null): return .null
    default: throw invalidOperands("%", a, b)
    }
  }

  /// `^`: always a float.
  package static func power(_ a: Value, _ b: Value) throws(QueryError) -> Value {
    switch (a, b) {
    case (.integer(let a), .integer(let b)): return .float(pow(Double(a), Double(b)))
    case (.float(let a), .float(let b)): return .float(pow(a, b))
    case (.integer(let a), .float(let b)): return .float(pow(Double(a), b))
    case (.float(let a), .integer(let b)): return .float(pow(a, Double(b)))
    case (.null, _), (_, .null): return .null
    default: throw invalidOperands("^", a, b)
    }
  }

  /// Unary `-` of a number or duration.
  package static func negate(_ a: Value) throws(QueryError) -> Value {
    switch a {
    case .integer(let a):
      if a == .min { throw .integerOverflow("-(\(a))") }
      return .integer(-a)
    case .float(let a): return .float(-a)
    case .duration(let a): return .duration(try -a)
    case .null: return .null
    default:
      throw .invalidType("`-` needs a number or a duration, not \(a.typeNameWithArticle)")
    }
  }

  /// This date or time plus a duration; nil if this is neither.
  private func adding(_ duration: CalendarDuration) throws(QueryError) -> Value? {
    switch self {
    case .date(let value): .date(try value + duration)
    case .localTime(let value): .localTime(value + duration)
    case .time(let value): .time(value + duration)
    case .localDateTime(let value): .localDateTime(try value + duration)
    case .dateTime(let value): .dateTime(try value + duration)
    default: nil
    }
  }

  private static func invalidOperands(_ symbol: String, _ a: Value, _ b: Value) -> QueryError {
    .invalidType(
      "`\(symbol)` cannot be applied to \(a.typeNameWithArticle) and \(b.typeNameWithArticle)",
      hint: adviceForTemporal(symbol, a, b))
  }

  private static func adviceForTemporal(_ symbol: String, _ a: Value, _ b: Value) -> String? {
    switch (symbol, a.isTemporal, b.isTemporal) {
    case ("-", true, true): return "use duration.between(a, b), or duration.inDays(a, b).days"
    case ("+", true, false), ("-", true, false):
      if case .integer = b { return "say what the number counts: duration({days: 1})" }
      return nil
    default: return nil
    }
  }

  private var isTemporal: Bool {
    switch self {
    case .date, .localTime, .time, .localDateTime, .dateTime: true
    default: false
    }
  }
}
