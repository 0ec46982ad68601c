/// A unit that dates and times are truncated to, biggest first.
package enum TemporalUnit: String, Sendable, CaseIterable {
  case millennium, century, decade, year, weekYear, quarter, month, week, day
  case hour, minute, second, millisecond, microsecond

  var isDateUnit: Bool {
    switch self {
    case .hour, .minute, .second, .millisecond, .microsecond: false
    default: true
    }
  }
}

extension LocalDate {
  /// The first day of the unit that this day lies in.
  package func truncated(to unit: TemporalUnit) throws(QueryError) -> LocalDate {
    switch unit {
    case .millennium: return try LocalDate(year: floorDivide(year, 1000) * 1000)
    case .century: return try LocalDate(year: floorDivide(year, 100) * 100)
    case .decade: return try LocalDate(year: floorDivide(year, 10) * 10)
    case .year: return try LocalDate(year: year)
    case .weekYear: return try LocalDate(weekYear: weekYear, week: 1)
    case .quarter: return LocalDate(days: days - dayOfQuarter + 1)
    case .month: return LocalDate(days: days - day + 1)
    case .week: return try adding(days: 1 - dayOfWeek)
    default: return self
    }
  }
}

extension LocalTime {
  package func truncated(to unit: TemporalUnit) -> LocalTime {
    let length: Int64 =
      switch unit {
      case .hour: 3_600_000_000_000
      case .minute: 60_000_000_000
      case .second: 1_000_000_000
      case .millisecond: 1_000_000
      case .microsecond: 1000
      default: Self.nanosecondsPerDay
      }
    return LocalTime(nanoseconds: nanoseconds - nanoseconds % length)
  }
}

extension TemporalFunctions {
  /// `date.truncate(unit, value, fields)` and its relatives: `value` cut to the start of a unit,
  /// then changed by `fields`. A `timezone` among them replaces the zone and keeps the wall clock.
  ///
  /// - Parameters:
  ///   - unit: a name of `TemporalUnit`, in any case.
  ///   - value: a date or time with the parts that `kind` needs.
  ///   - overrides: a map, or null for none.
  package static func truncate(
    _ kind: TemporalKind, unit: Value, _ value: Value, overrides: Value = .null,
    in context: TemporalContext
  ) throws(QueryError) -> Value {
    if case .null = unit { return .null }
    if case .null = value { return .null }
    guard case .string(let unitName) = unit else {
      throw QueryError.invalidType("a unit is named by a string, not \(unit.typeNameWithArticle)")
    }
    guard let unit = TemporalUnit(name: unitName) else {
      let names = TemporalUnit.allCases.map(\.rawValue)
      throw TemporalError.invalid(
        "there is no unit '\(unitName)' to truncate to",
        hint: NameSuggestion.nearest(to: unitName, among: names).map { "did you mean '\($0)'?" }
          ?? "the units are \(names.joined(separator: ", "))")
    }
    let parts = try TemporalParts(value)
    try check(kind, unit, parts)

    let time = (parts.time ?? .midnight).truncated(to: unit)
    var fields: TemporalFields?
    switch overrides {
    case .null: break
    case .map(let map):
      fields = try TemporalFields(map, for: kind)
      if fields == nil { return .null }
      fields?.keepTruncatedFraction(of: time, unit: unit)
    default:
      throw QueryError.invalidType(
        "the fields to set are a map, not \(overrides.typeNameWithArticle)")
    }
    if let fields, fields.hasSelection {
      throw TemporalError.invalid("date, time and datetime cannot be set while truncating")
    }
    if fields?.timezone != nil && kind != .time && kind != .dateTime {
      throw TemporalError.invalid("a \(kind.rawValue) has no time zone")
    }
    let zone = fields?.timezone ?? parts.zone ?? context.zone
    // Another zone's offset means nothing in the new one.
    let preferred = fields?.timezone == nil ? parts.offset : nil
    let newTime = try fields?.time(basedOn: time) ?? time
    switch kind {
    case .localTime:
      return .localTime(newTime)
    case .time:
      if let preferred { return .time(OffsetTime(newTime, offset: preferred)) }
      return .time(OffsetTime(newTime, offset: try zone.fixedOffset()))
    case .date, .localDateTime, .dateTime:
      let date = try parts.requiredDate().truncated(to: unit)
      let newDate = try fields?.date(basedOn: date) ?? date
      if kind == .date { return .date(newDate) }
      let local = LocalDateTime(newDate, newTime)
      if kind == .localDateTime { return .localDateTime(local) }
      return .dateTime(ZonedDateTime(local, in: zone, preferring: preferred))
    }
  }

  /// A value cannot be truncated to a unit that it or the result does not know.
  private static func check(_ kind: TemporalKind, _ unit: TemporalUnit, _ parts: TemporalParts)
    throws(QueryError)
  {
    switch kind {
    case .localTime, .time:
      _ = try parts.requiredTime()
      if unit.isDateUnit && unit != .day {
        throw TemporalError.invalid("a \(kind.rawValue) cannot be truncated to \(unit.rawValue)")
      }
    case .date, .localDateTime, .dateTime:
      _ = try parts.requiredDate()
      if !unit.isDateUnit && (kind == .date || parts.time == nil) {
        throw TemporalError.invalid("a date cannot be truncated to \(unit.rawValue)")
      }
    }
  }
}

extension TemporalUnit {
  init?(name: String) {
    let folded = name.lowercased()
    guard let unit = Self.allCases.first(where: { $0.rawValue.lowercased() == folded }) else {
      return nil
    }
    self = unit
  }
}

extension TemporalFields {
  /// Setting nanoseconds after truncation to milliseconds keeps the milliseconds.
  fileprivate mutating func keepTruncatedFraction(of time: LocalTime, unit: TemporalUnit) {
    if unit == .millisecond && millisecond == nil && (microsecond != nil || nanosecond != nil) {
      millisecond = time.millisecond
    } else if unit == .microsecond && millisecond == nil && microsecond == nil && nanosecond != nil
    {
      microsecond = time.microsecond
    }
  }
}
