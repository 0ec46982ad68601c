internal import GraphColumns

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Numbers texts in the order in which they first come. Open addressing, at most half full.
struct TextDictionary {
  private(set) var entries: [StringRef] = []
  /// Of all entries.
  private(set) var byteCount = 0
  /// Entry number + 1; 0 is free.
  private var slots: [UInt32] = Array(repeating: 0, count: 512)

  mutating func code(of text: StringRef) -> Int {
    if 2 * entries.count >= slots.count { grow() }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(text)) & mask
    while true {
      let number = slots[slot]
      if number == 0 {
        entries.append(text)
        byteCount += text.count
        slots[slot] = UInt32(truncatingIfNeeded: entries.count)
        return entries.count - 1
      }
      let entry = entries[Int(number) - 1]
      if entry.count == text.count, Self.isSame(entry, text) { return Int(number) - 1 }
      slot = (slot + 1) & mask
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 4 * slots.count)
    let mask = slots.count - 1
    for (number, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: Self.hash(entry)) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: number + 1)
    }
  }

  private static func isSame(_ a: StringRef, _ b: StringRef) -> Bool {
    guard let start = a.base, let other = b.base, a.count > 0 else { return true }
    return start == other || memcmp(start, other, a.count) == 0
  }

  /// Multiply and shift over 8-byte words; the last word may overlap the one before.
  static func hash(_ text: StringRef) -> UInt64 {
    guard let base = text.base else { return 0 }
    let raw = UnsafeRawPointer(base)
    let count = text.count
    let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hash = UInt64(truncatingIfNeeded: count) &* multiplier
    func mix(_ word: UInt64) {
      hash = (hash ^ word) &* multiplier
      hash ^= hash >> 32
    }
    if count >= 8 {
      var offset = 0
      while offset + 8 <= count {
        mix(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      if offset < count { mix(raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)) }
    } else {
      var word: UInt64 = 0
      for index in 0..<count { word = word << 8 | UInt64(base[index]) }
      mix(word)
    }
    return hash
  }
}
