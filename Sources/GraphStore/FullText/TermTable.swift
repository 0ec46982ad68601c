/// Different strings of bytes, numbered from 0 as they come: a hash table with open addressing.
struct TermTable {
  /// All terms one behind the other, and where each ends.
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var hashes: [UInt32] = []
  /// Numbers + 1; 0 is empty. A power of two, at most half full.
  private var slots = [UInt32](repeating: 0, count: 256)

  var count: Int { ends.count }

  private func range(_ number: Int) -> Range<Int> {
    (number == 0 ? 0 : ends[number - 1])..<ends[number]
  }

  func withBytes<Result>(
    _ number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range(number)])) }
  }
  func term(_ number: Int) -> [UInt8] { Array(bytes[range(number)]) }

  private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for byte in term { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
  }

  /// The number of a term; nil for one that is new.
  func number(of term: UnsafeBufferPointer<UInt8>) -> Int? {
    let slot = slot(of: term, hash: Self.hash(term))
    return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
  }

  /// The slot of a term, or the empty one where it belongs.
  private func slot(of term: UnsafeBufferPointer<UInt8>, hash: UInt32) -> Int {
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash {
        let range = range(number)
        if range.count == term.count, withBytes(number, { $0.elementsEqual(term) }) { return slot }
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  /// The number of a term, a new one if need be.
  mutating func insert(_ term: UnsafeBufferPointer<UInt8>) -> Int {
    let hash = Self.hash(term)
    let slot = slot(of: term, hash: hash)
    if slots[slot] != 0 { return Int(slots[slot]) - 1 }
    let number = count
    bytes.append(contentsOf: term)
    ends.append(bytes.count)
    hashes.append(hash)
    slots[slot] = UInt32(number + 1)
    if count * 2 > slots.count { grow() }
    return number
  }

  /// All numbers in the order of the bytes of their terms.
  func sorted() -> [Int] {
    // The first 8 bytes decide most comparisons.
    var order: [(beginning: UInt64, number: Int)] = []
    order.reserveCapacity(count)
    for number in 0..<count {
      let range = range(number)
      var beginning: UInt64 = 0
      for index in 0..<8 {
        let byte = index < range.count ? bytes[range.lowerBound + index] : 0
        beginning = beginning << 8 | UInt64(byte)
      }
      order.append((beginning, number))
    }
    order.sort { a, b in
      if a.beginning != b.beginning { return a.beginning < b.beginning }
      return bytes[range(a.number)].lexicographicallyPrecedes(bytes[range(b.number)])
    }
    return order.map(\.number)
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (number, hash) in hashes.enumerated() {
      var slot = Int(hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }
}
