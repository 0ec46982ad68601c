// Reading and writing of durations as ISO 8601, and their construction from amounts of units.

/// Amounts of units that a duration is made of; each may have a fraction.
struct DurationFields {
  /// The units in the order of ISO 8601, with their share of the group (months, days, seconds or
  /// nanoseconds) that they count in.
  enum Unit: String, CaseIterable {
    case years, quarters, months, weeks, days
    case hours, minutes, seconds, milliseconds, microseconds, nanoseconds
  }

  // Sums in units of 10^-18.
  private var months: Int128 = 0
  private var days: Int128 = 0
  private var seconds: Int128 = 0
  private var nanoseconds: Int128 = 0

  mutating func add(_ amount: Decimal, _ unit: Unit) throws(QueryError) {
    let amount = try amount.scaledToLimit()
    switch unit {
    case .years: try Self.add(amount, 12, to: &months)
    case .quarters: try Self.add(amount, 3, to: &months)
    case .months: try Self.add(amount, 1, to: &months)
    case .weeks: try Self.add(amount, 7, to: &days)
    case .days: try Self.add(amount, 1, to: &days)
    case .hours: try Self.add(amount, 3600, to: &seconds)
    case .minutes: try Self.add(amount, 60, to: &seconds)
    case .seconds: try Self.add(amount, 1, to: &seconds)
    case .milliseconds: try Self.addSmall(amount, perSecond: 1000, &seconds, &nanoseconds)
    case .microseconds: try Self.addSmall(amount, perSecond: 1_000_000, &seconds, &nanoseconds)
    case .nanoseconds: try Self.addSmall(amount, perSecond: 1_000_000_000, &seconds, &nanoseconds)
    }
  }

  private static func add(_ amount: Int128, _ factor: Int128, to sum: inout Int128)
    throws(QueryError)
  {
    let (total, overflow) = sum.addingReportingOverflow(
      try CalendarDuration.product(amount, factor))
    if overflow { throw TemporalError.durationOverflow() }
    sum = total
  }

  /// Whole seconds go to `seconds`, so that billions of nanoseconds do not overflow.
  private static func addSmall(
    _ amount: Int128, perSecond: Int128, _ seconds: inout Int128, _ nanoseconds: inout Int128
  ) throws(QueryError) {
    let one: Int128 = 1_000_000_000_000_000_000
    let (whole, rest) = amount.quotientAndRemainder(dividingBy: perSecond * one)
    try add(whole, one, to: &seconds)
    try add(rest, 1_000_000_000 / perSecond, to: &nanoseconds)
  }

  func duration(sign: Int128 = 1) throws(QueryError) -> CalendarDuration {
    try CalendarDuration(
      months: sign * months, days: sign * days, seconds: sign * seconds,
      nanoseconds: sign * nanoseconds, over: 1_000_000_000_000_000_000)
  }
}

extension CalendarDuration {
  /// Reads `P12Y5M14DT16H12M70S` (weeks as `W`, any amount signed or with a fraction, a sign before
  /// the `P` for all) and the date-like `P2012-02-02T14:37:21.545`.
  public init(_ text: String) throws(QueryError) {
    let parts = text.withBytes { bytes -> DurationParts? in
      var cursor = ByteCursor(bytes)
      let sign = cursor.sign() ?? 1
      guard cursor.take("P") else { return nil }
      let start = cursor.index
      if let amounts = DurationParts.readUnits(&cursor) {
        return DurationParts(sign: sign, amounts: amounts)
      }
      cursor.index = start
      return DurationParts.readDateLike(&cursor).map { DurationParts(sign: sign, amounts: $0) }
    }
    guard let parts else {
      throw TemporalError.invalid(
        "cannot read '\(text)' as a duration",
        hint: "a duration looks like P1Y2M10DT2H30M15.5S or P2012-02-02T14:37:21")
    }
    var fields = DurationFields()
    for (unit, amount) in parts.amounts { try fields.add(amount, unit) }
    self = try fields.duration(sign: Int128(parts.sign))
  }
}

/// The amounts that a duration's text consists of.
private struct DurationParts {
  typealias Amounts = [(DurationFields.Unit, Decimal)]
  var sign: Int64
  var amounts: Amounts

