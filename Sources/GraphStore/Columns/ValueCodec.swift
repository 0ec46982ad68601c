package import GraphTypes

/// Any property value as self-describing bytes: a tag, then the parts in little endian. Used by the
/// `any` encoding of columns.
///
/// Tags: 0 null, 1 false, 2 true, 3 integer (i64), 4 float (f64), 5 string (u32 count, UTF-8),
/// 6 bytes (u32 count, bytes), 7 list (u32 count, elements), 8 date (i64), 9 local time (i64),
/// 10 time (i64, i32 offset), 11 local date-time (i64, i32), 12 date-time (i64, i32, i32 offset,
/// string zone, empty for none), 13 duration (i64 months, days, seconds, i32), 14 point in a plane
/// (i32 srid, f64 x, y), 15 point in space (and z).
package enum ValueCodec {
  /// - Throws: `QueryError` InvalidPropertyType for what no property can have.
  package static func append(_ value: Value, to bytes: inout [UInt8]) throws(QueryError) {
    try PropertyValue.check(value)
    appendChecked(value, to: &bytes)
  }

  /// Maps and graph elements, which `check` has refused, become null.
  package static func appendChecked(_ value: Value, to bytes: inout [UInt8]) {
    func tag(_ tag: UInt8) { bytes.append(tag) }
    func put<T: FixedWidthInteger>(_ number: T) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    func put(_ text: String) {
      put(UInt32(truncatingIfNeeded: text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    }
    switch value {
    case .null, .map, .node, .relationship, .path: tag(0)
    case .boolean(let flag): tag(flag ? 2 : 1)
    case .integer(let number):
      tag(3)
      put(number)
    case .float(let number):
      tag(4)
      put(number.bitPattern)
    case .string(let text):
      tag(5)
      put(text)
    case .bytes(let content):
      tag(6)
      put(UInt32(truncatingIfNeeded: content.count))
      bytes.append(contentsOf: content)
    case .list(let elements):
      tag(7)
      put(UInt32(truncatingIfNeeded: elements.count))
      for element in elements { appendChecked(element, to: &bytes) }
    case .date(let date):
      tag(8)
      put(date.days)
    case .localTime(let time):
      tag(9)
      put(time.nanoseconds)
    case .time(let time):
      tag(10)
      put(time.nanoseconds)
      put(time.offset)
    case .localDateTime(let moment):
      tag(11)
      put(moment.seconds)
      put(moment.nanoseconds)
    case .dateTime(let moment):
      tag(12)
      put(moment.seconds)
      put(moment.nanoseconds)
      put(moment.offset)
      put(moment.zone ?? "")
    case .duration(let duration):
      tag(13)
      put(duration.months)
      put(duration.days)
      put(duration.seconds)
      put(duration.nanoseconds)
    case .point(let point):
      tag(point.z == nil ? 14 : 15)
      put(point.srid)
      put(point.x.bitPattern)
      put(point.y.bitPattern)
      if let z = point.z { put(z.bitPattern) }
    }
  }

  /// The value at the front of `bytes`; null where they are damaged. Never reads beyond them.
  package static func value(_ bytes: UnsafeRawBufferPointer) -> Value {
    var cursor = Cursor(bytes: bytes)
    return cursor.value(depth: 0) ?? .null
  }

  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    mutating func number<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self) -> T? {
      guard bytes.count - position >= MemoryLayout<T>.size else { return nil }
      defer { position += MemoryLayout<T>.size }
      return bytes.number(position)
    }
    mutating func double() -> Double? { number(UInt64.self).map { Double(bitPattern: $0) } }
    mutating func run() -> UnsafeRawBufferPointer? {
      guard let count = number(UInt32.self), bytes.count - position >= Int(count) else {
        return nil
      }
      defer { position += Int(count) }
      return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + Int(count))])
    }
    mutating func text() -> String? { run().map { String(decoding: $0, as: UTF8.self) } }

    mutating func value(depth: Int) -> Value? {
      guard let tag = number(UInt8.self) else { return nil }
      switch tag {
      case 0: return .null
      case 1: return .boolean(false)
      case 2: return .boolean(true)
      case 3: return number().map { .integer($0) }
      case 4: return double().map { .float($0) }
      case 5: return text().map { .string($0) }
      case 6: return run().map { .bytes(Array($0)) }
      case 7: return list(depth: depth)
      case 8: return number().map { .date(LocalDate(days: $0)) }
      case 9: return number().map { .localTime(LocalTime(nanoseconds: $0)) }
      case 10:
        guard let nanoseconds = number(Int64.self), let offset = number(Int32.self) else {
          return nil
        }
        return .time(OffsetTime(nanoseconds: nanoseconds, offset: offset))
      case 11:
        guard let seconds = number(Int64.self), let nanoseconds = number(Int32.self) else {
          return nil
        }
        return .localDateTime(LocalDateTime(seconds: seconds, nanoseconds: nanoseconds))
      case 12:
        guard let seconds = number(Int64.self), let nanoseconds = number(Int32.self),
          let offset = number(Int32.self), let zone = text()
        else { return nil }
        return .dateTime(
          ZonedDateTime(
            seconds: seconds, nanoseconds: nanoseconds, offset: offset,
            zone: zone.isEmpty ? nil : zone))
      case 13:
        guard let months = number(Int64.self), let days = number(Int64.self),
          let seconds = number(Int64.self), let nanoseconds = number(Int32.self)
        else { return nil }
        return .duration(
          CalendarDuration(months: months, days: days, seconds: seconds, nanoseconds: nanoseconds))
      case 14, 15:
        guard let srid = number(Int32.self), let x = double(), let y = double() else { return nil }
        if tag == 14 { return .point(Point(srid: srid, x: x, y: y)) }
        return double().map { .point(Point(srid: srid, x: x, y: y, z: $0)) }
      default: return nil
      }
    }

    /// Lists of lists are never written; the depth is limited for damaged bytes.
    mutating func list(depth: Int) -> Value? {
      guard depth < 4, let count = number(UInt32.self), Int(count) <= bytes.count - position
      else { return nil }
      var elements: [Value] = []
      elements.reserveCapacity(Int(count))
      for _ in 0..<count {
        guard let element = value(depth: depth + 1) else { return nil }
        elements.append(element)
      }
      return .list(elements)
    }
  }
}
