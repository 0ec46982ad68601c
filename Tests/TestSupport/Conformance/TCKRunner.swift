import Foundation
import GraphTypes

/// Runs TCK cases one after another and survives those that never end.
package struct TCKRunner: Sendable {
  package var makeEngine: @Sendable () throws -> any ConformanceEngine
  /// The text that `toString()` gives for a temporal value or a duration.
  package var render: @Sendable (Value) -> String
  /// What the engine is told for each query.
  package var queryTimeout: Duration = .seconds(10)
  /// For a whole case, in case the engine does not keep its own timeout.
  package var caseLimit: Duration = .seconds(40)
  /// Hung cases keep a core busy each until the process ends; after so many the run gives up.
  package var hungMaximum = 4
  /// Called before each case, with its identifier.
  package var willRun: @Sendable (String) -> Void = { _ in }

  package init(
    makeEngine: @escaping @Sendable () throws -> any ConformanceEngine,
    render: @escaping @Sendable (Value) -> String
  ) {
    self.makeEngine = makeEngine
    self.render = render
  }

  /// Blocks until all cases are through; use `runInBackground` from a test.
  package func run(_ cases: [TCKCase]) -> TCKReport {
    let clock = ContinuousClock()
    let start = clock.now
    var report = TCKReport()
    var worker = CaseWorker(configuration: self)
    var hungCount = 0
    for testCase in cases {
      guard hungCount < hungMaximum else {
        report.outcomes.append(.init(testCase, failure: "not run: \(hungCount) cases hung before"))
        continue
      }
      willRun(testCase.id)
      if let answer = worker.run(testCase, limit: caseLimit) {
        report.outcomes.append(.init(testCase, failure: answer.failure))
      } else {
        report.outcomes.append(.init(testCase, failure: "hung: no end within \(caseLimit)"))
        hungCount += 1
        worker = CaseWorker(configuration: self)
      }
    }
    worker.stop()
    report.duration = clock.now - start
    return report
  }

  /// Runs on a thread of its own, so that the tests' shared threads stay free.
  package func runInBackground(_ cases: [TCKCase]) async -> TCKReport {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: run(cases)) }.start()
    }
  }
}
