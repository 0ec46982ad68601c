import Foundation

/// The cases that an engine is known to fail, one identifier a line; `#` starts a comment line.
/// The list may only shrink: a new failure is an error, and a case that passes has to leave it.
package struct KnownFailures: Sendable {
  package var ids: Set<String>

  package init(ids: Set<String>) { self.ids = ids }

  package init(contentsOf file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    ids = Set(
      text.split(whereSeparator: \.isNewline).map { String($0).trimmingBlanks() }
        .filter { !$0.isEmpty && !$0.hasPrefix("#") })
  }

  package struct Verdict: Sendable {
    /// Cases that fail and are not listed.
    package var regressions: [TCKReport.Outcome]
    /// Listed cases that pass.
    package var mended: [String]
    /// Listed identifiers that no case of the suite has.
    package var unknown: [String]
  }

  /// - Parameter suite: all cases there are; `report` may cover fewer.
  package func verdict(on report: TCKReport, of suite: [TCKCase]) -> Verdict {
    Verdict(
      regressions: report.failures.filter { !ids.contains($0.id) },
      mended: report.outcomes.filter { $0.failure == nil && ids.contains($0.id) }.map(\.id),
      unknown: ids.subtracting(suite.map(\.id)).sorted())
  }
}
