/// The rule for years after a zone file's last transition: the POSIX TZ string of its footer
/// (IEEE Std 1003.1, "Environment Variables", with the extensions of RFC 8536, section 3.3.1),
/// such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixZoneRule: Equatable, Sendable {
  /// Seconds east of UTC.
  var standardOffset: Int32
  /// Nil when the zone has no daylight saving time.
  var daylight: Daylight?

  struct Daylight: Equatable, Sendable {
    var offset: Int32
    var start: Moment
    var end: Moment
  }

  /// A day of every year and a wall clock time in seconds, which may be negative or exceed a day.
  struct Moment: Equatable, Sendable {
    enum Day: Equatable, Sendable {
      /// 1 ... 365; 29 February is never counted.
      case julian(Int64)
      /// 0 ... 365; 29 February is counted.
      case ordinal(Int64)
      /// The `week`-th `weekday` (0 is Sunday) of `month`; week 5 is the last.
      case weekday(month: Int64, week: Int64, weekday: Int64)
    }
    var day: Day
    var seconds: Int64

    /// Seconds from 1970-01-01T00:00 on the clock that is about to be changed.
    func localSeconds(inYear year: Int64) -> Int64 {
      let dayNumber: Int64
      switch day {
      case .julian(let number):
        let afterLeapDay = number >= 60 && CivilCalendar.isLeapYear(year)
        dayNumber = CivilCalendar.day(year: year, month: 1, day: number) + (afterLeapDay ? 1 : 0)
      case .ordinal(let number):
        dayNumber = CivilCalendar.day(year: year, month: 1, day: number + 1)
      case .weekday(let month, let week, let weekday):
        let first = CivilCalendar.day(year: year, month: month, day: 1)
        let firstMatch = first + floorModulo(weekday - CivilCalendar.dayOfWeek(ofDay: first), 7)
        let last = first + CivilCalendar.daysInMonth(year: year, month: month) - 1
        var match = firstMatch + (week - 1) * 7
        if match > last { match -= 7 }
        dayNumber = match
      }
      return dayNumber * 86_400 + seconds
    }
  }

  /// The year's changes in order; where two coincide (daylight saving all year) the second counts.
  func transitions(inYear year: Int64) -> [ZoneTransition] {
    guard let daylight else { return [] }
    let start = ZoneTransition(
      instant: daylight.start.localSeconds(inYear: year) - Int64(standardOffset),
      offset: daylight.offset)
    let end = ZoneTransition(
      instant: daylight.end.localSeconds(inYear: year) - Int64(daylight.offset),
      offset: standardOffset)
    return start.instant < end.instant ? [start, end] : [end, start]
  }

  /// The year to list transitions from, given the last one known; nil without daylight saving.
  func firstYear(after instant: Int64?) -> Int64? {
    guard daylight != nil else { return nil }
    return LocalDateTime(seconds: instant ?? 0).year
  }

  /// The transitions of the years around an instant that really change the offset.
  private func transitions(around seconds: Int64) -> [ZoneTransition] {
    let year = LocalDateTime(seconds: seconds).year
    var found: [ZoneTransition] = []
    for next in (year - 2...year + 2).flatMap(transitions(inYear:)) {
      if next.instant == found.last?.instant { found.removeLast() }
      if next.offset != found.last?.offset { found.append(next) }
    }
    return found
  }

  func offset(at seconds: Int64) -> Int32? {
    guard daylight != nil else { return nil }
    return transitions(around: seconds).last { $0.instant <= seconds }?.offset ?? standardOffset
  }

  func transition(after seconds: Int64) -> ZoneTransition? {
    // The first one found only opens the window: whether it changes anything is not known.
    transitions(around: seconds).dropFirst().first { $0.instant > seconds }
  }
}

extension PosixZoneRule {
  /// Nil when the text does not follow the grammar.
  init?(_ text: some Collection<UInt8>) {
    var reader = Reader(bytes: Array(text))
    guard reader.skipName(), let west = reader.time() else { return nil }
    standardOffset = Int32(-west)
    daylight = nil
    if reader.isAtEnd { return }

    guard reader.skipName() else { return nil }
    var offset = standardOffset + 3600
    if !reader.isAt(",") {
      guard let west = reader.time() else { return nil }
      offset = Int32(-west)
    }
    guard let start = reader.moment(), let end = reader.moment(), reader.isAtEnd else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  private struct Reader {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }
    func isAt(_ character: Unicode.Scalar) -> Bool {
      index < bytes.count && bytes[index] == UInt8(ascii: character)
    }
    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard isAt(character) else { return false }
      index += 1
      return true
    }

    /// `CET`, or anything in angle brackets such as `<+0330>`.
    mutating func skipName() -> Bool {
      if take("<") {
        while !isAtEnd && !isAt(">") { index += 1 }
        return take(">")
      }
      let start = index
      while index < bytes.count, bytes[index] | 0x20 >= UInt8(ascii: "a"),
        bytes[index] | 0x20 <= UInt8(ascii: "z")
      {
        index += 1
      }
      return index > start
    }

    mutating func number() -> Int64? {
      let start = index
      var value: Int64 = 0
      while index < bytes.count, index - start < 4, let digit = ASCII.digit(bytes[index]) {
        value = value * 10 + digit
        index += 1
      }
      return index > start ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int64? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard let hours = number() else { return nil }
      var seconds = hours * 3600
      for unit: Int64 in [60, 1] where take(":") {
        guard let value = number() else { return nil }
        seconds += value * unit
      }
      return isNegative ? -seconds : seconds
    }

    /// `,date[/time]`; the time is 02:00 if left out.
    mutating func moment() -> Moment? {
      guard take(",") else { return nil }
      let day: Moment.Day
      if take("M") {
        guard let month = number(), take("."), let week = number(), take("."),
          let weekday = number(), (1...12).contains(month), (1...5).contains(week),
          (0...6).contains(weekday)
        else { return nil }
        day = .weekday(month: month, week: week, weekday: weekday)
      } else if take("J") {
        guard let number = number(), (1...365).contains(number) else { return nil }
        day = .julian(number)
      } else {
        guard let number = number(), (0...365).contains(number) else { return nil }
        day = .ordinal(number)
      }
      if !take("/") { return Moment(day: day, seconds: 7200) }
      guard let seconds = time() else { return nil }
      return Moment(day: day, seconds: seconds)
    }
  }
}
