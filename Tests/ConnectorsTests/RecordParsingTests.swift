import Foundation
import TestSupport
import Testing

@testable import Connectors

/// Random tables are written and read back, with blocks so small that each byte is a boundary.
@Suite struct RecordParsingTests {
  private static let pieces = [
    "a", "b", "12", " ", ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "я", "Ж", "€", "x y", "'",
  ]

  private func randomText(_ random: inout SeededGenerator, _ length: Int) -> String {
    (0..<Int.random(in: 0...length, using: &random)).map { _ in
      Self.pieces.randomElement(using: &random) ?? ""
    }.joined()
  }

  private func written(
    _ text: String, _ delimiter: String, _ quote: String, _ random: inout SeededGenerator
  ) -> String {
    // A quote inside a field that does not begin with one is an ordinary character.
    let needsQuotes =
      text.contains(delimiter) || text.hasPrefix(quote) || text.utf8.contains(10)
      || text.utf8.contains(13)
    if !needsQuotes && Bool.random(using: &random) { return text }
    return quote + text.replacing(quote, with: quote + quote) + quote
  }

  @Test(arguments: [",", ";", "\t", "|"])
  func roundTrip(delimiter: String) throws {
    var random = SeededGenerator(seed: UInt64(delimiter.utf8.first ?? 0))
    try withTemporaryDirectory { folder in
      for round in 0..<40 {
        let quote = round % 3 == 0 ? "'" : "\""
        let lineEnd = round % 2 == 0 ? "\n" : "\r\n"
        let width = Int.random(in: 2...4, using: &random)
        let table = (0..<Int.random(in: 1...12, using: &random)).map { _ in
          (0..<width).map { _ in randomText(&random, 6) }
        }
        var text = table.map { row in
          row.map { written($0, delimiter, quote, &random) }.joined(separator: delimiter)
        }.joined(separator: lineEnd)
        if Bool.random(using: &random) { text += lineEnd }
        if Bool.random(using: &random) { text = "\u{FEFF}" + text }
        let path = folder.appendingPathComponent("t.csv").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var format = TextFormat()
        format.delimiter = .byte(delimiter.utf8.first ?? 0)
        format.quote = quote.utf8.first
        let expected = table.map { $0.map { $0.isEmpty ? nil : $0 } }
        for blockSize in [1, 2, 3, 5, 7, 16, 64, 1 << 16] {
          let (rows, rejects) = try parsedTexts(
            path, fields: width, format: format, blockSize: blockSize)
          #expect(rejects.isEmpty)
          #expect(rows == expected, "block size \(blockSize), text \(text.debugDescription)")
          if rows != expected { return }
        }
      }
    }
  }

  /// Every length of the first record moves all boundaries by one byte.
  @Test func boundariesAtEveryByte() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("t.csv").path
      for shift in 0..<70 {
        let first = String(repeating: "x", count: shift)
        let text = "\(first),1\n\"a\"\"b\nc\",\"2,\"\r\n,\n\"\",5\ny\"z,6\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let (rows, rejects) = try parsedTexts(
          path, fields: 2, format: TextFormat(), blockSize: 64)
        #expect(rejects.isEmpty)
        #expect(
          rows == [
            [first.isEmpty ? nil : first, "1"], ["a\"b\nc", "2,"], [nil, nil], [nil, "5"],
            ["y\"z", "6"],
          ])
      }
    }
  }

  @Test func lineEndsAndBlanks() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("t.csv").path
      for lineEnd in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "", "c,", "d,e"].joined(separator: lineEnd)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        for size in 1..<20 {
          let rows = try parsedTexts(path, fields: 2, format: TextFormat(), blockSize: size).rows
          #expect(rows == [["a", "b"], ["c", nil], ["d", "e"]], "\(lineEnd.debugDescription)")
        }
      }
      try Data(" a  b\tc \r\n\r\n  \r\n d e f\r\n".utf8).write(to: URL(fileURLWithPath: path))
      var format = TextFormat()
      format.delimiter = .blanks
      let rows = try parsedTexts(path, fields: 3, format: format, blockSize: 8).rows
      #expect(rows == [["a", "b", "c"], ["d", "e", "f"]])
    }
  }

  @Test func badRecords() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("t.csv").path
      try Data("a,b\n\"c\" d,e\nf\ng,h,i\nя,\"j\nk\nl,m".utf8).write(to: URL(fileURLWithPath: path))
      let (rows, rejects) = try parsedTexts(
        path, fields: 2, format: TextFormat(), blockSize: 1 << 10)
      #expect(rows == [["a", "b"]])
      #expect(rejects.map(\.line) == [2, 3, 4, 5])
      #expect(rejects.map(\.column) == [4, nil, nil, 3])
      #expect(rejects[1].message == "the row has 1 field, expected 2")
      #expect(rejects[3].message == "the quote that opens here is never closed")
    }
  }

  @Test func invalidUTF8() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("t.csv").path
      var data = Data("имя,x\nя".utf8)
      data.append(contentsOf: [0xC0, 0xAF])
      data.append(Data(",y\nok,z\n".utf8))
      try data.write(to: URL(fileURLWithPath: path))
      let (rows, rejects) = try parsedTexts(path, fields: 2, format: TextFormat(), blockSize: 1)
      #expect(rows == [["имя", "x"], ["ok", "z"]])
      #expect(rejects.map(\.line) == [2])
      #expect(rejects.map(\.column) == [2])
      #expect(rejects.first?.message == "byte 0xC0 is not valid UTF-8")
    }
  }

  @Test func validationAgreesWithSwift() {
    var random = SeededGenerator(seed: 5)
    let bytes: [UInt8] = [
      0x41, 0x7F, 0x80, 0xBF, 0xC1, 0xC2, 0xD0, 0xDF, 0xE0, 0xA0, 0x9F, 0xED, 0xEF, 0xF0, 0x90,
      0x8F,
      0xF4, 0xF5,
    ]
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...12, using: &random)
      let text = (0..<count).map { _ in bytes.randomElement(using: &random) ?? 0 }
      let isValid = String(validating: text, as: UTF8.self) != nil
      let found = text.withUnsafeBufferPointer { text in
        text.baseAddress.flatMap { UTF8Validation.firstInvalid($0, text.count) }
      }
      #expect((found == nil) == isValid, "\(text)")
    }
  }

  @Test func encodings() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("t.csv").path
      let url = URL(fileURLWithPath: path)
      // All bytes that windows-1251 assigns, but for line ends, quote and delimiter.
      let bytes = (1...255).map { UInt8($0) }.filter { ![10, 13, 34, 44, 0x98].contains($0) }
      let expected = String(
        String.UnicodeScalarView(bytes.compactMap { Unicode.Scalar(Windows1251.scalar($0)) }))
      try Data(bytes + [44] + Array(bytes.reversed()) + [10]).write(to: url)
      var format = TextFormat()
      format.encoding = .windows1251
      format.delimiter = .byte(44)
      let rows = try parsedTexts(path, fields: 2, format: format, blockSize: 16).rows
      #expect(
        rows == [[expected, String(expected.unicodeScalars.reversed().map { Character($0) })]])
      #expect(expected == String(data: Data(bytes), encoding: .windowsCP1251))

      for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
        let text = "\u{FEFF}Имя;😀\nЯ;\"x;\"\n"
        try (text.data(using: encoding) ?? Data()).write(to: url)
        for size in [1, 7, 1000] {
          let rows = try parsedTexts(path, fields: 2, format: TextFormat(), blockSize: size).rows
          #expect(rows == [["Имя", "😀"], ["Я", "x;"]])
        }
      }
    }
  }
}
