import Glibc

/// Searching in raw bytes, eight at a time ("SWAR": the zero-byte test of Mycroft, 1987).
enum ByteScanning {
  /// Bytes behind the end of a buffer that may be read.
  static let padding = 16

  @inline(__always) static func broadcast(_ byte: UInt8) -> UInt64 {
    UInt64(byte) &* 0x0101_0101_0101_0101
  }

  /// Sets the high bit of each zero byte; bits above the lowest zero byte may be wrong.
  @inline(__always) static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  /// The first of two bytes (given broadcast) from `start` on, or `end`.
  ///
  /// - Parameter base: may be read up to `end + 7`.
  @inline(__always) static func firstOf(
    _ a: UInt64, _ b: UInt64, _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    let raw = UnsafeRawPointer(base)
    var position = start
    while position < end {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let found = zeroBytes(word ^ a) | zeroBytes(word ^ b)
      if found != 0 {
        return min(position &+ found.trailingZeroBitCount &>> 3, end)
      }
      position &+= 8
    }
    return end
  }

  @inline(__always) static func first(
    _ byte: UInt8, _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int? {
    guard start < end, let found = memchr(base + start, Int32(byte), end - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  @inline(__always) static func last(
    _ byte: UInt8, _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int? {
    var position = end
    while position > start {
      position &-= 1
      if base[position] == byte { return position }
    }
    return nil
  }

  /// How often a byte occurs in a buffer.
  static func count(_ byte: UInt8, _ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var total = 0
    for i in 0..<count { total &+= base[i] == byte ? 1 : 0 }
    return total
  }
}
