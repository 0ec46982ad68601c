internal import GraphColumns

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

// Text: a constant, a dictionary with codes, one text after the other, or (where that is much
// smaller) words.

extension ColumnEncoder {
  static func encode(
    strings: UnsafePointer<StringRef>, validity: ColumnValidity, count: Int,
    usingWords: Bool = true
  ) -> [UInt8]? {
    let nullCount = validity.nullCount(rowCount: count)
    if nullCount == count { return nil }
    var dictionary = TextDictionary()
    var codes = [UInt32](repeating: 0, count: count)
    var totalBytes = 0
    var isDictionary = true
    for row in 0..<count where validity.isValid(row) {
      totalBytes += strings[row].count
      if !isDictionary { continue }
      codes[row] = UInt32(truncatingIfNeeded: dictionary.code(of: strings[row]))
      // When nothing has repeated for long, it is not worth the search.
      if row == 1023, dictionary.entries.count > 1000 { isDictionary = false }
    }
    var header = ColumnHeader(
      encoding: .offsets, type: .string, rowCount: count, nullCount: nullCount)
    header.bounds =
      isDictionary
      ? dictionary.entries.withUnsafeBufferPointer {
        bounds($0.baseAddress.unsafelyUnwrapped, ColumnValidity(words: nil), $0.count)
      } : bounds(strings, validity, count)
    if isDictionary, dictionary.entries.count == 1, let entry = dictionary.entries.first {
      let text = entry.bytes
      header.encoding = .constant
      header.base = Int64(text.count)
      return header.chunk(dataSize: ChunkFormat.align(text.count), validity: validity) {
        $0.copyMemory(from: UnsafeRawBufferPointer(text))
      }
    }
    let plainSize = totalBytes + endsSize(totalBytes, count)
    let codeWidth = BitPacking.storedWidth(
      BitPacking.width(UInt64(dictionary.entries.count - 1)), rowCount: count)
    let dictionarySize =
      BitPacking.size(rowCount: count, width: codeWidth) + dictionary.byteCount
      + endsSize(dictionary.byteCount, dictionary.entries.count)
    let size = isDictionary ? min(dictionarySize, plainSize) : plainSize
    if usingWords,
      let words = encode(
        words: strings, validity: validity, header: header, insteadOf: size)
    {
      return words
    }
    if isDictionary, dictionarySize < plainSize {
      header.encoding = .dictionary
      header.width = codeWidth
      header.extra = UInt32(truncatingIfNeeded: dictionary.entries.count)
      return encode(dictionary: dictionary, codes: codes, header: header, validity: validity)
    }
    let dataSize = setPlain(&header, textSize: totalBytes)
    return header.chunk(dataSize: dataSize, validity: validity) {
      storePlain(strings, validity: validity, header: header, to: $0)
    }
  }

  /// Completes a header for texts one after the other.
  /// - Returns: bytes of the data.
  static func setPlain(_ header: inout ColumnHeader, textSize: Int) -> Int {
    header.encoding = .offsets
    header.endWidth = endWidth(textSize)
    header.base = Int64(textSize)
    return endsSize(textSize, header.rowCount) + ChunkFormat.align(textSize)
  }

  static func storePlain(
    _ strings: UnsafePointer<StringRef>, validity: ColumnValidity, header: ColumnHeader,
    to data: UnsafeMutableRawPointer
  ) {
    let texts = data + endsSize(Int(header.base), header.rowCount)
    var ends = [UInt32](repeating: 0, count: header.rowCount)
    var end = 0
    for row in 0..<header.rowCount {
      if validity.isValid(row) { end = append(strings[row], at: end, to: texts) }
      ends[row] = UInt32(truncatingIfNeeded: end)
    }
    store(ends, width: header.endWidth, to: data)
  }

  private static func encode(
    dictionary: TextDictionary, codes: [UInt32], header: ColumnHeader, validity: ColumnValidity
  ) -> [UInt8] {
    var header = header
    header.endWidth = endWidth(dictionary.byteCount)
    header.base = Int64(dictionary.byteCount)
    let codesSize = BitPacking.size(rowCount: codes.count, width: header.width)
    let endsSize = endsSize(dictionary.byteCount, dictionary.entries.count)
    return header.chunk(
      dataSize: codesSize + endsSize + ChunkFormat.align(dictionary.byteCount), validity: validity
    ) { data in
      BitPacking.store(rowCount: codes.count, width: header.width, to: data) { UInt64(codes[$0]) }
      var ends: [UInt32] = []
      var end = 0
      for entry in dictionary.entries {
        end = append(entry, at: end, to: data + codesSize + endsSize)
        ends.append(UInt32(truncatingIfNeeded: end))
      }
      store(ends, width: header.endWidth, to: data + codesSize)
    }
  }

  /// Bits of the ends of texts: a plain array where 16 do.
  static func endWidth(_ byteCount: Int) -> Int {
    max(16, BitPacking.width(UInt64(byteCount)))
  }
  static func endsSize(_ byteCount: Int, _ count: Int) -> Int {
    BitPacking.size(rowCount: count, width: endWidth(byteCount))
  }

  static func append(
    _ text: StringRef, at offset: Int, to data: UnsafeMutableRawPointer
  ) -> Int {
    (data + offset).copyMemory(from: UnsafeRawBufferPointer(text.bytes))
    return offset + text.count
  }

  private static func bounds(
    _ strings: UnsafePointer<StringRef>, _ validity: ColumnValidity, _ count: Int
  ) -> (minimum: ColumnBound, maximum: ColumnBound)? {
    var found: (minimum: StringRef, maximum: StringRef)?
    for row in 0..<count where validity.isValid(row) {
      let text = strings[row]
      if let (minimum, maximum) = found {
        if order(text, minimum) < 0 {
          found = (text, maximum)
        } else if order(maximum, text) < 0 {
          found = (minimum, text)
        }
      } else {
        found = (text, text)
      }
    }
    guard let found, let maximum = ColumnBound(maximum: found.maximum) else { return nil }
    return (ColumnBound(minimum: found.minimum), maximum)
  }

  /// By code points, which is the order of the bytes.
  private static func order(_ a: StringRef, _ b: StringRef) -> Int {
    let common = min(a.count, b.count)
    if common > 0, let start = a.base, let other = b.base {
      let order = memcmp(start, other, common)
      if order != 0 { return Int(order) }
    }
    return a.count - b.count
  }
}
