/// Mean values of purchases (Fader, Hardie: "The Gamma-Gamma model of monetary value", 2013): a
/// client's purchases are gamma distributed about a mean that differs between clients, and does not
/// depend on how often the client buys.
package struct GammaGamma: Sendable {
  package static let parameterNames = ["p", "q", "v"]
  package let p, q: Double
  /// An amount of money.
  package let v: Double

  package init(p: Double, q: Double, v: Double) { (self.p, self.q, self.v) = (p, q, v) }

  /// The expected mean value of a purchase of a client with x (repeat) purchases of mean `value`.
  /// Without any it is that of all clients, which needs q > 1 (else infinity).
  package func expectedValue(frequency: Double, value: Double) -> Double {
    if frequency <= 0 { return q > 1 ? p * v / (q - 1) : .infinity }
    let shape = p * frequency + q - 1
    return shape > 0 ? p * (v + frequency * value) / shape : value
  }

  package struct Fit: Sendable {
    package let model: GammaGamma
    package let logLikelihood: Double
    /// Clients with a purchase of positive value: those that were fitted.
    package let clients: Int
    package let didConverge: Bool
  }

  /// - Parameters:
  ///   - frequency: repeat purchases of each client; those without one do not count.
  ///   - value: their mean value; those not above 0 do not count.
  /// - Throws: if no client counts.
  package static func fit(
    frequency: [Double], value: [Double], concurrency: Int = 4
  ) throws(SegmentationError) -> Fit {
    try require(
      frequency.count == value.count, "frequency",
      "\(frequency.count) frequencies and \(value.count) values")
    let rows = frequency.indices.filter { frequency[$0] > 0 && value[$0] > 0 && value[$0].isFinite }
    try require(
      !rows.isEmpty, "value", "no client has a repeat purchase of positive value")
    let mean = rows.reduce(0) { $0 + value[$1] } / Double(rows.count)
    let data = Data(
      frequency: rows.map { frequency[$0] }, value: rows.map { value[$0] / mean })
    func objective(_ position: [Double], _ gradient: inout [Double]) -> Double {
      let model = GammaGamma(
        p: exponential(position[0]), q: exponential(position[1]), v: exponential(position[2]))
      let n = Double(rows.count)
      var result = -data.logLikelihood(model, concurrency, gradient: &gradient) / n
      for index in 0..<3 {
        gradient[index] /= -n
        let beyond = abs(position[index]) - 9
        if beyond > 0 {
          result += beyond * beyond
          gradient[index] += 2 * beyond * (position[index] < 0 ? -1 : 1)
        }
      }
      return result
    }
    var best = QuasiNewton.minimise(
      from: [1, 1, 0], tolerance: 1e-9, maxIterations: 500, objective)
    if !best.didConverge {
      let other = QuasiNewton.minimise(
        from: [0, 0, 0], tolerance: 1e-9, maxIterations: 500, objective)
      if other.value < best.value { best = other }
    }
    let fitted = GammaGamma(
      p: exponential(best.position[0]), q: exponential(best.position[1]),
      v: exponential(best.position[2]) * mean)
    var ignored = [0.0, 0, 0]
    return Fit(
      model: fitted,
      logLikelihood: Data(frequency: data.frequency, value: rows.map { value[$0] })
        .logLikelihood(fitted, concurrency, gradient: &ignored),
      clients: rows.count,
      didConverge: best.didConverge && best.position.allSatisfy { abs($0) < 9 })
  }

  /// Clients with a repeat purchase.
  private struct Data: Sendable {
    var frequency: [Double]
    var value: [Double]

    /// - Parameter gradient: derivatives by ln p, ln q and ln v.
    func logLikelihood(
      _ model: GammaGamma, _ concurrency: Int, gradient: inout [Double]
    ) -> Double {
      let (p, q, v) = (model.p, model.q, model.v)
      let size = RepeatPurchases.blockSize
      let blocks = (frequency.count + size - 1) / size
      let sums = Scratch<Double>(blocks * 4, repeating: 0)
      let logV = naturalLogarithm(v)
      let (logGammaQ, digammaQ) = (logGamma(q), digamma(q))
      parallelFor(blocks, concurrency: concurrency) { block in
        let slot = sums.base + block * 4
        var (x, gammas, byShape, bySum) = (0.0, 0.0, 0.0, 0.0)
        for row in block * size..<min(frequency.count, (block + 1) * size) {
          if frequency[row] != x {
            x = frequency[row]
            gammas = logGamma(p * x + q) - logGamma(p * x) - logGammaQ
            bySum = digamma(p * x + q)
            byShape = bySum - digamma(p * x)
          }
          let total = x * value[row]
          let logTotal = naturalLogarithm(total)
          let logBoth = naturalLogarithm(total + v)
          slot[0] +=
            gammas + q * logV + p * x * logTotal - naturalLogarithm(value[row])
            - (p * x + q) * logBoth
          slot[1] += x * (byShape + logTotal - logBoth)
          slot[2] += bySum - digammaQ + logV - logBoth
          slot[3] += q / v - (p * x + q) / (total + v)
        }
      }
      var totals = [0.0, 0, 0, 0]
      for block in 0..<blocks {
        for index in 0..<4 { totals[index] += sums.base[block * 4 + index] }
      }
      gradient = [totals[1] * p, totals[2] * q, totals[3] * v]
      return totals[0]
    }
  }
}
