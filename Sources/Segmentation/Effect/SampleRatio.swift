/// Whether groups have the sizes that they were to have: a mismatch means that the assignment or the
/// counting is broken, and effects cannot be believed (Fabijan et al., KDD 2019).
package enum SampleRatio {
  /// The p-value of Pearson's chi-square test. Below 0.001 is taken for a mismatch.
  ///
  /// - Parameters:
  ///   - counts: clients by group.
  ///   - shares: wanted, by group, in any scale.
  /// - Throws: `SegmentationError` for less than two groups and shares that are not positive.
  package static func probability(
    counts: [Int], shares: [Double]
  ) throws(SegmentationError) -> Double {
    try require(
      counts.count == shares.count && counts.count > 1, "shares",
      "\(counts.count) groups have \(shares.count) shares; there must be as many, and two at least")
    try require(shares.allSatisfy { $0 > 0 && $0.isFinite }, "shares", "shares must be above 0")
    let total = Double(counts.reduce(0, +))
    let scale = shares.reduce(0, +)
    if total == 0 { return 1 }
    var statistic = 0.0
    for (count, share) in zip(counts, shares) {
      let expected = total * share / scale
      statistic += (Double(count) - expected) * (Double(count) - expected) / expected
    }
    return upperGamma(Double(counts.count - 1) / 2, statistic / 2)
  }

  /// The regularised incomplete gamma function Q(a, x), by its series or its continued fraction
  /// (Numerical Recipes, section 6.2).
  static func upperGamma(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 1 }
    let factor = exponential(-x + a * naturalLogarithm(x) - logGamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var next = a
      while abs(term) > abs(sum) * 1e-16 {
        next += 1
        term *= x / next
        sum += term
      }
      return 1 - sum * factor
    }
    // Lentz's method.
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var value = d
    for index in 1...1000 {
      let an = -Double(index) * (Double(index) - a)
      b += 2
      d = 1 / (an * d + b)
      c = b + an / c
      let change = d * c
      value *= change
      if abs(change - 1) < 1e-15 { break }
    }
    return factor * value
  }
}
