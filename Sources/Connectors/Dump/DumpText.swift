import Foundation
internal import GraphColumns
internal import GraphTypes

/// JSON text of a dump, written value by value without objects in between. Values have the forms of
/// the line protocol.
struct DumpText {
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func put(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
  mutating func put(raw: [UInt8]) { bytes.append(contentsOf: raw) }

  mutating func put(digits number: Int64) {
    var magnitude = number.magnitude
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = 20
      repeat {
        start -= 1
        digits[start] = 48 + UInt8(truncatingIfNeeded: magnitude % 10)
        magnitude /= 10
      } while magnitude != 0
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  /// In quotes.
  mutating func put(string text: String) {
    var text = text
    text.withUTF8 { put(string: $0) }
  }
  mutating func put(string text: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var start = 0
    for index in 0..<text.count {
      let byte = text[index]
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
      start = index + 1
      putEscape(byte)
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func putEscape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    default:
      put("u00")
      for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 48 + digit : 87 + digit) }
    }
  }

  // MARK: Values

  /// Integers in this range are plain numbers, which all readers of JSON keep.
  private static let plainIntegers: ClosedRange<Int64> = -(1 << 53)...(1 << 53)

  mutating func put(integer value: Int64) {
    if Self.plainIntegers.contains(value) { return put(digits: value) }
    put(tag: "$int", String(value))
  }

  mutating func put(float value: Double) {
    if value.isFinite {
      bytes.append(contentsOf: value.description.utf8)
    } else {
      put(tag: "$float", value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    }
  }

  private mutating func put(tag: StaticString, _ text: String) {
    put("{\"")
    put(tag)
    put("\":")
    put(string: text)
    put("}")
  }

  mutating func put(_ value: Value) {
    switch value {
    case .null, .map, .node, .relationship, .path: put("null")
    case .boolean(let value): if value { put("true") } else { put("false") }
    case .integer(let value): put(integer: value)
    case .float(let value): put(float: value)
    case .string(let value): put(string: value)
    case .bytes(let value): put(tag: "$bytes", Data(value).base64EncodedString())
    case .list(let values):
      put("[")
      for (index, value) in values.enumerated() {
        if index > 0 { put(",") }
        put(value)
      }
      put("]")
    case .date(let value): put(tag: "$date", value.description)
    case .localTime(let value): put(tag: "$localtime", value.description)
    case .time(let value): put(tag: "$time", value.description)
    case .localDateTime(let value): put(tag: "$localdatetime", value.description)
    case .dateTime(let value): put(tag: "$datetime", value.description)
    case .duration(let value): put(tag: "$duration", value.description)
    case .point(let value): put(value)
    }
  }

  private mutating func put(_ point: Point) {
    put("{\"$point\":{\"srid\":")
    put(digits: Int64(point.srid))
    put(",\"coordinates\":[")
    put(float: point.x)
    put(",")
    put(float: point.y)
    if let z = point.z {
      put(",")
      put(float: z)
    }
    put("]}}")
  }

  /// A row of a vector that is not null.
  mutating func put(_ vector: Vector, _ row: Int) {
    let place = vector.physical(row)
    switch vector.type {
    case .boolean: if vector.booleans[place] { put("true") } else { put("false") }
    case .integer: put(integer: vector.integers[place])
    case .float: put(float: vector.floats[place])
    case .string: put(string: vector.strings[place].bytes)
    case .date: put(.date(vector.dates[place]))
    case .localDateTime: put(.localDateTime(vector.localDateTimes[place]))
    case .any: put(vector.values[place])
    case .node, .relationship: put("null")
    }
  }
}
