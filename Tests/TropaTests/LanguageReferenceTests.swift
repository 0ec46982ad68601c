import Foundation
import Testing
import Tropa

@Suite struct LanguageReferenceTests {
  @Test func everyFunctionHasAnExampleThatGivesItsResult() throws {
    let names = try Database.temporary().query("SHOW FUNCTIONS YIELD name RETURN name")
    let silent = try LanguageReference.functions(of: .temporary()).components(separatedBy: "\n### ")
      .dropFirst().filter {
        !$0.lowercased().contains("null") && !$0.contains("() ::")
      }
    #expect(silent.map { $0.prefix(30) } == [], "what is null's effect?")
    let shown = Set(LanguageReference.examples.map(\.function))
    #expect(names.map { $0["name"].text(.display) }.filter { !shown.contains($0) } == [])
    let connection = try Database.temporary().connect()
    for example in LanguageReference.examples {
      try connection.begin()
      let value = try connection.query(example.statement).first?["x"]
      try connection.rollback()
      guard let expected = example.result else {
        #expect(value != nil && value != .null, "\(example.statement)")
        continue
      }
      #expect(value?.text(.result) == expected, "\(example.statement)")
    }
  }

  @Test func showHasTheColumnsAndFiltersOfNeo4j() throws {
    let database = try Database.temporary()
    #expect(
      try database.query("SHOW FUNCTIONS").columns == ["name", "category", "description"])
    #expect(
      try database.query("SHOW FUNCTIONS YIELD *").columns == [
        "name", "category", "description", "signature", "isBuiltIn", "argumentDescription",
        "returnDescription", "aggregating", "rolesExecution", "rolesBoostedExecution",
        "isDeprecated", "deprecatedBy",
      ])
    #expect(
      try database.query("SHOW PROCEDURES").columns == [
        "name", "description", "mode", "worksOnSystem",
      ])
    let row = try database.query(
      """
      SHOW BUILT IN FUNCTIONS EXECUTABLE BY CURRENT USER
      YIELD name, argumentDescription AS a, returnDescription AS r, deprecatedBy AS d
      WHERE name = 'distance' RETURN a[0].name AS a, r, d
      """
    ).first
    #expect(row?.values == [.string("from"), .string("FLOAT"), .string("point.distance")])
    #expect(try database.query("SHOW USER DEFINED FUNCTIONS EXECUTABLE").isEmpty)
    #expect(try !database.query("SHOW PROCEDURE EXECUTABLE WHERE name = 'db.labels'").isEmpty)
    #expect(throws: QueryError.self) { try database.query("SHOW FUNCTIONS EXECUTABLE BY anna") }
  }

  @Test func stringsAreOrderedAsInADictionary() throws {
    let database = try Database.temporary()
    var options = QueryOptions()
    options.collation = .unicode
    func order(_ list: String, _ tail: String = "") throws -> [String] {
      try database.query(
        "UNWIND \(list) AS x RETURN x ORDER BY x \(tail)", options: options
      ).map { $0["x"].text(.display) }
    }
    let words = "['жук', 'Ёж', 'еж', 'Еж', 'ёж', 'zebra', 'Apple']"
    #expect(try order(words) == ["Apple", "zebra", "еж", "Еж", "ёж", "Ёж", "жук"])
    #expect(try order(words, "DESC LIMIT 2") == ["жук", "Ёж"])
    #expect(
      try order("['б', 1, null, 'А', ['ё'], ['е']]") == ["['е']", "['ё']", "А", "б", "1", "null"])
  }
}
