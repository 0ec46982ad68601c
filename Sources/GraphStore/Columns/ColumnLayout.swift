internal import GraphColumns
internal import GraphTypes

// The layout of a column chunk, in little endian; every part is aligned to 8 within the chunk.
//
//  0 u64 checksum     8 u8 format    9 u8 kind 'C'    10 u8 encoding   11 u8 width
// 12 u16 rows        14 u16 nulls   16 u8 type        17 u8 scale, or longest word   18 u8 flags
// 19 u8 end width    20 u32 extra   24 i64 base       32 16 bytes minimum   48 16 bytes maximum
// 64 validity bitmap, u64 words, if there are nulls: bit i is set where row i is not null
//    data:
//    constant        nothing, the value is in base (numbers, bits of a float; a date-time's
//                    nanoseconds in extra), or `base` bytes (text, or an encoded value)
//    bits            a bit a row
//    frameOfReference   value - base, packed in `width` bits a row (see `BitPacking`). Floats are the
//                    quotient of the value and 10^scale
//    plain           f64 a row; or i64 seconds a row, then u32 nanoseconds a row
//    dictionary      codes, packed in `width` bits a row; ends of `extra` texts, packed in `end width` bits;
//                    `base` bytes of text
//    offsets         ends a row, packed in `end width` bits; `base` bytes: texts, or encoded values
//    words           bounds of the rows among the codes [rows + 1], packed in `end width` bits; codes,
//                    packed in `width` bits; bounds of `extra` words [extra + 1], packed in `end width`
//                    bits; `base` bytes of words; 32 bytes more, so that words are copied by 32 bytes.
//                    A row's text is its words, one after the other
//    sequence        nothing, the value is base + i32 extra * row (integers and dates, no nulls)
// Null rows hold zero or nothing.
//
// Minimum and maximum (flag 1): i64 or bits of f64 and u32 nanoseconds; or u8 count and up to 15
// bytes of UTF-8.

enum ColumnEncoding: UInt8 {
  case constant = 1
  case bits, frameOfReference, plain, dictionary, offsets, sequence, words
}

enum ColumnType: UInt8 {
  case boolean = 1
  case integer, float, string, date, localDateTime, any

  var vectorType: VectorType {
    switch self {
    case .boolean: .boolean
    case .integer: .integer
    case .float: .float
    case .string: .string
    case .date: .date
    case .localDateTime: .localDateTime
    case .any: .any
    }
  }
}

/// One end of a zone map as it is stored: two words.
struct ColumnBound {
  var low: UInt64 = 0
  var high: UInt64 = 0

  init() {}
  init(_ number: Int64, nanoseconds: Int32 = 0) {
    low = UInt64(bitPattern: number)
    high = UInt64(UInt32(bitPattern: nanoseconds))
  }
  init(_ number: Double) { low = number.bitPattern }
  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  private init(text: [UInt8]) {
    let bytes = [UInt8(text.count)] + text
    for (index, byte) in bytes.enumerated() {
      if index < 8 {
        low |= UInt64(byte) << UInt64(8 * index)
      } else {
        high |= UInt64(byte) << UInt64(8 * (index - 8))
      }
    }
  }

  /// The text, or as much of its beginning as has room.
  init(minimum text: StringRef) {
    self.init(text: Array(text.bytes.prefix(Self.prefix(text.bytes, 15))))
  }

  /// The text, or the beginning of it with the greatest code point behind, which comes after all
  /// texts that begin so; nil in the odd case that the text itself goes on with that.
  init?(maximum text: StringRef) {
    let bytes = text.bytes
    if bytes.count <= 15 {
      self.init(text: Array(bytes))
      return
    }
    let greatest: [UInt8] = [0xF4, 0x8F, 0xBF, 0xBF]
    let count = Self.prefix(bytes, 11)
    if bytes.dropFirst(count).prefix(4).elementsEqual(greatest) { return nil }
    self.init(text: bytes.prefix(count) + greatest)
  }

  /// At most `limit` bytes, and no part of a code point.
  private static func prefix(_ bytes: UnsafeBufferPointer<UInt8>, _ limit: Int) -> Int {
    if bytes.count <= limit { return bytes.count }
    var count = limit
    while count > 0, bytes[count] & 0xC0 == 0x80 { count -= 1 }
    return count
  }

