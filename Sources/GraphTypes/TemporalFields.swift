/// The fields of a map given to `date({…})` and its relatives, checked for names and types, but not
/// yet for ranges.
struct TemporalFields {
  // The date group; at most one of its four kinds is used.
  var year, quarter, month, week, day, ordinalDay, dayOfWeek, dayOfQuarter: Int64?
  // The time group.
  var hour, minute, second, millisecond, microsecond, nanosecond: Int64?
  var epochSeconds, epochMillis: Int64?
  /// Other values whose date, time, or both are taken over.
  var date, time, datetime: Value?
  var timezone: TemporalZone?

  /// Nil when a field is null: then so is the whole value.
  ///
  /// - Throws: `ArgumentError` for a field that `kind` does not have, `TypeError` for a field of
  ///   the wrong type.
  init?(_ map: [String: Value], for kind: TemporalKind) throws(QueryError) {
    let allowed = kind.fieldNames
    // In the order of their names, so that of two mistakes always the same is reported.
    for (name, value) in map.sorted(by: { $0.key < $1.key }) {
      guard allowed.contains(name) else {
        let nearest = NameSuggestion.nearest(to: name, among: allowed)
        throw TemporalError.invalid(
          "a \(kind.rawValue) has no field '\(name)'",
          hint: nearest.map { "did you mean '\($0)'?" }
            ?? "its fields are \(allowed.joined(separator: ", "))")
      }
      if case .null = value { return nil }
      try set(name, value)
    }
  }

  private mutating func set(_ name: String, _ value: Value) throws(QueryError) {
    switch name {
    case "date": date = value
    case "time": time = value
    case "datetime": datetime = value
    case "timezone":
      guard case .string(let zone) = value else {
        throw QueryError.invalidType("timezone must be a string, not \(value.typeNameWithArticle)")
      }
      timezone = try TemporalZone(named: zone)
    default:
      guard case .integer(let number) = value else {
        throw QueryError.invalidType("\(name) must be an integer, not \(value.typeNameWithArticle)")
      }
      guard let path = Self.numbers[name] else { return }
      self[keyPath: path] = number
    }
  }

  private static let numbers: [String: WritableKeyPath<TemporalFields, Int64?> & Sendable] = [
    "year": \.year, "quarter": \.quarter, "month": \.month, "week": \.week, "day": \.day,
    "ordinalDay": \.ordinalDay, "dayOfWeek": \.dayOfWeek, "weekDay": \.dayOfWeek,
    "dayOfQuarter": \.dayOfQuarter, "quarterDay": \.dayOfQuarter, "hour": \.hour,
    "minute": \.minute, "second": \.second, "millisecond": \.millisecond,
    "microsecond": \.microsecond, "nanosecond": \.nanosecond, "epochSeconds": \.epochSeconds,
    "epochMillis": \.epochMillis,
  ]

  var hasDateFields: Bool {
    year != nil || quarter != nil || month != nil || week != nil || day != nil
      || ordinalDay != nil || dayOfWeek != nil || dayOfQuarter != nil
  }

  var hasTimeFields: Bool {
    hour != nil || minute != nil || second != nil || hasFraction
  }

  private var hasFraction: Bool {
    millisecond != nil || microsecond != nil || nanosecond != nil
  }

  var hasSelection: Bool {
    date != nil || time != nil || datetime != nil || epochSeconds != nil || epochMillis != nil
  }

  // MARK: Date

