import Foundation

/// How a person at a terminal steers a run, through the environment:
///
/// - `TROPA_TCK_FILTER`: run only the cases whose identifier contains this text. Several texts are
///   separated by semicolons; `@FILE` stands for the identifiers in a file, one a line.
/// - `TROPA_TCK_FAILURES`: write the identifiers of the cases that fail to this file.
/// - `TROPA_TCK_VERBOSE=1`: print each case's identifier before it runs, and for each failure the
///   query, what was expected and what came.
package struct TCKOptions: Sendable {
  package var filter: String?
  package var failuresFile: URL?
  package var isVerbose: Bool

  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    filter = environment["TROPA_TCK_FILTER"].flatMap { $0.isEmpty ? nil : $0 }
    failuresFile = environment["TROPA_TCK_FAILURES"].flatMap {
      $0.isEmpty ? nil : URL(fileURLWithPath: $0)
    }
    isVerbose = environment["TROPA_TCK_VERBOSE"] == "1"
  }

  package func select(from cases: [TCKCase]) throws -> [TCKCase] {
    guard let filter else { return cases }
    if filter.hasPrefix("@") {
      let listed = try KnownFailures(contentsOf: URL(fileURLWithPath: String(filter.dropFirst())))
      return cases.filter { listed.ids.contains($0.id) }
    }
    let texts = filter.split(separator: ";")
    return cases.filter { testCase in texts.contains { testCase.id.contains($0) } }
  }

  /// Runs the selected cases, prints the table, and writes what was asked for.
  package func run(_ runner: TCKRunner, on suite: TCKSuite, title: String) async throws -> TCKReport
  {
    var runner = runner
    if isVerbose { runner.willRun = { print("TCK:", $0) } }
    let report = await runner.runInBackground(try select(from: suite.cases))
    print("\(title)\n\(report.table())")
    if isVerbose {
      for outcome in report.failures { print("\nFAILED \(outcome.id)\n\(outcome.failure ?? "")") }
    }
    if let failuresFile {
      let lines = report.failures.map { $0.id + "\n" }.joined()
      try lines.write(to: failuresFile, atomically: true, encoding: .utf8)
    }
    return report
  }
}
