// Little-endian fields of chunks. Chunks lie at any even address (small LMDB values do), so every
// load is unaligned.

extension UnsafeRawBufferPointer {
  /// Unchecked beyond the buffer's own debug check: callers have compared the offset with `count`.
  @inline(__always)
  func number<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: T.Type = T.self) -> T {
    T(littleEndian: baseAddress.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: T.self))
  }
  @inline(__always) func word(_ offset: Int) -> UInt64 { number(offset) }
}

extension UnsafeRawPointer {
  /// Element `index` of a packed little-endian array that starts here.
  @inline(__always)
  func element<T: FixedWidthInteger & BitwiseCopyable>(_ index: Int, _: T.Type = T.self) -> T {
    T(littleEndian: loadUnaligned(fromByteOffset: index &* MemoryLayout<T>.size, as: T.self))
  }
  @inline(__always) func bit(_ index: Int) -> Bool {
    load(fromByteOffset: index >> 3, as: UInt8.self) >> UInt8(index & 7) & 1 != 0
  }
}

/// Grows the bytes of a chunk. `finish` puts the checksum into the first 8 bytes.
struct ChunkWriter {
  private(set) var bytes: [UInt8]

  /// Begins with room for the checksum.
  init(capacity: Int) {
    bytes = []
    bytes.reserveCapacity(capacity)
    bytes.append(contentsOf: repeatElement(0, count: 8))
  }

  var count: Int { bytes.count }

  @inline(__always)
  mutating func put<T: FixedWidthInteger>(_ number: T) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func put(_ raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }
  mutating func put(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }
  mutating func overwrite<T: FixedWidthInteger>(_ number: T, at offset: Int) {
    withUnsafeBytes(of: number.littleEndian) {
      for (index, byte) in $0.enumerated() { bytes[offset + index] = byte }
    }
  }
  mutating func align(to alignment: Int = 8) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  mutating func finish() -> [UInt8] {
    let sum = bytes.withUnsafeBytes {
      ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: $0.dropFirst(8)))
    }
    overwrite(sum, at: 0)
    return bytes
  }
}

enum ChunkFormat {
  /// Version of the layout of all chunks; a reader refuses others.
  static let current: UInt8 = 1

  static func align(_ offset: Int) -> Int { (offset + 7) & ~7 }

  static func damaged(_ what: String, _ reason: String) -> StoreError {
    StoreError(
      .damaged, "\(what) is damaged: \(reason)",
      hint: "restore the database from a backup; `tropa check` lists all damage")
  }

  /// Checks what all chunks begin with: checksum, format, kind.
  static func checkPrefix(
    _ bytes: UnsafeRawBufferPointer, kind: UInt8, headerSize: Int, name: String,
    verifyingChecksum: Bool
  ) throws(StoreError) {
    guard bytes.count >= headerSize, bytes.baseAddress != nil else {
      throw damaged(name, "\(bytes.count) bytes are too few")
    }
    if bytes[9] != kind { throw damaged(name, "it is not of the expected kind") }
    if bytes[8] != current {
      throw StoreError(
        bytes[8] > current ? .newerFormat : .damaged,
        "\(name) has format \(bytes[8]), this program reads \(current)",
        hint: "use a newer version of the program")
    }
    if verifyingChecksum { try checkSum(bytes, name: name) }
  }

  private static func checkSum(
    _ bytes: UnsafeRawBufferPointer, name: String
  ) throws(StoreError) {
    let sum = ChunkChecksum.of(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(8)))
    if sum != bytes.word(0) { throw damaged(name, "its checksum does not match") }
  }
}
