internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Equality, comparison, order and arithmetic of values, written from the openCypher documents and
// sharing nothing with the engine's.

extension Value {
  var isNullValue: Bool { if case .null = self { true } else { false } }

  /// Three-valued equality.
  static func naiveEquals(_ a: Value, _ b: Value) -> Bool? {
    switch (a, b) {
    case (.null, _), (_, .null): return nil
    case (.boolean(let a), .boolean(let b)): return a == b
    case (.string(let a), .string(let b)):
      return a.unicodeScalars.elementsEqual(b.unicodeScalars)
    case (.integer, .integer), (.float, .float), (.integer, .float), (.float, .integer):
      return numberOrder(a, b) == 0
    case (.node(let a), .node(let b)): return a.id == b.id
    case (.relationship(let a), .relationship(let b)): return a.id == b.id
    case (.path(let a), .path(let b)):
      return a.nodes.map(\.id) == b.nodes.map(\.id)
        && a.relationships.map(\.id) == b.relationships.map(\.id)
    case (.list(let a), .list(let b)):
      if a.count != b.count { return false }
      return all(zip(a, b).map { naiveEquals($0, $1) })
    case (.map(let a), .map(let b)):
      if Set(a.keys) != Set(b.keys) { return false }
      return all(a.keys.map { naiveEquals(a[$0] ?? .null, b[$0] ?? .null) })
    default: return false
    }
  }

  static func all(_ truths: [Bool?]) -> Bool? {
    if truths.contains(where: { $0 == .some(false) }) { return false }
    return truths.contains(where: { $0 == nil }) ? nil : true
  }

  /// nil when one is NaN.
  private static func numberOrder(_ a: Value, _ b: Value) -> Int? {
    func exact(_ value: Value) -> (whole: Double, rest: Double, integer: Int64?) {
      switch value {
      case .integer(let integer): return (0, 0, integer)
      case .float(let float): return (float.rounded(.down), float - float.rounded(.down), nil)
      default: return (0, 0, nil)
      }
    }
    switch (a, b) {
    case (.integer(let a), .integer(let b)): return a < b ? -1 : a == b ? 0 : 1
    case (.float(let a), .float(let b)):
      return a.isNaN || b.isNaN ? nil : a < b ? -1 : a == b ? 0 : 1
    case (.integer(let integer), .float(let float)):
      if float.isNaN { return nil }
      if float >= 0x1p63 { return -1 }
      if float < -0x1p63 { return 1 }
      let parts = exact(b)
      let whole = Int64(parts.whole)
      return integer < whole ? -1 : integer > whole ? 1 : parts.rest > 0 ? -1 : 0
    case (.float, .integer): return numberOrder(b, a).map { -$0 }
    default: return nil
    }
  }

  enum Comparison { case less, equal, greater, never, null }

  static func naiveCompare(_ a: Value, _ b: Value) -> Comparison {
    func sign(_ order: Int) -> Comparison { order < 0 ? .less : order == 0 ? .equal : .greater }
    switch (a, b) {
    case (.integer, .integer), (.float, .float), (.integer, .float), (.float, .integer):
      return numberOrder(a, b).map(sign) ?? .never
    case (.string(let a), .string(let b)): return sign(codePointOrder(a, b))
    case (.boolean(let a), .boolean(let b)): return sign((a ? 1 : 0) - (b ? 1 : 0))
    case (.list(let a), .list(let b)):
      for (first, second) in zip(a, b) {
        let order = naiveCompare(first, second)
        if order != .equal { return order }
      }
      return sign(a.count - b.count)
    default: return .null
    }
  }

