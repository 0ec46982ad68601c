/// How many terms a document has in a field, in a byte, as Lucene's `SmallFloat.intToByte4` has it:
/// exact up to 40, beyond with four significant bits, rounded down. 0: none.
enum FieldLength {
  /// Codes that stand for themselves; behind them come floats with 3 bits of fraction.
  private static let exactCount = 24

  static func code(_ length: Int) -> UInt8 {
    if length < exactCount { return UInt8(max(length, 0)) }
    let rest = min(length, Int(Int32.max)) - exactCount
    let bits = Int.bitWidth - rest.leadingZeroBitCount
    if bits < 4 { return UInt8(exactCount + rest) }
    let shift = bits - 4
    return UInt8(exactCount + (rest >> shift & 7 | (shift + 1) << 3))
  }

  static func length(_ code: UInt8) -> Int {
    let code = Int(code)
    if code < exactCount { return code }
    let rest = code - exactCount
    let (fraction, exponent) = (rest & 7, rest >> 3)
    return exactCount + (exponent == 0 ? fraction : (fraction | 8) << (exponent - 1))
  }
}

/// What the ranking must know of all documents of a field together.
struct FieldStatistics: Equatable {
  /// Those with a term.
  var documentCount = 0
  /// Terms in all of them, each counted as often as it occurs.
  var totalLength = 0
}

/// The statistics of an index: a version (1), then for each field two u64.
enum FullTextStatistics {
  static func encoded(_ fields: [FieldStatistics]) -> [UInt8] {
    var writer = FullTextValueWriter(capacity: 5 + 16 * fields.count)
    writer.put(1)
    for field in fields {
      writer.put(fixed: UInt64(field.documentCount))
      writer.put(fixed: UInt64(field.totalLength))
    }
    return writer.finish()
  }

  static func decoded(
    _ value: UnsafeRawBufferPointer, fieldCount: Int
  ) throws(StoreError) -> [FieldStatistics] {
    var reader = try FullTextValueReader(value)
    guard try reader.byte() == 1, reader.remaining >= 16 * fieldCount else {
      throw FullTextValueReader.damaged("its statistics cannot be read")
    }
    var fields: [FieldStatistics] = []
    for _ in 0..<fieldCount {
      let (documents, length) = (try reader.fixed(UInt64.self), try reader.fixed(UInt64.self))
      guard documents < 1 << 48, length < 1 << 56 else {
        throw FullTextValueReader.damaged("its statistics are too large")
      }
      fields.append(FieldStatistics(documentCount: Int(documents), totalLength: Int(length)))
    }
    return fields
  }
}

/// The lengths of 1,024 consecutive documents in a field. In bytes: a version (1), the place of the
/// first that is not 0 (u16), then the codes from there to the last that is not 0.
struct LengthBlock: Equatable {
  static let documentCount = 1024
  var codes = [UInt8](repeating: 0, count: documentCount)

  init() {}

  init(_ value: UnsafeRawBufferPointer) throws(StoreError) {
    var reader = try FullTextValueReader(value)
    guard try reader.byte() == 1, case let first = Int(try reader.fixed(UInt16.self)),
      first + reader.remaining <= Self.documentCount
    else { throw FullTextValueReader.damaged("the lengths of its texts cannot be read") }
    for place in first..<(first + reader.remaining) { codes[place] = try reader.byte() }
  }

  /// Nil when all are 0.
  func encoded() -> [UInt8]? {
    guard let first = codes.firstIndex(where: { $0 != 0 }),
      let last = codes.lastIndex(where: { $0 != 0 })
    else { return nil }
    var writer = FullTextValueWriter(capacity: last - first + 8)
    writer.put(1)
    writer.put(fixed: UInt16(first))
    writer.put(Array(codes[first...last]))
    return writer.finish()
  }
}

/// The ends of 128 consecutive relationships of one type. In bytes: a version (1), the place of the
/// first that is there (u8), then start and end (u32 each) from there to the last one; both
/// 2³² - 1 where there is none.
struct EndsBlock: Equatable {
  struct Ends: Equatable {
    var start: UInt32
    var end: UInt32
    static let none = Ends(start: .max, end: .max)
  }
  static let documentCount = 128
  var ends = [Ends](repeating: .none, count: documentCount)

  init() {}

  init(_ value: UnsafeRawBufferPointer) throws(StoreError) {
    var reader = try FullTextValueReader(value)
    guard try reader.byte() == 1, case let first = Int(try reader.byte()),
      case let count = reader.remaining / 8, first + count <= Self.documentCount
    else { throw FullTextValueReader.damaged("the ends of its relationships cannot be read") }
    for place in first..<(first + count) {
      ends[place] = Ends(start: try reader.fixed(), end: try reader.fixed())
    }
  }

  /// Nil when there is none.
  func encoded() -> [UInt8]? {
    guard let first = ends.firstIndex(where: { $0 != .none }),
      let last = ends.lastIndex(where: { $0 != .none })
    else { return nil }
    var writer = FullTextValueWriter(capacity: 8 * (last - first) + 16)
    writer.put(1)
    writer.put(UInt8(first))
    for ends in ends[first...last] {
      writer.put(fixed: ends.start)
      writer.put(fixed: ends.end)
    }
    return writer.finish()
  }
}
