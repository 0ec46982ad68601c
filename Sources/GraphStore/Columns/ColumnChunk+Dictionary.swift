package import GraphColumns

// Text columns with few different values: a number for each, so that grouping and comparing need
// not touch the text.

extension ColumnChunk {
  /// How many different texts the chunk's dictionary has; nil if it has none. A chunk whose texts are
  /// all the same has a dictionary of one.
  package var dictionaryCount: Int? {
    guard type == .string else { return nil }
    switch encoding {
    case .dictionary: return textCount
    case .constant: return 1
    default: return nil
    }
  }

  /// Text `code` of the dictionary, by reference into `bytes`; empty beyond it.
  package func dictionaryText(_ code: Int) -> StringRef {
    let text = encoding == .constant ? text(ofRow: 0) : text(code)
    return StringRef(
      base: text.baseAddress?.assumingMemoryBound(to: UInt8.self), count: text.count)
  }

  /// The code of each row, below `dictionaryCount`; that count itself for null and for rows beyond
  /// `rowCount`. Only for chunks with a dictionary.
  package func gatherCodes(
    rows: UnsafePointer<UInt16>, count: Int, into codes: UnsafeMutablePointer<UInt32>
  ) {
    let null = UInt32(truncatingIfNeeded: dictionaryCount ?? 0)
    let isConstant = encoding == .constant
    guard isConstant || encoding == .dictionary else {
      codes.update(repeating: null, count: count)
      return
    }
    for index in 0..<count {
      let row = Int(rows[index])
      guard row < rowCount, isValid(row) else {
        codes[index] = null
        continue
      }
      // Damaged codes read as null.
      codes[index] = isConstant ? 0 : min(null, UInt32(truncatingIfNeeded: code(ofRow: row)))
    }
  }
}
