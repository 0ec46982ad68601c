internal import GraphColumns

// Putting texts together from words. Damaged bytes give other words, never more than
// `ColumnEncoder.wordSizeMaximum` bytes for a code.

/// Where the parts of a chunk in the words encoding are.
struct WordLayout {
  /// Bytes behind the last word that can be read.
  static let slack = 32

  private(set) var codeCount = 0
  private(set) var codesOffset = 0
  private(set) var boundsOffset = 0
  private(set) var textOffset = 0

  init() {}

  /// Reads the number of codes. What does not fit the chunk ends beyond it.
  init(
    _ bytes: UnsafeRawBufferPointer, at start: Int, rowCount: Int, width: Int, endWidth: Int,
    wordCount: Int
  ) {
    guard BitPacking.isWidth(width), BitPacking.isWidth(endWidth) else { return }
    codesOffset = start + BitPacking.size(rowCount: rowCount + 1, width: endWidth)
    guard codesOffset <= bytes.count, let base = bytes.baseAddress else {
      textOffset = bytes.count
      return
    }
    let mask: UInt64 = (1 << UInt64(min(endWidth, 32))) - 1
    codeCount = Int((base + start).packed(rowCount, width: endWidth, mask: mask))
    boundsOffset = codesOffset + BitPacking.size(rowCount: codeCount, width: width)
    textOffset = boundsOffset + BitPacking.size(rowCount: wordCount + 1, width: endWidth)
  }
}

extension ColumnChunk {
  /// A bound of a row or of a word.
  @inline(__always)
  private func bound(_ index: Int, in bounds: UnsafeRawPointer) -> Int {
    let mask: UInt64 = (1 << UInt64(min(endWidth, 32))) - 1
    return Int(truncatingIfNeeded: bounds.packed(index, width: endWidth, mask: mask))
  }

  /// Places of a row's codes.
  @inline(__always)
  private func codeRange(ofRow row: Int) -> Range<Int> {
    let lower = min(bound(row, in: data), codeCount)
    return lower..<max(lower, min(bound(row + 1, in: data), codeCount))
  }

  /// Room that is enough for the text of so many words, and for copying them.
  private func capacity(_ codeCount: Int) -> Int { codeCount * longestWord + WordLayout.slack }

  /// Writes the words of `codes`, and up to `WordLayout.slack` bytes behind them.
  /// - Parameter target: has room for `capacity(codes.count)`.
  /// - Returns: bytes of the text.
  @inline(__always)
  private func decode(_ codes: Range<Int>, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let (words, bounds, numbers) = (texts, ends, self.codes)
    let (width, mask, wordCount) = (width, mask, textCount)
    let (textSize, longest) = (textSize, longestWord)
    var end = UnsafeMutableRawPointer(target)
    for place in codes {
      let code = min(
        Int(truncatingIfNeeded: numbers.packed(place, width: width, mask: mask) & 0xFFFF_FFFF),
        wordCount - 1)
      let lower: Int
      let upper: Int
      if endWidth == 16 {
        let pair = (bounds + 2 * code).loadUnaligned(as: UInt32.self).littleEndian
        (lower, upper) = (Int(pair & 0xFFFF), Int(pair >> 16))
      } else {
        (lower, upper) = (bound(code, in: bounds), bound(code + 1, in: bounds))
      }
      let start = min(lower, textSize)
      let count = max(0, min(upper - start, textSize - start, longest))
      // Nearly all words have at most 32 bytes: no branch that depends on the length.
      var copied = 0
      repeat {
        end.storeBytes(
          of: (words + start).loadUnaligned(fromByteOffset: copied, as: SIMD32<UInt8>.self),
          toByteOffset: copied, as: SIMD32<UInt8>.self)
        copied += 32
      } while copied < count
      end += count
    }
    return end - UnsafeMutableRawPointer(target)
  }

  /// Rows below `rowCount`; null ones are empty.
  func gatherWords(
    _ rows: UnsafePointer<UInt16>, _ count: Int, _ result: UnsafeMutablePointer<StringRef>,
    _ arena: inout StringArena?
  ) {
    if textCount == 0 {
      result.update(repeating: StringRef(base: nil, count: 0), count: count)
      return
    }
    let target = arena ?? StringArena(blockSize: count < 64 ? 1024 : 64 << 10)
    arena = target
    for index in 0..<count {
      let codes = codeRange(ofRow: Int(rows[index]))
      result[index] = target.append(upTo: capacity(codes.count)) { decode(codes, to: $0) }
    }
  }

  /// The text of a row below `rowCount`.
  func wordText(ofRow row: Int) -> String {
    if textCount == 0 { return "" }
    let codes = codeRange(ofRow: row)
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity(codes.count)) {
      buffer in
      guard let base = buffer.baseAddress else { return "" }
      let count = decode(codes, to: base)
      return String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
    }
  }
}
