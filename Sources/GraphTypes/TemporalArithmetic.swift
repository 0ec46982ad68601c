// Dates and times plus durations. Months are added first (a day that the month lacks becomes its
// last), then days, then seconds. Subtraction adds the negated duration, as Neo4j does.

extension LocalDate {
  /// Whole days of the time part count; the rest of it is dropped.
  public static func + (date: LocalDate, duration: CalendarDuration) throws(QueryError) -> LocalDate
  {
    // -23:59:59.5 is stored as -86,400 s + 0.5 s, but is less than a day.
    let roundsUp = duration.seconds < 0 && duration.nanoseconds > 0
    let wholeDays = (roundsUp ? duration.seconds + 1 : duration.seconds) / 86_400
    return try date.adding(months: duration.months).adding(days: duration.days)
      .adding(days: wholeDays)
  }
}

extension LocalTime {
  /// Modulo a day; months and days do not matter.
  public static func + (time: LocalTime, duration: CalendarDuration) -> LocalTime {
    time.adding(seconds: duration.seconds, nanoseconds: Int64(duration.nanoseconds))
  }
}

extension OffsetTime {
  public static func + (time: OffsetTime, duration: CalendarDuration) -> OffsetTime {
    OffsetTime(time.local + duration, offset: time.offset)
  }
}

extension LocalDateTime {
  public static func + (value: LocalDateTime, duration: CalendarDuration) throws(QueryError)
    -> LocalDateTime
  {
    let date = try value.date.adding(months: duration.months).adding(days: duration.days)
    return try LocalDateTime(date, value.time)
      .adding(seconds: duration.seconds, nanoseconds: duration.nanoseconds)
  }
}

extension ZonedDateTime {
  /// Months and days move the wall clock (a skipped time moves forward, of a repeated one the
  /// current offset is kept if possible); seconds move the instant.
  public static func + (value: ZonedDateTime, duration: CalendarDuration) throws(QueryError)
    -> ZonedDateTime
  {
    let zone = try value.temporalZone()
    var moved = value
    if duration.months != 0 || duration.days != 0 {
      let local = value.local
      let date = try local.date.adding(months: duration.months).adding(days: duration.days)
      moved = ZonedDateTime(LocalDateTime(date, local.time), in: zone, preferring: value.offset)
    }
    let sum = try LocalDateTime(seconds: moved.seconds, nanoseconds: moved.nanoseconds)
      .adding(seconds: duration.seconds, nanoseconds: duration.nanoseconds)
    return try ZonedDateTime(
      Instant(seconds: sum.seconds, nanoseconds: sum.nanoseconds), in: zone
    ).checked()
  }
}
