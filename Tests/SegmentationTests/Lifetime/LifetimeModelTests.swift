import Testing

@testable import Segmentation

@Suite struct LifetimeModelTests {
  private static let parameters = [
    [0.24, 4.4, 0.79, 2.43], [2.5, 0.6, 1.6, 0.4], [0.8, 30, 0.3, 7],
  ]

  private func sample() throws -> RepeatPurchases {
    var random = RandomSource(seed: 11)
    var (x, last, end): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<60 {
      let count = random.index(below: 5)
      let age = 5 + 40 * random.unit()
      x.append(Double(count))
      last.append(count == 0 ? 0 : age * random.unit())
      end.append(age)
    }
    return try RepeatPurchases(frequency: x, recency: last, age: end)
  }

  private func checkGradient(_ type: (some RepeatPurchaseModel).Type) throws {
    let data = try sample()
    for parameters in Self.parameters {
      var gradient = [0.0, 0, 0, 0]
      let value = type.init(parameters: parameters).logLikelihood(
        data, concurrency: 1, gradient: &gradient)
      let alone = type.init(parameters: parameters).logLikelihood(data, concurrency: 3)
      #expect(abs(value - alone) < 1e-9 * abs(alone))
      for index in 0..<4 {
        var (low, high) = (parameters, parameters)
        low[index] *= exponential(-1e-5)
        high[index] *= exponential(1e-5)
        let slope =
          (type.init(parameters: high).logLikelihood(data, concurrency: 1)
            - type.init(parameters: low).logLikelihood(data, concurrency: 1)) / 2e-5
        #expect(abs(slope - gradient[index]) < 1e-4 * (1 + abs(slope)), "\(type) \(index)")
      }
    }
  }

  @Test func gradientsAreThoseOfTheLikelihood() throws {
    try checkGradient(BetaGeometricNBD.self)
    try checkGradient(ModifiedBetaGeometricNBD.self)
    try checkGradient(ParetoNBD.self)
  }

  /// The Pareto/NBD likelihood as an integral over the moment of leaving.
  @Test func paretoIsItsIntegral() throws {
    for parameters in Self.parameters {
      let (r, alpha, s, beta) = (parameters[0], parameters[1], parameters[2], parameters[3])
      let (x, last, end) = (3.0, 7.0, 20.0)
      let steps = 20_000
      var integral = 0.0
      for step in 0..<steps {
        let time = last + (end - last) * (Double(step) + 0.5) / Double(steps)
        integral += exponential(
          -(r + x) * naturalLogarithm(alpha + time) - (s + 1) * naturalLogarithm(beta + time))
      }
      integral *= s * (end - last) / Double(steps)
      let alive = exponential(
        -(r + x) * naturalLogarithm(alpha + end) - s * naturalLogarithm(beta + end))
      let model = ParetoNBD(parameters: parameters)
      let data = try RepeatPurchases(frequency: [x], recency: [last], age: [end])
      let expected =
        logGamma(r + x) - logGamma(r) + r * naturalLogarithm(alpha) + s * naturalLogarithm(beta)
        + naturalLogarithm(alive + integral)
      #expect(abs(model.logLikelihood(data, concurrency: 1) - expected) < 1e-7)
      let probability = model.probabilityAlive(frequency: x, recency: last, age: end)
      #expect(abs(probability - alive / (alive + integral)) < 1e-7)
    }
  }

  /// P(alive) falls while a client is silent; expected purchases are those of the time, alike for
  /// a and s of 1, where the formulae have a gap.
  private func checkExpectations(_ type: (some RepeatPurchaseModel).Type) {
    for parameters in Self.parameters {
      let model = type.init(parameters: parameters)
      var before = 1.0
      for age in stride(from: 10.0, through: 2000, by: 199) {
        let alive = model.probabilityAlive(frequency: 2, recency: 10, age: age)
        #expect(alive <= before && alive >= 0)
        before = alive
        let short = model.expectedPurchases(in: 1e-6, frequency: 2, recency: 10, age: age) / 1e-6
        // The rate of who is alive.
        let rate = alive * (parameters[0] + 2) / (parameters[1] + age)
        #expect(abs(short - rate) < 1e-4 * rate, "\(type) \(parameters) \(age)")
      }
      // Silence for an instant is nearly sure, and for a short while as likely as no purchase.
      let quiet = model.probabilityOfSilence(in: 0.01, frequency: 2, recency: 8, age: 10)
      let few = model.expectedPurchases(in: 0.01, frequency: 2, recency: 8, age: 10)
      #expect(abs(1 - quiet - few) < 0.01 * few + 1e-9)
      var last = 0.0
      for time in [1.0, 10, 100, 10_000] {
        let expected = model.expectedPurchases(in: time, frequency: 2, recency: 8, age: 10)
        #expect(expected > last && expected.isFinite)
        last = expected
      }
    }
    var near = [4.0, 5, 1 - 1e-7, 2]
    let below = type.init(parameters: near).expectedPurchases(
      in: 30, frequency: 1, recency: 3, age: 9)
    near[2] = 1
    let at = type.init(parameters: near).expectedPurchases(in: 30, frequency: 1, recency: 3, age: 9)
    #expect(abs(below - at) < 1e-6 * at)
  }

