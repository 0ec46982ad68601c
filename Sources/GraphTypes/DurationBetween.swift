// The duration between two dates or times: duration.between, .inMonths, .inDays, .inSeconds.

extension CalendarDuration {
  /// The units that a difference is expressed in.
  package enum Span: Sendable {
    /// Whole months, then whole days, then seconds: `duration.between`.
    case monthsDaysSeconds
    /// Only the whole months, days or seconds (with their fraction).
    case months, days, seconds
  }

  /// From `start` to `end`, negative if `end` is earlier.
  ///
  /// What one side lacks is taken from the other: its date, and its zone. A missing time is
  /// midnight. Without a date on both sides only seconds are counted. Days and months are those of
  /// the wall clock in the zone of `start`, seconds those of the time line.
  ///
  /// - Throws: `TypeError` if an argument is not a date or time.
  package static func between(_ start: Value, _ end: Value, in span: Span) throws(QueryError)
    -> CalendarDuration
  {
    var from = try Moment(start)
    var to = try Moment(end)
    let haveDates = from.date != nil && to.date != nil
    let commonDate = from.date ?? to.date
    from.date = from.date ?? commonDate
    to.date = to.date ?? commonDate
    let commonZone = from.zone ?? to.zone
    from.zone = from.zone ?? commonZone
    to.zone = to.zone ?? commonZone

    switch span {
    case .seconds:
      return try from.seconds(until: to)
    case .months:
      return CalendarDuration(months: haveDates ? from.months(until: to) : 0)
    case .days:
      return CalendarDuration(days: haveDates ? from.days(until: to) : 0)
    case .monthsDaysSeconds:
      if !haveDates { return try from.seconds(until: to) }
      let months = from.months(until: to)
      from = try from.adding(CalendarDuration(months: months))
      let days = from.days(until: to)
      from = try from.adding(CalendarDuration(days: days))
      return try from.seconds(until: to) + CalendarDuration(months: months, days: days)
    }
  }

  /// A date or time of any type, with the parts that it has.
  private struct Moment {
    var date: LocalDate?
    var time: LocalTime
    var zone: TemporalZone?
    /// The offset that the value carries: it decides between two equal wall clock times.
    var offset: Int32?

    init(_ value: Value) throws(QueryError) {
      switch value {
      case .date(let date):
        self.init(date: date, time: .midnight)
      case .localTime(let time):
        self.init(time: time)
      case .time(let time):
        self.init(time: time.local, zone: .offset(time.offset))
      case .localDateTime(let value):
        self.init(date: value.date, time: value.time)
      case .dateTime(let value):
        self.init(value, in: try value.temporalZone())
      default:
        throw QueryError.invalidType(
          "a duration lies between two dates or times, not \(value.typeNameWithArticle)")
      }
    }

    init(
      date: LocalDate? = nil, time: LocalTime, zone: TemporalZone? = nil, offset: Int32? = nil
    ) {
      self.date = date
      self.time = time
      self.zone = zone
      self.offset = offset
    }

    init(_ value: ZonedDateTime, in zone: TemporalZone) {
      self.init(
        date: value.local.date, time: value.local.time, zone: zone, offset: value.offset)
    }

    /// On the time line if there is a zone, else on a clock that never changes. Without a date,
    /// both sides are put on the same day.
    var zoned: ZonedDateTime {
      ZonedDateTime(
        LocalDateTime(date ?? LocalDate(days: 0), time), in: zone ?? .utc, preferring: offset)
    }

    func seconds(until end: Moment) throws(QueryError) -> CalendarDuration {
      let start = zoned
      let end = end.zoned
      return try CalendarDuration(
        months: 0, days: 0, seconds: end.seconds - start.seconds,
        anyNanoseconds: Int64(end.nanoseconds) - Int64(start.nanoseconds))
    }

    /// The last date that is reached from here in whole days, on the wall clock of this zone.
    private func lastWholeDay(until end: Moment) -> LocalDate {
      let local = zone.map { end.zoned.moved(to: $0).local } ?? end.zoned.local
      guard let date else { return local.date }
      if local.date > date && local.time < time { return LocalDate(days: local.date.days - 1) }
      if local.date < date && local.time > time { return LocalDate(days: local.date.days + 1) }
      return local.date
    }

    func months(until end: Moment) -> Int64 {
      date?.months(until: lastWholeDay(until: end)) ?? 0
    }

    func days(until end: Moment) -> Int64 {
      lastWholeDay(until: end).days - (date?.days ?? 0)
    }

    func adding(_ duration: CalendarDuration) throws(QueryError) -> Moment {
      let moved = try zoned + duration
      return Moment(moved, in: zone ?? .utc)
    }
  }
}
