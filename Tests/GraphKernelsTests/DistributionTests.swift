import GraphKernels
import Testing

@Suite struct DistributionTests {
  @Test func nearestRanks() {
    let distribution = Distribution((1...1000).reversed().map(Double.init))
    #expect(distribution.minimum == 1)
    #expect(distribution.maximum == 1000)
    #expect(distribution.mean == 500.5)
    #expect(distribution.p1 == 10)
    #expect(distribution.p50 == 500)
    #expect(distribution.p99 == 990)
    #expect(distribution.p999 == 999)
    #expect(distribution.p100 == 1000)
    #expect(isClose(distribution.standardDeviation, 288.6749902572095))
  }

  @Test func nothingIsZero() {
    #expect(Distribution([]).centralityEntries.allSatisfy { $0.value == 0 })
    #expect(Distribution([]).communityEntries.count == 13)
    #expect(Distribution([3]).p1 == 3)
  }
}
