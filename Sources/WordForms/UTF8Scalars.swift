// Characters of UTF-8 one by one. Text comes from strings, but also from files: malformed bytes give
// U+FFFD, never a read beyond the end.

extension UnsafeBufferPointer<UInt8> {
  /// The character at `index`, which moves behind it.
  @inlinable @inline(__always)
  package func scalar(at index: inout Int) -> UInt32 {
    let first = self[index]
    index &+= 1
    if first < 0x80 { return UInt32(first) }
    let length = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1
    guard first >= 0xC2, count &- index >= length else { return 0xFFFD }
    var scalar = UInt32(first) & (0x3F >> UInt32(length))
    for offset in 0..<length {
      let byte = self[index &+ offset]
      if byte & 0xC0 != 0x80 { return 0xFFFD }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    index &+= length
    return scalar
  }
}

extension UnsafeMutablePointer<UInt8> {
  /// Writes a character of at most 21 bits at `count`, which moves behind it. There is room for 4
  /// bytes.
  @inlinable @inline(__always)
  package func append(scalar: UInt32, count: inout Int) {
    func put(_ value: UInt32) {
      self[count] = UInt8(truncatingIfNeeded: value)
      count &+= 1
    }
    if scalar < 0x80 { return put(scalar) }
    if scalar < 0x800 {
      put(0xC0 | scalar >> 6)
    } else if scalar < 0x10000 {
      put(0xE0 | scalar >> 12)
      put(0x80 | scalar >> 6 & 0x3F)
    } else {
      put(0xF0 | scalar >> 18)
      put(0x80 | scalar >> 12 & 0x3F)
      put(0x80 | scalar >> 6 & 0x3F)
    }
    put(0x80 | scalar & 0x3F)
  }
}
