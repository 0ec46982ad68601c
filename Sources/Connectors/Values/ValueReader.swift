internal import GraphTypes

/// Reads one value of any column type. The block parser has quicker ways for most values and comes
/// here for the rest.
struct ValueReader: Sendable {
  let format: TextFormat

  /// - Returns: nil when the text is not of the type. Never null.
  func read(_ type: ColumnType, _ text: UnsafeBufferPointer<UInt8>) -> Value? {
    guard let base = text.baseAddress else { return type == .string ? .string("") : nil }
    let count = text.count
    switch type {
    case .string: return .string(String(decoding: text, as: UTF8.self))
    case .integer: return integer(text).map { .integer($0) }
    case .float: return float(text).map { .float($0) }
    case .boolean: return Self.boolean(base, count).map { .boolean($0) }
    case .date: return date(text).map { .date($0) }
    case .localDateTime: return localDateTime(text).map { .localDateTime($0) }
    case .dateTime: return dateTime(text).map { .dateTime($0) }
    case .localTime: return (try? LocalTime(string(text))).map { .localTime($0) }
    case .time: return (try? OffsetTime(string(text))).map { .time($0) }
    case .duration: return (try? CalendarDuration(string(text))).map { .duration($0) }
    case .point: return point(string(text))
    case .array(let element):
      var values: [Value] = []
      for part in text.split(separator: format.arrayDelimiter, omittingEmptySubsequences: true) {
        guard let value = read(element, UnsafeBufferPointer(rebasing: part)) else { return nil }
        values.append(value)
      }
      return .list(values)
    }
  }

  private func string(_ text: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: trimmed(text), as: UTF8.self)
  }

  func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = text.count
    while start < end && (text[start] == 32 || text[start] == 9) { start += 1 }
    while start < end && (text[end - 1] == 32 || text[end - 1] == 9) { end -= 1 }
    return UnsafeBufferPointer(rebasing: text[start..<end])
  }

  /// Integers, also with blanks around, grouped digits, zero decimals (`17850.0`) and a power of
  /// ten (`9e+05`, as R writes 900000).
  func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    let text = trimmed(text)
    guard let base = text.baseAddress else { return nil }
    if let value = NumberText.integer(base, text.count) { return value }
    var plain =
      format.allowsThousandsSpaces ? NumberText.withoutGrouping(text) : Array(text)
    if let point = plain.firstIndex(of: format.decimalPoint),
      plain[(point + 1)...].allSatisfy({ $0 == 48 })
    {
      plain.removeSubrange(point...)
    }
    return plain.withUnsafeBufferPointer { integerWithExponent($0) }
  }

  private func integerWithExponent(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard let base = text.baseAddress else { return nil }
    if let value = NumberText.integer(base, text.count) { return value }
    let limit: Double = 9_007_199_254_740_992
    guard text.contains(where: { $0 | 32 == 101 }),
      let number = NumberText.float(base, text.count, point: format.decimalPoint),
      abs(number) < limit, number == number.rounded()
    else { return nil }
    return Int64(number)
  }

  func float(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    let text = trimmed(text)
    guard let base = text.baseAddress else { return nil }
    if let value = NumberText.float(base, text.count, point: format.decimalPoint) { return value }
    guard format.allowsThousandsSpaces else { return nil }
    return NumberText.withoutGrouping(text).withUnsafeBufferPointer { plain in
      plain.baseAddress.flatMap {
        NumberText.float($0, plain.count, point: format.decimalPoint)
      }
    }
  }

  /// `true`, `t`, `yes`, `y`, `1`, `да` and their opposites, in any case.
  static func boolean(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool? {
    if count == 1 {
      switch text[0] | 32 {
      case UInt8(ascii: "1") | 32, UInt8(ascii: "t"), UInt8(ascii: "y"): return true
      case UInt8(ascii: "0") | 32, UInt8(ascii: "f"), UInt8(ascii: "n"): return false
      default: return nil
      }
    }
    if count > 10 { return nil }
    switch String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
      .lowercased()
    {
    case "true", "yes", "да", "истина": return true
    case "false", "no", "нет", "ложь": return false
    default: return nil
    }
  }

  private func patternReading(_ text: UnsafeBufferPointer<UInt8>) -> DatePattern.Reading? {
    guard let base = text.baseAddress else { return nil }
    for pattern in format.datePatterns {
      if let reading = pattern.read(base, text.count) { return reading }
    }
    return nil
  }

  func date(_ text: UnsafeBufferPointer<UInt8>) -> LocalDate? {
    let text = trimmed(text)
    guard let base = text.baseAddress else { return nil }
    if let reading = patternReading(text) { return LocalDate(days: reading.days) }
    if let date = DateText.date(base, text.count) { return date }
    return try? LocalDate(String(decoding: text, as: UTF8.self))
  }

  func localDateTime(_ text: UnsafeBufferPointer<UInt8>) -> LocalDateTime? {
    let text = trimmed(text)
    guard let base = text.baseAddress else { return nil }
    if let reading = patternReading(text) { return reading.localDateTime }
    if let value = DateText.localDateTime(base, text.count) { return value }
    return try? LocalDateTime(String(decoding: text, as: UTF8.self))
  }

  private func dateTime(_ text: UnsafeBufferPointer<UInt8>) -> ZonedDateTime? {
    let text = trimmed(text)
    guard let base = text.baseAddress else { return nil }
    if let reading = patternReading(text) {
      if let offset = reading.offset {
        return ZonedDateTime(
          seconds: reading.localDateTime.seconds - Int64(offset),
          nanoseconds: reading.nanoseconds, offset: offset)
      }
      return ZonedDateTime(reading.localDateTime, in: format.zone)
    }
    if let local = DateText.localDateTime(base, text.count) {
      return ZonedDateTime(local, in: format.zone)
    }
    return try? ZonedDateTime(String(decoding: text, as: UTF8.self), defaultZone: format.zone)
  }

  /// `{x: 1, y: 2}` with the keys of `point()`, as neo4j-admin writes points.
  private func point(_ text: String) -> Value? {
    guard text.hasPrefix("{"), text.hasSuffix("}") else { return nil }
    var entries: [String: Value] = [:]
    for entry in text.dropFirst().dropLast().split(separator: ",") {
      let parts = entry.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      func plain(_ part: Substring) -> String {
        part.trimmingPrefix { " \"'".contains($0) }.reversed().trimmingPrefix {
          " \"'".contains($0)
        }.reversed().reduce(into: "") { $0.append($1) }
      }
      let key = plain(parts[0])
      let value = plain(parts[1])
      entries[key] = Double(value).map { .float($0) } ?? .string(value)
    }
    if case .point(let point)? = try? Point.construct(from: .map(entries)) { return .point(point) }
    return nil
  }
}
