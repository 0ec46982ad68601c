/// Pareto/NBD (Schmittlein, Morrison, Colombo 1987): purchases at a gamma-distributed rate, during a
/// lifetime whose rate of ending is gamma distributed, independent of purchases.
///
/// Parameters: r, α (shape and inverse scale of the purchase rate), s, β (of the rate of leaving); α
/// and β are times. The likelihood follows Fader, Hardie ("A note on deriving the Pareto/NBD model",
/// 2005), with both hypergeometric functions under Euler's transformation: they become ₂F₁(1, …)
/// with positive terms, and powers appear only as a ratio.
package struct ParetoNBD: RepeatPurchaseModel {
  package static let parameterNames = ["r", "alpha", "s", "beta"]
  package static let timeParameters = [1, 3]
  package static let gradientTolerance = 1e-7
  private let r, alpha, s, beta: Double

  package init(parameters: [Double]) {
    precondition(parameters.count == 4)
    (r, alpha, s, beta) = (parameters[0], parameters[1], parameters[2], parameters[3])
  }

  package var parameters: [Double] { [r, alpha, s, beta] }

  /// s ∫ₜ^∞ (α + τ)^−(r+x) (β + τ)^−(s+1) dτ over (α + t)^−(r+x) (β + t)^−s, in 0 ... 1: how
  /// likely it is to leave before the next purchase after t.
  private func departure(_ x: Double, after t: Double) -> Double {
    let order = r + s + x
    if alpha >= beta {
      return s / order
        * Hypergeometric.unitNumerator(r + x, order + 1, (alpha - beta) / (alpha + t))
    }
    return s / order * (alpha + t) / (beta + t)
      * Hypergeometric.unitNumerator(s + 1, order + 1, (beta - alpha) / (beta + t))
  }

  /// ln of L over the likelihood of the same purchases by a client who is alive at T.
  private func logExcess(_ x: Double, _ last: Double, _ end: Double) -> Double {
    let ratio =
      (r + x) * naturalLogarithm((alpha + end) / (alpha + last))
      + s * naturalLogarithm((beta + end) / (beta + last))
    let stayed = max(1 - departure(x, after: end), .leastNormalMagnitude)
    let left = naturalLogarithm(departure(x, after: last)) + ratio
    let kept = naturalLogarithm(stayed)
    return kept + softplus(left - kept)
  }

  package func logDensity(frequency: Double, recency: Double, age: Double) -> Double {
    logExcess(frequency, recency, age) - (r + frequency) * naturalLogarithm(alpha + age)
      - s * naturalLogarithm(beta + age)
  }

  package func logLikelihood(_ data: RepeatPurchases, concurrency: Int) -> Double {
    let fixed =
      data.clientCount
      * (r * naturalLogarithm(alpha) + s * naturalLogarithm(beta) - logGamma(r))
    let shared = data.counts.reduce(fixed) { $0 + $1.weight * logGamma(r + $1.frequency) }
    let sums = data.sumGroups(1, concurrency) { range, sums in
      for group in range {
        sums[0] +=
          data.weights[group]
          * logDensity(
            frequency: data.frequency[group], recency: data.recency[group], age: data.age[group])
      }
    }
    return shared + sums[0]
  }

  package func logLikelihood(
    _ data: RepeatPurchases, concurrency: Int, gradient: inout [Double]
  ) -> Double {
    // Central differences: the derivatives of ₂F₁ by its parameters have no short form.
    let width = 1e-4
    for index in parameters.indices {
      func value(_ shift: Double) -> Double {
        var moved = parameters
        moved[index] *= exponential(shift)
        return ParetoNBD(parameters: moved).logLikelihood(data, concurrency: concurrency)
      }
      gradient[index] = (value(width) - value(-width)) / (2 * width)
    }
    return logLikelihood(data, concurrency: concurrency)
  }

  package func probabilityAlive(frequency: Double, recency: Double, age: Double) -> Double {
    exponential(-logExcess(frequency, recency, age))
  }

  package func expectedPurchases(
    in time: Double, frequency: Double, recency: Double, age: Double
  ) -> Double {
    probabilityAlive(frequency: frequency, recency: recency, age: age)
      * (r + frequency) * (beta + age) / (alpha + age) * lifetime(age, time)
  }

  package func expectedPurchases(in time: Double) -> Double {
    r * beta / alpha * lifetime(0, time)
  }

  /// (1 − ((β + T) / (β + T + t))^(s−1)) / (s − 1), also for s = 1.
  private func lifetime(_ age: Double, _ time: Double) -> Double {
    let logarithm = naturalLogarithm((beta + age) / (beta + age + time))
    let exponent = (s - 1) * logarithm
    return exponent == 0 ? -logarithm : -logarithm * exponentialMinus1(exponent) / exponent
  }
}
