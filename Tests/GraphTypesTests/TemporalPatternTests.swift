import GraphTypes
import Testing

@Suite struct TemporalPatternTests {
  private static let moment = Value.dateTime(
    ZonedDateTime(
      seconds: 1_795_615_384, nanoseconds: 20_000_000, offset: 10_800,
      zone: "Europe/Moscow"))

  /// Expected as Java 21's DateTimeFormatter writes 2026-11-25T17:03:04.02+03:00[Europe/Moscow].
  @Test(arguments: [
    ("yyyy-MM-dd'T'HH:mm:ss.SSS", "2026-11-25T17:03:04.020"), ("d.M.yy", "25.11.26"),
    ("EEEE d MMMM uuuu", "Wednesday 25 November 2026"), ("EEE MMM", "Wed Nov"), ("MMMMM", "N"),
    ("h:mm a", "5:03 PM"), ("kk KK", "17 05"), ("DDD", "329"),
    ("Q QQ QQQ QQQQ", "4 04 Q4 4th quarter"),
    ("YYYY-'W'ww-e", "2026-W48-3"), ("VV", "Europe/Moscow"), ("X XX XXX", "+03 +0300 +03:00"),
    ("Z ZZZZ ZZZZZ", "+0300 GMT+03:00 +03:00"), ("O", "GMT+3"), ("xxx", "+03:00"),
    ("'o''clock' ''H''", "o'clock '17'"), ("A", "61384020"), ("N", "61384020000000"),
    ("n", "20000000"), ("S", "0"), ("SS", "02"), ("G GGGG", "AD Anno Domini"), ("F W", "4 5"),
    ("", ""),
    ("дд", "дд"),
  ]) func writes(_ pattern: String, _ expected: String) throws {
    #expect(try TemporalPattern(pattern).text(of: Self.moment) == expected)
  }

  @Test func writesRussian() throws {
    let text = try TemporalPattern("EEEE (EE), d MMMM (MMM), LLLL LLL, QQQQ", language: .russian)
      .text(of: .date(try LocalDate(year: 2026, month: 3, day: 1)))
    #expect(text == "воскресенье (вс), 1 марта (мар.), март март, 1-й квартал")
  }

  @Test func yearsOfAllSizes() throws {
    func text(_ pattern: String, _ year: Int64) throws -> String {
      try TemporalPattern(pattern).text(of: .date(try LocalDate(year: year)))
    }
    #expect(try text("yyyy", 12_345) == "+12345")
    #expect(try text("y", 12_345) == "12345")
    #expect(try text("yyyy G", -43) == "0044 BC")
    #expect(try text("uuuu", -43) == "-0043")
    #expect(try text("yy", 2005) == "05")
  }

  @Test func whatATypeDoesNotHaveIsAnError() {
    for (pattern, value) in [
      ("HH", Value.date(LocalDate(days: 0))), ("yyyy", .localTime(LocalTime(nanoseconds: 0))),
      ("XXX", .localDateTime(LocalDateTime(seconds: 0))), ("b", Self.moment), ("ddd", Self.moment),
      ("E", .duration(.zero)), ("yyyy", .integer(1)), ("VVV", Self.moment),
    ] {
      #expect(throws: QueryError.self, "\(pattern) of \(value)") {
        try TemporalPattern(pattern).text(of: value)
      }
    }
    #expect(throws: QueryError.self) { try TemporalPattern("yyyy 'open") }
  }

  @Test func durations() throws {
    let duration = CalendarDuration(months: 27, days: 16, seconds: 93_784, nanoseconds: 5_000_000)
    func text(_ pattern: String, _ duration: CalendarDuration = duration) throws -> String {
      try TemporalPattern(pattern).text(of: .duration(duration))
    }
    #expect(try text("y'y' M'm' w'w' d'd' HH:mm:ss.SSS") == "2y 3m 2w 2d 26:03:04.005")
    #expect(try text("M d mm") == "27 16 1563")
    #expect(try text("q M") == "9 0")
    #expect(
      try text("s.SSS", CalendarDuration(months: 0, days: 0, seconds: -2, nanoseconds: 500_000_000))
        == "-1.500")
  }
}
