package import GraphColumns
package import GraphTypes

/// A column chunk where it lies: the values of one property key over one segment (up to
/// `ColumnSpace.segmentRowsMaximum` rows) in an encoding that is read in place. See `ColumnLayout.swift`.
///
/// Does not own its bytes: valid as long as they are. Needs no alignment. Damaged bytes give an
/// error from `init` or wrong values, but nothing is read outside of `bytes`.
package struct ColumnChunk: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer
  package let rowCount: Int
  package let nullCount: Int
  let encoding: ColumnEncoding
  let type: ColumnType
  /// Bits of an element or code.
  let width: Int
  /// 2^width - 1.
  let mask: UInt64
  /// Bits of the end of a text.
  let endWidth: Int
  /// Number of texts with ends of their own.
  let textCount: Int
  /// Bytes of all texts.
  let textSize: Int
  let base: Int64
  let extra: UInt32
  /// 10^scale.
  let divisor: Double
  private let dataOffset: Int
  private let endsOffset: Int
  private let textOffset: Int
  /// In the words encoding: number of the codes of all rows.
  let codeCount: Int
  /// In the words encoding: no word is longer.
  let longestWord: Int
  private let codesOffset: Int

  /// Reads the header and compares the sizes of all parts with the size of the chunk: O(1). Ends of
  /// texts are clamped when they are used. `verifyingChecksum` also reads all bytes.
  package init(_ bytes: UnsafeRawBufferPointer, verifyingChecksum: Bool = false) throws(StoreError)
  {
    let name = "A column chunk"
    try ChunkFormat.checkPrefix(
      bytes, kind: ColumnHeader.kind, headerSize: ColumnHeader.size, name: name,
      verifyingChecksum: verifyingChecksum)
    guard let encoding = ColumnEncoding(rawValue: bytes[10]),
      let type = ColumnType(rawValue: bytes[16]),
      encoding == .words || Int(bytes[17]) <= DecimalScale.maximum
    else { throw ChunkFormat.damaged(name, "it has an unknown encoding") }
    self.bytes = bytes
    self.encoding = encoding
    self.type = type
    let width = Int(bytes[11])
    self.width = width
    mask = width >= 64 ? ~0 : (1 << UInt64(width)) - 1
    rowCount = Int(bytes.number(12, UInt16.self))
    nullCount = Int(bytes.number(14, UInt16.self))
    divisor = encoding == .words ? 1 : DecimalScale.powers[Int(bytes[17])]
    endWidth = Int(bytes[19])
    extra = bytes.number(20)
    base = bytes.number(24)
    let start = ColumnHeader.size + (nullCount > 0 ? 8 * ((rowCount + 63) / 64) : 0)
    dataOffset = start
    let hasText = type == .string || type == .any
    let size = hasText && base >= 0 && base <= Int64(bytes.count) ? Int(base) : 0
    textSize = size
    var isFit =
      nullCount <= rowCount && rowCount <= ColumnSpace.segmentRowsMaximum
      && (!hasText || Int64(size) == base)
    var end = start
    var ends = start
    var text = start
    var texts = 0
    var words = WordLayout()
    switch encoding {
    case .constant: end += size
    case .bits:
      isFit = isFit && type == .boolean
      end += 8 * ((rowCount + 63) / 64)
    case .frameOfReference:
      isFit =
        isFit && BitPacking.isWidth(width)
        && (type == .integer || type == .float || type == .date || type == .localDateTime)
      end += BitPacking.size(rowCount: rowCount, width: width)
    case .plain:
      isFit = isFit && (type == .float || type == .localDateTime)
      end += (type == .localDateTime ? 12 : 8) * rowCount
    case .dictionary:
      isFit =
        isFit && type == .string && BitPacking.isWidth(width) && BitPacking.isWidth(endWidth)
        && Int(extra) <= bytes.count
      texts = Int(extra)
      ends = start + BitPacking.size(rowCount: rowCount, width: width)
      text = ends + BitPacking.size(rowCount: texts, width: endWidth)
      end = text + size
    case .offsets:
      isFit = isFit && hasText && BitPacking.isWidth(endWidth)
      texts = rowCount
      text = start + BitPacking.size(rowCount: texts, width: endWidth)
      end = text + size
    case .words:
      isFit =
        isFit && type == .string && BitPacking.isWidth(width) && BitPacking.isWidth(endWidth)
        && Int(extra) <= bytes.count
      texts = Int(extra)
      words = WordLayout(
        bytes, at: start, rowCount: rowCount, width: width, endWidth: endWidth, wordCount: texts)
      ends = words.boundsOffset
      text = words.textOffset
      end = text + size + WordLayout.slack
    case .sequence:
      isFit = isFit && nullCount == 0 && (type == .integer || type == .date)
    }
    endsOffset = ends
    textOffset = text
    textCount = texts
    codeCount = words.codeCount
    codesOffset = words.codesOffset
    longestWord = Int(bytes[17])
    guard isFit, end <= bytes.count else {
      throw ChunkFormat.damaged(name, "its parts do not fit its size")
    }
  }

  /// The vector type that the encoding decodes to; `.any` for mixed and nested values.
  package var vectorType: VectorType { type.vectorType }

  /// Zone map: smallest and largest value by `Value.order` among numbers, dates, date-times and
  /// strings (strings may be cut to a prefix; the bounds then still bound). Nil for other types, and
  /// for floats where one is NaN.
  package var bounds: (minimum: Value, maximum: Value)? {
    guard bytes[18] & 1 != 0 else { return nil }
    let low = ColumnBound(low: bytes.word(32), high: bytes.word(40))
    let high = ColumnBound(low: bytes.word(48), high: bytes.word(56))
    guard let minimum = low.value(type), let maximum = high.value(type) else { return nil }
    return (minimum, maximum)
  }

  private var start: UnsafeRawPointer { bytes.baseAddress.unsafelyUnwrapped }
  /// The validity bitmap, nil if there are no nulls.
  var validity: UnsafeRawPointer? { nullCount > 0 ? start + ColumnHeader.size : nil }
  /// Elements, codes or ends.
  var data: UnsafeRawPointer { start + dataOffset }
  var ends: UnsafeRawPointer { start + endsOffset }
  var texts: UnsafeRawPointer { start + textOffset }
  var codes: UnsafeRawPointer { start + codesOffset }

  /// `row` must be below `rowCount`.
  @inline(__always) func isValid(_ row: Int) -> Bool { validity?.bit(row) ?? true }

  /// Where text `index` ends, clamped to what a chunk can hold.
  @inline(__always) private func end(_ index: Int) -> Int {
    let mask: UInt64 = endWidth >= 32 ? 0xFFFF_FFFF : (1 << UInt64(endWidth)) - 1
    return Int(truncatingIfNeeded: ends.packed(index, width: endWidth, mask: mask))
  }

  /// Bytes of text `index`; empty beyond the table.
  @inline(__always) func text(_ index: Int) -> UnsafeRawBufferPointer {
    guard index < textCount else { return UnsafeRawBufferPointer(start: texts, count: 0) }
    let lower: Int
    let upper: Int
    if endWidth == 16 {
      lower = index == 0 ? 0 : Int(ends.element(index - 1, UInt16.self))
      upper = Int(ends.element(index, UInt16.self))
    } else {
      lower = index == 0 ? 0 : end(index - 1)
      upper = end(index)
    }
    let clamped = min(lower, textSize)
    return UnsafeRawBufferPointer(
      start: texts + clamped, count: max(0, min(upper, textSize) - clamped))
  }

  /// Bytes of the text (or encoded value) of a row.
  @inline(__always) func text(ofRow row: Int) -> UnsafeRawBufferPointer {
    switch encoding {
    case .offsets: text(row)
    case .dictionary: text(code(ofRow: row))
    default: UnsafeRawBufferPointer(start: data, count: textSize)
    }
  }

  /// From row to row, in the sequence encoding.
  var step: Int64 { Int64(Int32(bitPattern: extra)) }

  /// The integer of a row in the constant, sequence and frame-of-reference encodings.
  @inline(__always) func integer(ofRow row: Int) -> Int64 {
    if encoding == .constant { return base }
    if encoding == .sequence { return base &+ step &* Int64(truncatingIfNeeded: row) }
    return base &+ Int64(bitPattern: data.packed(row, width: width, mask: mask))
  }

  /// The code of a row in the dictionary encoding.
  @inline(__always) func code(ofRow row: Int) -> Int {
    Int(truncatingIfNeeded: data.packed(row, width: width, mask: mask) & 0xFFFF_FFFF)
  }

  /// Null beyond `rowCount`.
  package func value(at row: Int) -> Value {
    guard row >= 0, row < rowCount, isValid(row) else { return .null }
    switch type {
    case .boolean: return .boolean(encoding == .constant ? base != 0 : data.bit(row))
    case .integer: return .integer(integer(ofRow: row))
    case .date: return .date(LocalDate(days: integer(ofRow: row)))
    case .float: return .float(float(ofRow: row))
    case .localDateTime: return .localDateTime(localDateTime(ofRow: row))
    case .string:
      return .string(
        encoding == .words
          ? wordText(ofRow: row) : String(decoding: text(ofRow: row), as: UTF8.self))
    case .any: return ValueCodec.value(text(ofRow: row))
    }
  }

  private func float(ofRow row: Int) -> Double {
    switch encoding {
    case .frameOfReference: Double(integer(ofRow: row)) / divisor
    case .constant: Double(bitPattern: UInt64(bitPattern: base))
    default: Double(bitPattern: data.element(row))
    }
  }

  private func localDateTime(ofRow row: Int) -> LocalDateTime {
    switch encoding {
    case .frameOfReference: LocalDateTime(seconds: integer(ofRow: row))
    case .constant: LocalDateTime(seconds: base, nanoseconds: Int32(bitPattern: extra))
    default:
      LocalDateTime(
        seconds: data.element(row), nanoseconds: (data + 8 * rowCount).element(row))
    }
  }

  package func decoded() -> [Value] { (0..<rowCount).map { value(at: $0) } }
}
