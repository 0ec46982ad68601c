// Dates with a time of day but without a zone.

extension LocalDateTime: Comparable {
  public static let minimum = LocalDateTime(.minimum, .midnight)
  public static let maximum = LocalDateTime(.maximum, LocalTime(nanoseconds: 86_399_999_999_999))

  @inlinable public static func < (a: LocalDateTime, b: LocalDateTime) -> Bool {
    a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds
  }

  @inlinable public init(_ date: LocalDate, _ time: LocalTime) {
    self.init(
      seconds: date.days &* 86_400 &+ time.secondOfDay,
      nanoseconds: Int32(truncatingIfNeeded: time.nanosecond))
  }

  /// Days since 1970-01-01, rounded down.
  @inlinable public var days: Int64 {
    // Shifted by 400 billion days so that the division is unsigned and needs no correction.
    let shifted = UInt64(bitPattern: seconds &+ 86_400 &* 400_000_000_000)
    return Int64(bitPattern: shifted / 86_400) &- 400_000_000_000
  }
  @inlinable public var secondOfDay: Int64 { seconds &- days &* 86_400 }

  @inlinable public var date: LocalDate { LocalDate(days: days) }
  @inlinable public var time: LocalTime {
    LocalTime(nanoseconds: secondOfDay &* 1_000_000_000 &+ Int64(nanoseconds))
  }

  @inlinable public var civil: CivilDate { CivilCalendar.date(ofDay: days) }
  @inlinable public var year: Int64 { civil.year }
  @inlinable public var month: Int64 { civil.month }
  @inlinable public var day: Int64 { civil.day }
  @inlinable public var quarter: Int64 { date.quarter }
  @inlinable public var week: Int64 { date.week }
  @inlinable public var weekYear: Int64 { date.weekYear }
  @inlinable public var dayOfWeek: Int64 { CivilCalendar.dayOfWeek(ofDay: days) }
  @inlinable public var ordinalDay: Int64 { date.ordinalDay }
  @inlinable public var dayOfQuarter: Int64 { date.dayOfQuarter }
  @inlinable public var hour: Int64 { secondOfDay / 3600 }
  @inlinable public var minute: Int64 { secondOfDay / 60 % 60 }
  @inlinable public var second: Int64 { secondOfDay % 60 }

  package init(checkingSeconds seconds: Int64, nanoseconds: Int32) throws(QueryError) {
    guard seconds >= Self.minimum.seconds && seconds <= Self.maximum.seconds else {
      throw TemporalError.outOfRange("date")
    }
    self.init(seconds: seconds, nanoseconds: nanoseconds)
  }

  package func adding(seconds amount: Int64, nanoseconds extra: Int32) throws(QueryError)
    -> LocalDateTime
  {
    let fraction = nanoseconds + extra  // Both below one second.
    let carry: Int64 = fraction >= 1_000_000_000 ? 1 : 0
    let (sum, overflow) = seconds.addingReportingOverflow(amount)
    let (total, secondOverflow) = sum.addingReportingOverflow(carry)
    if overflow || secondOverflow { throw TemporalError.outOfRange("date") }
    return try LocalDateTime(
      checkingSeconds: total, nanoseconds: fraction - Int32(carry) * 1_000_000_000)
  }
}
