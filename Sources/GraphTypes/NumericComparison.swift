/// Comparison of integers with floats by their exact values: a conversion of 2^53 + 1 to a float
/// would round it to 2^53.
@frozen public enum NumericComparison {
  /// Negative, zero or positive; nil if `float` is NaN.
  @inlinable public static func compare(_ integer: Int64, _ float: Double) -> Int? {
    if float.isNaN { return nil }
    // 2^63, which is also minus the least integer.
    if float >= 0x1p63 { return -1 }
    if float < -0x1p63 { return 1 }
    let whole = Int64(float)
    if integer != whole { return integer < whole ? -1 : 1 }
    // Beyond 2^53 a float has no fraction, so the conversion back is exact.
    let fraction = float - Double(whole)
    return fraction > 0 ? -1 : fraction < 0 ? 1 : 0
  }

  /// Negative, zero or positive; nil if one is NaN.
  @inlinable public static func compare(_ a: Double, _ b: Double) -> Int? {
    a < b ? -1 : a > b ? 1 : a == b ? 0 : nil
  }
}
