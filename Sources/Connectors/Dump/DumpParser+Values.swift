import Foundation
internal import GraphColumns
internal import GraphStore
internal import GraphTypes

// Values of properties, with the tags of those that JSON does not have.

extension DumpParser {
  /// Nil for null.
  mutating func value() throws(Failure) -> DumpColumn.Scalar? {
    skipSpace()
    guard at < count else { throw Failure(message: "a value is missing") }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMaximum else {
      throw Failure(message: "values are nested deeper than those of a property can be")
    }
    switch base[at] {
    case UInt8(ascii: "\""):
      let text = try string()
      return .string(arena.append(text.bytes))
    case UInt8(ascii: "{"): return try tagged()
    case UInt8(ascii: "["): return .value(.list(try list()))
    case UInt8(ascii: "t"):
      try word("true")
      return .boolean(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .boolean(false)
    case UInt8(ascii: "n"):
      try word("null")
      return nil
    default: return try number()
    }
  }

  mutating func word(_ word: StaticString) throws(Failure) {
    let size = word.utf8CodeUnitCount
    guard at + size <= count, memcmp(base + at, word.utf8Start, size) == 0 else {
      throw Failure(message: "a value is expected")
    }
    at += size
  }

  mutating func number() throws(Failure) -> DumpColumn.Scalar {
    let start = at
    var isFloat = false
    while at < count, Self.isOfWord(base[at]) {
      if base[at] == UInt8(ascii: ".") || base[at] | 0x20 == UInt8(ascii: "e") { isFloat = true }
      at += 1
    }
    let size = at - start
    let isNumber = size > 0 && (base[start] == 45 || (48...57).contains(base[start]))
    if isNumber, !isFloat, let number = NumberText.integer(base + start, size) {
      return .integer(number)
    }
    if isNumber, isFloat,
      let number = NumberText.float(base + start, size, point: UInt8(ascii: ".")), number.isFinite
    {
      return .float(number)
    }
    throw Failure(
      message: isNumber
        ? "\(String(decoding: Text(start: base + start, count: size), as: UTF8.self)) is no number "
          + "of 64 bits"
        : "a value is expected")
  }

  mutating func list() throws(Failure) -> [Value] {
    at += 1
    var values: [Value] = []
    if accept(UInt8(ascii: "]")) { return values }
    repeat {
      guard let scalar = try value() else {
        throw Failure(message: "a list with null cannot be the value of a property")
      }
      values.append(scalar.value)
    } while accept(UInt8(ascii: ","))
    guard accept(UInt8(ascii: "]")) else { throw Failure(message: "`,` or `]` is expected") }
    do throws(QueryError) {
      try PropertyValue.check(.list(values))
    } catch {
      throw Failure(message: error.message)
    }
    return values
  }

  /// `{"$date": "2026-01-31"}` and the like.
  mutating func tagged() throws(Failure) -> DumpColumn.Scalar {
    at += 1
    let tag = try name()
    let scalar: DumpColumn.Scalar
    if Self.equal(tag, "$point") {
      scalar = .value(.point(try point()))
    } else {
      guard at < count, base[at] == UInt8(ascii: "\"") else {
        throw Failure(message: "a map cannot be the value of a property")
      }
      let text = try string()
      guard let found = Self.scalar(tag, text) else {
        throw Failure(
          message: "'\(text.string)' is no value of \(String(decoding: tag, as: UTF8.self))")
      }
      scalar = found
    }
    guard accept(UInt8(ascii: "}")) else { throw Failure(message: "`}` is expected") }
    return scalar
  }

  static func scalar(_ tag: Text, _ text: StringRef) -> DumpColumn.Scalar? {
    if let base = text.base {
      if equal(tag, "$date"), let date = DateText.date(base, text.count) { return .date(date) }
      if equal(tag, "$localdatetime"), let moment = DateText.localDateTime(base, text.count) {
        return .localDateTime(moment)
      }
    }
    let text = text.string
    switch String(decoding: tag, as: UTF8.self) {
    case "$int": return Int64(text).map { .integer($0) }
    case "$float":
      return ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity][text]
        .map { .float($0) }
    case "$bytes": return Data(base64Encoded: text).map { .value(.bytes(Array($0))) }
    case "$date": return (try? LocalDate(text)).map { .date($0) }
    case "$localtime": return (try? LocalTime(text)).map { .value(.localTime($0)) }
    case "$time": return (try? OffsetTime(text)).map { .value(.time($0)) }
    case "$localdatetime": return (try? LocalDateTime(text)).map { .localDateTime($0) }
    case "$datetime": return (try? ZonedDateTime(text)).map { .value(.dateTime($0)) }
    case "$duration": return (try? CalendarDuration(text)).map { .value(.duration($0)) }
    default: return nil
    }
  }

  mutating func point() throws(Failure) -> Point {
    guard accept(UInt8(ascii: "{")) else { throw Failure(message: "an object is expected") }
    var srid: Int64?
    var coordinates: [Double] = []
    var isFirst = true
    while try member(&isFirst) {
      let key = try name()
      if Self.equal(key, "srid"), case .integer(let number) = try value() {
        srid = number
      } else if Self.equal(key, "coordinates"), accept(UInt8(ascii: "[")) {
        repeat {
          switch try value() {
          case .float(let number): coordinates.append(number)
          case .integer(let number): coordinates.append(Double(number))
          default: throw Failure(message: "a number is expected")
          }
        } while accept(UInt8(ascii: ","))
        guard accept(UInt8(ascii: "]")) else { throw Failure(message: "`,` or `]` is expected") }
      }
    }
    guard let srid else { throw Failure(message: "a point with srid and coordinates is expected") }
    do throws(QueryError) {
      return try Point(srid: srid, coordinates: coordinates)
    } catch {
      throw Failure(message: error.message + (error.hint.map { " (\($0))" } ?? ""))
    }
  }
}
