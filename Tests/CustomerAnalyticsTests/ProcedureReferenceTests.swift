import CustomerAnalytics
import Foundation
import TestSupport
import Testing
import Tropa

@Suite struct ProcedureReferenceTests {
  private func article(_ name: String) throws -> String {
    let root = try #require(SharedData.packageRoot)
    return try String(
      contentsOf: root.appendingPathComponent("Sources/Tropa/Tropa.docc/Articles/\(name).md"),
      encoding: .utf8)
  }

  @Test func theArticlesAreUpToDate() throws {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    #expect(
      try article("Procedures") == LanguageReference.procedures(of: database),
      "run `make reference`")
    #expect(
      try article("Functions") == LanguageReference.functions(of: database), "run `make reference`")
  }

  @Test func examplesOfFunctionsGiveTheirResults() throws {
    let database = try Database.temporary()
    try CustomerProcedures.register(in: database)
    for function in CustomerProcedures.functions {
      #expect(!function.examples.isEmpty, "\(function.name)")
      for example in function.examples {
        let value = try database.query("RETURN \(example.expression) AS x").first?["x"]
        #expect(value?.text(.result) == example.result, "\(example.expression)")
      }
    }
  }
}
