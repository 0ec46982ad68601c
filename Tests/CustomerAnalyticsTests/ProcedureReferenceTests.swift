import CustomerAnalytics
import Foundation
import TestSupport
import Testing
import Tropa

@Suite struct ProcedureReferenceTests {
  @Test func theArticleIsUpToDate() throws {
    let root = try #require(SharedData.packageRoot)
    let article = try String(
      contentsOf: root.appendingPathComponent("Sources/Tropa/Tropa.docc/Articles/Procedures.md"),
      encoding: .utf8)
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    #expect(article == LanguageReference.procedures(of: database), "run `make reference`")
  }
}
