/// What all values of the tree `fulltext` have in common: a checksum of 32 bits (the lower half of
/// `ChunkChecksum`) before the contents, and numbers in 7 bits a byte (the eighth says that more
/// follow), lowest first.
struct FullTextValueWriter {
  private(set) var bytes: [UInt8] = [0, 0, 0, 0]

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func put(_ byte: UInt8) { bytes.append(byte) }
  mutating func put(_ contents: [UInt8]) { bytes.append(contentsOf: contents) }
  mutating func put(variable number: UInt64) { bytes.append(variable: number) }
  mutating func put<T: FixedWidthInteger>(fixed number: T) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func finish() -> [UInt8] {
    let sum = bytes.withUnsafeBytes {
      ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: $0.dropFirst(4)))
    }
    for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index)) }
    return bytes
  }
}

extension [UInt8] {
  @inline(__always)
  mutating func append(variable number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}

/// Reads a value from front to back. Nothing beyond its end is ever read.
struct FullTextValueReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 4

  /// - Throws: `damaged` unless the checksum is right.
  init(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    guard bytes.count >= 4 else { throw Self.damaged("it is too short") }
    let sum = ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(4)))
    guard bytes.number(0, UInt32.self) == UInt32(truncatingIfNeeded: sum) else {
      throw Self.damaged("its checksum does not match")
    }
    self.bytes = bytes
  }

  static func damaged(_ reason: String) -> StoreError {
    ChunkFormat.damaged("A full-text index", reason)
  }

  var remaining: Int { bytes.count - position }

  @inline(__always)
  mutating func byte() throws(StoreError) -> UInt8 {
    guard position < bytes.count else { throw Self.damaged("a value is too short") }
    defer { position &+= 1 }
    return bytes[position]
  }
  @inline(__always)
  mutating func variable() throws(StoreError) -> UInt64 {
    let first = try byte()
    if first < 0x80 { return UInt64(first) }
    var number = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    while true {
      let next = try byte()
      // 9 bytes have 63 bits.
      guard shift < 63 else { throw Self.damaged("a number is too large") }
      number |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return number }
      shift += 7
    }
  }
  mutating func fixed<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type = T.self
  ) throws(StoreError) -> T {
    guard remaining >= MemoryLayout<T>.size else { throw Self.damaged("a value is too short") }
    defer { position += MemoryLayout<T>.size }
    return bytes.number(position)
  }
  /// A reader of the next `count` bytes, which this one skips.
  mutating func part(_ count: UInt64) throws(StoreError) -> FullTextValueReader {
    guard count <= UInt64(remaining) else { throw Self.damaged("a value is too short") }
    let end = position + Int(count)
    let part = FullTextValueReader(
      bytes: UnsafeRawBufferPointer(rebasing: bytes[..<end]), position: position)
    position = end
    return part
  }
  private init(bytes: UnsafeRawBufferPointer, position: Int) {
    self.bytes = bytes
    self.position = position
  }
}
