import Foundation
import GraphTypes
import TestSupport
import Testing

/// The openCypher TCK on the bare pipeline: for work on the executor. Off unless `TROPA_TCK_PIPELINE`
/// is set, since `ConformanceTests` runs the same cases through the façade.
@Suite(
  .serialized,
  .enabled(if: SharedData.url("tck") != nil, "\(SharedData.missing("tck"))"),
  .enabled(
    if: ProcessInfo.processInfo.environment["TROPA_TCK_PIPELINE"] != nil,
    "TROPA_TCK_PIPELINE is not set"))
struct PipelineTCKTests {
  @Test func report() async throws {
    let suite = try TCKSuite(folder: try #require(SharedData.url("tck")))
    let runner = TCKRunner(makeEngine: { try PipelineEngine() }, render: TCKText.render)
    let report = try await TCKOptions().run(runner, on: suite, title: "openCypher TCK, pipeline")
    #expect(report.passedCount > 0)
  }
}

enum TCKText {
  /// What `toString()` gives for a temporal value.
  static let render: @Sendable (Value) -> String = { "\($0)" }
}
