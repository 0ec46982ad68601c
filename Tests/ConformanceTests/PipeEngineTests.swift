import Foundation
import GraphTypes
import TestSupport
import Testing

/// `PipeEngine` against a child that answers by rote, and misbehaves on request.
@Suite struct PipeEngineTests {
  /// Logs each request to the file `$0` and answers by what the line contains.
  private static let script = #"""
    while IFS= read -r line; do
      printf '%s\n' "$line" >> "$0"
      case "$line" in
        *'"hello"'*) echo '{"name": "Fake", "version": "1", "capabilities": ["register"]}' ;;
        *crash*) echo 'last words' >&2; exit 9 ;;
        *hang*) exec sleep 60 ;;
        *garbage*) echo 'Hello!' ;;
        *ragged*) echo '{"columns": ["a"], "rows": [[1, 2]], "stats": {}, "millis": 1}' ;;
        *fail*) echo '{"error": {"code": "Neo.X", "type": "TypeError", "phase": "runtime",' \
          '"detail": "InvalidArgumentValue", "message": "no", "line": 1, "column": 8}}' ;;
        *'MATCH (n)'*) echo '{"columns": ["n"], "rows": [[{"$node": {"id": "1",' \
          '"labels": ["A"], "properties": {}}}]], "stats": {}, "millis": 0.5}' ;;
        *'MATCH ()'*) echo '{"columns": ["r"], "rows": [[{"$rel": {"id": "2", "type": "T",' \
          '"start": "1", "end": "1", "properties": {}}}]], "stats": {}, "millis": 0.5}' ;;
        *'"query"'*) echo '{"columns": ["x", "y"], "rows": [[1, 1.0], [{"$date": "2026-11-22"},' \
          'null]], "stats": {"nodes-created": 1}, "millis": 0.5}' ;;
        *) echo '{"ok": true}' ;;
      esac
    done
    """#

  /// Runs `body` on an engine and returns the requests that its child has seen.
  private func converse(_ body: (PipeEngine) throws -> Void) throws -> [LineProtocolJSON] {
    try withTemporaryDirectory { directory in
      let log = directory.appendingPathComponent("requests")
      let engine = PipeEngine(
        command: "/bin/sh", arguments: ["-c", Self.script, log.path], codec: EngineUnderTest.codec)
      try engine.reset()
      try body(engine)
      return try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
        .map { try LineProtocolJSON(parsing: String($0)) }
    }
  }

  @Test func asksAndReadsAnswers() throws {
    let requests = try converse { engine in
      let result = try engine.execute(
        "RETURN $p", parameters: ["p": .list([.integer(1), .float(1)])], timeout: .seconds(3))
      #expect(result.columns == ["x", "y"])
      let rows = result.rows.map { $0.map { TCKValue($0, render: EngineUnderTest.render).text() } }
      #expect(rows == [["1", "1.0"], ["'2026-11-22'", "null"]])
    }
    let expected = [
      #"{"hello":true}"#, #"{"reset":true}"#,
      #"{"params":{"p":[1,1.0]},"query":"RETURN $p","timeoutMillis":3000}"#,
    ]
    #expect(requests.map(\.text) == expected)
  }

  @Test func registersProcedures() throws {
    let requests = try converse { engine in
      try engine.register(
        procedure: TestProcedure(
          name: "test.my.proc", inputs: [.init(name: "in", type: "INTEGER?")],
          outputs: [.init(name: "out", type: "STRING?")], rows: [[.integer(1), .string("a")]]))
    }
    #expect(
      requests.last?.text
        == #"{"register":{"columns":["in","out"],"rows":[[1,"a"]],"signature":"#
        + #""test.my.proc(in :: INTEGER?) :: (out :: STRING?)"}}"#)
  }

  @Test func seesTheGraph() throws {
    _ = try converse { engine in
      let state = try engine.graphState()
      #expect(state.nodes.map(\.labels) == [["A"]])
      #expect(state.relationships.map(\.type) == ["T"])
    }
  }

  @Test func reportsTheEnginesErrorsAndGoesOn() throws {
    _ = try converse { engine in
      let error = try #require(throws: QueryError.self) {
        try engine.execute("fail", parameters: [:], timeout: .seconds(3))
      }
      #expect(error.kind == .typeError)
      #expect(error.phase == .runtime)
      #expect(error.detail == "InvalidArgumentValue")
      #expect(try engine.execute("RETURN 1", parameters: [:], timeout: .seconds(3)).rows.count == 2)
    }
  }

  @Test(arguments: ["crash", "garbage"])
  func startsAnotherChildAfterOneIsLost(query: String) throws {
    let requests = try converse { engine in
      #expect(throws: (any Error).self) {
        try engine.execute(query, parameters: [:], timeout: .seconds(3))
      }
      #expect(throws: LineProtocolError.self) {
        try engine.execute("RETURN 1", parameters: [:], timeout: .seconds(3))
      }
      try engine.reset()
      #expect(try engine.execute("RETURN 1", parameters: [:], timeout: .seconds(3)).rows.count == 2)
    }
    #expect(requests.count { $0["hello"] != nil } == 2)
  }

  @Test func raggedRowsAreErrors() throws {
    _ = try converse { engine in
      #expect(throws: LineProtocolError.self) {
        try engine.execute("ragged", parameters: [:], timeout: .seconds(3))
      }
    }
  }

  @Test func runnerSurvivesWhatTheChildDoes() async throws {
    try await withTemporaryDirectory { directory in
      let log = directory.appendingPathComponent("requests").path
      let runner = TCKRunner(
        makeEngine: {
          PipeEngine(
            command: "/bin/sh", arguments: ["-c", Self.script, log], codec: EngineUnderTest.codec)
        }, render: EngineUnderTest.render)
      let columns = ["x", "y"]
      let rows: [[TCKValue]] = [[.string("2026-11-22"), .null], [.integer(1), .float(1)]]
      let report = await runner.runInBackground(
        ["RETURN 1", "crash", "RETURN 2"].map { query in
          TCKCase(
            id: query, category: "pipe", line: 1,
            steps: [.query(query), .result(.init(columns: columns, rows: rows))])
        })
      #expect(report.outcomes.map { $0.failure == nil } == [true, false, true])
      #expect(report.failures.first?.failure?.contains("last words") == true)
      #expect(report.failures.first?.failure?.contains("exit code 9") == true)
    }
  }
}
