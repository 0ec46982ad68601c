// Reading of ISO 8601 text, in every form that Cypher knows.

/// What a text says about a date and time, field by field, before anything is checked.
struct TemporalText {
  enum Day {
    case calendar(year: Int64, month: Int64, day: Int64)
    case week(year: Int64, week: Int64, day: Int64)
    case quarter(year: Int64, quarter: Int64, day: Int64)
    case ordinal(year: Int64, day: Int64)
  }
  struct Time {
    var hour: Int64
    var minute: Int64 = 0
    var second: Int64 = 0
    var nanosecond: Int64 = 0
  }
  var day: Day?
  var time: Time?
  /// Seconds; not yet limited to ±18 hours.
  var offset: Int32?
  var zoneName: String?

  func date() throws(QueryError) -> LocalDate? {
    switch day {
    case nil: nil
    case .calendar(let year, let month, let day): try LocalDate(year: year, month: month, day: day)
    case .week(let year, let week, let day):
      try LocalDate(weekYear: year, week: week, dayOfWeek: day)
    case .quarter(let year, let quarter, let day):
      try LocalDate(year: year, quarter: quarter, dayOfQuarter: day)
    case .ordinal(let year, let day): try LocalDate(year: year, ordinalDay: day)
    }
  }

  func localTime() throws(QueryError) -> LocalTime? {
    guard let time else { return nil }
    return try LocalTime(
      hour: time.hour, minute: time.minute, second: time.second, nanosecond: time.nanosecond)
  }

  // MARK: Grammar

  /// `date`, nothing else.
  static func readDate(_ text: String) -> TemporalText? {
    text.withBytes { bytes in
      var cursor = ByteCursor(bytes)
      guard let day = readDay(&cursor), cursor.isAtEnd else { return nil }
      return TemporalText(day: day)
    }
  }

  /// `time [offset] [zone]`.
  static func readTime(_ text: String) -> TemporalText? {
    text.withBytes { bytes in
      var cursor = ByteCursor(bytes)
      var result = TemporalText()
      guard result.takeTime(&cursor), result.takeZone(&cursor), cursor.isAtEnd else { return nil }
      return result
    }
  }

  /// `date [T time] [offset] [zone]`.
  static func readDateTime(_ text: String) -> TemporalText? {
    text.withBytes { bytes in
      var cursor = ByteCursor(bytes)
      guard let day = readDay(&cursor) else { return nil }
      var result = TemporalText(day: day)
      if cursor.take("T") {
        guard result.takeTime(&cursor), result.takeZone(&cursor) else { return nil }
      } else {
        guard result.takeZoneName(&cursor) else { return nil }
      }
      return cursor.isAtEnd ? result : nil
    }
  }

  /// The seconds of `Z`, `+01`, `+0100`, `+01:00` or `+01:00:30`; nil for any other text.
  static func offset(_ text: String) -> Int32? {
    text.withBytes { bytes in
      var cursor = ByteCursor(bytes)
      guard let offset = readOffset(&cursor), cursor.isAtEnd else { return nil }
      return offset
    }
  }

  /// A year of four digits, or a sign and one to nine; then a month and day, a week and weekday, a
  /// quarter and its day, or a day of the year, with dashes or without.
  private static func readDay(_ cursor: inout ByteCursor) -> Day? {
    let sign = cursor.sign()
    let digits = cursor.digitCount()
    let yearDigits = sign == nil ? 4 : min(digits, 9)
    guard var year = cursor.number(digits: yearDigits) else { return nil }
    year *= sign ?? 1
    let extraDigits = digits - yearDigits

    if cursor.take("-") { return readExtended(&cursor, year: year) }
    if cursor.take("W") {
      guard let week = cursor.number(digits: 2) else { return nil }
      return .week(year: year, week: week, day: cursor.number(digits: 1) ?? 1)
    }
    if cursor.take("Q") {
      guard let quarter = cursor.number(digits: 1) else { return nil }
      return .quarter(year: year, quarter: quarter, day: cursor.number(digits: 2) ?? 1)
    }
    switch extraDigits {
    case 0:
      return .calendar(year: year, month: 1, day: 1)
    case 2:
      return cursor.number(digits: 2).map { .calendar(year: year, month: $0, day: 1) }
    case 3:
      return cursor.number(digits: 3).map { .ordinal(year: year, day: $0) }
    case 4:
      guard let month = cursor.number(digits: 2), let day = cursor.number(digits: 2) else {
        return nil
      }
      return .calendar(year: year, month: month, day: day)
    default:
      return nil
    }
  }

