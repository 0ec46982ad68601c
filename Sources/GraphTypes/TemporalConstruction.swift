/// The five types of dates and times, by the names of the functions that make them.
package enum TemporalKind: String, Sendable, CaseIterable {
  case date
  case localTime = "localtime"
  case time
  case localDateTime = "localdatetime"
  case dateTime = "datetime"

  private static let dateFields = [
    "date", "year", "quarter", "month", "week", "day", "ordinalDay", "dayOfWeek", "weekDay",
    "dayOfQuarter", "quarterDay",
  ]
  private static let timeFields = [
    "time", "hour", "minute", "second", "millisecond", "microsecond", "nanosecond",
  ]

  var fieldNames: [String] {
    switch self {
    case .date: Self.dateFields + ["timezone"]
    case .localTime, .time: Self.timeFields + ["timezone"]
    case .localDateTime: Self.dateFields + Self.timeFields + ["datetime", "timezone"]
    case .dateTime:
      Self.dateFields + Self.timeFields + ["datetime", "epochSeconds", "epochMillis", "timezone"]
    }
  }
}

/// What the temporal functions need to know from outside.
public struct TemporalContext: Sendable {
  /// The clock's reading: when the transaction or the statement began, or the real time.
  public var now: Instant
  /// The zone of values that do not name one.
  public var zone: TemporalZone
  public init(now: Instant, zone: TemporalZone = .utc) {
    self.now = now
    self.zone = zone
  }
}

