import Foundation
import TestSupport
import Testing

@testable import Connectors

@Suite struct TextColumnsTests {
  private func read(_ text: String, _ names: [String]) throws -> TextColumns {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("t.csv")
      try Data(text.utf8).write(to: file)
      return try TextColumns(file.path, names: names)
    }
  }

  @Test func columnsByName() throws {
    let table = try read(
      "id:ID(Review),rating:int,text\n1,5,\"Хорошо,\nочень\"\n2,,плохо\n", ["text", "rating"])
    #expect(table.columns == [["Хорошо,\nочень", "плохо"], ["5", nil]])
    #expect(table.count == 2 && table.rejected == 0)
    let exact = try read("a:b;a\n1;2\n", ["a"])
    #expect(exact.columns == [["1"]] || exact.columns == [["2"]])
  }

  @Test func mistakes() throws {
    let unknown = #expect(throws: ImportError.self) { try read("text,stars\na,1\n", ["txt"]) }
    #expect(unknown?.hint?.contains("text") == true)
    let empty = #expect(throws: ImportError.self) { try read("", ["text"]) }
    #expect(empty?.message.contains("is empty") == true)
  }
}
