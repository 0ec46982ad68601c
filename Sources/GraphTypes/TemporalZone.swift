/// A time zone: a bare offset from UTC, or a region of the IANA database with its history.
public enum TemporalZone: Sendable {
  /// Seconds east of UTC, within ±18 hours.
  case offset(Int32)
  case region(ZoneRules)

  public static let utc = TemporalZone.offset(0)

  /// Reads `Z`, `+01`, `+0100`, `+01:00`, `+01:00:30`, or a region such as `Europe/Moscow`.
  /// - Throws: `ArgumentError` when it is neither an offset nor a zone of this machine's database.
  public init(named name: String) throws(QueryError) {
    if let offset = TemporalText.offset(name) {
      self = .offset(try Self.checkedOffset(offset, in: name))
    } else {
      self = .region(try ZoneDatabase.rules(named: name))
    }
  }

  static func checkedOffset(_ offset: Int32, in text: String) throws(QueryError) -> Int32 {
    if abs(offset) > 18 * 3600 {
      throw TemporalError.invalid("offset in '\(text)' is beyond ±18:00")
    }
    return offset
  }

  /// The region's name, nil for a bare offset.
  public var regionName: String? {
    if case .region(let rules) = self { rules.name } else { nil }
  }

  /// Offset from UTC in seconds at an instant.
  public func offset(at seconds: Int64) -> Int32 {
    switch self {
    case .offset(let offset): offset
    case .region(let rules): rules.offset(at: seconds)
    }
  }

  /// The instant and offset at which a clock shows `localSeconds`; see `ZonedDateTime.init`.
  func resolve(localSeconds: Int64, preferring preferred: Int32?) -> (seconds: Int64, offset: Int32)
  {
    switch self {
    case .offset(let offset): (localSeconds - Int64(offset), offset)
    case .region(let rules): rules.resolve(localSeconds: localSeconds, preferring: preferred)
    }
  }

  /// What `.timezone` of a value in this zone says: the region, or an offset such as `+01:00`.
  public var name: String {
    switch self {
    case .offset(let offset): TemporalFormat.text(offset: offset)
    case .region(let rules): rules.name
    }
  }
}