  private static let dateUnits: [(Unicode.Scalar, DurationFields.Unit)] = [
    ("Y", .years), ("M", .months), ("W", .weeks), ("D", .days),
  ]
  private static let timeUnits: [(Unicode.Scalar, DurationFields.Unit)] = [
    ("H", .hours), ("M", .minutes), ("S", .seconds),
  ]

  /// Amounts followed by their unit's letter, each unit at most once and in order.
  static func readUnits(_ cursor: inout ByteCursor) -> Amounts? {
    var amounts: Amounts = []
    guard read(dateUnits, &cursor, into: &amounts) else { return nil }
    if cursor.take("T") {
      let dateCount = amounts.count
      guard read(timeUnits, &cursor, into: &amounts), amounts.count > dateCount else { return nil }
    }
    return cursor.isAtEnd && !amounts.isEmpty ? amounts : nil
  }

  private static func read(
    _ units: [(Unicode.Scalar, DurationFields.Unit)], _ cursor: inout ByteCursor,
    into amounts: inout Amounts
  ) -> Bool {
    var remaining = units[...]
    while !cursor.isAtEnd && !cursor.isAt("T") {
      guard let amount = Decimal(&cursor),
        let position = remaining.firstIndex(where: { cursor.isAt($0.0) })
      else { return false }
      cursor.index += 1
      amounts.append((remaining[position].1, amount))
      remaining = remaining[(position + 1)...]
    }
    return true
  }

  /// `yyyy-mm-dd[Thh:mm[:ss[.fraction]]]` or `yyyymmdd[Thhmm[ss[.fraction]]]`.
  static func readDateLike(_ cursor: inout ByteCursor) -> Amounts? {
    guard let years = cursor.number(digits: 4) else { return nil }
    let isExtended = cursor.take("-")
    guard let months = cursor.number(digits: 2), !isExtended || cursor.take("-"),
      let days = cursor.number(digits: 2)
    else { return nil }
    var amounts: Amounts = [
      (.years, Decimal(years)), (.months, Decimal(months)), (.days, Decimal(days)),
    ]
    if cursor.isAtEnd { return amounts }
    guard cursor.take("T"), let hours = cursor.number(digits: 2) else { return nil }
    amounts.append((.hours, Decimal(hours)))
    if cursor.isAtEnd { return amounts }
    guard !isExtended || cursor.take(":"), let minutes = cursor.number(digits: 2) else {
      return nil
    }
    amounts.append((.minutes, Decimal(minutes)))
    if cursor.isAtEnd { return amounts }
    guard !isExtended || cursor.take(":"), let seconds = cursor.number(digits: 2),
      let nanoseconds = cursor.nanoseconds(), cursor.isAtEnd
    else { return nil }
    amounts.append((.seconds, Decimal(seconds)))
    amounts.append((.nanoseconds, Decimal(nanoseconds)))
    return amounts
  }
}

extension CalendarDuration: CustomStringConvertible {
  /// ISO 8601 with each unit's own sign, such as `P1Y-2M3DT-4H-5M-6.7S`; `PT0S` for zero.
  public var description: String {
    if self == .zero { return "PT0S" }
    var text = "P"
    func append(_ amount: Int64, _ unit: Character) {
      guard amount != 0 else { return }
      text += String(amount)
      text.append(unit)
    }
    append(months / 12, "Y")
    append(months % 12, "M")
    append(days, "D")
    if seconds == 0 && nanoseconds == 0 { return text }

    text += "T"
    // The fraction is stored as added to the seconds; text shows the distance from zero.
    let isNegative = seconds < 0
    let borrows = isNegative && nanoseconds != 0
    let whole = isNegative ? seconds.magnitude - (borrows ? 1 : 0) : seconds.magnitude
    let fraction = borrows ? 1_000_000_000 - Int64(nanoseconds) : Int64(nanoseconds)
    let sign: Int64 = isNegative ? -1 : 1
    append(sign * Int64(whole / 3600), "H")
    append(sign * Int64(whole / 60 % 60), "M")
    if whole % 60 != 0 || fraction != 0 {
      if isNegative { text += "-" }
      text += String(whole % 60)
      if fraction != 0 {
        var digits = String(fraction)
        digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
        while digits.last == "0" { digits.removeLast() }
        text += "."
        text += digits
      }
      text += "S"
    }
    return text
  }
}
