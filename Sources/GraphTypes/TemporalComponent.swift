/// A part of a date or time that Cypher reads as a property, such as `d.year`.
///
/// Resolve the name once (`TemporalComponent(name:)`), then ask each value with `component(_:)`.
@frozen public enum TemporalComponent: String, Sendable, CaseIterable {
  case year, quarter, month, week, weekYear, day, ordinalDay, dayOfWeek, dayOfQuarter
  case hour, minute, second, millisecond, microsecond, nanosecond
  case timezone, offset, offsetMinutes, offsetSeconds, epochSeconds, epochMillis

  /// Knows Neo4j's second names, `weekDay` and `quarterDay`, too.
  public init?(name: String) {
    switch name {
    case "weekDay": self = .dayOfWeek
    case "quarterDay": self = .dayOfQuarter
    default: self.init(rawValue: name)
    }
  }
}

extension LocalDate {
  /// Nil if a date has no such part.
  @inlinable public func component(_ component: TemporalComponent) -> Int64? {
    switch component {
    case .year: year
    case .quarter: quarter
    case .month: month
    case .week: week
    case .weekYear: weekYear
    case .day: day
    case .ordinalDay: ordinalDay
    case .dayOfWeek: dayOfWeek
    case .dayOfQuarter: dayOfQuarter
    default: nil
    }
  }
}

extension LocalTime {
  /// Nil if a time of day has no such part.
  @inlinable public func component(_ component: TemporalComponent) -> Int64? {
    switch component {
    case .hour: hour
    case .minute: minute
    case .second: second
    case .millisecond: millisecond
    case .microsecond: microsecond
    case .nanosecond: nanosecond
    default: nil
    }
  }
}

extension LocalDateTime {
  @inlinable public func component(_ component: TemporalComponent) -> Int64? {
    date.component(component) ?? time.component(component)
  }
}

extension OffsetTime {
  /// The numeric parts; `timezone` and `offset` are text, see `Value.component(_:)`.
  @inlinable public func component(_ component: TemporalComponent) -> Int64? {
    switch component {
    case .offsetMinutes: Int64(offset / 60)
    case .offsetSeconds: Int64(offset)
    default: local.component(component)
    }
  }
}

extension ZonedDateTime {
  /// The numeric parts; `timezone` and `offset` are text, see `Value.component(_:)`.
  @inlinable public func component(_ component: TemporalComponent) -> Int64? {
    switch component {
    case .offsetMinutes: Int64(offset / 60)
    case .offsetSeconds: Int64(offset)
    case .epochSeconds: seconds
    case .epochMillis: seconds &* 1000 &+ Int64(nanoseconds / 1_000_000)
    default: local.component(component)
    }
  }
}

extension Value {
  /// A part of a date or time; nil if this is neither or its type has no such part.
  package func component(_ component: TemporalComponent) -> Value? {
    switch self {
    case .date(let value): return value.component(component).map(Value.integer)
    case .localTime(let value): return value.component(component).map(Value.integer)
    case .localDateTime(let value): return value.component(component).map(Value.integer)
    case .time(let value):
      if component == .timezone || component == .offset {
        return .string(TemporalFormat.text(offset: value.offset))
      }
      return value.component(component).map(Value.integer)
    case .dateTime(let value):
      if component == .timezone, let zone = value.zone { return .string(zone) }
      if component == .timezone || component == .offset {
        return .string(TemporalFormat.text(offset: value.offset))
      }
      return value.component(component).map(Value.integer)
    default: return nil
    }
  }

  /// The parts that `component(named:)` knows for this type; none for other values.
  package var componentNames: [String] {
    switch self {
    case .duration: DurationComponent.allCases.map(\.rawValue)
    case .point(let point): point.componentNames
    default: TemporalComponent.allCases.filter { component($0) != nil }.map(\.rawValue)
    }
  }

  /// A part by its name, of a date, time, duration or point: what `value.name` means for them.
  ///
  /// - Returns: nil if this is another type or has no such part.
  /// - Throws: `ArithmeticError` when a duration in the asked unit exceeds a 64-bit integer.
  package func component(named name: String) throws(QueryError) -> Value? {
    switch self {
    case .duration(let duration):
      guard let component = DurationComponent(rawValue: name) else { return nil }
      return .integer(try duration.component(component))
    case .point(let point): return point.component(named: name)
    default: return TemporalComponent(name: name).flatMap { component($0) }
    }
  }
}