  private static func readExtended(_ cursor: inout ByteCursor, year: Int64) -> Day? {
    if cursor.take("W") {
      guard let week = cursor.number(digits: 2) else { return nil }
      if !cursor.take("-") { return .week(year: year, week: week, day: 1) }
      return cursor.number(digits: 1).map { .week(year: year, week: week, day: $0) }
    }
    if cursor.take("Q") {
      guard let quarter = cursor.number(digits: 1) else { return nil }
      if !cursor.take("-") { return .quarter(year: year, quarter: quarter, day: 1) }
      guard cursor.digitCount() <= 2, let day = cursor.number(digits: cursor.digitCount()) else {
        return nil
      }
      return .quarter(year: year, quarter: quarter, day: day)
    }
    if cursor.digitCount() == 3 {
      return cursor.number(digits: 3).map { .ordinal(year: year, day: $0) }
    }
    guard cursor.digitCount() <= 2, let month = cursor.number(digits: cursor.digitCount()) else {
      return nil
    }
    if !cursor.take("-") { return .calendar(year: year, month: month, day: 1) }
    guard cursor.digitCount() <= 2, let day = cursor.number(digits: cursor.digitCount()) else {
      return nil
    }
    return .calendar(year: year, month: month, day: day)
  }

  /// `hh[:mm[:ss[.fraction]]]` or `hh[mm[ss[.fraction]]]`.
  private mutating func takeTime(_ cursor: inout ByteCursor) -> Bool {
    let digits = cursor.digitCount()
    guard [2, 4, 6].contains(digits), let hour = cursor.number(digits: 2) else { return false }
    var time = Time(hour: hour)
    var hasSeconds = digits == 6
    if digits >= 4 {
      time.minute = cursor.number(digits: 2) ?? 0
      if digits == 6 { time.second = cursor.number(digits: 2) ?? 0 }
    } else if cursor.take(":") {
      guard let minute = cursor.number(digits: 2) else { return false }
      time.minute = minute
      if cursor.take(":") {
        guard let second = cursor.number(digits: 2) else { return false }
        time.second = second
        hasSeconds = true
      }
    }
    if hasSeconds {
      guard let nanosecond = cursor.nanoseconds() else { return false }
      time.nanosecond = nanosecond
    }
    self.time = time
    return true
  }

  private mutating func takeZone(_ cursor: inout ByteCursor) -> Bool {
    if !cursor.isAtEnd && !cursor.isAt("[") {
      guard let offset = Self.readOffset(&cursor) else { return false }
      self.offset = offset
    }
    return takeZoneName(&cursor)
  }

  private mutating func takeZoneName(_ cursor: inout ByteCursor) -> Bool {
    guard cursor.take("[") else { return true }
    let start = cursor.index
    while !cursor.isAtEnd && !cursor.isAt("]") { cursor.index += 1 }
    zoneName = String(decoding: cursor.bytes[start..<cursor.index], as: UTF8.self)
    return cursor.take("]")
  }

  private static func readOffset(_ cursor: inout ByteCursor) -> Int32? {
    if cursor.take("Z") { return 0 }
    guard let sign = cursor.sign() else { return nil }
    let digits = cursor.digitCount()
    guard [2, 4, 6].contains(digits), var seconds = cursor.number(digits: 2) else { return nil }
    seconds *= 3600
    for unit: Int64 in [60, 1] {
      if digits == 2 {
        guard cursor.take(":") else { break }
      } else if cursor.digitCount() == 0 {
        break
      }
      guard let value = cursor.number(digits: 2), value < 60 else { return nil }
      seconds += value * unit
    }
    return Int32(sign * seconds)
  }
}

// MARK: - The five types

extension LocalDate {
  /// Reads `2015-07-21`, `20150721`, `2015-07`, `2015`, `2015-W30-2`, `2015-Q3-20`, `2015-202` and
  /// their forms without dashes; years beyond four digits need a sign.
  public init(_ text: String) throws(QueryError) {
    guard let date = try TemporalText.readDate(text)?.date() else {
      throw TemporalError.invalid(
        "cannot read '\(text)' as a date",
        hint: "a date looks like 2015-07-21, 20150721, 2015-W30-2, 2015-202 or 2015-Q3-20")
    }
    self = date
  }
}

