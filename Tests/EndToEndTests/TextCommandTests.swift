import Foundation
import TestSupport
import Testing

/// `tropa text` as a user runs it.
@Suite(.enabled(if: BuiltProducts.tropa != nil, "the command was not built"))
struct TextCommandTests {
  private func tropa(_ arguments: [String]) throws -> CompletedProcess {
    try CompletedProcess.run(
      try #require(BuiltProducts.tropa).path, arguments, input: Data(), timeout: .seconds(300))
  }

  private func reviews(_ folder: URL) throws -> String {
    let words = ["ужасный брак", "плохой", "так себе", "хороший", "отличный супер"]
    let lines = (0..<300).map { "\($0),\($0 % 5 + 1),\"товар, \(words[$0 % 5]) номер \($0 / 5)\"" }
    let path = folder.appendingPathComponent("reviews.csv").path
    try ("id:ID(Review){id-type:long},rating:int,text\n" + lines.joined(separator: "\n") + "\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func trainScoreEvaluate() throws {
    try withTemporaryDirectory { folder in
      let csv = try reviews(folder)
      let model = folder.appendingPathComponent("r.model").path
      let source = ["--text", "text", "--stars", "rating"]
      let trained = try tropa(["text", "train", csv] + source + ["--out", model])
      #expect(trained.status == 0, "\(trained.errorText)")
      #expect(trained.outputText.contains("300 texts with stars 1 (60)"))
      let evaluated = try tropa(["text", "evaluate", csv] + source + ["--model", model])
      #expect(evaluated.status == 0 && evaluated.outputText.contains("measured on 300 texts"))
      let split = try tropa(["text", "evaluate", csv] + source + ["--classes", "2"])
      #expect(split.status == 0 && split.outputText.contains("macro F1 1.0"), "\(split.outputText)")
      let lexicon = try tropa(["text", "evaluate", csv] + source + ["--lexicon-only"])
      #expect(lexicon.status == 0, "\(lexicon.errorText)")
      let scored = try tropa(["text", "score", csv, "--text", "text", "--model", model])
      let lines = scored.outputText.split(separator: "\n")
      #expect(lines.count == 301 && lines[1].hasPrefix("1,negative,-"), "\(lines[1])")

      // The same from a database, and the procedure with the model.
      let database = folder.appendingPathComponent("r.tropa").path
      #expect(try tropa(["import", database, "--nodes", "Review=\(csv)"]).status == 0)
      let second = folder.appendingPathComponent("s.model").path
      let again = try tropa(["text", "train", database] + source + ["--out", second])
      #expect(again.status == 0, "\(again.errorText)")
      #expect(
        FileManager.default.contents(atPath: model)
          == FileManager.default.contents(atPath: second))
      let ids = try tropa(["text", "score", database, "--text", "text", "--model", model])
      #expect(ids.outputText.split(separator: "\n").count == 301)
      let written = try tropa([
        "query", database, "--format", "csv", "-p", "model=\(model)",
        "CALL crm.text.sentiment.write({model: $model}) YIELD scored RETURN scored",
      ])
      #expect(written.outputText == "scored\n300\n", "\(written.errorText)")
    }
  }

  @Test func mistakes() throws {
    try withTemporaryDirectory { folder in
      let csv = try reviews(folder)
      let out = folder.appendingPathComponent("x.model").path
      func failure(_ arguments: [String], _ status: Int32, _ part: String) throws {
        let result = try tropa(["text"] + arguments)
        #expect(result.status == status, "\(arguments)")
        #expect(result.errorText.contains(part), "\(result.errorText)")
        #expect(!FileManager.default.fileExists(atPath: out))
      }
      try failure(
        ["train", csv, "--text", "txt", "--stars", "rating", "--out", out], 1,
        "did you mean 'text'?")
      try failure(
        ["train", csv, "--text", "text", "--stars", "text", "--out", out], 1, "is no number")
      try failure(
        ["train", csv, "--text", "text", "--stars", "rating", "--classes", "4", "--out", out], 2,
        "--classes is 2 or 3")
      try failure(["score", csv, "--text", "text", "--model", csv], 1, "is no sentiment model")
      try failure(["score", csv + "x", "--text", "text"], 1, "cannot be opened")
    }
  }
}
