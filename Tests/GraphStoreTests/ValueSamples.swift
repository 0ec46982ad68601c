import GraphTypes
import TestSupport

/// Random property values for round trips.
enum ValueSamples {
  static let words = [
    "", "a", "Анна", "Мария Петровна Кузнецова-Иванова", "naïve", "x\u{301}", "日本語テキスト", "🛍️",
    "a rather long text that does not fit the zone map", "\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}",
  ]

  static func integer(_ random: inout SeededGenerator) -> Int64 {
    let bits = Int.random(in: 0...63, using: &random)
    return Int64(bitPattern: random.next()) >> Int64(bits)
  }

  static func float(_ random: inout SeededGenerator) -> Double {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: -0.0
    case 1: .nan
    case 2: .infinity
    case 3: Double.random(in: -1...1, using: &random)
    case 4: 1e300
    default: Double(Int64.random(in: -99_999...99_999, using: &random)) / 100
    }
  }

  static func string(_ random: inout SeededGenerator) -> String {
    let word = words[Int.random(in: 0..<words.count, using: &random)]
    return Bool.random(using: &random)
      ? word : word + String(UInt16.random(in: 0...999, using: &random))
  }

  static func localDateTime(_ random: inout SeededGenerator) -> LocalDateTime {
    LocalDateTime(
      seconds: Int64.random(in: -9_999_999_999...9_999_999_999, using: &random),
      nanoseconds: Int32.random(in: 0..<1_000_000_000, using: &random))
  }

  /// Kinds 0 ..< `kindCount`: one type each.
  static let kindCount = 15
  static func value(kind: Int, _ random: inout SeededGenerator) -> Value {
    switch kind {
    case 0: return .boolean(Bool.random(using: &random))
    case 1: return .integer(integer(&random))
    case 2: return .float(float(&random))
    case 3: return .string(string(&random))
    case 4: return .date(LocalDate(days: integer(&random) >> 20))
    case 5: return .localDateTime(localDateTime(&random))
    case 6: return .localDateTime(LocalDateTime(seconds: integer(&random) >> 10))
    case 7: return .bytes((0..<Int.random(in: 0..<9, using: &random)).map { UInt8($0) })
    case 8: return .localTime(LocalTime(nanoseconds: integer(&random)))
    case 9:
      return .time(
        OffsetTime(nanoseconds: integer(&random), offset: Int32.random(in: -9...9, using: &random)))
    case 10:
      return .dateTime(
        ZonedDateTime(
          seconds: integer(&random) >> 20, nanoseconds: 7, offset: 10_800,
          zone: Bool.random(using: &random) ? "Europe/Moscow" : nil))
    case 11:
      return .duration(
        CalendarDuration(
          months: integer(&random), days: integer(&random), seconds: integer(&random),
          nanoseconds: 999_999_999))
    case 12:
      return .point(
        Point(
          srid: 7203, x: float(&random), y: float(&random),
          z: Bool.random(using: &random) ? float(&random) : nil))
    case 13:
      return .list(
        (0..<Int.random(in: 0..<5, using: &random)).map { _ in .string(string(&random)) })
    default:
      return .list((0..<Int.random(in: 0..<5, using: &random)).map { _ in .float(float(&random)) })
    }
  }

  /// The same type and bits, unlike `==`, for which 1 is 1.0 and 0.0 is -0.0.
  static func isIdentical(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
    case (.list(let a), .list(let b)):
      a.count == b.count && zip(a, b).allSatisfy { isIdentical($0, $1) }
    case (.point(let a), .point(let b)):
      a.srid == b.srid && a.x.bitPattern == b.x.bitPattern && a.y.bitPattern == b.y.bitPattern
        && a.z?.bitPattern == b.z?.bitPattern
    default: a.typeName == b.typeName && a == b
    }
  }
}

/// Bytes at an odd-word address, as small LMDB values lie: only 2-byte aligned.
func withUnalignedBytes<Result>(
  _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes.count + 2, alignment: 8)
  defer { memory.deallocate() }
  bytes.withUnsafeBytes {
    if let base = $0.baseAddress { (memory + 2).copyMemory(from: base, byteCount: bytes.count) }
  }
  return try body(UnsafeRawBufferPointer(start: memory + 2, count: bytes.count))
}

/// Bytes at an aligned address.
func withAlignedBytes<Result>(
  _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 8)
  defer { memory.deallocate() }
  bytes.withUnsafeBytes {
    if let base = $0.baseAddress { memory.copyMemory(from: base, byteCount: bytes.count) }
  }
  return try body(UnsafeRawBufferPointer(start: memory, count: bytes.count))
}
