// Instants seen in a zone.

/// A moment on the time line: seconds since 1970-01-01T00:00Z and nanoseconds in
/// `0 ..< 1_000_000_000`. Clocks hand it to the functions that need to know "now".
public struct Instant: Hashable, Sendable, Comparable {
  public var seconds: Int64
  public var nanoseconds: Int32
  @inlinable public init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
  @inlinable public static func < (a: Instant, b: Instant) -> Bool {
    a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds
  }
}

extension ZonedDateTime {
  /// The moment `instant` in `zone`.
  public init(_ instant: Instant, in zone: TemporalZone) {
    self.init(
      seconds: instant.seconds, nanoseconds: instant.nanoseconds,
      offset: zone.offset(at: instant.seconds), zone: zone.regionName)
  }

  /// What a clock in `zone` shows as `local`.
  ///
  /// The rules are those of java.time: a time that the clock skips moves forward by the length of
  /// the gap; of a time that it shows twice, the one at `preferredOffset` is taken if that offset
  /// is one of the two, else the earlier.
  public init(
    _ local: LocalDateTime, in zone: TemporalZone, preferring preferredOffset: Int32? = nil
  ) {
    let found = zone.resolve(localSeconds: local.seconds, preferring: preferredOffset)
    self.init(
      seconds: found.seconds, nanoseconds: local.nanoseconds, offset: found.offset,
      zone: zone.regionName)
  }

  @inlinable public var instant: Instant { Instant(seconds: seconds, nanoseconds: nanoseconds) }
  /// What the clock on the wall shows.
  @inlinable public var local: LocalDateTime {
    LocalDateTime(seconds: seconds &+ Int64(offset), nanoseconds: nanoseconds)
  }
  @inlinable public var year: Int64 { local.year }
  @inlinable public var month: Int64 { local.month }
  @inlinable public var day: Int64 { local.day }
  @inlinable public var hour: Int64 { local.hour }
  @inlinable public var minute: Int64 { local.minute }
  @inlinable public var second: Int64 { local.second }

  /// - Throws: `ArgumentError` when this machine's zone database lacks the zone.
  public func temporalZone() throws(QueryError) -> TemporalZone {
    if let zone { return .region(try ZoneDatabase.rules(named: zone)) }
    return .offset(offset)
  }

  /// The same moment in another zone.
  public func moved(to newZone: TemporalZone) -> ZonedDateTime { .init(instant, in: newZone) }

  package func checked() throws(QueryError) -> ZonedDateTime {
    _ = try LocalDateTime(checkingSeconds: local.seconds, nanoseconds: nanoseconds)
    return self
  }
}

extension ZonedDateTime: Comparable {
  /// By instant; the same instant from west to east, then by zone name (none first), as Cypher
  /// prescribes. Two values are equal only if all of these are.
  public static func < (a: ZonedDateTime, b: ZonedDateTime) -> Bool {
    if a.seconds != b.seconds { return a.seconds < b.seconds }
    if a.nanoseconds != b.nanoseconds { return a.nanoseconds < b.nanoseconds }
    if a.offset != b.offset { return a.offset < b.offset }
    return (a.zone ?? "") < (b.zone ?? "")
  }
}
