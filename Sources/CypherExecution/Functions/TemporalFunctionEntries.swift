internal import GraphColumns
internal import GraphTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension BuiltInFunction {
  static let temporal: [BuiltInFunction] =
    TemporalKind.allCases.flatMap(entries) + [
      format,
      BuiltInFunction(
        "datetime.fromEpoch", "Temporal",
        [Parameter("seconds", "INTEGER"), Parameter("nanoseconds", "INTEGER")],
        returns: "ZONED DATETIME", "The instant so many seconds and nanoseconds after 1970-01-01Z."
      ) { arguments, _ in
        try TemporalFunctions.fromEpoch(seconds: arguments[0], nanoseconds: arguments[1])
      },
      BuiltInFunction(
        "datetime.fromEpochMillis", "Temporal", [Parameter("milliseconds", "INTEGER")],
        returns: "ZONED DATETIME", "The instant so many milliseconds after 1970-01-01Z."
      ) { arguments, _ in try TemporalFunctions.fromEpochMillis(arguments[0]) },
    ]

  private static func typeName(_ kind: TemporalKind) -> String {
    switch kind {
    case .date: "DATE"
    case .localTime: "LOCAL TIME"
    case .time: "ZONED TIME"
    case .localDateTime: "LOCAL DATETIME"
    case .dateTime: "ZONED DATETIME"
    }
  }

  private static func entries(_ kind: TemporalKind) -> [BuiltInFunction] {
    let name = kind.rawValue
    let type = typeName(kind)
    return [
      BuiltInFunction(
        name, "Temporal", [Parameter("input", "ANY", isOptional: true)], returns: type,
        "A \(name) from a string, a map of fields or another date or time; without argument the "
          + "present, as of the statement's beginning.",
        stability: .statement,
        vectorised: { vectors, count, _ in converted(vectors, count, kind) },
        body: { arguments, evaluation in
          guard let argument = arguments.first else {
            return try TemporalFunctions.current(kind, in: evaluation.temporal)
          }
          return try TemporalFunctions.construct(kind, from: argument, in: evaluation.temporal)
        }),
      BuiltInFunction(
        name + ".truncate", "Temporal",
        [
          Parameter("unit", "STRING"), Parameter("value", "ANY", isOptional: true),
          Parameter("fields", "MAP", isOptional: true),
        ], returns: type,
        "The start of the unit in which a date or time lies, as a \(name), with fields replaced. "
          + "Null if the unit or the value is null.",
        stability: .statement, propagatesNull: false,
        vectorised: { vectors, count, _ in truncated(vectors, count, kind) },
        body: { arguments, evaluation in
          let value =
            arguments.count > 1
            ? arguments[1] : try TemporalFunctions.current(kind, in: evaluation.temporal)
          return try TemporalFunctions.truncate(
            kind, unit: arguments[0], value, overrides: arguments.count > 2 ? arguments[2] : .null,
            in: evaluation.temporal)
        }),
      current(kind, "transaction", "The present, as of the transaction's beginning."),
      current(kind, "statement", "The present, as of the statement's beginning."),
      BuiltInFunction(
        name + ".realtime", "Temporal", [Parameter("timezone", "STRING", isOptional: true)],
        returns: type, "The present at the moment of the call.", stability: .volatile
      ) { arguments, evaluation in
        var context = evaluation.temporal
        context.now = realTime()
        return try TemporalFunctions.current(kind, in: context, zone: arguments.first)
      },
    ]
  }

  private static func current(_ kind: TemporalKind, _ clock: String, _ summary: String)
    -> BuiltInFunction
  {
    BuiltInFunction(
      "\(kind.rawValue).\(clock)", "Temporal",
      [Parameter("timezone", "STRING", isOptional: true)], returns: typeName(kind), summary,
      stability: .statement
    ) { arguments, evaluation in
      try TemporalFunctions.current(kind, in: evaluation.temporal, zone: arguments.first)
    }
  }

  /// The system's clock, in nanoseconds.
  private static func realTime() -> Instant {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Instant(seconds: Int64(now.tv_sec), nanoseconds: Int32(now.tv_nsec))
  }

  /// `date(d)` of vectors of dates and of local dates and times, and `localdatetime(d)`.
  private static func converted(_ vectors: [Vector], _ count: Int, _ kind: TemporalKind) -> Vector?
  {
    guard let vector = vectors.first else { return nil }
    switch (kind, vector.type) {
    case (.date, .date), (.localDateTime, .localDateTime): return vector
    case (.date, .localDateTime):
      return FunctionLoop.map(vector, LocalDateTime.self, to: .date, LocalDate.self, count) {
        $0.date
      }
    case (.localDateTime, .date):
      return FunctionLoop.map(
        vector, LocalDate.self, to: .localDateTime, LocalDateTime.self, count
      ) { LocalDateTime($0, .midnight) }
    default: return nil
    }
  }

  /// `date.truncate('month', d)` and `localdatetime.truncate('month', d)`, of dates and of local
  /// dates and times, for units of a day and more.
  private static func truncated(_ vectors: [Vector], _ count: Int, _ kind: TemporalKind) -> Vector?
  {
    guard vectors.count == 2, kind == .date || kind == .localDateTime, vectors[0].isConstant,
      case .string(let name) = vectors[0].boxed(0),
      let unit = TemporalUnit.allCases.first(where: {
        $0.rawValue.lowercased() == name.lowercased()
      })
    else { return nil }
    switch unit {
    case .hour, .minute, .second, .millisecond, .microsecond: return nil
    default: break
    }
    let value = vectors[1]
    // The first days of the calendar may lie outside once truncated; the general way reports that.
    switch value.type {
    case .date:
      guard
        let days = try? FunctionLoop.map(
          value, LocalDate.self, to: .date, LocalDate.self, count, { try $0.truncated(to: unit) })
      else { return nil }
      return kind == .date ? days : converted([days], count, .localDateTime)
    case .localDateTime:
      guard
        let days = try? FunctionLoop.map(
          value, LocalDateTime.self, to: .date, LocalDate.self, count,
          { try $0.date.truncated(to: unit) })
      else { return nil }
      return kind == .date ? days : converted([days], count, .localDateTime)
    default: return nil
    }
  }

  static let duration: [BuiltInFunction] = [
    BuiltInFunction(
      "duration", "Temporal", [Parameter("input", "STRING | MAP | DURATION")],
      returns: "DURATION", "A duration from a string such as 'P1Y2M' or a map of amounts."
    ) { arguments, _ in try TemporalFunctions.duration(from: arguments[0]) },
    between(
      "duration.between", "The time between two dates or times, in months, days and seconds.",
      .monthsDaysSeconds),
    between(
      "duration.inMonths", "The whole months between two dates or times.", .months),
    between("duration.inDays", "The whole days between two dates or times.", .days),
    between("duration.inSeconds", "The time between two dates or times in seconds.", .seconds),
  ]

  private static func between(_ name: String, _ summary: String, _ span: CalendarDuration.Span)
    -> BuiltInFunction
  {
    BuiltInFunction(
      name, "Temporal", [Parameter("from", "ANY"), Parameter("to", "ANY")], returns: "DURATION",
      summary
    ) { arguments, _ in try TemporalFunctions.between(arguments[0], arguments[1], in: span) }
  }
}