  func value(_ type: ColumnType) -> Value? {
    switch type {
    case .integer: return .integer(Int64(bitPattern: low))
    case .float: return .float(Double(bitPattern: low))
    case .date: return .date(LocalDate(days: Int64(bitPattern: low)))
    case .localDateTime:
      return .localDateTime(
        LocalDateTime(
          seconds: Int64(bitPattern: low),
          nanoseconds: Int32(bitPattern: UInt32(truncatingIfNeeded: high))))
    case .string:
      var bytes: [UInt8] = []
      for index in 1..<(1 + min(15, Int(low & 0xFF))) {
        let word = index < 8 ? low : high
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7))))
      }
      return .string(String(decoding: bytes, as: UTF8.self))
    case .boolean, .any: return nil
    }
  }
}

/// The header of a column chunk while it is written.
struct ColumnHeader {
  static let size = 64
  static let kind: UInt8 = 0x43

  var encoding: ColumnEncoding
  var type: ColumnType
  var rowCount: Int
  var nullCount: Int
  var width = 0
  var scale = 0
  var longestWord = 0
  var endWidth = 0
  var extra: UInt32 = 0
  var base: Int64 = 0
  var bounds: (minimum: ColumnBound, maximum: ColumnBound)?

  /// Bytes of a chunk with so many bytes of data.
  func byteCount(dataSize: Int) -> Int {
    Self.size + (nullCount > 0 ? 8 * ((rowCount + 63) / 64) : 0) + dataSize
  }

  /// The whole chunk. `fill` writes the data, `dataSize` bytes which are zero before.
  func chunk(
    dataSize: Int, validity: ColumnValidity, fill: (UnsafeMutableRawPointer) -> Void
  ) -> [UInt8] {
    let total = byteCount(dataSize: dataSize)
    return [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
      write(
        to: UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<total]),
        validity: validity, fill: fill)
      count = total
    }
  }

  /// The same into memory of `byteCount(dataSize:)` bytes.
  func write(
    to buffer: UnsafeMutableRawBufferPointer, validity: ColumnValidity,
    fill: (UnsafeMutableRawPointer) -> Void
  ) {
    guard let raw = buffer.baseAddress else { return }
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: buffer.count)
    writeHeader(to: raw)
    let words = nullCount > 0 ? (rowCount + 63) / 64 : 0
    for word in 0..<words {
      let bits = validity.word(word, rowCount: rowCount)
      raw.storeBytes(of: bits.littleEndian, toByteOffset: Self.size + 8 * word, as: UInt64.self)
    }
    fill(raw + Self.size + 8 * words)
    let sum = ChunkChecksum.of(UnsafeRawBufferPointer(start: raw + 8, count: buffer.count - 8))
    raw.storeBytes(of: sum.littleEndian, as: UInt64.self)
  }

  private func writeHeader(to raw: UnsafeMutableRawPointer) {
    func put<T: FixedWidthInteger & BitwiseCopyable>(_ number: T, _ offset: Int) {
      raw.storeBytes(of: number.littleEndian, toByteOffset: offset, as: T.self)
    }
    put(ChunkFormat.current, 8)
    put(Self.kind, 9)
    put(encoding.rawValue, 10)
    put(UInt8(width), 11)
    put(UInt16(rowCount), 12)
    put(UInt16(nullCount), 14)
    put(type.rawValue, 16)
    put(UInt8(encoding == .words ? longestWord : scale), 17)
    put(UInt8(bounds == nil ? 0 : 1), 18)
    put(UInt8(endWidth), 19)
    put(extra, 20)
    put(base, 24)
    if let bounds {
      put(bounds.minimum.low, 32)
      put(bounds.minimum.high, 40)
      put(bounds.maximum.low, 48)
      put(bounds.maximum.high, 56)
    }
  }
}

/// Which rows of a column that is being encoded are not null, as in `Vector.validity`.
struct ColumnValidity {
  let words: UnsafePointer<UInt64>?

  @inline(__always) func isValid(_ row: Int) -> Bool {
    guard let words else { return true }
    return words[row >> 6] >> UInt64(row & 63) & 1 != 0
  }

  /// Bits of rows behind the last one are cleared.
  func word(_ index: Int, rowCount: Int) -> UInt64 {
    let bits = words.map { $0[index] } ?? ~0
    let rest = rowCount - 64 * index
    return rest >= 64 ? bits : bits & ((1 << UInt64(rest)) - 1)
  }

  func nullCount(rowCount: Int) -> Int {
    if words == nil { return 0 }
    var valid = 0
    for index in 0..<(rowCount + 63) / 64 {
      valid += word(index, rowCount: rowCount).nonzeroBitCount
    }
    return rowCount - valid
  }
}
