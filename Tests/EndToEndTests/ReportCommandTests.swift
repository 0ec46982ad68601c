import Foundation
import TestSupport
import Testing

/// `tropa report` as a user runs it.
@Suite(.enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct ReportCommandTests {
  private func tropa(_ arguments: [String]) throws -> CompletedProcess {
    try CompletedProcess.run(
      try #require(BuiltProducts.tropa).path, arguments, input: Data(), timeout: .seconds(100))
  }

  @Test func writesAPageOrNothing() throws {
    try withTemporaryDirectory { folder in
      let database = folder.appendingPathComponent("a&b.tropa").path
      let out = folder.appendingPathComponent("r.html").path
      let made = try tropa([
        "query", "--create", database,
        """
        UNWIND range(1, 50) AS i
        CREATE (:Household {id: i})-[:PURCHASED {at: date('2026-01-01') + duration({days: i * 3}),
          amount: 100.0 * i}]->(:Product {id: i, category: 'c' + toString(i % 3)})
        """,
      ])
      #expect(made.status == 0, "\(made.errorText)")
      let report = try tropa([
        "report", database, "--out", out, "--language", "ru", "--config",
        "{clientLabel: 'Household'}", "--until", "2026-06-01", "--since", "2026-03-01",
      ])
      #expect(report.status == 0, "\(report.errorText)")
      let page = try String(contentsOfFile: out, encoding: .utf8)
      #expect(page.contains("<h1>a&amp;b — отчёт о клиентах</h1>"))
      #expect(page.contains("04.01.2026"))
      #expect(page.hasSuffix("</html>\n"))

      func failure(_ arguments: [String], _ status: Int32, _ part: String) throws {
        let other = folder.appendingPathComponent("other.html").path
        let result = try tropa(["report", database, "--out", other] + arguments)
        #expect(result.status == status, "\(arguments)")
        #expect(result.errorText.contains(part), "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: other))
      }
      try failure(["--config", "{clientLable: 'Household'}"], 1, "did you mean `clientLabel`?")
      try failure(["--config", "{clientLabel"], 2, "--config is not a map")
      try failure(["--until", "soon"], 2, "--until is not a date")
      try failure(["--until", "2026-01-01", "--since", "2026-01-01"], 2, "before --until")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!names.contains { $0.hasSuffix(".part") }, "\(names)")
    }
  }
}
