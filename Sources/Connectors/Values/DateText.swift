internal import GraphTypes

/// ISO 8601 dates from bytes, the forms that are all but always used; rarer ones are read by
/// GraphTypes from a String.
enum DateText {
  @inline(__always) private static func twoDigits(
    _ text: UnsafePointer<UInt8>, _ at: Int
  ) -> Int64? {
    let tens = text[at] &- 48
    let ones = text[at + 1] &- 48
    return tens <= 9 && ones <= 9 ? Int64(tens) &* 10 &+ Int64(ones) : nil
  }

  /// The first ten bytes as `yyyy-MM-dd`, as days since 1970-01-01.
  @inline(__always) private static func days(_ text: UnsafePointer<UInt8>) -> Int64? {
    guard text[4] == 45, text[7] == 45, let century = twoDigits(text, 0),
      let yearOfCentury = twoDigits(text, 2), let month = twoDigits(text, 5),
      let day = twoDigits(text, 8), month >= 1, month <= 12, day >= 1
    else { return nil }
    let year = century &* 100 &+ yearOfCentury
    if day > 28 && day > CivilCalendar.daysInMonth(year: year, month: month) { return nil }
    return CivilCalendar.day(year: year, month: month, day: day)
  }

  /// `yyyy-MM-dd`.
  @inline(__always) static func date(_ text: UnsafePointer<UInt8>, _ count: Int) -> LocalDate? {
    guard count == 10, let days = days(text) else { return nil }
    return LocalDate(days: days)
  }

  /// `yyyy-MM-dd`, then `T` or a space and `HH:mm`, `HH:mm:ss` or `HH:mm:ss.f` up to 9 digits.
  @inline(__always) static func localDateTime(
    _ text: UnsafePointer<UInt8>, _ count: Int
  ) -> LocalDateTime? {
    guard count >= 10, let days = days(text) else { return nil }
    if count == 10 { return LocalDateTime(seconds: days &* 86400) }
    guard count >= 16, text[10] == 84 || text[10] == 32, text[13] == 58,
      let hour = twoDigits(text, 11), let minute = twoDigits(text, 14), hour < 24, minute < 60
    else { return nil }
    var seconds = days &* 86400 &+ hour &* 3600 &+ minute &* 60
    if count == 16 { return LocalDateTime(seconds: seconds) }
    guard count >= 19, text[16] == 58, let second = twoDigits(text, 17), second < 60 else {
      return nil
    }
    seconds &+= second
    if count == 19 { return LocalDateTime(seconds: seconds) }
    guard count >= 21, count <= 29, text[19] == 46 else { return nil }
    var nanoseconds: Int32 = 0
    var unit: Int32 = 100_000_000
    for i in 20..<count {
      let digit = text[i] &- 48
      if digit > 9 { return nil }
      nanoseconds += Int32(digit) * unit
      unit /= 10
    }
    return LocalDateTime(seconds: seconds, nanoseconds: nanoseconds)
  }
}
