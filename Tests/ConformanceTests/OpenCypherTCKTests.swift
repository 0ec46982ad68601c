import Foundation
import TestSupport
import Testing

/// The openCypher TCK against Tropa. See `TCKOptions` for the environment variables that select
/// cases and show more. `TROPA_TCK_PIPE=1` takes all cases through `tropa pipe` too.
@Suite(
  .serialized,
  .enabled(if: SharedData.url("tck") != nil, "\(SharedData.missing("tck"))"),
  .enabled(if: EngineUnderTest.make != nil, "no engine to test yet"))
struct OpenCypherTCKTests {
  @Test func noCaseFailsInProcessThatIsNotKnownTo() async throws {
    let suite = try TCKSuite(folder: try #require(SharedData.url("tck")))
    let runner = TCKRunner(
      makeEngine: try #require(EngineUnderTest.make), render: EngineUnderTest.render)
    let report = try await TCKOptions().run(runner, on: suite, title: "openCypher TCK")
    try expectNoRegression(in: report, of: suite)
  }

  /// The command line tool and its codec, on every twentieth case.
  @Test func noCaseFailsThroughThePipeThatIsNotKnownTo() async throws {
    let suite = try TCKSuite(folder: try #require(SharedData.url("tck")))
    let takesAll = ProcessInfo.processInfo.environment["TROPA_TCK_PIPE"] == "1"
    let sample = suite.cases.indices.filter { takesAll || $0.isMultiple(of: 20) }
    let command = try #require(BuiltProducts.tropa).path
    let runner = TCKRunner(
      makeEngine: {
        PipeEngine(
          command: command, arguments: ["pipe", "--memory"], codec: EngineUnderTest.codec)
      }, render: EngineUnderTest.render)
    var options = TCKOptions()
    options.failuresFile?.appendPathExtension("pipe")
    let report = try await options.run(
      runner, on: TCKSuite(cases: sample.map { suite.cases[$0] }),
      title: "openCypher TCK through tropa pipe")
    try expectNoRegression(in: report, of: suite)
  }
}

/// Fails the test for each case that fails without being listed in `known-failures.txt`, and for
/// each line there that names no case. Prints the lines that may go because their case passes.
private func expectNoRegression(in report: TCKReport, of suite: TCKSuite) throws {
  let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("known-failures.txt")
  let verdict = try KnownFailures(contentsOf: list).verdict(on: report, of: suite.cases)
  for id in verdict.mended { print("passes, take it off known-failures.txt: \(id)") }
  for id in verdict.unknown { Issue.record("known-failures.txt names no case: \(id)") }
  let shownMaximum = 20
  for outcome in verdict.regressions.prefix(shownMaximum) {
    Issue.record("\(outcome.id)\n\(outcome.failure ?? "")")
  }
  #expect(verdict.regressions.count == 0, "cases that fail and are not listed")
}
