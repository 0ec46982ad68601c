import NaiveCypher
import Testing

@Suite struct DifferentialQueryTests {
  /// Generated queries give what the naive interpreter gives: with and without indexes, by two
  /// threads, without each rewrite and all, and after a round trip through the printer.
  @Test(arguments: 1...12 as ClosedRange<UInt64>) func generatedQueriesAnswerRight(
    seed: UInt64
  ) throws {
    let differential = try Differential(seed: seed)
    try differential.run(count: 60)
    for failure in differential.failures { Issue.record("\(failure)") }
    #expect(differential.counts.answered > 40)
  }
}
