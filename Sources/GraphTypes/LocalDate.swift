// Calendar dates: their parts, checked construction, and steps of days, months and years.

extension LocalDate: Comparable {
  /// The first date, -999999999-01-01, as in java.time.
  public static let minimum = LocalDate(days: -365_243_219_162)
  /// The last date, +999999999-12-31.
  public static let maximum = LocalDate(days: 365_241_780_471)
  package static let years: ClosedRange<Int64> = -999_999_999...999_999_999

  @inlinable public static func < (a: LocalDate, b: LocalDate) -> Bool { a.days < b.days }

  // MARK: Parts

  @inlinable public var civil: CivilDate { CivilCalendar.date(ofDay: days) }
  @inlinable public var year: Int64 { civil.year }
  /// 1 ... 12.
  @inlinable public var month: Int64 { civil.month }
  /// Day of the month, 1 ... 31.
  @inlinable public var day: Int64 { civil.day }
  /// 1 ... 4.
  @inlinable public var quarter: Int64 { (civil.month &+ 2) / 3 }
  /// 1 ... 366.
  @inlinable public var ordinalDay: Int64 {
    days &- CivilCalendar.day(year: year, month: 1, day: 1) &+ 1
  }
  /// 1 ... 92.
  @inlinable public var dayOfQuarter: Int64 {
    let date = civil
    let firstMonth = (date.month &- 1) / 3 &* 3 &+ 1
    return days &- CivilCalendar.day(year: date.year, month: firstMonth, day: 1) &+ 1
  }
  /// ISO 8601: 1 is Monday, 7 is Sunday.
  @inlinable public var dayOfWeek: Int64 { CivilCalendar.dayOfWeek(ofDay: days) }
  /// The year that the ISO 8601 week of this day belongs to: that of the week's Thursday.
  @inlinable public var weekYear: Int64 { LocalDate(days: days &- dayOfWeek &+ 4).year }
  /// ISO 8601 week of `weekYear`, 1 ... 53.
  @inlinable public var week: Int64 {
    let thursday = LocalDate(days: days &- dayOfWeek &+ 4)
    return (thursday.ordinalDay &- 1) / 7 &+ 1
  }
  /// Months since year 0, the unit in which months are added and subtracted.
  @inlinable package var prolepticMonth: Int64 {
    let date = civil
    return date.year &* 12 &+ date.month &- 1
  }

  // MARK: Checked construction

  /// - Throws: `ArgumentError` when a part is out of range, such as 30 February.
  public init(year: Int64, month: Int64 = 1, day: Int64 = 1) throws(QueryError) {
    try TemporalError.check(year, "year", in: Self.years)
    try TemporalError.check(month, "month", in: 1...12)
    try TemporalError.check(day, "day", in: 1...31)
    let length = CivilCalendar.daysInMonth(year: year, month: month)
    if day > length {
      throw TemporalError.invalid("month \(month) of year \(year) has \(length) days, not \(day)")
    }
    self.init(days: CivilCalendar.day(year: year, month: month, day: day))
  }

  /// An ISO 8601 week date.
  public init(weekYear: Int64, week: Int64, dayOfWeek: Int64 = 1) throws(QueryError) {
    try TemporalError.check(weekYear, "year", in: Self.years)
    try TemporalError.check(week, "week", in: 1...53)
    try TemporalError.check(dayOfWeek, "dayOfWeek", in: 1...7)
    if week == 53 && CivilCalendar.weeksInYear(weekYear) < 53 {
      throw TemporalError.invalid("year \(weekYear) has 52 weeks, not 53")
    }
    // 4 January is always in week 1.
    let fourth = CivilCalendar.day(year: weekYear, month: 1, day: 4)
    let firstMonday = fourth - CivilCalendar.dayOfWeek(ofDay: fourth) + 1
    try self.init(checkingDays: firstMonday + (week - 1) * 7 + dayOfWeek - 1)
  }

  public init(year: Int64, quarter: Int64, dayOfQuarter: Int64 = 1) throws(QueryError) {
    try TemporalError.check(quarter, "quarter", in: 1...4)
    let first = try LocalDate(year: year, month: quarter * 3 - 2)
    let next = CivilCalendar.day(
      year: quarter == 4 ? year + 1 : year, month: quarter == 4 ? 1 : quarter * 3 + 1, day: 1)
    try TemporalError.check(dayOfQuarter, "dayOfQuarter", in: 1...(next - first.days))
    self.init(days: first.days + dayOfQuarter - 1)
  }

  public init(year: Int64, ordinalDay: Int64) throws(QueryError) {
    try TemporalError.check(year, "year", in: Self.years)
    try TemporalError.check(ordinalDay, "ordinalDay", in: 1...CivilCalendar.daysInYear(year))
    self.init(days: CivilCalendar.day(year: year, month: 1, day: ordinalDay))
  }

  package init(checkingDays days: Int64) throws(QueryError) {
    guard days >= Self.minimum.days && days <= Self.maximum.days else {
      throw TemporalError.outOfRange("date")
    }
    self.init(days: days)
  }

  // MARK: Steps

  package func adding(days amount: Int64) throws(QueryError) -> LocalDate {
    let (sum, overflow) = days.addingReportingOverflow(amount)
    if overflow { throw TemporalError.outOfRange("date") }
    return try LocalDate(checkingDays: sum)
  }

  /// A day that the resulting month lacks becomes that month's last.
  package func adding(months amount: Int64) throws(QueryError) -> LocalDate {
    if amount == 0 { return self }
    let (sum, overflow) = prolepticMonth.addingReportingOverflow(amount)
    if overflow { throw TemporalError.outOfRange("date") }
    return try clamping(year: floorDivide(sum, 12), month: floorModulo(sum, 12) + 1)
  }

  /// This day in another year and month; one that the month lacks becomes its last.
  package func clamping(year: Int64, month: Int64) throws(QueryError) -> LocalDate {
    guard Self.years.contains(year) else { throw TemporalError.outOfRange("date") }
    try TemporalError.check(month, "month", in: 1...12)
    let length = CivilCalendar.daysInMonth(year: year, month: month)
    return LocalDate(days: CivilCalendar.day(year: year, month: month, day: min(day, length)))
  }

  /// Whole months from here to `end`, negative when `end` is earlier.
  package func months(until end: LocalDate) -> Int64 {
    // Months and days in one number: the day decides whether the last month is whole.
    let start = prolepticMonth * 32 + day
    return (end.prolepticMonth * 32 + end.day - start) / 32
  }
}

/// Division that rounds towards negative infinity; `divisor` is positive.
func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// The remainder that belongs to `floorDivide`, in `0 ..< divisor`.
func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
  let remainder = value % divisor
  return remainder < 0 ? remainder + divisor : remainder
}