  private static func codePointOrder(_ a: String, _ b: String) -> Int {
    if a.unicodeScalars.elementsEqual(b.unicodeScalars) { return 0 }
    return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars) ? -1 : 1
  }

  /// The total order of ORDER BY, min and max.
  static func naiveOrder(_ a: Value, _ b: Value) -> Int {
    func rank(_ value: Value) -> Int {
      switch value {
      case .map: 0
      case .node: 1
      case .relationship: 2
      case .list: 3
      case .path: 4
      case .string: 5
      case .boolean: 6
      case .integer, .float: 7
      case .null: 9
      default: 8
      }
    }
    if rank(a) != rank(b) { return rank(a) - rank(b) }
    switch (a, b) {
    case (.string(let a), .string(let b)): return codePointOrder(a, b)
    case (.boolean(let a), .boolean(let b)): return (a ? 1 : 0) - (b ? 1 : 0)
    case (.list(let a), .list(let b)):
      for (first, second) in zip(a, b) {
        let order = naiveOrder(first, second)
        if order != 0 { return order }
      }
      return a.count - b.count
    case (.map(let a), .map(let b)):
      if a.count != b.count { return a.count - b.count }
      let keys = (
        a.keys.sorted { codePointOrder($0, $1) < 0 }, b.keys.sorted { codePointOrder($0, $1) < 0 }
      )
      for (first, second) in zip(keys.0, keys.1) where first != second {
        return codePointOrder(first, second)
      }
      for key in keys.0 {
        let order = naiveOrder(a[key] ?? .null, b[key] ?? .null)
        if order != 0 { return order }
      }
      return 0
    case (.node(let a), .node(let b)): return a.id < b.id ? -1 : a.id == b.id ? 0 : 1
    case (.relationship(let a), .relationship(let b)):
      return a.id < b.id ? -1 : a.id == b.id ? 0 : 1
    default:
      if let order = numberOrder(a, b) { return order }
      func isNaN(_ value: Value) -> Bool {
        if case .float(let float) = value { float.isNaN } else { false }
      }
      return (isNaN(a) ? 1 : 0) - (isNaN(b) ? 1 : 0)
    }
  }

  /// Equal for equivalent values only: what DISTINCT, grouping and UNION go by.
  var equivalenceKey: String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return "b\(value)"
    case .integer(let value): return "n\(value)"
    case .float(let value):
      if value.isNaN { return "nNaN" }
      if value.rounded() == value, abs(value) < 0x1p63 { return "n\(Int64(value))" }
      return "n\(value)"
    case .string(let text):
      return "s\(text.utf8.count):\(text.unicodeScalars.map { String($0.value) })"
    case .list(let values): return "[" + values.map(\.equivalenceKey).joined(separator: ",") + "]"
    case .map(let entries):
      return "{"
        + entries.keys.sorted().map { "\($0):\(entries[$0]?.equivalenceKey ?? "")" }
        .joined(separator: ",") + "}"
    case .node(let node): return "N\(node.id.rawValue)"
    case .relationship(let relationship): return "R\(relationship.id.rawValue)"
    case .path(let path):
      return "P\(path.nodes.map(\.id.rawValue))\(path.relationships.map(\.id.rawValue))"
    default: return "\(self)"
    }
  }

  // MARK: Arithmetic

  static func naiveArithmetic(_ symbol: String, _ a: Value, _ b: Value) throws -> Value {
    if a.isNullValue || b.isNullValue { return .null }
    if symbol == "+" || symbol == "||" {
      switch (a, b) {
      case (.list(let a), .list(let b)): return .list(a + b)
      case (.list(let a), _) where symbol == "+": return .list(a + [b])
      case (_, .list(let b)) where symbol == "+": return .list([a] + b)
      case (.string(let a), .string(let b)): return .string(a + b)
      case (.string(let a), .integer(let b)) where symbol == "+": return .string("\(a)\(b)")
      case (.integer(let a), .string(let b)) where symbol == "+": return .string("\(a)\(b)")
      default: break
      }
    }
    if case .integer(let a) = a, case .integer(let b) = b, symbol != "^" {
      let (value, overflow): (Int64, Bool)
      switch symbol {
      case "+": (value, overflow) = a.addingReportingOverflow(b)
      case "-": (value, overflow) = a.subtractingReportingOverflow(b)
      case "*": (value, overflow) = a.multipliedReportingOverflow(by: b)
      case "/":
        if b == 0 { throw NaiveError.arithmetic("division by zero") }
        (value, overflow) = a.dividedReportingOverflow(by: b)
      case "%":
        if b == 0 { throw NaiveError.arithmetic("division by zero") }
        (value, overflow) = b == -1 ? (0, false) : (a % b, false)
      default: throw NaiveError.type(symbol)
      }
      if overflow { throw NaiveError.arithmetic("overflow") }
      return .integer(value)
    }
    guard let x = a.number, let y = b.number else { throw NaiveError.type("\(a) \(symbol) \(b)") }
    switch symbol {
    case "+": return .float(x + y)
    case "-": return .float(x - y)
    case "*": return .float(x * y)
    case "/": return .float(x / y)
    case "%": return .float(fmod(x, y))
    case "^": return .float(pow(x, y))
    default: throw NaiveError.type(symbol)
    }
  }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }
}
