import Foundation
import TestSupport
import Testing
import Tropa

@testable import QuerySchedule

@Suite struct QueryFileTests {
  private let text = """
    // ---
    // name: clients
    // description: Clients of a city.
    // parameters:
    //   city:
    //     type: STRING
    //     default: "'Казань'"
    //   limit: 2
    // ---
    MATCH (c:Client) WHERE c.city = $city RETURN c.id AS id ORDER BY id LIMIT $limit;
    """

  private func database() throws -> Database {
    let database = try Database.temporary()
    try database.query(
      "UNWIND range(1, 5) AS i CREATE (:Client {id: i, city: CASE WHEN i < 5 THEN 'Казань' ELSE 'Пермь' END})"
    )
    return database
  }

  private func ids(_ parameters: [String: Value]) throws -> [Int64] {
    let file = try QueryFile(path: "q.cypher", text: text)
    var ids: [Int64] = []
    try QueryRun(file, database: try database(), parameters: parameters).run {
      ids = try $0.collect().integers("id")
    }
    return ids
  }

  @Test func headingIsRead() throws {
    let file = try QueryFile(path: "q.cypher", text: text)
    #expect(file.name == "clients" && file.description == "Clients of a city.")
    #expect(file.parameters.map(\.name) == ["city", "limit"] && !file.writes)
    #expect(try QueryFile(path: "a/без-заголовка.cypher", text: "RETURN 1").name == "без-заголовка")
  }

  @Test func defaultsAndGivenParameters() throws {
    #expect(try ids([:]) == [1, 2])
    #expect(try ids(["city": .string("Пермь"), "limit": .integer(9)]) == [5])
    let error = #expect(throws: QueryFileError.self) { try ids(["citi": .string("x")]) }
    #expect(error?.message.contains("did you mean `city`?") == true)
  }

  @Test func mistakesInTheHeadingNameTheLine() {
    let unknown = #expect(throws: QueryFileError.self) {
      try QueryFile(
        path: "q.cypher", text: "// ---\n// name: x\n// parametrs:\n//   a: 1\n// ---\nRETURN 1")
    }
    #expect(unknown?.line == 3 && unknown?.message.contains("`parameters`") == true)
    #expect(throws: QueryFileError.self) {
      try QueryFile(path: "q.cypher", text: "// ---\n// name: x\nRETURN 1")
    }
  }

  @Test func errorsOfStatementsHaveTheirPlaceInTheFile() throws {
    let file = try QueryFile(path: "q.cypher", text: "RETURN 1;\nRETURN y;")
    let error = #expect(throws: QueryFileError.self) {
      try QueryRun(file, database: try database()).run { _ in }
    }
    #expect(error?.message.contains("q.cypher:2:8") == true)
  }

  @Test func aFileThatFailsChangesNothing() throws {
    let file = try QueryFile(
      path: "q.cypher",
      text: "// ---\n// write: true\n// ---\nMATCH (c:Client) SET c.seen = true;\nRETURN 1 / 0;")
    let database = try database()
    #expect(throws: (any Error).self) {
      try QueryRun(file, database: database).run { while try $0.nextRow() != nil {} }
    }
    #expect(try database.query("MATCH (c) WHERE c.seen RETURN c").isEmpty)
  }

  /// Every file that ships with the product has a heading and parses.
  @Test func theStoredQueriesAreWhole() throws {
    let folder = try #require(SharedData.packageRoot).appendingPathComponent("Queries")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".cypher") }
    #expect(files.count >= 8)
    let database = try Database.temporary()
    for name in files {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      let file = try QueryFile(path: name, text: text)
      #expect(!file.description.isEmpty, "\(name)")
      for statement in QueryText.split(text).statements where !statement.contains("crm.") {
        #expect(throws: Never.self, "\(name)") { try database.query("EXPLAIN " + statement) }
      }
    }
  }

  @Test func onlyFilesThatSaySoChangeTheGraph() throws {
    let file = try QueryFile(path: "q.cypher", text: "MATCH (c:Client) SET c.seen = true")
    let database = try database()
    let error = try #require(throws: QueryFileError.self) {
      try QueryRun(file, database: database).run { _ in }
    }
    #expect(error.message.contains("write: true"))
    let sly = try QueryFile(
      path: "q.cypher",
      text: "// ---\n// parameters:\n//   a: \"1 AS x CREATE (:A) RETURN 2\"\n// ---\nRETURN $a")
    #expect(throws: QueryFileError.self) { try QueryRun(sly, database: database).run { _ in } }
    #expect(try database.query("MATCH (c) WHERE c.seen OR c:A RETURN c").isEmpty)
  }
}
