import Foundation
import TestSupport
import Testing

/// Whatever bytes of a file are wrong, no signal ends a program that reads it, and what is answered from
/// chunks is right or an error. `TROPA_FUZZ=100` makes it a hundred times as many files.
@Suite(.enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct DamagedPageTests {
  /// Answered from chunks, which have checksums.
  private static let exactStatements = [
    "MATCH (n) RETURN count(n.name) AS a, sum(size(n.name)) AS b, sum(n.x) AS c",
    "MATCH (a)-[r:KNOWS]->(b) RETURN count(*) AS n, sum(r.weight) AS w, sum(id(b)) AS i",
    "MATCH (a)<-[:KNOWS]-(b) RETURN sum(id(b)) AS i", "MATCH (a)-->() RETURN count(*) AS n",
    "CALL gds.graph.project('g', '*', 'KNOWS') YIELD relationshipCount AS n RETURN n",
    "CALL gds.pageRank.stream('g') YIELD score RETURN count(*) AS n, round(sum(score), 6) AS s",
    "CALL gds.wcc.stream('g') YIELD componentId RETURN count(DISTINCT componentId) AS n",
  ]
  /// Answered with entries of indexes, which have none, or changing something.
  private static let otherStatements = [
    "MATCH (a:P {x: 77})-[:KNOWS]-(b)-[:KNOWS]-(c) RETURN count(c) AS n, sum(c.x) AS x",
    "MATCH (n:P) WHERE n.x > 100 AND n.x < 5000 RETURN count(n) AS n",
    "MATCH (n:P) WHERE n.name STARTS WITH 'имя 1' RETURN count(n) AS n, max(n.name) AS m",
    "CALL db.index.fulltext.queryNodes('words', 'имя') YIELD node RETURN count(node) AS n",
    "SHOW INDEXES", "MATCH (a:P {x: 5}) SET a.y = 1",
    "MATCH (a:P {x: 6}), (b:P {x: 7}) CREATE (a)-[:KNOWS]->(b)",
    "MATCH (a:P {x: 8}) DETACH DELETE a",
  ]
  private static let statements = exactStatements + otherStatements

  private func make(_ path: String, _ command: String) throws {
    let made = try CompletedProcess.run(
      command, ["query", "--create", path],
      input: Data(
        """
        CREATE INDEX x FOR (n:P) ON (n.x);
        CREATE INDEX name FOR (n:P) ON (n.name);
        CREATE FULLTEXT INDEX words FOR (n:P) ON EACH [n.name];
        UNWIND range(1, 20000) AS i CREATE (:P {x: i, name: 'имя ' + i, group: i % 10});
        UNWIND range(1, 3) AS k MATCH (a:P) MATCH (b:P {x: (a.x * 7919 * k) % 20000 + 1})
          CREATE (a)-[:KNOWS {weight: k}]->(b);
        CREATE (:P {x: -1, name: 'last'});
        """.utf8), timeout: .seconds(300))
    #expect(made.status == 0, "\(made.errorText)")
  }

  /// - Returns: the rows of each statement, nil for its error; nil if the file cannot be opened.
  private func answers(_ command: String, _ path: String) throws -> [String?]? {
    let requests = Self.statements.map { text in
      "{\"query\": \"\(text)\", \"timeoutMillis\": 60000}\n"
    }
    let run = try CompletedProcess.run(
      command, ["pipe", path], input: Data(requests.joined().utf8), timeout: .seconds(200))
    if run.wasSignalled {
      let kept = FileManager.default.temporaryDirectory
        .appendingPathComponent("tropa-damaged-\(UUID().uuidString)").path
      try FileManager.default.copyItem(atPath: path + ".damaged", toPath: kept)
      Issue.record("signal \(run.status) on \(kept): \(run.errorText.suffix(1000))")
    }
    if run.status != 0 { return nil }
    return try run.outputText.split(separator: "\n").map { line in
      let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return answer?["rows"].map { "\($0)" }
    }
  }

  @Test func noSignalEndsAReader() throws {
    let command = try #require(BuiltProducts.tropa).path
    var random = Fuzzing.generator(seed: 5)
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("graph").path
      let copy = folder.appendingPathComponent("copy").path
      try make(path, command)
      // All pages are in use then, and both front pages describe one state.
      #expect(try CompletedProcess.run(command, ["compact", path]).status == 0)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      try whole.write(to: URL(fileURLWithPath: copy))
      let expected = try #require(try answers(command, copy)).map { try #require($0) }
      #expect(expected.count == Self.statements.count)
      try? FileManager.default.removeItem(atPath: copy + "-lock")
      var failures = 0
      for round in Fuzzing.rounds(16) {
        var data = whole
        for _ in 0..<(1 + random.below(6)) {
          let page = 4096 * random.below(data.count / 4096)
          // Headers of pages and of chunks, or anything.
          let offset = round % 2 == 0 ? random.below(4096) : random.below(96)
          data[page + offset] = [0, 0xFF, UInt8(truncatingIfNeeded: random.next())][round % 3]
        }
        try data.write(to: URL(fileURLWithPath: copy))
        try data.write(to: URL(fileURLWithPath: copy + ".damaged"))
        let answers = try answers(command, copy)
        if answers?.contains(nil) ?? true { failures += 1 }
        for (index, answer) in (answers ?? []).prefix(Self.exactStatements.count).enumerated()
        where answer != nil {
          #expect(answer == expected[index], "round \(round): \(Self.statements[index])")
        }
        for file in ["", "-lock", ".damaged"] {
          try? FileManager.default.removeItem(atPath: copy + file)
        }
      }
      #expect(failures > 0)
    }
  }
}
