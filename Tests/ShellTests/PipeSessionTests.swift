import Testing
import Tropa

@testable import Shell

@Suite struct PipeSessionTests {
  private func session() throws -> PipeSession { PipeSession(try Database.temporary()) }

  private func answer(_ session: PipeSession, _ line: String) throws -> JSON {
    let text = session.answer(line)
    #expect(!text.contains("\n"))
    return try JSON(parsing: text)
  }

  @Test func answersQueriesWithEveryKindOfValue() throws {
    let session = try session()
    #expect(try answer(session, "{\"hello\": true}")["name"] == .string("Tropa"))
    let created = try answer(
      session, "{\"query\": \"CREATE (:A {x: $x})\", \"params\": {\"x\": 9007199254740993}}")
    #expect(created["error"]?.text.contains("$int") != false)
    let answered = try answer(
      session,
      "{\"query\": \"RETURN 9007199254740993 AS big, 1.0 AS one, date('2026-11-22') AS d, {`$a`: 1} AS m, 0.0/0.0 AS n\"}"
    )
    guard case .array(let rows)? = answered["rows"], case .array(let row)? = rows.first else {
      Issue.record("no row: \(answered.text)")
      return
    }
    #expect(row[0].text == "{\"$int\": \"9007199254740993\"}")
    #expect(row[1].text == "1.0")
    #expect(row[2].text == "{\"$date\": \"2026-11-22\"}")
    #expect(row[3].text == "{\"$map\": {\"$a\": 1}}")
    #expect(row[4].text == "{\"$float\": \"NaN\"}")
  }

  @Test func requestsMustBeTrueAndQueriesText() throws {
    let session = try session()
    #expect(try answer(session, "{\"begin\": false}")["error"] != nil)
    #expect(try answer(session, "{\"begin\": \"reed\"}")["error"]?.text.contains("read") == true)
    #expect(try answer(session, "{\"begin\": \"read\"}")["ok"] == .boolean(true))
    #expect(
      try answer(session, "{\"query\": \"CREATE (:A)\"}")["error"]?["detail"]
        == .string("ReadOnlyTransaction"))
    #expect(try answer(session, "{\"rollback\": true}")["ok"] == .boolean(true))
    #expect(try answer(session, "{\"begin\": \"write\"}")["ok"] == .boolean(true))
    #expect(try answer(session, "{\"commit\": true}")["ok"] == .boolean(true))
    for point in ["9999, \"coordinates\": [1.0, 2.0]", "4326, \"coordinates\": [1.0, 95.0]"] {
      let refused = try answer(
        session,
        "{\"query\": \"RETURN $p\", \"params\": {\"p\": {\"$point\": {\"srid\": \(point)}}}}")
      #expect(refused["error"] != nil)
    }
    #expect(try answer(session, "{\"rollback\": true}")["error"] != nil)
    let number = try answer(session, "{\"query\": 5}")
    #expect(number["error"]?.text.contains("must be a string") == true)
  }

  @Test func profilesAndLongWalks() throws {
    let session = try session()
    let profile = try answer(session, "{\"query\": \"PROFILE CREATE (:A)-[:R]->(:B)\"}")
    #expect(profile["plan"]?.text.contains("Create") == true)
    let long = try answer(
      session, "{\"query\": \"MATCH (a)-[*9223372036854775807]-(b) RETURN count(*) AS n\"}")
    #expect(long["rows"]?.text == "[[0]]")
  }

  @Test func transactionsAndReset() throws {
    let session = try session()
    let ok = JSON.object([.init("ok", .boolean(true))])
    #expect(try answer(session, "{\"begin\": true}") == ok)
    #expect(
      try answer(session, "{\"query\": \"CREATE (:A)\"}")["stats"]?["nodes-created"] == .integer(1))
    #expect(try answer(session, "{\"rollback\": true}") == ok)
    let count = "{\"query\": \"MATCH (n) RETURN count(n) AS n\"}"
    #expect(try answer(session, count)["rows"]?.text == "[[0]]")
    _ = try answer(session, "{\"query\": \"CREATE (:A)\"}")
    #expect(try answer(session, count)["rows"]?.text == "[[1]]")
    #expect(try answer(session, "{\"reset\": true}") == ok)
    #expect(try answer(session, count)["rows"]?.text == "[[0]]")
  }

  @Test func errorsHaveCodePhaseAndPlace() throws {
    let session = try session()
    let error = try answer(session, "{\"query\": \"RETURN\\n x\"}")["error"]
    #expect(error?["type"] == .string("SyntaxError"))
    #expect(error?["phase"] == .string("compile"))
    #expect(error?["detail"] == .string("UndefinedVariable"))
    #expect(error?["line"] == .integer(2) && error?["column"] == .integer(2))
    #expect(error?["code"] == .string("Neo.ClientError.Statement.SyntaxError"))
    for bad in [
      "", "{", "[]", "{\"quary\": \"RETURN 1\"}",
      "{\"query\": \"RETURN 1\", \"timeoutMillis\": \"x\"}",
      "{\"query\": \"RETURN 1\", \"timeoutMillis\": 1e19}",
    ] {
      #expect(try answer(session, bad)["error"] != nil)
    }
  }

  @Test func registeredProceduresAnswer() throws {
    let session = try session()
    _ = try answer(
      session,
      "{\"register\": {\"signature\": \"test.p(in :: INTEGER?) :: (out :: STRING?)\", \"columns\": [\"in\", \"out\"], \"rows\": [[1, \"a\"], [2, \"b\"]]}}"
    )
    let answered = try answer(session, "{\"query\": \"CALL test.p(2) YIELD out RETURN out\"}")
    #expect(answered["rows"]?.text == "[[\"b\"]]")
    _ = try answer(session, "{\"reset\": true}")
    #expect(try answer(session, "{\"query\": \"CALL test.p(2)\"}")["error"] != nil)
  }
}