  /// The date that the fields say, with what they leave open taken from `base`.
  ///
  /// Without a base the year is required, and a finer field needs the coarser ones. With a base,
  /// year and month are changed first (clamping the day to the month) and the finer fields after.
  func date(basedOn base: LocalDate?) throws(QueryError) -> LocalDate {
    let kinds = [
      ("month or day", month != nil || day != nil),
      ("week or dayOfWeek", week != nil || dayOfWeek != nil),
      ("quarter or dayOfQuarter", quarter != nil || dayOfQuarter != nil),
      ("ordinalDay", ordinalDay != nil),
    ].filter(\.1).map(\.0)
    if kinds.count > 1 {
      throw TemporalError.invalid("\(kinds[0]) cannot be combined with \(kinds[1])")
    }
    guard let base else { return try newDate() }

    if week != nil {
      // With a week, the year is that of the ISO 8601 week calendar.
      let weekYear = year ?? base.weekYear
      return try LocalDate(
        weekYear: weekYear, week: week ?? base.week, dayOfWeek: dayOfWeek ?? base.dayOfWeek)
    }
    var result = base
    if let year { result = try result.clamping(year: year, month: result.month) }
    if let quarter {
      try TemporalError.check(quarter, "quarter", in: 1...4)
      let monthOfQuarter = (result.month - 1) % 3
      result = try result.clamping(year: result.year, month: quarter * 3 - 2 + monthOfQuarter)
    }
    if let month { result = try result.clamping(year: result.year, month: month) }
    if let day { result = try LocalDate(year: result.year, month: result.month, day: day) }
    if let ordinalDay { result = try LocalDate(year: result.year, ordinalDay: ordinalDay) }
    if let dayOfQuarter {
      result = try LocalDate(
        year: result.year, quarter: result.quarter, dayOfQuarter: dayOfQuarter)
    }
    if let dayOfWeek {
      try TemporalError.check(dayOfWeek, "dayOfWeek", in: 1...7)
      result = try result.adding(days: dayOfWeek - result.dayOfWeek)
    }
    return result
  }

  private func newDate() throws(QueryError) -> LocalDate {
    guard let year else { throw TemporalError.invalid("year must be given") }
    try Self.require("month", month, for: "day", day)
    try Self.require("week", week, for: "dayOfWeek", dayOfWeek)
    try Self.require("quarter", quarter, for: "dayOfQuarter", dayOfQuarter)
    if let week { return try LocalDate(weekYear: year, week: week, dayOfWeek: dayOfWeek ?? 1) }
    if let quarter {
      return try LocalDate(year: year, quarter: quarter, dayOfQuarter: dayOfQuarter ?? 1)
    }
    if let ordinalDay { return try LocalDate(year: year, ordinalDay: ordinalDay) }
    return try LocalDate(year: year, month: month ?? 1, day: day ?? 1)
  }

  private static func require(
    _ coarser: String, _ coarserValue: Int64?, for finer: String, _ finerValue: Int64?
  ) throws(QueryError) {
    if finerValue != nil && coarserValue == nil {
      throw TemporalError.invalid("\(coarser) must be given when \(finer) is")
    }
  }

  // MARK: Time

  /// The time of day that the fields say, with what they leave open taken from `base`, else zero.
  func time(basedOn base: LocalTime?) throws(QueryError) -> LocalTime {
    if base == nil {
      try Self.require("hour", hour, for: "minute", minute)
      try Self.require("minute", minute, for: "second", second)
      if hasFraction && second == nil {
        throw TemporalError.invalid("second must be given when a fraction of it is")
      }
    }
    return try LocalTime(
      hour: hour ?? base?.hour ?? 0, minute: minute ?? base?.minute ?? 0,
      second: second ?? base?.second ?? 0,
      nanosecond: hasFraction ? fraction() : base?.nanosecond ?? 0)
  }

  /// The finer fields count within the coarser ones that are given: microseconds up to 999,999, but
  /// up to 999 beside milliseconds.
  private func fraction() throws(QueryError) -> Int64 {
    try TemporalError.check(millisecond ?? 0, "millisecond", in: 0...999)
    try TemporalError.check(
      microsecond ?? 0, "microsecond", in: 0...(millisecond != nil ? 999 : 999_999))
    try TemporalError.check(
      nanosecond ?? 0, "nanosecond",
      in: 0...(microsecond != nil ? 999 : millisecond != nil ? 999_999 : 999_999_999))
    return (millisecond ?? 0) * 1_000_000 + (microsecond ?? 0) * 1000 + (nanosecond ?? 0)
  }
}
