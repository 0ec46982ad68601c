import Testing

@testable import Segmentation

@Suite struct SpecialFunctionTests {
  @Test func digammaHasItsKnownValues() {
    #expect(abs(digamma(1) + 0.5772156649015329) < 1e-14)
    #expect(abs(digamma(0.5) + 1.9635100260214235) < 1e-14)
    #expect(abs(digamma(100) - 4.600161852738087) < 1e-14)
    for x in [0.01, 0.7, 3.3, 25] {
      #expect(abs(digamma(x + 1) - digamma(x) - 1 / x) < 1e-11 * (1 + 1 / x))
    }
  }

  @Test func hypergeometricOfOneIsElementary() {
    // ₂F₁(1, 1; 2; z) = −ln(1 − z) / z.
    for z in [0.001, 0.5, 0.99] {
      let expected = -naturalLogarithm1p(-z) / z
      #expect(abs(Hypergeometric.unitNumerator(1, 2, z) - expected) < 1e-12 * expected)
    }
  }

  @Test func softplusAndLogisticDoNotOverflow() {
    #expect(softplus(800) == 800 && softplus(-800) == 0)
    #expect(logistic(800) == 1 && logistic(-800) >= 0 && logistic(0) == 0.5)
  }
}
