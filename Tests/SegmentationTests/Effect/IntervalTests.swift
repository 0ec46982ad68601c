import Testing

@testable import Segmentation

@Suite struct IntervalTests {
  /// Figures of statsmodels 0.14 and of Newcombe's paper (1998, 56/70 against 48/80).
  @Test func intervalsOfShares() throws {
    let wilson = try #require(ConfidenceInterval.wilson(15, of: 100))
    #expect(
      abs(wilson.lower - 0.0930599) < 1e-6 && abs(wilson.upper - 0.2328356) < 1e-6, "\(wilson)")
    let none = try #require(ConfidenceInterval.wilson(0, of: 10))
    #expect(none.lower == 0 && abs(none.upper - 0.2775328) < 1e-6, "\(none)")
    #expect(ConfidenceInterval.wilson(0, of: 0) == nil)
    let difference = try #require(
      ConfidenceInterval.difference(56, of: 70, less: 48, of: 80))
    #expect(
      abs(difference.lower - 0.0524) < 5e-5 && abs(difference.upper - 0.3339) < 5e-5,
      "\(difference)")
  }

  @Test func normalQuantilesInvertTheDistribution() {
    #expect(abs(NormalDistribution.quantile(0.975) - 1.959963984540054) < 1e-14)
    for share in [1e-12, 1e-6, 0.01, 0.2, 0.5, 0.77, 0.999, 1 - 1e-9] {
      let back = NormalDistribution.cumulative(NormalDistribution.quantile(share))
      #expect(abs(back - share) < 1e-12 * max(1, share), "\(share)")
    }
  }

  /// Figures of scipy.stats.chisquare.
  @Test func sampleRatios() throws {
    func probability(_ counts: [Int], _ shares: [Double]) throws -> Double {
      try SampleRatio.probability(counts: counts, shares: shares)
    }
    #expect(abs(try probability([4900, 5100], [1, 1]) - 0.0455002638963584) < 1e-12)
    #expect(abs(try probability([480, 530, 490], [1, 1, 1]) - 0.24659696394160638) < 1e-12)
    #expect(try probability([800, 200], [80, 20]) == 1)
    #expect(try probability([9000, 500], [9, 1]) < 1e-50)
    #expect(throws: SegmentationError.self) { try probability([1, 2], [1]) }
    #expect(throws: SegmentationError.self) { try probability([1, 2], [1, 0]) }
  }

  /// Intervals cover the truth about as often as they say, also of sums over many clients.
  @Test(arguments: [300, 3000]) func bootstrapCoversTheTruth(clients: Int) throws {
    var random = RandomSource(seed: 7)
    var bootstrap = Bootstrap()
    bootstrap.resamples = 200
    let rounds = 150
    let units = 200
    var covered = 0
    for round in 0..<rounds {
      // Most buy nothing; amounts have a long tail. The treated buy a fifth more often.
      func amounts(_ share: Double) -> [Double] {
        (0..<clients).map { _ in
          random.unit() < share ? exponential(random.normal() * 0.8) : 0
        }
      }
      let (treated, control) = (amounts(0.30), amounts(0.25))
      bootstrap.seed = UInt64(round)
      let results = try bootstrap.estimates(
        [.init([treated], maximumUnits: units), .init([control], maximumUnits: units)]
      ) { sums in
        [sums[0][1] / sums[0][0] - sums[1][1] / sums[1][0]]
      }
      let truth = 0.05 * exponential(0.32)
      if try #require(results[0].interval).contains(truth) { covered += 1 }
    }
    let share = Double(covered) / Double(rounds)
    #expect(share > 0.88 && share < 0.995, "\(share)")
  }

  @Test func bootstrapIsRepeatable() throws {
    let group = Bootstrap.Group([(0..<10_000).map { Double($0 % 17) }])
    let bootstrap = Bootstrap()
    let mean = { (sums: [[Double]]) in [sums[0][1] / sums[0][0]] }
    let first = try bootstrap.estimates([group], mean)
    #expect(try first == bootstrap.estimates([group], mean))
    #expect(abs(first[0].value - 7.998) < 0.01)
    #expect(try bootstrap.estimates([.init([[]])], mean)[0].interval == nil)
    #expect(throws: SegmentationError.cancelled) {
      try bootstrap.estimates([group], isCancelled: { true }, mean)
    }
  }
}
