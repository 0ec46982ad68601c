/// What came of a run, in the order of the cases.
package struct TCKReport: Sendable {
  package struct Outcome: Sendable {
    package var id: String
    package var category: String
    /// Nil when the case passed, else what went wrong in the words of `TCKCaseRun`.
    package var failure: String?

    init(_ testCase: TCKCase, failure: String?) {
      id = testCase.id
      category = testCase.category
      self.failure = failure
    }
  }

  package var outcomes: [Outcome] = []
  package var duration: Duration = .zero

  package init() {}

  package var failures: [Outcome] { outcomes.filter { $0.failure != nil } }
  package var passedCount: Int { outcomes.count - failures.count }

  /// One line a category and a total.
  package func table() -> String {
    let categories = Dictionary(grouping: outcomes, by: \.category).sorted { $0.key < $1.key }
    let lines = categories.map { category, outcomes in
      let failed = outcomes.count { $0.failure != nil }
      return Self.line(category, "\(outcomes.count - failed)", "\(failed)")
    }
    let seconds = Double(Int(duration.inSeconds * 10)) / 10
    return
      ([Self.line("category", "passed", "failed")] + lines
      + [Self.line("total", "\(passedCount)", "\(failures.count)") + "   \(seconds) s"])
      .joined(separator: "\n")
  }

  private static func line(_ category: String, _ passed: String, _ failed: String) -> String {
    func padding(_ text: String, to width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count))
    }
    return category + padding(category, to: 40) + padding(passed, to: 8) + passed
      + padding(failed, to: 8) + failed
  }
}