extension LocalTime {
  /// Reads `21:40:32.142`, `214032.142`, `21:40`, `2140`, `21`.
  public init(_ text: String) throws(QueryError) {
    let parts = TemporalText.readTime(text)
    guard let parts, parts.offset == nil, parts.zoneName == nil, let time = try parts.localTime()
    else {
      throw TemporalError.invalid(
        "cannot read '\(text)' as a local time"
          + (parts?.offset == nil ? "" : ", because it has an offset"),
        hint: "a local time looks like 21:40:32.142 or 214032")
    }
    self = time
  }
}

extension OffsetTime {
  /// Reads a local time followed by `Z`, `+01`, `+0100`, `+01:00` or nothing (then `zone` counts,
  /// which must be a bare offset).
  public init(_ text: String, defaultZone zone: TemporalZone = .utc) throws(QueryError) {
    guard let parts = TemporalText.readTime(text), let time = try parts.localTime() else {
      throw TemporalError.invalid(
        "cannot read '\(text)' as a time", hint: "a time looks like 21:40:32.142+01:00 or 2140Z")
    }
    if let name = parts.zoneName { throw TemporalError.regionWithoutDate(name) }
    if let offset = parts.offset {
      self.init(time, offset: try TemporalZone.checkedOffset(offset, in: text))
    } else {
      self.init(time, offset: try zone.fixedOffset())
    }
  }
}

extension LocalDateTime {
  /// Reads a date, `T` and a local time; the time may be left out.
  public init(_ text: String) throws(QueryError) {
    guard let parts = TemporalText.readDateTime(text), parts.offset == nil, parts.zoneName == nil,
      let date = try parts.date()
    else {
      throw TemporalError.invalid(
        "cannot read '\(text)' as a local date and time",
        hint: "it looks like 2015-07-21T21:40:32.142 and has no offset")
    }
    self.init(date, try parts.localTime() ?? .midnight)
  }
}

extension ZonedDateTime {
  /// Reads a date, `T`, a time, an offset and a region in brackets, such as
  /// `2015-07-21T21:40:32.142+02:00[Europe/Stockholm]`. Time, offset and region may be left out;
  /// without the last two `zone` counts.
  public init(_ text: String, defaultZone zone: TemporalZone = .utc) throws(QueryError) {
    guard let parts = TemporalText.readDateTime(text), let date = try parts.date() else {
      throw TemporalError.invalid(
        "cannot read '\(text)' as a date and time",
        hint: "it looks like 2015-07-21T21:40:32.142+02:00 or 2015-07-21T21:40[Europe/Stockholm]")
    }
    let local = LocalDateTime(date, try parts.localTime() ?? .midnight)
    var offset = parts.offset
    if let given = offset { offset = try TemporalZone.checkedOffset(given, in: text) }
    if let name = parts.zoneName {
      let region = try TemporalZone(named: name)
      self.init(local, in: region, preferring: offset)
      if let offset, offset != self.offset {
        throw TemporalError.invalid(
          "'\(text)' has offset \(TemporalFormat.text(offset: offset)), but in \(name) it is "
            + TemporalFormat.text(offset: self.offset))
      }
    } else {
      self.init(local, in: offset.map { .offset($0) } ?? zone)
    }
  }
}

extension TemporalError {
  static func regionWithoutDate(_ name: String) -> QueryError {
    invalid(
      "a time of day without a date cannot be in the region '\(name)', whose offset varies",
      hint: "use an offset such as '+01:00'")
  }
}

extension TemporalZone {
  /// The offset if it does not depend on the date.
  func fixedOffset() throws(QueryError) -> Int32 {
    switch self {
    case .offset(let offset): return offset
    case .region(let rules):
      guard let offset = rules.fixedOffset else {
        throw TemporalError.regionWithoutDate(rules.name)
      }
      return offset
    }
  }
}

extension ZoneRules {
  /// The offset of a region that never changes it, such as UTC.
  var fixedOffset: Int32? { instants.isEmpty && future?.daylight == nil ? initialOffset : nil }
}
