/// Numbers of one width in bits, 1 ... 57 or 64, packed from the lowest bit of the first byte on.
///
/// With 8, 16, 32 and 64 bits that is an array in little endian. Any element is read by one
/// unaligned load of 8 bytes, so that the data is followed by 8 bytes more.
enum BitPacking {
  /// Bits for numbers up to `maximum`; 0 for 0.
  static func width(_ maximum: UInt64) -> Int {
    let bits = 64 - maximum.leadingZeroBitCount
    return bits > 57 ? 64 : bits
  }

  /// The width, or the next whole number of bytes (which reads faster) if a chunk with that many
  /// rows takes no more room in the file.
  static func storedWidth(_ width: Int, rowCount: Int) -> Int {
    let bytes = width <= 8 ? 8 : width <= 16 ? 16 : width <= 32 ? 32 : 64
    return fileSize(size(rowCount: rowCount, width: bytes))
      <= fileSize(size(rowCount: rowCount, width: width)) ? bytes : width
  }

  /// What LMDB takes for a chunk whose data has `size` bytes: whole pages beyond about half a one.
  static func fileSize(_ size: Int) -> Int {
    let total = size + ColumnHeader.size
    return total <= 2000 ? total : (total + 16 + 4095) / 4096 * 4096
  }

  /// Bytes of the data, a multiple of 8.
  static func size(rowCount: Int, width: Int) -> Int {
    ChunkFormat.align((rowCount * width + 7) / 8) + 8
  }

  static func isWidth(_ width: Int) -> Bool { width >= 1 && (width <= 57 || width == 64) }

  /// `number` gives the element of a row, below 2^width.
  @inline(__always)
  static func store(
    rowCount: Int, width: Int, to data: UnsafeMutableRawPointer, _ number: (Int) -> UInt64
  ) {
    var word: UInt64 = 0
    var filled = 0
    var offset = 0
    for row in 0..<rowCount {
      let element = number(row)
      word |= element &<< UInt64(truncatingIfNeeded: filled)
      filled &+= width
      if filled >= 64 {
        data.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
        offset &+= 8
        filled &-= 64
        // What had no room; none if the element ended with the word.
        word = filled == 0 ? 0 : element &>> UInt64(truncatingIfNeeded: width &- filled)
      }
    }
    if filled > 0 {
      data.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
  }
}

extension UnsafeRawPointer {
  /// Element `index` of packed numbers that start here.
  /// - Parameter mask: 2^width - 1.
  @inline(__always)
  func packed(_ index: Int, width: Int, mask: UInt64) -> UInt64 {
    let bit = index &* width
    let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
    return word &>> UInt64(truncatingIfNeeded: bit & 7) & mask
  }
}
