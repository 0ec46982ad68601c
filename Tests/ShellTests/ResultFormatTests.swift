import Testing
import Tropa

@testable import Shell

@Suite struct ResultFormatTests {
  private let columns = ["id", "имя", "x"]
  private let rows: [[Value]] = [
    [.integer(1), .string("Анна, \"Ася\""), .float(1.5)],
    [.integer(20), .null, .list([.integer(1)])],
    [.integer(300), .string(""), .float(-0.25)],
  ]

  private func text(_ format: ResultFormat, width: Int? = nil) throws -> String {
    var text = ""
    let writer = format.writer(width: width) { text += $0 }
    try writer.begin(columns: columns)
    for row in rows { try writer.row(row) }
    try writer.end()
    return text
  }

  @Test func csv() throws {
    #expect(
      try text(.csv) == "id,имя,x\n1,\"Анна, \"\"Ася\"\"\",1.5\n20,,[1]\n300,\"\",-0.25\n")
  }

  @Test func floatsOfTablesHaveNoExponent() throws {
    var csv = ""
    let writer = ResultFormat.csv.writer(width: nil) { csv += $0 }
    try writer.begin(columns: ["x"])
    for number in [77_642_329.82, 1e15, 0.001, -0.0, .nan] { try writer.row([.float(number)]) }
    try writer.end()
    #expect(csv == "x\n77642329.82\n1000000000000000.0\n0.001\n-0.0\nNaN\n")
  }

  @Test func jsonAndLines() throws {
    #expect(
      try text(.jsonl)
        == "{\"id\": 1, \"имя\": \"Анна, \\\"Ася\\\"\", \"x\": 1.5}\n{\"id\": 20, \"имя\": null, \"x\": [1]}\n"
        + "{\"id\": 300, \"имя\": \"\", \"x\": -0.25}\n")
    guard case .array(let objects) = try JSON(parsing: try text(.json)) else {
      Issue.record("not an array")
      return
    }
    #expect(objects.count == 3 && objects[1]["имя"] == .null)
  }

  @Test func tableAlignsAndFits() throws {
    #expect(
      try text(.table)
        == """
        ┌─────┬─────────────┬───────┐
        │ id  │ имя         │ x     │
        ├─────┼─────────────┼───────┤
        │ 1   │ Анна, "Ася" │ 1.5   │
        │ 20  │             │ [1]   │
        │ 300 │             │ -0.25 │
        └─────┴─────────────┴───────┘

        """.replacing("│ id  │", with: "│  id │").replacing("│ 1   │", with: "│   1 │")
        .replacing("│ 20  │", with: "│  20 │"))
    let narrow = try text(.table, width: 26)
    #expect(narrow.contains("Анна, \"…"))
    for line in narrow.split(separator: "\n") { #expect(line.count <= 26) }
  }

  @Test func jsonReadsBackWhatItWrites() throws {
    let texts = [
      "{\"a\": [1, -2.5, true, null, \"\\u00e9\\n\\\"\"], \"b\": {}}", "[]", "\"\\ud83d\\ude00\"",
    ]
    for text in texts {
      let json = try JSON(parsing: text)
      #expect(try JSON(parsing: json.text) == json)
    }
    for bad in ["", "{", "[1,]", "{\"a\" 1}", "01", "1.", "\"\u{1}\"", "tru", "[1] 2", "\"\\x\""] {
      #expect(throws: JSONError.self) { try JSON(parsing: bad) }
    }
    #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 100_000)) }
  }
}
