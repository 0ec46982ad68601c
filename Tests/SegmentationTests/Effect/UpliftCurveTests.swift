import Testing

@testable import Segmentation

@Suite struct UpliftCurveTests {
  /// Figures of scikit-uplift 0.5.1 for these 20 clients.
  private static func sample() throws -> UpliftSample {
    let outcomes = [1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0].map(Double.init)
    let treated = [1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1].map { $0 == 1 }
    let scores = (0..<20).map { 0.95 - 0.05 * Double($0) }
    return try UpliftSample(outcomes: outcomes, isTreated: treated, scores: scores)
  }

  @Test func figuresOfScikitUplift() throws {
    let sample = try Self.sample()
    let uplift = UpliftCurve(sample, kind: .uplift)
    #expect(abs(try #require(uplift.effects.last) / 20 - 0.2) < 1e-12)
    #expect(abs(try #require(sample.effect(atTop: 0.3, of: .overall)) - 0.25) < 1e-9)
    #expect(abs(try #require(sample.effect(atTop: 0.3, of: .byGroup)) - 1 / 3.0) < 1e-9)
    let qini = try #require(UpliftCurve.normalisedArea(sample, kind: .qini))
    let auuc = try #require(UpliftCurve.normalisedArea(sample, kind: .uplift))
    #expect(abs(qini - 0.1782691) < 1e-7, "\(qini)")
    #expect(abs(auuc - 0.1732844) < 1e-7, "\(auuc)")
    #expect(abs(try #require(sample.weightedAverageEffect(parts: 5)) - 0.2) < 1e-9)
  }

  @Test func perfectScoresReachOne() throws {
    let outcomes = [1.0, 1, 0, 0, 1, 0, 1, 0]
    let treated = [true, true, true, true, false, false, false, false]
    let scores = zip(outcomes, treated).map { $0 * ($1 ? 1 : -1) }
    let sample = try UpliftSample(outcomes: outcomes, isTreated: treated, scores: scores)
    #expect(try #require(UpliftCurve.normalisedArea(sample, kind: .qini)) == 1)
  }

  @Test func equalScoresAreOnePoint() throws {
    let sample = try UpliftSample(
      outcomes: [1, 0, 1, 0], isTreated: [true, false, true, false], scores: [1, 1, 1, 1])
    let curve = UpliftCurve(sample, kind: .qini)
    #expect(curve.clients == [0, 4] && curve.effects == [0, 2])
  }

  @Test func inputsThatSayNothingAreRefused() {
    #expect(throws: SegmentationError.self) {
      try UpliftSample(outcomes: [1], isTreated: [true], scores: [1])
    }
    #expect(throws: SegmentationError.self) {
      try UpliftSample(outcomes: [1, 0], isTreated: [true], scores: [1, 1])
    }
    #expect(throws: SegmentationError.self) {
      try UpliftSample(outcomes: [1, 0], isTreated: [true, false], scores: [1, .nan])
    }
  }
}
