// Durations: their parts, sums, products and order.

/// A part of a duration that Cypher reads as a property. Plain units count the whole group (months,
/// days or seconds), those named `…Of…` what is left over of the bigger unit.
@frozen public enum DurationComponent: String, Sendable, CaseIterable {
  case years, quarters, months, weeks, days
  case hours, minutes, seconds, milliseconds, microseconds, nanoseconds
  case quartersOfYear, monthsOfQuarter, monthsOfYear, daysOfWeek
  case minutesOfHour, secondsOfMinute
  case millisecondsOfSecond, microsecondsOfSecond, nanosecondsOfSecond
}

extension CalendarDuration {
  public static let zero = CalendarDuration()
  /// 365.2425 days / 12: the length of a month wherever one must be assumed.
  package static let secondsPerMonth: Int64 = 2_629_746

  /// Carries `nanoseconds`, which may be any number, into `seconds`.
  package init(
    months: Int64, days: Int64, seconds: Int64, anyNanoseconds nanoseconds: Int64
  ) throws(QueryError) {
    let carry = floorDivide(nanoseconds, 1_000_000_000)
    let (sum, overflow) = seconds.addingReportingOverflow(carry)
    if overflow { throw TemporalError.durationOverflow() }
    self.init(
      months: months, days: days, seconds: sum,
      nanoseconds: Int32(nanoseconds - carry * 1_000_000_000))
  }

  // MARK: Parts

  /// - Throws: `ArithmeticError` when the total in a small unit exceeds a 64-bit integer.
  public func component(_ component: DurationComponent) throws(QueryError) -> Int64 {
    switch component {
    case .years: return months / 12
    case .quarters: return months / 3
    case .months: return months
    case .quartersOfYear: return months / 3 % 4
    case .monthsOfQuarter: return months % 3
    case .monthsOfYear: return months % 12
    case .weeks: return days / 7
    case .days: return days
    case .daysOfWeek: return days % 7
    case .hours: return seconds / 3600
    case .minutes: return seconds / 60
    case .minutesOfHour: return seconds / 60 % 60
    case .seconds: return seconds
    case .secondsOfMinute: return seconds % 60
    case .milliseconds: return try total(unitsPerSecond: 1000)
    case .microseconds: return try total(unitsPerSecond: 1_000_000)
    case .nanoseconds: return try total(unitsPerSecond: 1_000_000_000)
    case .millisecondsOfSecond: return Int64(nanoseconds / 1_000_000)
    case .microsecondsOfSecond: return Int64(nanoseconds / 1000)
    case .nanosecondsOfSecond: return Int64(nanoseconds)
    }
  }

