/// BG/NBD (Fader, Hardie, Lee: "Counting your customers the easy way", Marketing Science 24, 2005).
///
/// Purchases come at a gamma-distributed rate; after each repeat purchase the client leaves with a
/// beta-distributed probability. Parameters: r, α (shape and inverse scale of the rate; α is a
/// time), a, b (of the probability to leave). Who never repeated cannot have left, so P(alive) is 1
/// however long the silence: not a measure of churn.
package typealias BetaGeometricNBD = BetaGeometricModel<LeavesAfterRepeat>

/// MBG/NBD (Batislam, Denizel, Filiztekin 2007; Hoppe, Wagner 2007): as BG/NBD, but a client may
/// leave after the first purchase too.
package typealias ModifiedBetaGeometricNBD = BetaGeometricModel<LeavesAfterAny>

/// After which purchases a client may leave.
package protocol LeavingRule {
  static var leavesAtOnce: Bool { get }
}
package enum LeavesAfterRepeat: LeavingRule { package static let leavesAtOnce = false }
package enum LeavesAfterAny: LeavingRule { package static let leavesAtOnce = true }

package struct BetaGeometricModel<Rule: LeavingRule>: RepeatPurchaseModel {
  package static var parameterNames: [String] { ["r", "alpha", "a", "b"] }
  package static var timeParameters: [Int] { [1] }
  package static var gradientTolerance: Double { 1e-9 }
  private let core: BetaGeometricCore
  package var parameters: [Double] { core.parameters }
  package init(parameters: [Double]) {
    core = BetaGeometricCore(parameters, leavesAtOnce: Rule.leavesAtOnce)
  }

  package func logLikelihood(_ data: RepeatPurchases, concurrency: Int) -> Double {
    core.logLikelihood(data, concurrency)
  }
  package func logLikelihood(
    _ data: RepeatPurchases, concurrency: Int, gradient: inout [Double]
  ) -> Double {
    core.logLikelihood(data, concurrency, gradient: &gradient)
  }
  package func probabilityAlive(frequency: Double, recency: Double, age: Double) -> Double {
    core.probabilityAlive(frequency, recency, age)
  }
  package func expectedPurchases(
    in time: Double, frequency: Double, recency: Double, age: Double
  ) -> Double {
    core.expectedPurchases(time, frequency, recency, age)
  }
  package func logDensity(frequency: Double, recency: Double, age: Double) -> Double {
    core.logDensity(frequency, recency, age)
  }
  package func expectedPurchases(in time: Double) -> Double { core.expectedPurchases(time) }
}

/// What both models share: they differ in whether the first purchase may be the last.
private struct BetaGeometricCore: Sendable {
  let r, alpha, a, b: Double
  /// MBG/NBD: a client may leave after the first purchase.
  let leavesAtOnce: Bool
  /// Purchases after which a client may have left, less the repeat purchases, less 1.
  let extra: Double

  init(_ parameters: [Double], leavesAtOnce: Bool) {
    precondition(parameters.count == 4)
    (r, alpha, a, b) = (parameters[0], parameters[1], parameters[2], parameters[3])
    self.leavesAtOnce = leavesAtOnce
    extra = leavesAtOnce ? 0 : -1
  }

  var parameters: [Double] { [r, alpha, a, b] }

  /// ln of the odds that the client left right after the last purchase, against being alive.
  @inline(__always)
  private func logOdds(_ x: Double, _ last: Double, _ end: Double) -> Double {
    naturalLogarithm(a / (b + x + extra))
      + (r + x) * (naturalLogarithm(alpha + end) - naturalLogarithm(alpha + last))
  }

  func probabilityAlive(_ x: Double, _ last: Double, _ end: Double) -> Double {
    x > 0 || leavesAtOnce ? logistic(-logOdds(x, last, end)) : 1
  }

  @inline(__always)
  func logDensity(_ x: Double, _ last: Double, _ end: Double) -> Double {
    let alive = -(r + x) * naturalLogarithm(alpha + end)
    return x > 0 || leavesAtOnce ? alive + softplus(logOdds(x, last, end)) : alive
  }

  func expectedPurchases(_ time: Double, _ x: Double, _ last: Double, _ end: Double) -> Double {
    let c = a + b + x + extra
    return probabilityAlive(x, last, end)
      * Hypergeometric.betaGeometric(c: c, d: c - x - r, a: a, z: time / (alpha + end + time))
  }

  func expectedPurchases(_ time: Double) -> Double {
    let c = a + b + extra
    let expected = Hypergeometric.betaGeometric(c: c, d: c - r, a: a, z: time / (alpha + time))
    return leavesAtOnce ? expected * b / (a + b) : expected
  }

  /// Terms that depend on x alone, of all clients.
  private func sharedTerms(_ data: RepeatPurchases) -> Double {
    let shift = extra + 1
    let fixed =
      data.clientCount
      * (r * naturalLogarithm(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b))
    return data.counts.reduce(fixed) { sum, count in
      let x = count.frequency
      return sum
        + count.weight
        * (logGamma(r + x) + logGamma(b + x + shift) - logGamma(a + b + x + shift))
    }
  }

  func logLikelihood(_ data: RepeatPurchases, _ concurrency: Int) -> Double {
    let sums = data.sumGroups(1, concurrency) { range, sums in
      for group in range {
        sums[0] +=
          data.weights[group]
          * logDensity(data.frequency[group], data.recency[group], data.age[group])
      }
    }
    return sharedTerms(data) + sums[0]
  }

  func logLikelihood(
    _ data: RepeatPurchases, _ concurrency: Int, gradient: inout [Double]
  ) -> Double {
    // The value, then its derivatives by r, α, a and b.
    let sums = data.sumGroups(5, concurrency) { range, sums in
      for group in range {
        let (x, end, weight) = (data.frequency[group], data.age[group], data.weights[group])
        let logEnd = naturalLogarithm(alpha + end)
        var value = -(r + x) * logEnd
        var byR = -logEnd
        var byAlpha = -(r + x) / (alpha + end)
        if x > 0 || leavesAtOnce {
          let last = data.recency[group]
          let logLast = naturalLogarithm(alpha + last)
          let survival = b + x + extra
          let odds = naturalLogarithm(a / survival) + (r + x) * (logEnd - logLast)
          let left = logistic(odds)
          value += softplus(odds)
          byR += left * (logEnd - logLast)
          byAlpha += left * (r + x) * (1 / (alpha + end) - 1 / (alpha + last))
          sums[3] += weight * left / a
          sums[4] -= weight * left / survival
        }
        sums[0] += weight * value
        sums[1] += weight * byR
        sums[2] += weight * byAlpha
      }
    }
    let n = data.clientCount
    let shift = extra + 1
    var byR = sums[1] + n * (naturalLogarithm(alpha) - digamma(r))
    let byAlpha = sums[2] + n * r / alpha
    var byA = sums[3] + n * digamma(a + b)
    var byB = sums[4] + n * (digamma(a + b) - digamma(b))
    for (x, weight) in data.counts {
      let both = digamma(a + b + x + shift)
      byR += weight * digamma(r + x)
      byA -= weight * both
      byB += weight * (digamma(b + x + shift) - both)
    }
    gradient = [byR * r, byAlpha * alpha, byA * a, byB * b]
    return sharedTerms(data) + sums[0]
  }
}
