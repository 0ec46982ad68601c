/// Where a quantity lies, at a level of confidence.
package struct ConfidenceInterval: Equatable, Sendable {
  package var lower: Double
  package var upper: Double

  package init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Of a share, `successes` of `count` (Wilson 1927). It keeps its level for few clients and for
  /// shares near 0 and 1, and never leaves 0…1.
  ///
  /// - Parameter level: such as 0.95.
  /// - Returns: nil for no clients.
  package static func wilson(
    _ successes: Double, of count: Double, level: Double = 0.95
  ) -> ConfidenceInterval? {
    guard count > 0 else { return nil }
    let z = NormalDistribution.quantile((1 + level) / 2)
    let share = successes / count
    let scale = 1 + z * z / count
    let centre = (share + z * z / (2 * count)) / scale
    let half =
      z / scale * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
    return ConfidenceInterval(
      successes == 0 ? 0 : max(0, centre - half), successes == count ? 1 : min(1, centre + half))
  }

  /// Of the difference of two shares, the first less the second: Newcombe's hybrid of both Wilson
  /// intervals (1998, method 10).
  package static func difference(
    _ successes: Double, of count: Double, less otherSuccesses: Double, of otherCount: Double,
    level: Double = 0.95
  ) -> ConfidenceInterval? {
    guard let first = wilson(successes, of: count, level: level),
      let second = wilson(otherSuccesses, of: otherCount, level: level)
    else { return nil }
    let (p, q) = (successes / count, otherSuccesses / otherCount)
    func root(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
    return ConfidenceInterval(
      p - q - root(p - first.lower, second.upper - q),
      p - q + root(first.upper - p, q - second.lower))
  }

  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

/// The standard normal distribution.
package enum NormalDistribution {
  package static func cumulative(_ x: Double) -> Double {
    0.5 * complementaryError(-x / 2.0.squareRoot())
  }

  /// The value below which a share of the distribution lies: Wichura's algorithm AS 241 (1988), 16
  /// digits.
  ///
  /// - Parameter share: between 0 and 1; beyond are infinities.
  package static func quantile(_ share: Double) -> Double {
    if share <= 0 { return -.infinity }
    if share >= 1 { return .infinity }
    let q = share - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(centreNumerator, r) / polynomial(centreDenominator, r)
    }
    let r = (-naturalLogarithm(min(share, 1 - share))).squareRoot()
    let tail =
      r <= 5
      ? polynomial(middleNumerator, r - 1.6) / polynomial(middleDenominator, r - 1.6)
      : polynomial(tailNumerator, r - 5) / polynomial(tailDenominator, r - 5)
    return q < 0 ? -tail : tail
  }

  /// - Parameter coefficients: from the highest power down.
  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  private static let centreNumerator = [
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
    4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
    1.3314166789178437745e2, 3.3871328727963666080,
  ]
  private static let centreDenominator = [
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
    2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
    4.2313330701600911252e1, 1,
  ]
  private static let middleNumerator = [
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
    4.63033784615654529590, 1.42343711074968357734,
  ]
  private static let middleDenominator = [
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
    2.05319162663775882187, 1,
  ]
  private static let tailNumerator = [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
    5.46378491116411436990, 6.65790464350110377720,
  ]
  private static let tailDenominator = [
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
    5.99832206555887937690e-1, 1,
  ]
}