  private func total(unitsPerSecond units: Int64) throws(QueryError) -> Int64 {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: units)
    let (sum, sumOverflow) = product.addingReportingOverflow(
      Int64(nanoseconds) / (1_000_000_000 / units))
    if overflow || sumOverflow { throw TemporalError.durationOverflow() }
    return sum
  }

  // MARK: Arithmetic

  public static func + (a: Self, b: Self) throws(QueryError) -> Self {
    let (months, monthOverflow) = a.months.addingReportingOverflow(b.months)
    let (days, dayOverflow) = a.days.addingReportingOverflow(b.days)
    let (seconds, secondOverflow) = a.seconds.addingReportingOverflow(b.seconds)
    if monthOverflow || dayOverflow || secondOverflow { throw TemporalError.durationOverflow() }
    return try .init(
      months: months, days: days, seconds: seconds,
      anyNanoseconds: Int64(a.nanoseconds) + Int64(b.nanoseconds))
  }

  public static func - (a: Self, b: Self) throws(QueryError) -> Self { try a + -b }

  public static prefix func - (a: Self) throws(QueryError) -> Self {
    // Every part but the least Int64 has a negative.
    if a.months == .min || a.days == .min || a.seconds == .min {
      throw TemporalError.durationOverflow()
    }
    return try .init(
      months: -a.months, days: -a.days, seconds: -a.seconds,
      anyNanoseconds: -Int64(a.nanoseconds))
  }

  public static func * (a: Self, factor: Int64) throws(QueryError) -> Self {
    try a.scaled(by: Decimal(factor), over: Decimal(1))
  }

  /// Fractions of a month become days and those of a day seconds, as in `init(_: DurationFields)`.
  public static func * (a: Self, factor: Double) throws(QueryError) -> Self {
    guard let factor = Decimal(factor) else { throw TemporalError.durationOverflow() }
    return try a.scaled(by: factor, over: Decimal(1))
  }

  public static func / (a: Self, divisor: Int64) throws(QueryError) -> Self {
    if divisor == 0 { throw QueryError.divisionByZero }
    return try a.scaled(by: Decimal(1), over: Decimal(divisor))
  }

  public static func / (a: Self, divisor: Double) throws(QueryError) -> Self {
    if divisor == 0 { throw QueryError.divisionByZero }
    if divisor.isInfinite { return .zero }
    guard let divisor = Decimal(divisor), divisor.coefficient != 0 else {
      throw TemporalError.durationOverflow()
    }
    return try a.scaled(by: Decimal(1), over: divisor)
  }

  /// Exact: this times `factor`, divided by `divisor`.
  private func scaled(by factor: Decimal, over divisor: Decimal) throws(QueryError) -> Self {
    // factor / divisor as one fraction with a positive denominator.
    var numerator = factor.coefficient
    var denominator = divisor.coefficient
    for _ in 0..<factor.scale { denominator = try Self.product(denominator, 10) }
    for _ in 0..<divisor.scale { numerator = try Self.product(numerator, 10) }
    if denominator < 0 {
      numerator = -numerator
      denominator = -denominator
    }
    return try .init(
      months: Self.product(Int128(months), numerator), days: Self.product(Int128(days), numerator),
      seconds: Self.product(Int128(seconds), numerator),
      nanoseconds: Self.product(Int128(nanoseconds), numerator), over: denominator)
  }

  /// The sum of four fractions of different units over one positive `denominator` below 10^28.
  ///
  /// What is left of a month becomes days (30.436875 each) and seconds, what is left of a day
  /// seconds, what is left of a nanosecond is dropped. Exact up to there, which binary floating
  /// point would not be.
  init(
    months: Int128, days: Int128, seconds: Int128, nanoseconds: Int128,
    over denominator: Int128
  ) throws(QueryError) {
    guard denominator < Self.denominatorLimit else { throw TemporalError.durationOverflow() }
    let (wholeMonths, monthRest) = months.quotientAndRemainder(dividingBy: denominator)
    var (wholeDays, dayRest) = days.quotientAndRemainder(dividingBy: denominator)

    // From here on the rest is counted in seconds, still over `denominator`.
    let day = 86_400 * denominator
    var rest = monthRest * Int128(Self.secondsPerMonth) + dayRest * 86_400
    wholeDays += rest / day
    rest %= day
    // Days and their rest have one sign, as if they had been added before they were cut.
    if wholeDays > 0 && rest < 0 {
      wholeDays -= 1
      rest += day
    } else if wholeDays < 0 && rest > 0 {
      wholeDays += 1
      rest -= day
    }

    var (wholeSeconds, secondRest) = seconds.quotientAndRemainder(dividingBy: denominator)
    rest += secondRest
    wholeSeconds += rest / denominator
    rest %= denominator
    let (nanosecondSum, overflow) = nanoseconds.addingReportingOverflow(rest * 1_000_000_000)
    if overflow { throw TemporalError.durationOverflow() }
    let wholeNanoseconds = nanosecondSum / denominator
    guard let months = Int64(exactly: wholeMonths), let days = Int64(exactly: wholeDays),
      let seconds = Int64(exactly: wholeSeconds), let nanoseconds = Int64(exactly: wholeNanoseconds)
    else { throw TemporalError.durationOverflow() }
    try self.init(months: months, days: days, seconds: seconds, anyNanoseconds: nanoseconds)
  }

  /// 10^28: a rest below it times 10^9 still fits 128 bits.
  private static let denominatorLimit: Int128 = 10_000_000_000_000_000_000_000_000_000

  static func product(_ a: Int128, _ b: Int128) throws(QueryError) -> Int128 {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { throw TemporalError.durationOverflow() }
    return product
  }

  // MARK: Order

  /// The length with months of 2,629,746 seconds, what ORDER BY goes by.
  package var averageSeconds: Int128 {
    Int128(months) * Int128(Self.secondsPerMonth) + Int128(days) * 86_400 + Int128(seconds)
  }

  /// A total order for ORDER BY; durations are not comparable with `<` in Cypher.
  package static func orders(_ a: Self, before b: Self) -> Bool {
    let lengthA = a.averageSeconds
    let lengthB = b.averageSeconds
    if lengthA != lengthB { return lengthA < lengthB }
    if a.nanoseconds != b.nanoseconds { return a.nanoseconds < b.nanoseconds }
    if a.months != b.months { return a.months < b.months }
    return a.days < b.days
  }
}