  @Test func expectationsAreSound() {
    checkExpectations(BetaGeometricNBD.self)
    checkExpectations(ModifiedBetaGeometricNBD.self)
    checkExpectations(ParetoNBD.self)
  }

  /// ₂F₁ by its own series where that converges well (lifetimes' formula).
  @Test func betaGeometricExpectationIsThePublishedOne() {
    for (r, alpha, a, b) in [(0.24, 4.4, 0.79, 2.43), (1.2, 9, 2.3, 0.7), (0.6, 2, 0.2, 0.5)] {
      let (x, last, end, time) = (4.0, 11.0, 20.0, 5.0)
      let z = time / (alpha + end + time)
      var (term, sum) = (1.0, 1.0)
      for n in 0..<400 {
        let n = Double(n)
        term *= (r + x + n) * (b + x + n) / ((a + b + x - 1 + n) * (n + 1)) * z
        sum += term
      }
      let power = exponential((r + x) * naturalLogarithm((alpha + end) / (alpha + end + time)))
      let odds =
        a / (b + x - 1)
        * exponential((r + x) * naturalLogarithm((alpha + end) / (alpha + last)))
      let expected = (a + b + x - 1) / (a - 1) * (1 - power * sum) / (1 + odds)
      let ours = BetaGeometricNBD(parameters: [r, alpha, a, b])
        .expectedPurchases(in: time, frequency: x, recency: last, age: end)
      #expect(abs(ours - expected) < 1e-9 * expected)
    }
  }

  @Test func aSilentOneTimeBuyerIsSafeOnlyForBetaGeometric() {
    let parameters = [0.24, 4.4, 0.79, 2.43]
    let plain = BetaGeometricNBD(parameters: parameters)
    #expect(plain.probabilityAlive(frequency: 0, recency: 0, age: 1000) == 1)
    let modified = ModifiedBetaGeometricNBD(parameters: parameters)
    #expect(modified.probabilityAlive(frequency: 0, recency: 0, age: 1000) < 0.5)
    let pareto = ParetoNBD(parameters: [0.55, 10.6, 0.61, 11.7])
    #expect(pareto.probabilityAlive(frequency: 0, recency: 0, age: 1000) < 0.2)
  }

  /// Clients made by the MBG/NBD process: the fit finds the parameters again.
  @Test func recoversParameters() throws {
    var random = RandomSource(seed: 3)
    var (x, last, end): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<20_000 {
      // Rate gamma(2, 20): the sum of two exponentials. Leaving beta(1, 3).
      let rate = -naturalLogarithm((1 - random.unit()) * (1 - random.unit())) / 20
      let leaves = 1 - exponential(naturalLogarithm(1 - random.unit()) / 3)
      let age = 60 + 60 * random.unit()
      var (time, recent, count) = (0.0, 0.0, 0.0)
      while random.unit() >= leaves {
        time -= naturalLogarithm(1 - random.unit()) / rate
        if time > age { break }
        recent = time
        count += 1
      }
      x.append(count)
      last.append(recent)
      end.append(age)
    }
    let fit = try LifetimeFit<ModifiedBetaGeometricNBD>(
      try RepeatPurchases(frequency: x, recency: last, age: end))
    for (index, truth) in [2.0, 20, 1, 3].enumerated() {
      let error = fit.standardErrors[index]
      #expect(abs(fit.model.parameters[index] - truth) < 3.5 * error, "\(fit.model.parameters)")
      #expect(error < 0.25 * truth)
    }
  }

  @Test func refusesHistoriesThatCannotBe() throws {
    #expect(throws: SegmentationError.self) {
      try RepeatPurchases(frequency: [1], recency: [5], age: [4])
    }
    #expect(throws: SegmentationError.self) {
      try RepeatPurchases(frequency: [0], recency: [1], age: [4])
    }
    let once = try RepeatPurchases(frequency: [0, 0], recency: [0, 0], age: [3, 9])
    #expect(throws: SegmentationError.self) { try LifetimeFit<BetaGeometricNBD>(once) }
  }

  /// Clients who do not differ, and never leave: parameters run to the edge, and nothing fails.
  @Test func dullDataStillFit() throws {
    let data = try RepeatPurchases(
      frequency: [Double](repeating: 4, count: 50), recency: [Double](repeating: 9, count: 50),
      age: [Double](repeating: 10, count: 50))
    let fit = try LifetimeFit<BetaGeometricNBD>(data)
    #expect(fit.model.parameters.allSatisfy { $0.isFinite && $0 > 0 })
    let next = fit.model.expectedPurchases(in: 10, frequency: 4, recency: 9, age: 10)
    #expect(abs(next - 4) < 0.3, "\(next)")
  }
}
