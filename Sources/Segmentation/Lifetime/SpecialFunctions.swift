/// d/dx ln Γ(x) for x > 0: recurrence up to 10, then the asymptotic series (Abramowitz, Stegun
/// 6.3.5, 6.3.18); relative error near 1e-15.
func digamma(_ value: Double) -> Double {
  var x = value
  var shift = 0.0
  while x < 10 {
    shift -= 1 / x
    x += 1
  }
  let inverse = 1 / (x * x)
  let series =
    inverse
    * (1.0 / 12
      - inverse
      * (1.0 / 120
        - inverse
        * (1.0 / 252 - inverse * (1.0 / 240 - inverse * (1.0 / 132 - inverse * 691 / 32760)))))
  return shift + naturalLogarithm(x) - 0.5 / x - series
}

/// ln(1 + eˣ) without overflow.
@inline(__always)
func softplus(_ value: Double) -> Double {
  value > 0
    ? value + naturalLogarithm1p(exponential(-value)) : naturalLogarithm1p(exponential(value))
}

/// 1 / (1 + e⁻ˣ).
@inline(__always)
func logistic(_ value: Double) -> Double {
  if value >= 0 { return 1 / (1 + exponential(-value)) }
  let power = exponential(value)
  return power / (1 + power)
}

/// Series of hypergeometric type, summed until a term no longer counts.
enum Hypergeometric {
  /// Terms after which a series is cut off. It is reached only for arguments within 1e-4 of 1.
  private static let maxTerms = 200_000

  /// ₂F₁(1, b; c; z) for b, c > 0 and 0 <= z < 1. All terms are positive, so nothing cancels.
  static func unitNumerator(_ b: Double, _ c: Double, _ z: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var n = 0.0
    for _ in 0..<maxTerms {
      term *= (b + n) / (c + n) * z
      sum += term
      n += 1
      if term < 1e-17 * sum { break }
    }
    return sum
  }

  /// c / (a − 1) · [1 − (1 − z)^(a−1) ₂F₁(d, a − 1; c; z)], for a > 0, c > −1, d < c + a,
  /// 0 <= z < 1.
  ///
  /// This is the expectation of the beta-geometric models after Euler's transformation, under which
  /// the series converges for every number of purchases. The factor a − 1 is taken out of the
  /// series, and c into it, so that a = 1 and c = 0 are ordinary points.
  static func betaGeometric(c: Double, d: Double, a: Double, z: Double) -> Double {
    if z <= 0 { return 0 }
    let logarithm = naturalLogarithm1p(-z)
    let exponent = (a - 1) * logarithm
    let head = exponent == 0 ? logarithm : logarithm * exponentialMinus1(exponent) / exponent
    // Σ (d)ₙ (a)ₙ₋₁ / ((c + 1)ₙ₋₁ n!) zⁿ, n >= 1.
    var term = d * z
    var sum = term
    var n = 1.0
    for _ in 0..<maxTerms {
      term *= (d + n) * (a + n - 1) / ((c + n) * (n + 1)) * z
      sum += term
      n += 1
      if abs(term) < 1e-17 * abs(sum) || term == 0 { break }
    }
    return -c * head - exponential(exponent) * sum
  }
}
