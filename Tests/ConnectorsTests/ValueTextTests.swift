import Foundation
import GraphTypes
import TestSupport
import Testing

@testable import Connectors

@Suite struct ValueTextTests {
  private func read(_ type: ColumnType, _ text: String, _ format: TextFormat = TextFormat())
    -> Value?
  {
    Array(text.utf8).withUnsafeBufferPointer { ValueReader(format: format).read(type, $0) }
  }

  @Test func integersAgreeWithSwift() {
    var random = SeededGenerator(seed: 1)
    var texts = [
      "", "-", "+", "0", "-0", "+7", "9223372036854775807", "9223372036854775808",
      "-9223372036854775808", "-9223372036854775809", "12a", "a", "99999999999999999999",
    ]
    for _ in 0..<2000 { texts.append("\(Int64.random(in: .min ... .max, using: &random))") }
    for text in texts {
      let value = Array(text.utf8).withUnsafeBufferPointer { bytes in
        bytes.baseAddress.flatMap { NumberText.integer($0, bytes.count) }
      }
      #expect(value == Int64(text), "\(text)")
    }
  }

  @Test func floatsAgreeWithSwift() {
    var random = SeededGenerator(seed: 2)
    var texts = [
      "0", "-0.0", ".5", "5.", "1e5", "1E-7", "1e400", "12.34.5", "x", "1e", "-", "NaN",
      "123456789012345678901234567890", "0.1", "2.2250738585072011e-308", "9007199254740993",
    ]
    for _ in 0..<3000 {
      let value = Double(bitPattern: UInt64.random(in: 0 ... .max, using: &random))
      if value.isFinite { texts.append("\(value)") }
      texts.append("\(Double(Int.random(in: -100_000_000...100_000_000, using: &random)) / 1000)")
    }
    for text in texts {
      let value = Array(text.utf8).withUnsafeBufferPointer { bytes in
        bytes.baseAddress.flatMap { NumberText.float($0, bytes.count, point: 46) }
      }
      let expected = text == "1e400" ? nil : text == "5." ? 5 : text == ".5" ? 0.5 : Double(text)
      #expect(
        value?.bitPattern == expected?.bitPattern || value?.isNaN == true && text == "NaN",
        "\(text)")
    }
  }

  @Test func russianNumbers() {
    var format = TextFormat()
    format.decimalPoint = UInt8(ascii: ",")
    #expect(read(.float, "12,50", format) == .float(12.5))
    #expect(read(.float, "1 234,5", format) == nil)
    format.allowsThousandsSpaces = true
    #expect(read(.float, "1 234 567,5", format) == .float(1_234_567.5))
    #expect(read(.float, "1\u{A0}234,5", format) == .float(1234.5))
    #expect(read(.float, "-1\u{202F}234,5", format) == .float(-1234.5))
    #expect(read(.integer, " 17\u{A0}850 ", format) == .integer(17850))
    #expect(read(.integer, "17850,00", format) == .integer(17850))
    #expect(read(.integer, "17850,5", format) == nil)
    #expect(read(.integer, "9e+05") == .integer(900_000))
    #expect(read(.integer, "15e-1") == nil)
  }

  @Test func otherTypes() throws {
    #expect(read(.boolean, "TRUE") == .boolean(true))
    #expect(read(.boolean, "нет") == .boolean(false))
    #expect(read(.boolean, "2") == nil)
    #expect(read(.array(.integer), "1;2;3") == .list([.integer(1), .integer(2), .integer(3)]))
    #expect(read(.array(.integer), "1;x") == nil)
    #expect(read(.duration, "P1DT2H") == .duration(try CalendarDuration("P1DT2H")))
    #expect(read(.time, "10:30:00+03:00") == .time(try OffsetTime("10:30:00+03:00")))
    #expect(read(.localTime, "10:30") == .localTime(try LocalTime("10:30")))
    #expect(
      read(.dateTime, "2024-01-31T10:30:00+03:00")
        == .dateTime(try ZonedDateTime("2024-01-31T10:30:00+03:00")))
    #expect(read(.point, "{x: 1.5, y: -2}") == .point(Point(srid: 7203, x: 1.5, y: -2)))
    #expect(
      read(.point, "{latitude:55.75, longitude:37.62}")
        == .point(Point(srid: 4326, x: 37.62, y: 55.75)))
    #expect(read(.point, "1,2") == nil)
  }

  @Test(arguments: [
    ("dd.MM.yyyy", "31.01.2024", "2024-01-31T00:00:00"),
    ("dd.MM.yyyy", "1.2.2024", "2024-02-01T00:00:00"),
    ("dd.MM.yyyy HH:mm:ss", "31.12.1999 23:59:58", "1999-12-31T23:59:58"),
    ("M/d/yyyy H:mm", "12/1/2010 8:26", "2010-12-01T08:26:00"),
    ("M/d/yy h:mm a", "12/1/10 8:26 PM", "2010-12-01T20:26:00"),
    ("M/d/yy h:mm a", "12/1/10 12:05 am", "2010-12-01T00:05:00"),
    ("yyyyMMdd", "19970101", "1997-01-01T00:00:00"),
    ("yyyyMMddHHmmss", "19970101102030", "1997-01-01T10:20:30"),
    ("yyyy-MM-dd HH:mm:ss.SSS", "2024-02-29 10:20:30.250", "2024-02-29T10:20:30.25"),
    ("epoch-seconds", "964982703", "2000-07-30T18:45:03"),
    ("epoch-millis", "964982703123", "2000-07-30T18:45:03.123"),
    ("epoch-seconds", "-1", "1969-12-31T23:59:59"),
    ("d 'дня' M yyyy", "5 дня 3 2024", "2024-03-05T00:00:00"),
  ])
  func patterns(pattern: String, text: String, expected: String) throws {
    var format = TextFormat()
    format.datePatterns = [try DatePattern(pattern)]
    #expect(read(.localDateTime, text, format) == .localDateTime(try LocalDateTime(expected)))
  }

  @Test func badDates() throws {
    var format = TextFormat()
    format.datePatterns = [try DatePattern("dd.MM.yyyy")]
    for text in [
      "31.02.2024", "1.13.2024", "00.01.2024", "1.1.24", "31.01.2024 ", "31.01.2024x", "31-01-2024",
    ] {
      let value = read(.date, text, format)
      #expect((value == nil) == (text != "31.01.2024 "), "\(text)")
    }
    #expect(throws: ImportError.self) { try DatePattern("dd.mm.yyyy") }
    #expect(throws: ImportError.self) { try DatePattern("dd.MM.yyyy QQ") }
    #expect(throws: ImportError.self) { try DatePattern("HH:mm") }
  }

  @Test func isoDatesAgreeWithGraphTypes() throws {
    for text in [
      "2024-02-29", "2023-02-29", "2024-13-01", "2024-00-10", "0001-01-01", "9999-12-31",
    ] {
      let expected = try? LocalDate(text)
      #expect(read(.date, text) == expected.map { .date($0) })
    }
    for text in [
      "2024-02-29T10:20", "2024-02-29 10:20:30", "2024-02-29T24:00:00",
      "2024-02-29T10:20:30.123456789", "2024-02-29T10:61", "2024-02-29T10",
    ] {
      let expected = try? LocalDateTime(text.replacing(" ", with: "T"))
      #expect(read(.localDateTime, text) == expected.map { .localDateTime($0) }, "\(text)")
    }
  }
}
