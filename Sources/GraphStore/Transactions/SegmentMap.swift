/// Objects by segment number: the few segments that changes touch, looked up in hot loops.
/// Open addressing, at most half full.
struct SegmentMap<Element: AnyObject> {
  /// Place in `entries` + 1; 0 is free.
  private var slots: [Int32] = []
  private(set) var entries: [(segment: Int, element: Element)] = []

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }

  @inline(__always)
  private static func slot(_ segment: Int, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: segment) &* 0x9E37_79B9_7F4A_7C15) >> 32)
      & mask
  }

  @inline(__always)
  subscript(_ segment: Int) -> Element? {
    if entries.isEmpty { return nil }
    let mask = slots.count - 1
    var slot = Self.slot(segment, mask)
    while true {
      let place = Int(slots[slot]) - 1
      if place < 0 { return nil }
      if entries[place].segment == segment { return entries[place].element }
      slot = (slot + 1) & mask
    }
  }

  /// The segment must be new.
  mutating func insert(_ segment: Int, _ element: Element) {
    entries.append((segment, element))
    if 2 * entries.count > slots.count {
      slots = [Int32](repeating: 0, count: max(8, 2 * slots.count))
      for place in entries.indices { occupy(place) }
    } else {
      occupy(entries.count - 1)
    }
  }

  private mutating func occupy(_ place: Int) {
    let mask = slots.count - 1
    var slot = Self.slot(entries[place].segment, mask)
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = Int32(truncatingIfNeeded: place + 1)
  }
}
