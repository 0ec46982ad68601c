import Foundation
import TestSupport
import Testing

/// `check`, `backup`, `restore`, `compact`, `dump`, `load` and `info` as a user runs them.
@Suite(.enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct OperationsTests {
  private func tropa(
    _ arguments: [String], input: String = "", shell: String? = nil
  ) throws -> CompletedProcess {
    let command = try #require(BuiltProducts.tropa).path
    guard let shell else {
      return try CompletedProcess.run(
        command, arguments, input: Data(input.utf8), timeout: .seconds(300))
    }
    return try CompletedProcess.run(
      "sh", ["-c", "\(shell); exec \"$0\" \"$@\"", command] + arguments,
      input: Data(input.utf8), timeout: .seconds(300))
  }

  private let graph = """
    CREATE CONSTRAINT ids FOR (n:A) REQUIRE n.id IS UNIQUE;
    CREATE INDEX names FOR (n:A) ON (n.name);
    UNWIND range(1, 500) AS i
      CREATE (:A {id: i, name: 'имя "' + i + '"', third: i / 3.0, day: date('2026-01-31'),
        list: [1, 2, i], at: point({x: i, y: 2})});
    MATCH (a:A), (b:A) WHERE b.id = a.id + 1 CREATE (a)-[:T {weight: a.id}]->(b);
    MATCH (a:A {id: 7}), (b:A {id: 8}) CREATE (a)-[:T {weight: -1}]->(b), (a)-[:T]->(b),
      (a)-[:`odd type` {moment: datetime('2026-01-31T10:00:00+03:00[Europe/Moscow]')}]->(a);
    CREATE (:B:`два слова` {inf: 1.0 / 0.0, nan: 0.0 / 0.0, most: 9223372036854775807,
      least: -9223372036854775807 - 1, zero: -0.0, tiny: 5e-324, empty: '', none: [],
      span: duration('P1Y2M3DT4H5M-6.5S'), time: localtime('10:11:12.123456789'),
      zoned: time('10:11:12+01:00'), local: localdatetime('1026-01-31T10:11:12'),
      text: 'tab\\tline\\nquote" backslash\\\\ Ünï 🚀', floats: [1.0, 2.5, 1e300]});
    MATCH (a:A) WHERE a.id % 50 = 0 DETACH DELETE a;
    """

  private func make(_ path: String) throws {
    let made = try tropa(["query", path, "--create"], input: graph)
    #expect(made.status == 0, "\(made.errorText)")
  }

  private func count(_ path: String) throws -> String {
    try tropa(["query", path, "--format", "csv", "MATCH (n) RETURN count(n) AS n"]).outputText
  }

  @Test func checks() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("мой граф.tropa").path
      try make(path)
      let whole = try tropa(["check", path])
      #expect(whole.status == 0 && whole.outputText.contains("no damage found"), "\(whole)")
      // What the database was before is not in a compacted file.
      #expect(try tropa(["compact", path]).status == 0)
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      let text = try #require(data.range(of: Data("два слова".utf8)))
      data[text.lowerBound] ^= 1
      try data.write(to: URL(fileURLWithPath: path))
      let damaged = try tropa(["check", path])
      // Names are in the catalogue, or in a recorded change.
      let places = ["catalogue: ", "delta: "]
      #expect(places.contains { damaged.outputText.contains($0) }, "\(damaged)")
      #expect(damaged.status == 1)
      #expect(damaged.errorText.contains("is damaged: "))
      #expect(try tropa(["check", path + "2"]).status == 1)
      #expect(try tropa(["check"]).status == 2)
    }
  }

  @Test func backupAndRestore() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("shop.tropa").path
      let backup = folder.appendingPathComponent("backup.tropa").path
      try make(path)
      let made = try tropa(["backup", path, backup])
      #expect(made.status == 0 && made.outputText.contains("491 nodes"), "\(made)")
      let again = try tropa(["backup", path, backup])
      #expect(again.status == 1 && again.errorText.contains("already"))
      #expect(try tropa(["backup", path, backup, "--force"]).status == 0)
      _ = try tropa(["query", path, "MATCH (n) DETACH DELETE n"])
      #expect(try count(path) == "n\n0\n")
      #expect(try tropa(["restore", backup, path]).status == 1)
      // Not under the feet of another process.
      let shell = try LineProcess(try #require(BuiltProducts.tropa).path, ["pipe", path])
      try shell.send("{\"query\":\"RETURN 1\"}")
      _ = try shell.receive(timeout: .seconds(60))
      for arguments in [["restore", backup, path, "--force"], ["compact", path]] {
        let refused = try tropa(arguments)
        #expect(refused.status == 1)
        #expect(refused.errorText.contains("process \(shell.identifier) (tropa pipe"))
      }
      #expect(try shell.finish() == 0)
      let restored = try tropa(["restore", backup, path, "--force"])
      #expect(restored.status == 0, "\(restored.errorText)")
      #expect(try count(path) == "n\n491\n")
      let compacted = try tropa(["compact", path])
      #expect(compacted.status == 0 && compacted.outputText.contains("→"), "\(compacted)")
      #expect(try count(path) == "n\n491\n")
      #expect(try tropa(["check", path]).status == 0)
    }
  }

  @Test(arguments: ["jsonl", "jsonl.gz"])
  func dumpsAreLoaded(_ kind: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("shop.tropa").path
      let copy = folder.appendingPathComponent("copy.tropa").path
      let dump = folder.appendingPathComponent("shop.\(kind)").path
      try make(path)
      #expect(try tropa(["dump", path, dump]).status == 0)
      #expect(try tropa(["dump", path, dump]).status == 1)
      #expect(try tropa(["dump", path, dump, "--force"]).status == 0)
      let loaded = try tropa(["load", dump, copy])
      #expect(loaded.status == 0, "\(loaded.errorText)")
      #expect(loaded.outputText.contains("491 nodes") && loaded.outputText.contains("2 indexes"))
      #expect(try tropa(["check", copy]).status == 0)
      #expect(try tropa(["load", dump, copy]).status == 1)
      // Node numbers have no gaps any more; a dump of the copy is as its copy.
      let first = try tropa(["dump", copy]).outputText
      let second = folder.appendingPathComponent("second.tropa").path
      try Data(first.utf8).write(to: folder.appendingPathComponent("first.jsonl"))
      #expect(
        try tropa(["load", folder.appendingPathComponent("first.jsonl").path, second]).status == 0)
      #expect(try tropa(["dump", second]).outputText == first)
      for query in [
        "MATCH (n) RETURN labels(n), properties(n) ORDER BY n.id",
        "MATCH (a)-[r]->(b) RETURN a.id, b.id, type(r), properties(r) "
          + "ORDER BY a.id, b.id, type(r), r.weight",
        "SHOW CONSTRAINTS YIELD createStatement", "SHOW INDEXES YIELD createStatement",
      ] {
        let expected = try tropa(["query", path, "--format", "jsonl", query])
        let found = try tropa(["query", copy, "--format", "jsonl", query])
        #expect(expected.status == 0 && !expected.outputText.isEmpty, "\(expected.errorText)")
        #expect(found.outputText == expected.outputText, "\(query)")
      }
    }
  }

  @Test func dumpsReplaceNoDatabases() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("x.tropa").path
      let other = folder.appendingPathComponent("y.tropa").path
      for file in [path, other] {
        #expect(try tropa(["query", "--create", file, "CREATE (:A {n: 1})"]).status == 0)
        let failed = try tropa(["dump", path, file, "--force"])
        #expect(failed.status == 1 && failed.errorText.contains("is a database"))
        #expect(try tropa(["check", file]).status == 0)
      }
    }
  }

  @Test func badDumpsNameTheLine() throws {
    try withTemporaryDirectory { folder in
      let dump = folder.appendingPathComponent("x.jsonl")
      let path = folder.appendingPathComponent("x.tropa").path
      let head = "{\"tropa\":{\"dump\":1}}\n"
      let node = "{\"node\":0,\"labels\":[\"A\"],\"properties\":{\"x\":1}}\n"
      let end = "{\"end\":{\"nodes\":1,\"relationships\":0}}\n"
      func point(_ srid: String, _ coordinates: String) -> String {
        head + "{\"node\":0,\"labels\":[],\"properties\":{\"x\":{\"$point\":{\"srid\":\(srid),"
          + "\"coordinates\":[\(coordinates)]}}}}\n" + end
      }
      for (text, message) in [
        ("id,name\n1,Анна\n", "x.jsonl:1"), (node + end, "is not a dump"),
        ("{\"tropa\":{\"dump\":9}}\n" + end, "format 9"), (head + node, "ends too early"),
        (head + node + node + end, "x.jsonl:3: node 0 is there twice"),
        (head + "{\"node\":0,\"labels\":[],\"properties\":{\"x\":{\"a\":1}}}\n" + end, "x.jsonl:2"),
        (head + "{\"node\":0,\"labels\":[],\"properties\":{\"x\":[1,\"a\"]}}\n" + end, "x.jsonl:2"),
        (head + "{\"node\":0,\"labels\":[],\"properties\":{\"x\":{\"$date\":\"x\"}}}\n", "$date"),
        (point("9999", "1.0,2.0"), "x.jsonl:2:"), (point("9999", "1.0,2.0"), "4326 (wgs-84)"),
        (point("4326", "1.0,2.0,3.0"), "has 2 coordinates"),
        (point("9157", "1.0,2.0"), "has 3 coordinates"),
        (point("4326", "37.6,95.5"), "latitude must be between -90 and 90"),
        (point("7203", "1.0"), "two or three coordinates"),
        (
          head + node + "{\"type\":\"T\",\"start\":0,\"end\":5}\n" + end,
          "x.jsonl:3: there is no node 5"
        ),
        (head + node + "{\"schema\":\"MATCH (n) DELETE n\"}\n" + end, "x.jsonl:3"),
        (
          head + node + "{\"schema\":\"CREATE CONSTRAINT FOR (n:A) REQUIRE n.y IS NOT NULL\"}\n"
            + end, "x.jsonl:3"
        ),
        (head + node + "{\"type\":\"T\",\"node\":0}\n" + end, "x.jsonl:3"),
        (head + node + "{\"end\":5}\n" + end, "x.jsonl:3"),
        (head + node + end + node, "behind the end"),
        (
          head + "{\"labels\":[\"A\"],\"properties\":{\"x\":1},\"labels\":[\"B\"],"
            + "\"node\":0}\n" + end, "twice"
        ),
        (head + node + "{\"labels\":[\"A\"],\"start\":0,\"end\":0}\n" + end, "x.jsonl:3"),
        (
          head + "{\"node\":0,\"labels\":[],\"properties\":{\"x\":"
            + String(repeating: "[", count: 100_000), "nested"
        ),
        (head + "{\"node\":0,\"labels\":[\"\\u+123\"]}\n" + end, "hexadecimal"),
        (head + end, "there should be 1 nodes"), (head + "{\"node\":0,\"labels\":[\n", "x.jsonl:2"),
      ] {
        try Data(text.utf8).write(to: dump)
        let failed = try tropa(["load", dump.path, path])
        #expect(failed.status == 1 && failed.errorText.contains(message), "\(failed.errorText)")
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.jsonl"])
      }
      try Data((head + "\n" + node + end).utf8).write(to: dump)
      #expect(try tropa(["load", dump.path, path]).status == 0)
    }
  }

  @Test func information() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("shop.tropa").path
      try make(path)
      let shell = try LineProcess(try #require(BuiltProducts.tropa).path, ["pipe", path])
      for request in ["{\"begin\":\"write\"}", "{\"query\":\"MATCH (a:A) RETURN count(a)\"}"] {
        try shell.send(request)
        _ = try shell.receive(timeout: .seconds(60))
      }
      _ = try tropa(["query", path, "--lock-timeout", "0.1", "CREATE (:C)"])
      let info = try tropa(["info", path])
      #expect(info.status == 0 && info.outputText.contains("name"), "\(info)")
      #expect(info.outputText.contains("process \(shell.identifier) (tropa pipe"))
      let json = try tropa(["info", path, "--format", "json"])
      let object = try #require(
        try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
      #expect(object["nodes"] as? Int == 491)
      #expect((object["schema"] as? [String])?.count == 2)
      #expect((object["readers"] as? [[String: Any]])?.count ?? 0 >= 1)
      shell.kill()
      #expect(try tropa(["info", path, "--format", "xml"]).status == 2)
    }
  }

  @Test func writersSayForWhomTheyWait() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("shop.tropa").path
      try make(path)
      let holder = try LineProcess(try #require(BuiltProducts.tropa).path, ["pipe", path])
      for request in ["{\"begin\":true}", "{\"query\":\"CREATE (:A {id: 0})\"}"] {
        try holder.send(request)
        #expect(try !holder.receive(timeout: .seconds(60)).contains("error"))
      }
      let late = try tropa(["query", path, "CREATE (:C)", "--lock-timeout", "1.5"])
      #expect(late.status == 1)
      let name = "process \(holder.identifier) (tropa pipe"
      #expect(late.errorText.contains("waiting for \(name)"), "\(late.errorText)")
      #expect(late.errorText.contains("is being changed by \(name)"))
      holder.kill()
      let done = try tropa(["query", path, "CREATE (:C)", "--lock-timeout", "20"])
      #expect(done.status == 0, "\(done.errorText)")
    }
  }

  /// Transactions that only read take no lock, and write only after what they have read.
  @Test func readersAndAWriterInSeveralProcesses() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("shop.tropa").path
      try make(path)
      let command = try #require(BuiltProducts.tropa).path
      let readers = try (0..<2).map { _ in
        try LineProcess(command, ["pipe", path, "--lock-timeout", "1"])
      }
      defer { for reader in readers { reader.kill() } }
      func ask(_ reader: LineProcess, _ request: String) throws -> String {
        try reader.send(request)
        return try reader.receive(timeout: .seconds(60))
      }
      let count = "{\"query\":\"MATCH (c:C) RETURN count(c) AS n\"}"
      for reader in readers {
        #expect(try ask(reader, "{\"begin\":true}").contains("ok"))
        #expect(try ask(reader, count).contains("[[0]]"))
      }
      let written = try tropa(["query", path, "CREATE (:C)", "--lock-timeout", "1"])
      #expect(written.status == 0, "\(written.errorText)")
      for reader in readers { #expect(try ask(reader, count).contains("[[0]]")) }
      #expect(try ask(readers[0], "{\"commit\":true}").contains("ok"))
      let create = "{\"query\":\"CREATE (:C)\"}"
      let late = try ask(readers[1], create)
      #expect(late.contains("Neo.TransientError.Transaction.Outdated"), "\(late)")
      #expect(late.contains("run it again"), "\(late)")
      #expect(try ask(readers[1], "{\"rollback\":true}").contains("ok"))
      // Run again, it has the lock from its change to its end, and the other reads on.
      for request in ["{\"begin\":true}", count, create] {
        #expect(try !ask(readers[1], request).contains("error"))
      }
      #expect(try ask(readers[0], "{\"begin\":true}").contains("ok"))
      #expect(try ask(readers[0], count).contains("[[1]]"))
      #expect(try ask(readers[0], create).contains("DatabaseLocked"))
      #expect(try ask(readers[1], "{\"commit\":true}").contains("ok"))
      #expect(try ask(readers[0], "{\"rollback\":true}").contains("ok"))
      #expect(try ask(readers[0], count).contains("[[2]]"))
    }
  }

  /// The limit of file sizes is a disk that is full at once.
  @Test func fullDisks() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("shop.tropa").path
      try make(path)
      let before = try count(path)
      let grow = "UNWIND range(1, 200000) AS i CREATE (:Big {text: 'a long text ' + i, id: i})"
      let full = try tropa(["query", path, grow], shell: "ulimit -f 2000")
      #expect(full.status == 1 && !full.wasSignalled)
      #expect(full.errorText.contains("cannot write to the database \(path)"), "\(full.errorText)")
      #expect(try count(path) == before)
      #expect(try tropa(["check", path]).status == 0)
      for arguments in [
        ["backup", path, path + ".copy"], ["dump", path, path + ".jsonl"], ["compact", path],
      ] {
        let failed = try tropa(arguments, shell: "ulimit -f 4")
        #expect(failed.status == 1 && !failed.wasSignalled, "\(arguments): \(failed)")
        #expect(!failed.errorText.isEmpty)
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(Set(files).subtracting(["shop.tropa", "shop.tropa-lock"]).isEmpty, "\(files)")
      #expect(try tropa(["query", path, grow]).status == 0)
      #expect(try count(path) == "n\n200491\n")
    }
  }

  @Test func helpHasExamples() throws {
    for command in ["check", "backup", "restore", "compact", "dump", "load", "info"] {
      let help = try tropa([command, "--help"])
      #expect(help.status == 0 && help.outputText.contains("tropa \(command) "), "\(command)")
      #expect(help.outputText.contains("xample"))
    }
  }
}
