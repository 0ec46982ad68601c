/// The configuration map of a procedure call, read key by key with types, ranges and defaults.
///
/// ```swift
/// var configuration = try ConfigurationMap(call.arguments[1], of: "shop.rank")
/// let damping = try configuration.float("dampingFactor", default: 0.85, in: 0..<1)
/// try configuration.finish()
/// ```
/// `finish` refuses the keys that nobody asked for, with the nearest one that is known.
public struct ConfigurationMap {
  private let map: [String: Value]
  private let procedure: String
  private var known: Set<String> = []

  /// - Throws: `QueryError` unless the value is a map or null.
  public init(_ value: Value, of procedure: String) throws(QueryError) {
    self.procedure = procedure
    switch value {
    case .map(let map): self.map = map
    case .null: map = [:]
    default:
      throw QueryError(
        .typeError, "InvalidArgumentType",
        "the configuration of `\(procedure)` is \(value.typeNameWithArticle), not a map",
        hint: "write it as {key: value, …}")
    }
  }

  /// The value as it is; null when it is not given.
  public mutating func value(_ key: String) -> Value {
    known.insert(key)
    return map[key] ?? .null
  }

  public mutating func has(_ key: String) -> Bool {
    if case .null = value(key) { false } else { true }
  }

  /// Keys that are allowed and have no effect here.
  public mutating func ignore(_ keys: String...) { known.formUnion(keys) }

  /// - Parameter hint: what to say of a key that resembles none; by default the known keys.
  /// - Throws: `QueryError` for keys that were not read.
  public func finish(hint: String? = nil) throws(QueryError) {
    guard let unknown = map.keys.sorted().first(where: { !known.contains($0) }) else { return }
    let sorted = known.sorted()
    throw QueryError(
      .argumentError, "UnknownConfigurationKey",
      "`\(procedure)` has no configuration key `\(unknown)`",
      hint: NameSuggestion.nearest(to: unknown, among: sorted).map { "did you mean `\($0)`?" }
        ?? hint ?? "its keys are \(sorted.joined(separator: ", "))")
  }

  private func wrongType(_ key: String, _ value: Value, _ expected: String) -> QueryError {
    QueryError(
      .typeError, "InvalidArgumentType",
      "`\(key)` of `\(procedure)` is \(value.typeNameWithArticle), not \(expected)")
  }

  private func outOfRange(_ key: String, _ value: some Any, _ range: String) -> QueryError {
    QueryError(
      .argumentError, "NumberOutOfRange",
      "`\(key)` of `\(procedure)` is \(value); it must be \(range)")
  }

  public mutating func integer(_ key: String) throws(QueryError) -> Int? {
    switch value(key) {
    case .null: return nil
    case .integer(let value): return Int(value)
    case let value: throw wrongType(key, value, "an integer")
    }
  }

  public mutating func integer(
    _ key: String, default fallback: Int, in range: ClosedRange<Int> = .min ... .max
  ) throws(QueryError) -> Int {
    let value = try integer(key) ?? fallback
    guard range.contains(value) else {
      throw outOfRange(
        key, value,
        range.upperBound == .max
          ? "at least \(range.lowerBound)" : "between \(range.lowerBound) and \(range.upperBound)")
    }
    return value
  }

  public mutating func requiredInteger(
    _ key: String, in range: ClosedRange<Int> = .min ... .max
  ) throws(QueryError) -> Int {
    guard has(key) else { throw missing(key, example: "1") }
    return try integer(key, default: range.lowerBound, in: range)
  }

  public mutating func float(_ key: String) throws(QueryError) -> Double? {
    switch value(key) {
    case .null: return nil
    case .integer(let value): return Double(value)
    case .float(let value): return value
    case let value: throw wrongType(key, value, "a number")
    }
  }

  public mutating func float(
    _ key: String, default fallback: Double, in range: ClosedRange<Double>? = nil
  ) throws(QueryError) -> Double {
    let value = try float(key) ?? fallback
    if let range, !range.contains(value) {
      throw outOfRange(key, value, "between \(range.lowerBound) and \(range.upperBound)")
    }
    return value
  }

