/// What `<`, `<=`, `>` and `>=` find out about two values.
package enum Comparability: Sendable {
  case less, equal, greater
  /// Numbers of which one is NaN: every comparison is false.
  case unordered
  /// Null is involved, or the types do not compare: every comparison is null.
  case unknown
}

extension Value {
  /// Cypher's comparability.
  ///
  /// Comparable are numbers with numbers (exactly, NaN with none), booleans (false before true),
  /// strings (by code points), lists (by the first elements that differ; null there makes it
  /// unknown), and dates and times of one type. Of times and zoned dates and times the instant
  /// decides, then the offset, then the zone's name. Everything else is unknown: durations, points,
  /// maps, nodes, relationships, paths.
  package static func compare(_ a: Value, _ b: Value) -> Comparability {
    switch (a, b) {
    case (.integer(let a), .integer(let b)): return ordered(a, b)
    case (.float(let a), .float(let b)): return numeric(NumericComparison.compare(a, b))
    case (.integer(let a), .float(let b)): return numeric(NumericComparison.compare(a, b))
    case (.float(let a), .integer(let b)):
      return numeric(NumericComparison.compare(b, a).map { -$0 })
    case (.string(let a), .string(let b)): return ordered(a.codePointOrder(b), 0)
    case (.boolean(let a), .boolean(let b)): return ordered(a ? 1 : 0, b ? 1 : 0)
    case (.date(let a), .date(let b)): return ordered(a, b)
    case (.localTime(let a), .localTime(let b)): return ordered(a, b)
    case (.time(let a), .time(let b)): return ordered(a, b)
    case (.localDateTime(let a), .localDateTime(let b)): return ordered(a, b)
    case (.dateTime(let a), .dateTime(let b)): return ordered(a, b)
    case (.list(let a), .list(let b)):
      for index in 0..<min(a.count, b.count) {
        let result = compare(a[index], b[index])
        if result != .equal { return result }
      }
      return ordered(a.count, b.count)
    default: return .unknown
    }
  }

  private static func ordered<T: Comparable>(_ a: T, _ b: T) -> Comparability {
    a < b ? .less : a == b ? .equal : .greater
  }

  private static func numeric(_ order: Int?) -> Comparability {
    guard let order else { return .unordered }
    return ordered(order, 0)
  }

  /// `a < b`; nil is null. The three others follow the same pattern.
  package static func isLess(_ a: Value, _ b: Value) -> Bool? {
    let result = compare(a, b)
    return result == .unknown ? nil : result == .less
  }

  package static func isLessOrEqual(_ a: Value, _ b: Value) -> Bool? {
    let result = compare(a, b)
    return result == .unknown ? nil : result == .less || result == .equal
  }

  package static func isGreater(_ a: Value, _ b: Value) -> Bool? { isLess(b, a) }
  package static func isGreaterOrEqual(_ a: Value, _ b: Value) -> Bool? { isLessOrEqual(b, a) }
}
