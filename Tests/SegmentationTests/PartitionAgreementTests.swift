import Segmentation
import TestSupport
import Testing

@Suite struct PartitionAgreementTests {
  private func randIndex(_ a: [Int], _ b: [Int]) -> Double {
    var both = 0.0
    var inA = 0.0
    var inB = 0.0
    var all = 0.0
    for i in a.indices {
      for j in i + 1..<a.count {
        all += 1
        if a[i] == a[j] { inA += 1 }
        if b[i] == b[j] { inB += 1 }
        if a[i] == a[j] && b[i] == b[j] { both += 1 }
      }
    }
    let expected = inA * inB / all
    let greatest = (inA + inB) / 2
    return greatest == expected ? 1 : (both - expected) / (greatest - expected)
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func adjustedRandIndexByPairs(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let groups = Int.random(in: 1...5, using: &random)
    let a = (0..<40).map { _ in Int.random(in: 0..<groups, using: &random) }
    let b = a.map { Bool.random(using: &random) ? $0 : Int.random(in: 0..<6, using: &random) }
    let agreement = PartitionAgreement(a, b)
    #expect(abs(agreement.adjustedRandIndex - randIndex(a, b)) < 1e-12)
    let reversed = PartitionAgreement(b, a)
    #expect(abs(reversed.adjustedRandIndex - agreement.adjustedRandIndex) < 1e-12)
    #expect(
      abs(reversed.normalizedMutualInformation - agreement.normalizedMutualInformation) < 1e-12)
    #expect(agreement.counts.reduce(0) { $0 + $1.reduce(0, +) } == 40)
  }

  @Test func knownPartitions() {
    // scikit-learn's documentation.
    let partly = PartitionAgreement([0, 0, 1, 1], [0, 0, 1, 2])
    #expect(abs(partly.adjustedRandIndex - 0.5714285714285714) < 1e-12)
    #expect(abs(partly.normalizedMutualInformation - 0.8) < 1e-12)
    #expect(partly.jaccardSimilarities == [1, 0.5])
    let renamed = PartitionAgreement([0, 0, 1, 1], [3, 3, 0, 0])
    #expect(renamed.adjustedRandIndex == 1)
    #expect(renamed.normalizedMutualInformation == 1)
    let single = PartitionAgreement([0, 0, 0], [0, 1, 2])
    #expect(single.adjustedRandIndex == 0)
    #expect(single.normalizedMutualInformation == 0)
    #expect(PartitionAgreement([0, 0], [0, 0]).adjustedRandIndex == 1)
    #expect(PartitionAgreement([], []).adjustedRandIndex == 1)
    #expect(PartitionAgreement([], []).normalizedMutualInformation == 1)
  }
}