  /// A list of numbers; nil when it is not given.
  public mutating func floats(_ key: String) throws(QueryError) -> [Double]? {
    let value = value(key)
    if case .null = value { return nil }
    return try floats(value, key)
  }

  /// A list of lists of numbers; nil when it is not given.
  public mutating func floatLists(_ key: String) throws(QueryError) -> [[Double]]? {
    switch value(key) {
    case .null: return nil
    case .list(let lists):
      var result: [[Double]] = []
      for list in lists { result.append(try floats(list, key)) }
      return result
    case let value: throw wrongType(key, value, "a list of lists of numbers")
    }
  }

  private func floats(_ value: Value, _ key: String) throws(QueryError) -> [Double] {
    guard case .list(let items) = value else {
      throw wrongType(key, value, "a list of numbers")
    }
    var numbers: [Double] = []
    for item in items {
      switch item {
      case .integer(let number): numbers.append(Double(number))
      case .float(let number): numbers.append(number)
      default: throw wrongType(key, item, "a list of numbers")
      }
    }
    return numbers
  }

  public mutating func boolean(
    _ key: String, default fallback: Bool
  ) throws(QueryError) -> Bool {
    switch value(key) {
    case .null: return fallback
    case .boolean(let value): return value
    case let value: throw wrongType(key, value, "true or false")
    }
  }

  public mutating func string(_ key: String) throws(QueryError) -> String? {
    switch value(key) {
    case .null: return nil
    case .string(let value): return value
    case let value: throw wrongType(key, value, "a string")
    }
  }

  public mutating func requiredString(_ key: String) throws(QueryError) -> String {
    guard let value = try string(key) else { throw missing(key, example: "'…'") }
    return value
  }

  /// A key that must be there and is not.
  public func missing(_ key: String, example: String) -> QueryError {
    QueryError(
      .argumentError, "MissingConfigurationKey",
      "`\(procedure)` needs the configuration key `\(key)`",
      hint: "add \(key): \(example) to the configuration map")
  }

  /// One of several words, without regard to case.
  public mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Choice
  ) throws(QueryError) -> Choice where Choice.RawValue == String {
    guard let text = try string(key) else { return fallback }
    for choice in Choice.allCases where choice.rawValue.lowercased() == text.lowercased() {
      return choice
    }
    let all = Choice.allCases.map(\.rawValue)
    throw QueryError(
      .argumentError, "InvalidConfigurationValue", "`\(key)` of `\(procedure)` is '\(text)'",
      hint: NameSuggestion.nearest(to: text, among: all).map { "did you mean '\($0)'?" }
        ?? "it must be one of \(all.joined(separator: ", "))")
  }

  /// A string or a list of strings.
  public mutating func strings(
    _ key: String, default fallback: [String]
  ) throws(QueryError) -> [String] {
    switch value(key) {
    case .null: return fallback
    case .string(let value): return [value]
    case .list(let values):
      var strings: [String] = []
      for value in values {
        guard case .string(let string) = value else {
          throw wrongType(key, value, "a list of strings")
        }
        strings.append(string)
      }
      return strings
    case let value: throw wrongType(key, value, "a string or a list of strings")
    }
  }

  /// A date, or a date-time or text whose date counts.
  public mutating func date(_ key: String) throws(QueryError) -> LocalDate? {
    switch value(key) {
    case .null: return nil
    case .date(let date): return date
    case .localDateTime(let value): return LocalDate(days: value.seconds.flooredDays)
    case .dateTime(let value):
      return LocalDate(days: (value.seconds + Int64(value.offset)).flooredDays)
    case .string(let text): return try LocalDate(text)
    case let value: throw wrongType(key, value, "a date")
    }
  }
}

extension Int64 {
  fileprivate var flooredDays: Int64 { self >= 0 ? self / 86400 : (self - 86399) / 86400 }
}
