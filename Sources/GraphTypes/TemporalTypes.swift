// The six temporal types of openCypher, as plain data. Their calendar arithmetic, parsing and
// formatting live beside them, one file a type. The calendar is proleptic Gregorian.

/// A calendar date: days since 1970-01-01.
public struct LocalDate: Hashable, Sendable {
  public var days: Int64
  @inlinable public init(days: Int64) { self.days = days }
}

/// A time of day without offset: nanoseconds since midnight, in `0 ..< 86_400_000_000_000`.
public struct LocalTime: Hashable, Sendable {
  public var nanoseconds: Int64
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
}

/// A time of day with an offset from UTC in seconds.
public struct OffsetTime: Hashable, Sendable {
  public var nanoseconds: Int64
  public var offset: Int32
  @inlinable public init(nanoseconds: Int64, offset: Int32) {
    self.nanoseconds = nanoseconds
    self.offset = offset
  }
}

/// A date and time of day without zone: seconds since 1970-01-01T00:00 (as if in UTC) and
/// nanoseconds in `0 ..< 1_000_000_000`.
public struct LocalDateTime: Hashable, Sendable {
  public var seconds: Int64
  public var nanoseconds: Int32
  @inlinable public init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}

/// An instant seen in a zone. `seconds` counts from 1970-01-01T00:00Z; `offset` is the offset from
/// UTC in seconds that holds at that instant; `zone` is an IANA name, or nil for a bare offset.
public struct ZonedDateTime: Hashable, Sendable {
  public var seconds: Int64
  public var nanoseconds: Int32
  public var offset: Int32
  public var zone: String?
  @inlinable public init(seconds: Int64, nanoseconds: Int32 = 0, offset: Int32, zone: String? = nil)
  {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.offset = offset
    self.zone = zone
  }
}

/// An amount of time in units that do not convert into each other: months, days, seconds, and
/// nanoseconds in `0 ..< 1_000_000_000` (added to `seconds`, also when these are negative).
public struct CalendarDuration: Hashable, Sendable {
  public var months: Int64
  public var days: Int64
  public var seconds: Int64
  public var nanoseconds: Int32
  @inlinable public init(
    months: Int64 = 0, days: Int64 = 0, seconds: Int64 = 0, nanoseconds: Int32 = 0
  ) {
    self.months = months
    self.days = days
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}
