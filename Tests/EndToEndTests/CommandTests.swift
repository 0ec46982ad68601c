import Foundation
import TestSupport
import Testing

/// The real command, as a user runs it.
@Suite(.enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct CommandTests {
  private func tropa(_ arguments: [String], input: String = "") throws -> CompletedProcess {
    try CompletedProcess.run(
      try #require(BuiltProducts.tropa).path, arguments, input: Data(input.utf8),
      timeout: .seconds(300))
  }

  private func imported(_ folder: URL, clients: Int = 300) throws -> String {
    let csv = folder.appendingPathComponent("csv").path
    let database = folder.appendingPathComponent("shop.tropa").path
    let generated = try tropa(["generate", csv, "--clients", "\(clients)"])
    #expect(generated.status == 0, "\(generated.errorText)")
    let done = try tropa([
      "import", database, "--nodes", "Client=\(csv)/clients.csv", "--nodes",
      "Product=\(csv)/products.csv", "--nodes", "Review=\(csv)/reviews.csv", "--relationships",
      "PURCHASED=\(csv)/purchased.csv", "--relationships", "VIEWED=\(csv)/viewed.csv",
      "--relationships", "FOLLOWS=\(csv)/follows.csv", "--relationships", "WROTE=\(csv)/wrote.csv",
      "--relationships", "ABOUT=\(csv)/about.csv",
    ])
    #expect(done.status == 0, "\(done.errorText)")
    return database
  }

  @Test func theWholeChain() throws {
    try withTemporaryDirectory { folder in
      let database = try imported(folder)
      let counted = try tropa([
        "query", database, "--format", "csv", "MATCH (c:Client) RETURN count(c) AS n",
      ])
      #expect(counted.outputText == "n\n300\n")
      let lines =
        try String(
          contentsOf: folder.appendingPathComponent("csv/purchased.csv"), encoding: .utf8
        ).split(separator: "\n").count - 1
      let purchases = try tropa([
        "query", database, "--format", "csv", "MATCH ()-[p:PURCHASED]->() RETURN count(p) AS n",
      ])
      #expect(purchases.outputText == "n\n\(lines)\n")
      let queries = try #require(SharedData.packageRoot).appendingPathComponent("Queries")
      let files = try FileManager.default.contentsOfDirectory(atPath: queries.path)
        .filter { $0.hasSuffix(".cypher") }.sorted().map { "\(queries.path)/\($0)" }
      let reports = folder.appendingPathComponent("reports").path
      let run = try tropa(["run", database] + files + ["--output", reports, "--limit", "5"])
      #expect(run.status == 0, "\(run.errorText)")
      let report = try String(contentsOfFile: reports + "/segment-report.csv", encoding: .utf8)
      #expect(report.split(separator: "\n").count == 7, "\(report)")
      let info = try tropa(["info", database])
      #expect(info.outputText.contains("PURCHASED"))
    }
  }

  @Test func exitCodesAndMessages() throws {
    try withTemporaryDirectory { folder in
      let database = folder.appendingPathComponent("x.tropa").path
      let syntax = try tropa(["query", database, "--create", "RETRUN 1"])
      #expect(syntax.status == 1 && syntax.errorText.contains("RETURN"))
      #expect(syntax.outputText.isEmpty)
      let usage = try tropa(["query"])
      #expect(usage.status == 2)
      let option = try tropa(["import", database, "--node", "a.csv"])
      #expect(option.status == 2 && option.errorText.contains("--nodes"))
      let missing = try tropa(["import", database + "2", "--nodes", "A=\(folder.path)/no.csv"])
      #expect(missing.status == 1 && missing.errorText.contains("no.csv"))
      #expect(try tropa(["run", database, "no.cypher"]).status == 2)
      #expect(try tropa(["info", folder.appendingPathComponent("none.tropa").path]).status == 1)
      #expect(try tropa(["--help"]).status == 0)
    }
  }

  @Test func errorsAndWarningsHaveTheLineOfTheWholeText() throws {
    try withTemporaryDirectory { folder in
      let database = folder.appendingPathComponent("x.tropa").path
      let ran = try tropa(
        ["query", database, "--create"],
        input: "CREATE (:A);\n\nMATCH (a:B)\nRETURN a;\n\nRETURN 1 AS x,\n  1 / 0 AS y;\n")
      #expect(ran.status == 1)
      #expect(ran.errorText.contains("`B` (line 3, column 10)"), "\(ran.errorText)")
      #expect(ran.errorText.contains("(line 7, column 3)"), "\(ran.errorText)")
      #expect(ran.errorText.contains(" 7 |   1 / 0 AS y"), "\(ran.errorText)")
    }
  }

  @Test func aBadRowStopsAndNothingIsLeft() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("clients.csv")
      try Data("id:ID(C){id-type:long},age:int\n1,20\n2,много\n".utf8).write(to: file)
      let database = folder.appendingPathComponent("x.tropa").path
      let stopped = try tropa(["import", database, "--nodes", "Client=\(file.path)"])
      #expect(stopped.status == 1)
      #expect(stopped.errorText.contains("clients.csv:3") && stopped.errorText.contains("много"))
      #expect(!FileManager.default.fileExists(atPath: database))
      let skipped = try tropa([
        "import", database, "--nodes", "Client=\(file.path)", "--on-error", "skip", "--rejects",
        folder.appendingPathComponent("rejects").path,
      ])
      #expect(skipped.status == 0, "\(skipped.errorText)")
      #expect(skipped.outputText.contains("1 rejected"))
      let count = try tropa([
        "query", database, "--format", "csv", "MATCH (n) RETURN count(n) AS n",
      ])
      #expect(count.outputText == "n\n1\n")
    }
  }

  @Test func pipeAndShellRead() throws {
    let piped = try tropa(
      ["pipe", "--memory"], input: "{\"query\": \"RETURN 1 AS x\"}\n{\"query\": \"RETURN\"}\n")
    let lines = piped.outputText.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("[[1]]") && lines[1].contains("SyntaxError"))
    try withTemporaryDirectory { folder in
      let database = folder.appendingPathComponent("x.tropa").path
      let shell = try tropa(
        ["shell", database, "--format", "csv"],
        input: "CREATE (:A {x: 'ё'});\nMATCH (a)\nRETURN a.x AS x;\n")
      #expect(shell.status == 0 && shell.outputText == "x\nё\n")
      let command = try tropa(["shell", database, "-c", "RETURN y"])
      #expect(command.status == 1)
    }
  }
}