/// Cypher's functions that make dates and times: `date(…)`, `datetime.truncate(…)` and so on.
///
/// Null arguments give null. Errors are `ArgumentError`, or `TypeError` for arguments of a type
/// that the function does not take.
package enum TemporalFunctions {
  /// The present: `date()`, `time.statement()`, `datetime.realtime('Europe/Moscow')`.
  ///
  /// - Parameter zone: a zone's name, null (gives null), or nil for the context's zone.
  package static func current(
    _ kind: TemporalKind, in context: TemporalContext, zone: Value? = nil
  ) throws(QueryError) -> Value {
    switch zone {
    case nil: return current(kind, at: context.now, in: context.zone)
    case .null: return .null
    case .string(let name):
      return current(kind, at: context.now, in: try TemporalZone(named: name))
    case .some(let other):
      throw QueryError.invalidType(
        "a time zone is named by a string, not \(other.typeNameWithArticle)")
    }
  }

  private static func current(_ kind: TemporalKind, at now: Instant, in zone: TemporalZone)
    -> Value
  {
    let moment = ZonedDateTime(now, in: zone)
    switch kind {
    case .date: return .date(moment.local.date)
    case .localTime: return .localTime(moment.local.time)
    case .time: return .time(OffsetTime(moment.local.time, offset: moment.offset))
    case .localDateTime: return .localDateTime(moment.local)
    case .dateTime: return .dateTime(moment)
    }
  }

  /// `date(x)`, `localtime(x)`, `time(x)`, `localdatetime(x)` and `datetime(x)` of a string, a map
  /// of fields, or another date or time.
  package static func construct(
    _ kind: TemporalKind, from argument: Value, in context: TemporalContext
  ) throws(QueryError) -> Value {
    switch argument {
    case .null:
      return .null
    case .string(let text):
      switch kind {
      case .date: return .date(try LocalDate(text))
      case .localTime: return .localTime(try LocalTime(text))
      case .time: return .time(try OffsetTime(text, defaultZone: context.zone))
      case .localDateTime: return .localDateTime(try LocalDateTime(text))
      case .dateTime: return .dateTime(try ZonedDateTime(text, defaultZone: context.zone))
      }
    case .map(let map):
      guard let fields = try TemporalFields(map, for: kind) else { return .null }
      return try construct(kind, fields, in: context)
    case .date, .localTime, .time, .localDateTime, .dateTime:
      return try convert(argument, to: kind, in: context)
    default:
      throw QueryError.invalidType(
        "\(kind.rawValue)() takes a string, a map, a date or a time, "
          + "not \(argument.typeNameWithArticle)")
    }
  }

  private static func convert(_ value: Value, to kind: TemporalKind, in context: TemporalContext)
    throws(QueryError) -> Value
  {
    let parts = try TemporalParts(value)
    switch kind {
    case .date: return .date(try parts.requiredDate())
    case .localTime: return .localTime(try parts.requiredTime())
    case .time:
      return .time(OffsetTime(try parts.requiredTime(), offset: try parts.offset(in: context)))
    case .localDateTime:
      return .localDateTime(LocalDateTime(try parts.requiredDate(), parts.time ?? .midnight))
    case .dateTime:
      if case .dateTime = value { return value }
      let local = LocalDateTime(try parts.requiredDate(), parts.time ?? .midnight)
      return .dateTime(ZonedDateTime(local, in: context.zone))
    }
  }

  private static func construct(
    _ kind: TemporalKind, _ fields: TemporalFields, in context: TemporalContext
  ) throws(QueryError) -> Value {
    if let zone = fields.timezone {
      if !fields.hasDateFields && !fields.hasTimeFields && !fields.hasSelection {
        return current(kind, at: context.now, in: zone)
      }
      if kind == .date || kind == .localTime || kind == .localDateTime {
        throw TemporalError.invalid(
          "a \(kind.rawValue) has no time zone: timezone may only be given alone, for the present")
      }
    }
    switch kind {
    case .date:
      let base = try fields.date.map(TemporalParts.init)
      return .date(try fields.date(basedOn: base?.requiredDate()))
    case .localTime:
      let base = try fields.time.map(TemporalParts.init)
      return .localTime(try time(fields, base?.requiredTime()))
    case .time:
      return .time(try offsetTime(fields, in: context))
    case .localDateTime:
      return .localDateTime(try localDateTime(fields))
    case .dateTime:
      return .dateTime(try zonedDateTime(fields, in: context))
    }
  }

  private static func time(_ fields: TemporalFields, _ base: LocalTime?) throws(QueryError)
    -> LocalTime
  {
    if base == nil && fields.hour == nil { throw TemporalError.invalid("hour must be given") }
    return try fields.time(basedOn: base)
  }

  /// A time with an offset of its own is moved to another `timezone`; one without is put into it.
  private static func offsetTime(_ fields: TemporalFields, in context: TemporalContext)
    throws(QueryError) -> OffsetTime
  {
    let base = try fields.time.map(TemporalParts.init)
    let local = try time(fields, base?.requiredTime())
    let target = try fields.timezone?.fixedOffset()
    if let offset = base?.offset {
      let result = OffsetTime(local, offset: offset)
      return target.map { result.moved(toOffset: $0) } ?? result
    }
    if let target { return OffsetTime(local, offset: target) }
    return OffsetTime(local, offset: try context.zone.fixedOffset())
  }

  private static func localDateTime(_ fields: TemporalFields) throws(QueryError) -> LocalDateTime {
    let (dateBase, timeBase) = try bases(fields)
    return LocalDateTime(
      try fields.date(basedOn: dateBase?.requiredDate()),
      try fields.time(basedOn: timeBase.map { $0.time ?? .midnight }))
  }

  /// The values whose date and whose time are taken over.
  private static func bases(_ fields: TemporalFields) throws(QueryError)
    -> (date: TemporalParts?, time: TemporalParts?)
  {
    if let both = fields.datetime {
      if fields.date != nil || fields.time != nil {
        throw TemporalError.invalid("datetime cannot be combined with date or time")
      }
      let parts = try TemporalParts(both)
      _ = try parts.requiredDate()
      return (parts, parts)
    }
    let date = try fields.date.map(TemporalParts.init)
    let time = try fields.time.map(TemporalParts.init)
    _ = try time?.requiredTime()
    return (date, time)
  }

  /// The fields are set in the zone that the time comes from; only then is a value with a zone of
  /// its own moved to another `timezone`, while one without is put into it.
  private static func zonedDateTime(_ fields: TemporalFields, in context: TemporalContext)
    throws(QueryError) -> ZonedDateTime
  {
    let target = fields.timezone ?? context.zone
    if fields.epochSeconds != nil || fields.epochMillis != nil {
      return try epochDateTime(fields, in: target)
    }
    let (dateBase, timeBase) = try bases(fields)
    let local = LocalDateTime(
      try fields.date(basedOn: dateBase?.requiredDate()),
      try fields.time(basedOn: timeBase.map { $0.time ?? .midnight }))
    guard let timeBase, let source = timeBase.zone else {
      return ZonedDateTime(local, in: target)
    }
    let result = ZonedDateTime(local, in: source, preferring: timeBase.offset)
    return try fields.timezone.map { result.moved(to: $0) }?.checked() ?? result
  }

  /// `{epochSeconds: s}` or `{epochMillis: ms}`, with the fraction of the second refined.
  private static func epochDateTime(_ fields: TemporalFields, in zone: TemporalZone)
    throws(QueryError) -> ZonedDateTime
  {
    if fields.hasDateFields || fields.date != nil || fields.time != nil || fields.datetime != nil
      || (fields.epochSeconds != nil && fields.epochMillis != nil)
    {
      throw TemporalError.invalid("epochSeconds or epochMillis replaces all fields of the date")
    }
    let instant: Instant
    if let millis = fields.epochMillis {
      instant = Instant(
        seconds: floorDivide(millis, 1000),
        nanoseconds: Int32(floorModulo(millis, 1000)) * 1_000_000)
    } else {
      instant = Instant(seconds: fields.epochSeconds ?? 0)
    }
    // Checked before the zone is asked about years that no calendar has.
    let utc = try LocalDateTime(
      checkingSeconds: instant.seconds, nanoseconds: instant.nanoseconds)
    let result = ZonedDateTime(instant, in: zone)
    if !fields.hasTimeFields { return try result.checked() }
    let time = try fields.time(basedOn: fields.epochMillis != nil ? utc.time : result.local.time)
    return try ZonedDateTime(
      LocalDateTime(result.local.date, time), in: zone, preferring: result.offset
    ).checked()
  }

  /// `datetime.fromepoch(seconds, nanoseconds)`, in UTC.
  package static func fromEpoch(seconds: Value, nanoseconds: Value) throws(QueryError) -> Value {
    switch (seconds, nanoseconds) {
    case (.null, _), (_, .null):
      return .null
    case (.integer(let seconds), .integer(let nanoseconds)):
      let sum = try CalendarDuration(
        months: 0, days: 0, seconds: seconds, anyNanoseconds: nanoseconds)
      return .dateTime(
        try ZonedDateTime(seconds: sum.seconds, nanoseconds: sum.nanoseconds, offset: 0).checked())
    default:
      throw QueryError.invalidType(
        "datetime.fromepoch() takes two integers, not \(seconds.typeNameWithArticle) "
          + "and \(nanoseconds.typeNameWithArticle)")
    }
  }

  /// `datetime.fromepochmillis(milliseconds)`, in UTC.
  package static func fromEpochMillis(_ milliseconds: Value) throws(QueryError) -> Value {
    switch milliseconds {
    case .null: return .null
    case .integer(let millis):
      return try fromEpoch(
        seconds: .integer(floorDivide(millis, 1000)),
        nanoseconds: .integer(floorModulo(millis, 1000) * 1_000_000))
    default:
      throw QueryError.invalidType(
        "datetime.fromepochmillis() takes an integer, not \(milliseconds.typeNameWithArticle)")
    }
  }

  /// `duration(x)` of a string, a map of amounts, or a duration.
  package static func duration(from argument: Value) throws(QueryError) -> Value {
    switch argument {
    case .null, .duration:
      return argument
    case .string(let text):
      return .duration(try CalendarDuration(text))
    case .map(let map):
      var fields = DurationFields()
      for (name, value) in map.sorted(by: { $0.key < $1.key }) {
        guard let unit = DurationFields.Unit(rawValue: name) else {
          let units = DurationFields.Unit.allCases.map(\.rawValue)
          throw TemporalError.invalid(
            "a duration has no field '\(name)'",
            hint: NameSuggestion.nearest(to: name, among: units).map { "did you mean '\($0)'?" }
              ?? "its fields are \(units.joined(separator: ", "))")
        }
        switch value {
        case .null: return .null
        case .integer(let amount): try fields.add(Decimal(amount), unit)
        case .float(let amount):
          guard let amount = Decimal(amount) else { throw TemporalError.durationOverflow() }
          try fields.add(amount, unit)
        default:
          throw QueryError.invalidType("\(name) must be a number, not \(value.typeNameWithArticle)")
        }
      }
      return .duration(try fields.duration())
    default:
      throw QueryError.invalidType(
        "duration() takes a string or a map, not \(argument.typeNameWithArticle)")
    }
  }

  /// `duration.between(a, b)` and its relatives.
  package static func between(_ start: Value, _ end: Value, in span: CalendarDuration.Span)
    throws(QueryError) -> Value
  {
    if case .null = start { return .null }
    if case .null = end { return .null }
    return .duration(try CalendarDuration.between(start, end, in: span))
  }
}

/// What a date or time of any type consists of.
struct TemporalParts {
  var date: LocalDate?
  var time: LocalTime?
  var zone: TemporalZone?
  /// The offset that the value carries.
  var offset: Int32?

  init(_ value: Value) throws(QueryError) {
    switch value {
    case .date(let date): self.date = date
    case .localTime(let time): self.time = time
    case .time(let value):
      time = value.local
      zone = .offset(value.offset)
      offset = value.offset
    case .localDateTime(let value):
      date = value.date
      time = value.time
    case .dateTime(let value):
      date = value.local.date
      time = value.local.time
      zone = try value.temporalZone()
      offset = value.offset
    default:
      throw QueryError.invalidType("expected a date or time, not \(value.typeNameWithArticle)")
    }
  }

  func requiredDate() throws(QueryError) -> LocalDate {
    guard let date else { throw TemporalError.invalid("a time of day has no date") }
    return date
  }

  func requiredTime() throws(QueryError) -> LocalTime {
    guard let time else { throw TemporalError.invalid("a date has no time of day") }
    return time
  }

  func offset(in context: TemporalContext) throws(QueryError) -> Int32 {
    if let offset { return offset }
    return try context.zone.fixedOffset()
  }
}
