/// A year, month and day of the proleptic Gregorian calendar. Year 0 is 1 BC.
@frozen public struct CivilDate: Hashable, Sendable {
  public var year: Int64
  /// 1 ... 12.
  public var month: Int64
  /// 1 ... 31.
  public var day: Int64
  @inlinable public init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }
}

/// Conversion between day numbers (days since 1970-01-01) and dates of the proleptic Gregorian
/// calendar, without branches or tables, for loops over millions of rows.
///
/// As in Howard Hinnant's "chrono-compatible low-level date algorithms", the calendar is cut into
/// eras of 400 years (146,097 days) and years start on 1 March, which puts the leap day last. The
/// divisions are the fast ones of Cassio Neri and Lorenz Schneider, "Euclidean affine functions
/// and their application to calendar algorithms" (Software: Practice and Experience, 2022),
/// widened here to 64 bits.
///
/// Both directions are exact for years within ±1,000,000,000 and never trap outside of them.
public enum CivilCalendar {
  /// Eras added before dividing, so that every division is unsigned.
  @usableFromInline static var eraBias: UInt64 { 2_600_000 }
  /// Days from 0000-03-01, shifted by the bias, to 1970-01-01.
  @usableFromInline static var dayBias: UInt64 { 719_468 + 146_097 * eraBias }
  @usableFromInline static var yearBias: UInt64 { 400 * eraBias }

  /// The date of a day number.
  @inlinable public static func date(ofDay day: Int64) -> CivilDate {
    let shifted = UInt64(bitPattern: day) &+ dayBias
    let quarters = 4 &* shifted &+ 3
    let century = quarters / 146_097
    let dayOfCentury = (quarters &- century &* 146_097) | 3
    // 2,939,745 is 2^32 / 1461, rounded up: high half the year, low half the day within it.
    let product = 2_939_745 &* dayOfCentury
    let yearOfCentury = product >> 32
    let dayOfYear = UInt64(UInt32(truncatingIfNeeded: product) / 2_939_745 / 4)
    let packed = 2141 &* dayOfYear &+ 197_913
    let month = packed >> 16
    let dayOfMonth = (packed & 0xFFFF) / 2141
    let isNextYear: UInt64 = dayOfYear >= 306 ? 1 : 0
    return CivilDate(
      year: Int64(bitPattern: 100 &* century &+ yearOfCentury &+ isNextYear &- yearBias),
      month: Int64(bitPattern: month &- 12 &* isNextYear),
      day: Int64(bitPattern: dayOfMonth &+ 1))
  }

  /// The day number of a date. `month` must be in 1 ... 12; `day` may be any number.
  @inlinable public static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
    let isEarly: UInt64 = month <= 2 ? 1 : 0
    let shiftedYear = UInt64(bitPattern: year) &+ yearBias &- isEarly
    let shiftedMonth = UInt64(bitPattern: month) &+ 12 &* isEarly
    let century = shiftedYear / 100
    let yearDays = 1461 &* shiftedYear / 4 &- century &+ century / 4
    let monthDays = (979 &* shiftedMonth &- 2919) / 32
    return Int64(bitPattern: yearDays &+ monthDays &- dayBias) &+ day &- 1
  }

  @inlinable public static func isLeapYear(_ year: Int64) -> Bool {
    // Divisible by 25 means by 100 as soon as it is divisible by 4; then 16 decides for 400.
    year & (year % 25 == 0 ? 15 : 3) == 0
  }

  /// `month` must be in 1 ... 12.
  @inlinable public static func daysInMonth(year: Int64, month: Int64) -> Int64 {
    month == 2 ? (isLeapYear(year) ? 29 : 28) : 30 | (month ^ (month >> 3))
  }

  @inlinable public static func daysInYear(_ year: Int64) -> Int64 {
    isLeapYear(year) ? 366 : 365
  }

  /// Number of ISO 8601 weeks in a week-based year: 53 when it starts or ends on a Thursday.
  public static func weeksInYear(_ weekYear: Int64) -> Int64 {
    let first = dayOfWeek(ofDay: day(year: weekYear, month: 1, day: 1))
    return first == 4 || (first == 3 && isLeapYear(weekYear)) ? 53 : 52
  }

  /// ISO 8601 day of the week: 1 is Monday, 7 is Sunday.
  @inlinable public static func dayOfWeek(ofDay day: Int64) -> Int64 {
    // Day 0 was a Thursday; the bias is a multiple of 7 (20,871 weeks an era).
    let shifted = UInt64(bitPattern: day) &+ 146_097 &* eraBias &+ 3
    return Int64(bitPattern: shifted % 7 &+ 1)
  }
}
