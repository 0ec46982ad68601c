import GraphTypes
import TestSupport
import Testing

@testable import GraphStore

/// Order and equality of encoded keys are those of the values.
struct IndexKeyTests {
  private func encoded(_ values: [Value]) -> [UInt8] {
    var key = IndexKey(index: 1)
    for (place, value) in values.enumerated() {
      key.append(value, isLast: place == values.count - 1)
    }
    return Array(key.contents)
  }

  private func order(_ a: [UInt8], _ b: [UInt8]) -> Int {
    a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
  }

  private static let numbers: [Value] = [
    .integer(.min), .integer(.min + 1), .integer(-(1 << 53) - 1), .integer(-256), .integer(-255),
    .integer(-1), .integer(0), .integer(1), .integer(255), .integer(256), .integer(1 << 53),
    .integer((1 << 53) + 1), .integer(.max - 1), .integer(.max), .float(-0.0), .float(0),
    .float(0.5), .float(-0.5), .float(.leastNonzeroMagnitude), .float(-.leastNonzeroMagnitude),
    .float(255.5), .float(-255.5), .float(0x1p53), .float(0x1p63), .float(-0x1p63),
    .float(-0x1.0000000000001p63), .float(.infinity), .float(-.infinity), .float(.nan),
    .float(0x1p62), .float(1), .float(-1), .float(1e300), .float(-1e300),
  ]

  @Test func valuesKeepOrderAndEquality() {
    var random = SeededGenerator(seed: 1)
    var values = Self.numbers
    for kind in 0..<ValueSamples.kindCount {
      for _ in 0..<40 { values.append(ValueSamples.value(kind: kind, &random)) }
    }
    values += [.string("a\0b"), .string("a\0"), .string("a"), .string("\0"), .bytes([0, 255])]
    let keys = values.map { encoded([$0]) }
    for a in values.indices {
      for b in values.indices {
        let expected = Value.order(values[a], values[b]).signum()
        #expect(order(keys[a], keys[b]) == expected, "\(values[a]) and \(values[b])")
      }
    }
  }

  @Test func severalValuesKeepOrder() {
    var random = SeededGenerator(seed: 2)
    func value() -> Value {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: Self.numbers.randomElement(using: &random) ?? .null
      case 1: .string(["", "a", "a\0", "a\0\u{1}", "ab"].randomElement(using: &random) ?? "")
      case 2: .integer(Int64.random(in: 0...3, using: &random))
      default: ValueSamples.value(kind: Int.random(in: 0..<15, using: &random), &random)
      }
    }
    let rows = (0..<500).map { _ in [value(), value()] }
    let keys = rows.map(encoded)
    for a in rows.indices {
      for b in rows.indices {
        let first = Value.order(rows[a][0], rows[b][0]).signum()
        let expected = first != 0 ? first : Value.order(rows[a][1], rows[b][1]).signum()
        #expect(order(keys[a], keys[b]) == expected, "\(rows[a]) and \(rows[b])")
      }
    }
  }

  @Test func keysAreShort() {
    #expect(encoded([.integer(0)]).count == 1)
    #expect(encoded([.integer(200_000)]).count == 4)
    #expect(encoded([.float(7)]) == encoded([.integer(7)]))
    #expect(encoded([.string("abc")]).count == 4)
    #expect(encoded([.date(LocalDate(days: 20_000))]).count == 4)
    #expect(encoded([.string(String(repeating: "я", count: 1000))]).count == IndexKey.capacity)
  }

  @Test func numbersOfIndexesKeepOrder() {
    let ids: [UInt32] = [
      0, 1, 127, 128, 255, 16_383, 16_384, 1 << 21 - 1, 1 << 21, 1 << 28 - 1, 1 << 28, .max,
    ]
    let keys = ids.map { id in
      let key = IndexKey(index: id)
      return withExtendedLifetime(key) { Array($0.storedPrefix) }
    }
    for (a, b) in zip(keys, keys.dropFirst()) {
      #expect(a.lexicographicallyPrecedes(b))
      #expect(!b.starts(with: a))
    }
  }
}
