internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `round()`: as Neo4j does it, on the shortest decimal digits of the number. The binary number
/// next to 1.005 is below it, but `round(1.005, 2)` is 1.01.
enum Rounding {
  /// Halves go towards positive infinity.
  static func toWhole(_ number: Double) -> Double {
    let below = number.rounded(.down)
    return number - below >= 0.5 ? below + 1 : below
  }

  private enum Mode: String, CaseIterable {
    case up = "UP"
    case down = "DOWN"
    case ceiling = "CEILING"
    case floor = "FLOOR"
    case halfUp = "HALF_UP"
    case halfDown = "HALF_DOWN"
    case halfEven = "HALF_EVEN"
  }

  static func round(_ number: Double, digits: Int, mode name: String) throws -> Double {
    guard let mode = Mode(rawValue: name.uppercased()) else {
      throw ExpressionError.argument(
        "'\(name)' is not a way of rounding",
        hint: "the modes are \(Mode.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return try round(number, digits: digits, mode)
  }

  /// Halves go away from zero.
  static func round(_ number: Double, digits: Int) throws -> Double {
    try round(number, digits: digits, .halfUp)
  }

  private static func round(_ number: Double, digits: Int, _ mode: Mode) throws -> Double {
    if digits < 0 {
      throw ExpressionError.outOfRange("round() takes a precision of 0 or more, got \(digits)")
    }
    guard number.isFinite, digits < 310 else { return number }
    if mode == .halfUp, digits <= 15, number.magnitude < 1e6 {
      // Far from a half the binary number decides as the decimal one does.
      let scale = powersOfTen[digits]
      let scaled = number * scale
      let fraction = scaled - scaled.rounded(.down)
      if scaled.magnitude < 1e15, (fraction - 0.5).magnitude > 1e-4 {
        return scaled.rounded(.toNearestOrAwayFromZero) / scale
      }
    }
    return decimal(number, digits: digits, mode)
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private static func decimal(_ number: Double, digits wanted: Int, _ mode: Mode) -> Double {
    // "123.456e-7": the digits, and how many of them stand behind the point.
    let parts = number.magnitude.description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = halves.count > 1 ? halves[1] : ""
    var digits = Array((halves[0] + fraction).utf8).map { $0 - 48 }
    let scale = fraction.count - exponent
    let dropped = scale - wanted
    if dropped <= 0 { return number }
    if dropped > digits.count {
      digits = Array(repeating: 0, count: dropped - digits.count) + digits
    }
    let rest = digits.suffix(dropped)
    var kept = Array(digits.dropLast(dropped))
    let isExact = rest.allSatisfy { $0 == 0 }
    let first = rest.first ?? 0
    let isHalf = first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
    let isNegative = number < 0
    let awayFromZero =
      switch mode {
      case .up: !isExact
      case .down: false
      case .ceiling: !isExact && !isNegative
      case .floor: !isExact && isNegative
      case .halfUp: first >= 5
      case .halfDown: first > 5 || (first == 5 && !isHalf)
      case .halfEven: isHalf ? (kept.last ?? 0) % 2 == 1 : first >= 5
      }
    if awayFromZero {
      var index = kept.count - 1
      while index >= 0 && kept[index] == 9 {
        kept[index] = 0
        index -= 1
      }
      if index >= 0 { kept[index] += 1 } else { kept.insert(1, at: 0) }
    }
    let text = kept.map(String.init).joined()
    let magnitude = Double("\(text.isEmpty ? "0" : text)e-\(wanted)") ?? number.magnitude
    return isNegative ? -magnitude : magnitude
  }
}
