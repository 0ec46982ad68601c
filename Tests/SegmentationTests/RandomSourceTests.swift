import Segmentation
import Testing

@Suite struct RandomSourceTests {
  @Test func publishedSequence() {
    // SplitMix64 from seed 1234567, as in its authors' test.
    var random = RandomSource(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test func momentsAndRanges() {
    var random = RandomSource(seed: 3)
    let units = (0..<20_000).map { _ in random.unit() }
    #expect(units.allSatisfy { (0..<1).contains($0) })
    #expect(abs(units.reduce(0, +) / 20_000 - 0.5) < 0.01)
    let normals = (0..<20_000).map { _ in random.normal() }
    #expect(abs(normals.reduce(0, +) / 20_000) < 0.03)
    #expect(abs(normals.map { $0 * $0 }.reduce(0, +) / 20_000 - 1) < 0.05)
    #expect(Set((0..<200).map { _ in random.index(below: 3) }) == [0, 1, 2])
  }
}
