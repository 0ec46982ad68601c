/// An exact decimal number, `coefficient / 10^scale`: how fractions in durations are kept, so that
/// 5.1 means 5.1 and not the binary number next to it.
struct Decimal: Equatable {
  var coefficient: Int128
  /// 0 ... 18; digits further behind are cut off.
  var scale: Int

  static let scaleLimit = 18

  init(_ integer: Int64) {
    coefficient = Int128(integer)
    scale = 0
  }

  private init(coefficient: Int128, scale: Int) {
    self.coefficient = coefficient
    self.scale = scale
  }

  /// The shortest decimal number that reads back as `value`; nil if it is not finite or has more
  /// than 38 digits.
  init?(_ value: Double) {
    guard value.isFinite else { return nil }
    let number = value.description.withBytes { bytes -> Decimal? in
      var cursor = ByteCursor(bytes)
      return Decimal(&cursor, allowingExponent: true)
    }
    guard let number else { return nil }
    self = number
  }

  /// Reads `[+-]digits[.digits]`, the point may be a comma; an exponent only if allowed.
  init?(_ cursor: inout ByteCursor, allowingExponent: Bool = false) {
    let sign = cursor.sign() ?? 1
    var coefficient: Int128 = 0
    var scale = 0
    var overflow = false
    func append(_ digit: Int64) {
      let (product, tooBig) = coefficient.multipliedReportingOverflow(by: 10)
      let (sum, tooBigSum) = product.addingReportingOverflow(Int128(digit))
      coefficient = sum
      overflow = overflow || tooBig || tooBigSum
    }
    guard cursor.digitCount() > 0 else { return nil }
    while let byte = cursor.next, let digit = ASCII.digit(byte) {
      append(digit)
      cursor.index += 1
    }
    if cursor.isAt(".") || cursor.isAt(",") {
      cursor.index += 1
      guard cursor.digitCount() > 0 else { return nil }
      while let byte = cursor.next, let digit = ASCII.digit(byte) {
        if scale < Self.scaleLimit {
          append(digit)
          scale += 1
        }
        cursor.index += 1
      }
    }
    if allowingExponent, cursor.take("e") {
      let exponentSign = cursor.sign() ?? 1
      guard let exponent = cursor.number(digits: cursor.digitCount()) else { return nil }
      scale -= Int(exponentSign * exponent)
      while scale < 0 && !overflow {
        append(0)
        scale += 1
      }
      while scale > Self.scaleLimit {
        coefficient /= 10
        scale -= 1
      }
    }
    guard !overflow else { return nil }
    self.init(coefficient: Int128(sign) * coefficient, scale: scale)
  }

  /// This number in units of 10^-18.
  func scaledToLimit() throws(QueryError) -> Int128 {
    var result = coefficient
    for _ in scale..<Self.scaleLimit { result = try CalendarDuration.product(result, 10) }
    return result
  }
}
