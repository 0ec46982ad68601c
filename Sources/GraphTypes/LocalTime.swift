// Times of day, without offset and with one.

extension LocalTime: Comparable {
  public static let midnight = LocalTime(nanoseconds: 0)
  @usableFromInline static var nanosecondsPerDay: Int64 { 86_400_000_000_000 }

  @inlinable public static func < (a: LocalTime, b: LocalTime) -> Bool {
    a.nanoseconds < b.nanoseconds
  }

  /// - Throws: `ArgumentError` when a part is out of range.
  public init(
    hour: Int64, minute: Int64 = 0, second: Int64 = 0, nanosecond: Int64 = 0
  ) throws(QueryError) {
    try TemporalError.check(hour, "hour", in: 0...23)
    try TemporalError.check(minute, "minute", in: 0...59)
    try TemporalError.check(second, "second", in: 0...59)
    try TemporalError.check(nanosecond, "nanosecond", in: 0...999_999_999)
    self.init(nanoseconds: ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + nanosecond)
  }

  @inlinable public var hour: Int64 { nanoseconds / 3_600_000_000_000 }
  @inlinable public var minute: Int64 { nanoseconds / 60_000_000_000 % 60 }
  @inlinable public var second: Int64 { nanoseconds / 1_000_000_000 % 60 }
  /// Of the second, as are `microsecond` and `nanosecond`: 645 of 12:31:14.645876123.
  @inlinable public var millisecond: Int64 { nanosecond / 1_000_000 }
  @inlinable public var microsecond: Int64 { nanosecond / 1000 }
  @inlinable public var nanosecond: Int64 { nanoseconds % 1_000_000_000 }
  @inlinable public var secondOfDay: Int64 { nanoseconds / 1_000_000_000 }

  /// The sum modulo a day; `seconds` and `nanoseconds` may be any numbers.
  package func adding(seconds: Int64, nanoseconds amount: Int64) -> LocalTime {
    let sum = nanoseconds + seconds % 86_400 * 1_000_000_000 + amount % Self.nanosecondsPerDay
    return LocalTime(nanoseconds: floorModulo(sum, Self.nanosecondsPerDay))
  }
}

extension OffsetTime {
  @inlinable public init(_ local: LocalTime, offset: Int32) {
    self.init(nanoseconds: local.nanoseconds, offset: offset)
  }

  @inlinable public var local: LocalTime { LocalTime(nanoseconds: nanoseconds) }
  @inlinable public var hour: Int64 { local.hour }
  @inlinable public var minute: Int64 { local.minute }
  @inlinable public var second: Int64 { local.second }

  /// Nanoseconds of the same moment at offset zero, from -18 h to 42 h: what times are ordered by.
  @inlinable package var utcNanoseconds: Int64 {
    nanoseconds &- Int64(offset) &* 1_000_000_000
  }

  /// The same moment at another offset.
  package func moved(toOffset newOffset: Int32) -> OffsetTime {
    let shift = Int64(newOffset) - Int64(offset)
    return OffsetTime(local.adding(seconds: shift, nanoseconds: 0), offset: newOffset)
  }
}

extension OffsetTime: Comparable {
  /// By moment; times of the same moment from west to east, as Cypher prescribes.
  @inlinable public static func < (a: OffsetTime, b: OffsetTime) -> Bool {
    a.utcNanoseconds != b.utcNanoseconds
      ? a.utcNanoseconds < b.utcNanoseconds : a.offset < b.offset
  }
}
