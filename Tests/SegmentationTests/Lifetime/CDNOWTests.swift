import Foundation
import TestSupport
import Testing

@testable import Segmentation

/// The figures of CDNOW: Fader, Hardie, Lee (2005) and the refit with lifetimes 0.11.3 in the notes
/// beside the data. Times are weeks.
@Suite(.enabled(if: SharedData.url("data/cdnow") != nil, "needs shared/data/cdnow"))
struct CDNOWTests {
  private let x, last, end, value: [Double]
  private let data: RepeatPurchases

  init() throws {
    let file = try #require(
      SharedData.url("data/cdnow/cdnow_customers_summary_with_transactions.csv.gz"))
    let text = String(decoding: try gunzip(file), as: UTF8.self)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      line.split(separator: ",").compactMap { Double($0) }
    }
    #expect(rows.count == 2357 && rows.allSatisfy { $0.count == 5 })
    (x, last, end, value) = (
      rows.map { $0[1] }, rows.map { $0[2] }, rows.map { $0[3] }, rows.map { $0[4] }
    )
    data = try RepeatPurchases(frequency: x, recency: last, age: end)
  }

  private func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test func betaGeometric() throws {
    let fit = try LifetimeFit<BetaGeometricNBD>(data)
    let model = fit.model
    #expect(isClose(model.parameters, [0.242593, 4.413532, 0.792886, 2.425752], 2e-6))
    #expect(abs(fit.logLikelihood - -9582.4256) < 5e-5 && fit.didConverge)
    func customer(_ x: Double, _ last: Double) -> [Double] {
      [
        model.expectedPurchases(in: 39, frequency: x, recency: last, age: 38.86),
        model.probabilityAlive(frequency: x, recency: last, age: 38.86),
      ]
    }
    #expect(isClose(customer(2, 30.43), [1.22591, 0.726609], 5e-6))
    #expect(isClose(customer(7, 29.43), [3.3372, 0.641801], 5e-5))
    #expect(abs(model.expectedPurchases(in: 39) - 1.195016) < 1e-6)
    #expect(abs(model.expectedPurchases(in: 52) - 1.444021) < 1e-6)
    let expected = model.expectedPurchases(in: 39, data).reduce(0, +)
    #expect(abs(expected - 1653.42) < 5e-3)
    let alive = model.probabilityAlive(data)
    #expect(abs(alive.reduce(0, +) / 2357 - 0.813439) < 5e-7)
    #expect(alive.filter { $0 < 0.5 }.count == 393)
  }

  @Test func paretoNBD() throws {
    let fit = try LifetimeFit<ParetoNBD>(data)
    // The summit is flat: the last digits differ between programs, the likelihood does not.
    #expect(isClose(fit.model.parameters, [0.553266, 10.577343, 0.606227, 11.668571], 2e-3))
    #expect(abs(fit.logLikelihood - -9594.974) < 5e-4 && fit.didConverge)
    let customer = [
      fit.model.expectedPurchases(in: 39, frequency: 2, recency: 30.43, age: 38.86),
      fit.model.probabilityAlive(frequency: 2, recency: 30.43, age: 38.86),
    ]
    #expect(isClose(customer, [1.455111, 0.869118], 5e-6))
  }

  @Test func modifiedBetaGeometric() throws {
    let fit = try LifetimeFit<ModifiedBetaGeometricNBD>(data)
    #expect(isClose(fit.model.parameters, [0.524838, 6.182988, 0.891356, 1.614000], 1e-5))
    #expect(abs(fit.logLikelihood - -9582.133) < 5e-4 && fit.didConverge)
  }

  @Test func gammaGammaAndLifetimeValue() throws {
    let fit = try GammaGamma.fit(frequency: x, value: value)
    #expect(fit.clients == 946 && fit.didConverge)
    #expect(
      isClose([fit.model.p, fit.model.q, fit.model.v], [6.248803, 3.744588, 15.447748], 2e-6))
    #expect(abs(fit.logLikelihood - -4055.923) < 5e-4)
    #expect(abs(fit.model.expectedValue(frequency: 0, value: 0) - 35.171) < 5e-5)
    let means = x.indices.map { fit.model.expectedValue(frequency: x[$0], value: value[$0]) }
    #expect(
      isClose([0, 1, 2, 5].map { means[$0] }, [24.6586, 18.9115, 35.1710, 71.4629], 5.1e-5))
    let model = try LifetimeFit<BetaGeometricNBD>(data).model
    for (rate, expected) in [(0, [38.5172, 4.9263]), (0.01, [36.2785, 4.6375])] {
      let values = LifetimeValue.expected(
        model, data, value: means, period: 4.345, periods: 12, rate: rate)
      #expect(isClose(Array(values[...1]), expected, 5.1e-5), "\(values[...1])")
    }
  }
}
