import Foundation
import TestSupport
import Testing
import Tropa

/// README's first program: what stands between the marks is what README shows, behind the import.
@Suite struct FirstProgramTests {
  /// Stands in for the engine's type, so that the file is made in a temporary folder.
  private enum Database {
    @TaskLocal static var folder = ""
    static func open(_ name: String) throws -> Tropa.Database {
      try Tropa.Database.open("\(folder)/\(name)")
    }
  }

  private func firstProgram() throws {
    // README begins
    let database = try Database.open("shop.tropa")
    try database.query("MERGE (c:Client {id: 1}) SET c.name = 'Анна', c.city = 'Казань'")
    try database.query("MERGE (p:Product {id: 7}) SET p.title = 'Чай', p.price = 250.5")
    try database.query(
      "MATCH (c:Client {id: $c}), (p:Product {id: $p}) CREATE (c)-[:PURCHASED {amount: 501.0}]->(p)",
      parameters: ["c": .integer(1), "p": .integer(7)])
    let result = try database.query(
      "MATCH (c)-[b:PURCHASED]->() RETURN c.name AS name, count(b) AS n, sum(b.amount) AS sum")
    for row in result { print(row["name"], row["n"], row["sum"]) }
    // README ends
    let money = try result.floats("sum")
    #expect(result.count == 1 && result[0]["name"] == .string("Анна"))
    #expect(try result.integers("n") == [1] && money == [501])
    database.close()
  }

  @Test func theProgramRuns() throws {
    try withTemporaryDirectory { folder in
      try Database.$folder.withValue(folder.path) { try firstProgram() }
    }
  }

  @Test(arguments: ["README.md", "README.ru.md"])
  func readmeShowsIt(_ name: String) throws {
    let root = try #require(SharedData.packageRoot)
    let readme = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
    let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let begin = try #require(lines.firstIndex { $0.hasSuffix("// README begins") })
    let end = try #require(lines.firstIndex { $0.hasSuffix("// README ends") })
    let program = lines[(begin + 1)..<end].map { $0.dropFirst(4) }.joined(separator: "\n")
    #expect(
      readme.contains("```swift\nimport Tropa\n\n\(program)\n```"),
      "\(name) does not show the program that this test runs")
  }
}
