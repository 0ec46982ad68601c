internal import GraphColumns

// Text as words: each different word of the chunk is stored once, and a row is a list of codes. After
// A. Moffat, "Word-based text compression", Software: Practice and Experience 19(2), 1989, but with
// codes of one width, so that any row is decoded by itself. Names, titles and reviews in natural
// language shrink to a third or less, also in scripts with two bytes a letter.

extension ColumnEncoder {
  /// The longest word; longer ones are cut into several.
  static let wordSizeMaximum = 255

  /// Nil unless the chunk takes at most three quarters of what it takes with `otherSize` bytes of
  /// data: putting words together costs time.
  static func encode(
    words strings: UnsafePointer<StringRef>, validity: ColumnValidity, header: ColumnHeader,
    insteadOf otherSize: Int
  ) -> [UInt8]? {
    let sizeMaximum = BitPacking.fileSize(otherSize) * 3 / 4
    // A page cannot become less.
    if sizeMaximum < 4096 { return nil }
    let count = header.rowCount
    guard let words = WordTable(strings, validity: validity, count: count) else { return nil }
    let entries = words.dictionary.entries
    let textSize = words.dictionary.byteCount
    var header = header
    header.encoding = .words
    header.longestWord = words.longest
    header.width = max(1, BitPacking.width(UInt64(max(entries.count, 1) - 1)))
    header.endWidth = max(endWidth(textSize), BitPacking.width(UInt64(words.codes.count)))
    header.extra = UInt32(truncatingIfNeeded: entries.count)
    header.base = Int64(textSize)
    let boundsSize = BitPacking.size(rowCount: count + 1, width: header.endWidth)
    let codesSize = BitPacking.size(rowCount: words.codes.count, width: header.width)
    let wordBoundsSize = BitPacking.size(rowCount: entries.count + 1, width: header.endWidth)
    let size =
      boundsSize + codesSize + wordBoundsSize + ChunkFormat.align(textSize) + WordLayout.slack
    guard BitPacking.fileSize(size) <= sizeMaximum else { return nil }
    return header.chunk(dataSize: size, validity: validity) { data in
      store(words.bounds, width: header.endWidth, to: data)
      store(words.codes, width: header.width, to: data + boundsSize)
      var bounds: [UInt32] = [0]
      bounds.reserveCapacity(entries.count + 1)
      var end = 0
      for entry in entries {
        end = append(entry, at: end, to: data + boundsSize + codesSize + wordBoundsSize)
        bounds.append(UInt32(truncatingIfNeeded: end))
      }
      store(bounds, width: header.endWidth, to: data + boundsSize + codesSize)
    }
  }
}

/// The texts of a chunk as words.
private struct WordTable {
  private(set) var dictionary = TextDictionary()
  private(set) var codes: [UInt32] = []
  /// Where each row's codes begin, and the end of the last.
  private(set) var bounds: [UInt32] = [0]
  private(set) var longest = 0

  /// When most words are new after so many, it is not worth the search.
  private static let sampleSize = 4096

  /// Nil when words do not repeat.
  init?(_ strings: UnsafePointer<StringRef>, validity: ColumnValidity, count: Int) {
    bounds.reserveCapacity(count + 1)
    var sampleEnd = Self.sampleSize
    for row in 0..<count {
      if validity.isValid(row) { append(strings[row]) }
      bounds.append(UInt32(truncatingIfNeeded: codes.count))
      if codes.count > sampleEnd {
        if dictionary.entries.count > codes.count / 2 { return nil }
        sampleEnd = 2 * codes.count
      }
    }
  }

  /// Cuts a text before each letter or digit that follows another character: a word comes with the
  /// space and the punctuation behind it. Bytes of other scripts count as letters.
  private mutating func append(_ text: StringRef) {
    guard let base = text.base else { return }
    var start = 0
    var wasLetter = true
    for index in 0..<text.count {
      let isLetter = Self.isLetter(base[index])
      if (isLetter && !wasLetter) || index - start == ColumnEncoder.wordSizeMaximum {
        add(base + start, index - start)
        start = index
      }
      wasLetter = isLetter
    }
    add(base + start, text.count - start)
  }

  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
  }

  private mutating func add(_ base: UnsafePointer<UInt8>, _ count: Int) {
    if count == 0 { return }
    longest = max(longest, count)
    let code = dictionary.code(of: StringRef(base: base, count: count))
    codes.append(UInt32(truncatingIfNeeded: code))
  }
}
