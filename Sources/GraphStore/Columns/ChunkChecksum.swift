/// The checksum of stored chunks: 64 bits over the bytes behind the checksum field itself.
///
/// Four lanes take 8-byte little-endian words in turn; each step is `lane = (lane ^ word) * odd`,
/// then `lane ^= lane >> 29`, both of which are bijections: a change within one word of a lane
/// always changes the result of that lane. Zeros at the end do not count (the store pads chunks with
/// them); the rest behind the last four words is padded with zeros, and the length without the
/// zeros is mixed in. It finds damage, it does not resist an attacker.
package enum ChunkChecksum {
  private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  private static func step(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = (lane ^ word) &* multiplier
    return mixed ^ (mixed >> 29)
  }

  /// Bytes without the zeros at the end.
  private static func significantCount(_ bytes: UnsafeRawBufferPointer) -> Int {
    var count = bytes.count
    while count >= 8, bytes.word(count - 8) == 0 { count -= 8 }
    while count > 0, bytes[count - 1] == 0 { count -= 1 }
    return count
  }

  /// - Complexity: O(count), several bytes a cycle.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var a: UInt64 = 0x243F_6A88_85A3_08D3
    var b: UInt64 = 0x1319_8A2E_0370_7344
    var c: UInt64 = 0xA409_3822_299F_31D0
    var d: UInt64 = 0x082E_FA98_EC4E_6C89
    let count = significantCount(bytes)
    var position = 0
    while position + 32 <= count {
      a = step(a, bytes.word(position))
      b = step(b, bytes.word(position + 8))
      c = step(c, bytes.word(position + 16))
      d = step(d, bytes.word(position + 24))
      position += 32
    }
    while position + 8 <= count {
      a = step(a, bytes.word(position))
      position += 8
    }
    var rest: UInt64 = 0
    var shift: UInt64 = 0
    while position < count {
      rest |= UInt64(bytes[position]) << shift
      shift += 8
      position += 1
    }
    a = step(a, rest)
    var sum = step(a, UInt64(truncatingIfNeeded: count))
    sum = step(sum, b)
    sum = step(sum, c)
    return step(sum, d)
  }
}

/// The checksum behind the values of trees without chunks: 32 bits over key and value.
enum Seal {
  static let size = 4

  static func of(_ key: UnsafeRawBufferPointer, _ content: UnsafeRawBufferPointer) -> UInt32 {
    // The key's sum is turned, so that key and value cannot change places.
    let sum = ChunkChecksum.of(key)
    return UInt32(truncatingIfNeeded: (sum << 23 | sum >> 41) ^ ChunkChecksum.of(content) >> 16)
  }

  /// The value without its seal.
  /// - Throws: `damaged`.
  static func content(
    _ value: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer, _ tree: Tree, _ path: String
  ) throws(StoreError) -> UnsafeRawBufferPointer {
    guard let content = content(value, key) else {
      throw StoreError(
        .damaged,
        "the database \(path) is damaged: an entry of the tree \(tree.name) has a checksum that does "
          + "not match",
        hint: "restore it from a backup; `tropa check` lists all damage")
    }
    return content
  }

  /// Nil where the seal does not match.
  static func content(
    _ value: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    guard value.count >= size else { return nil }
    let content = UnsafeRawBufferPointer(rebasing: value.dropLast(size))
    return value.number(content.count) == of(key, content) ? content : nil
  }
}
