internal import GraphColumns
internal import GraphTypes

/// From the ids in files to nodes. Built by one thread; frozen, it is read by many.
///
/// Ids get ordinals 0, 1, 2 … in the order in which they come; an ordinal gets its node's row once
/// the node is made. Open addressing with linear probing, at most half full.
final class IdentifierMap: @unchecked Sendable {
  enum Kind: Sendable { case integer, string }
  static let missing = UInt32.max

  /// The id space's name in messages.
  let name: String
  let kind: Kind
  private(set) var count = 0
  /// Row of the node, by ordinal.
  private(set) var rows: UnsafeMutablePointer<UInt32>
  private var rowCapacity: Int

  private var slots: UnsafeMutablePointer<Slot>
  private var mask: Int
  /// Texts by ordinal; empty for integers.
  private var texts: UnsafeMutablePointer<StringRef>
  private let arena = StringArena(blockSize: 1 << 20)
  private var dense: UnsafeMutablePointer<UInt32>?
  private var denseCount = 0
  private var least = Int64.max
  private var greatest = Int64.min

  /// For a string, `key` is the hash.
  struct Slot {
    var key: Int64
    var ordinal: UInt32
  }

  init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
    let size = 1 << 10
    slots = .allocate(capacity: size)
    slots.initialize(repeating: Slot(key: 0, ordinal: Self.missing), count: size)
    mask = size - 1
    rowCapacity = size
    rows = .allocate(capacity: size)
    texts = .allocate(capacity: kind == .string ? size : 1)
  }

  deinit {
    slots.deallocate()
    rows.deallocate()
    texts.deallocate()
    dense?.deallocate()
  }

  @inline(__always) private static func place(_ key: Int64, _ mask: Int) -> Int {
    let mixed = UInt64(bitPattern: key) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed ^ mixed &>> 32) & mask
  }

  private func grow() {
    let size = (mask + 1) * 2
    let next = UnsafeMutablePointer<Slot>.allocate(capacity: size)
    next.initialize(repeating: Slot(key: 0, ordinal: Self.missing), count: size)
    for i in 0...mask where slots[i].ordinal != Self.missing {
      var place = Self.place(slots[i].key, size - 1)
      while next[place].ordinal != Self.missing { place = (place + 1) & (size - 1) }
      next[place] = slots[i]
    }
    slots.deallocate()
    slots = next
    mask = size - 1
  }

  private func append() -> UInt32 {
    if count == rowCapacity {
      let wider = UnsafeMutablePointer<UInt32>.allocate(capacity: rowCapacity * 2)
      wider.update(from: rows, count: count)
      rows.deallocate()
      rows = wider
      if kind == .string {
        let wider = UnsafeMutablePointer<StringRef>.allocate(capacity: rowCapacity * 2)
        wider.update(from: texts, count: count)
        texts.deallocate()
        texts = wider
      }
      rowCapacity *= 2
    }
    rows[count] = Self.missing
    count += 1
    return UInt32(count - 1)
  }

  /// - Returns: the id's ordinal, and whether it is new.
  func insert(_ id: Int64) -> (ordinal: UInt32, isNew: Bool) {
    var place = Self.place(id, mask)
    while slots[place].ordinal != Self.missing {
      if slots[place].key == id { return (slots[place].ordinal, false) }
      place = (place &+ 1) & mask
    }
    let ordinal = append()
    slots[place] = Slot(key: id, ordinal: ordinal)
    least = min(least, id)
    greatest = max(greatest, id)
    if count * 2 > mask { grow() }
    return (ordinal, true)
  }

  /// Copies the text if it is new.
  func insert(_ text: StringRef) -> (ordinal: UInt32, isNew: Bool) {
    let hash = Self.hash(text)
    var place = Self.place(hash, mask)
    while slots[place].ordinal != Self.missing {
      if slots[place].key == hash && Self.equal(texts[Int(slots[place].ordinal)], text) {
        return (slots[place].ordinal, false)
      }
      place = (place &+ 1) & mask
    }
    let ordinal = append()
    texts[Int(ordinal)] = arena.append(text.bytes)
    slots[place] = Slot(key: hash, ordinal: ordinal)
    if count * 2 > mask { grow() }
    return (ordinal, true)
  }

  func setRow(_ row: UInt64, ofOrdinal ordinal: Int) { rows[ordinal] = UInt32(row) }

  func text(ofOrdinal ordinal: Int) -> StringRef { texts[ordinal] }

  /// For finding only, from now on. Integers that lie close together get a table by value.
  func freeze() -> IdentifierLookup {
    if kind == .integer && count > 0 && dense == nil {
      let (span, isTooWide) = greatest.subtractingReportingOverflow(least)
      if !isTooWide && span < 4 * Int64(count) + 1024 {
        denseCount = Int(span) + 1
        let table = UnsafeMutablePointer<UInt32>.allocate(capacity: denseCount)
        table.initialize(repeating: Self.missing, count: denseCount)
        for i in 0...mask where slots[i].ordinal != Self.missing {
          table[Int(slots[i].key - least)] = rows[Int(slots[i].ordinal)]
        }
        dense = table
      }
    }
    return IdentifierLookup(
      dense: dense, denseCount: UInt64(denseCount), least: least, slots: slots, mask: mask,
      rows: rows, texts: texts)
  }

  @inline(__always) static func equal(_ a: StringRef, _ b: StringRef) -> Bool {
    guard a.count == b.count else { return false }
    guard let left = a.base, let right = b.base else { return true }
    for i in 0..<a.count where left[i] != right[i] { return false }
    return true
  }

  /// Multiply and fold, eight bytes a step (after "wyhash" by Wang Yi).
  static func hash(_ text: StringRef) -> Int64 {
    guard let base = text.base else { return 1 }
    let raw = UnsafeRawPointer(base)
    var state: UInt64 = 0xA076_1D64_78BD_642F ^ UInt64(text.count)
    var i = 0
    while i + 8 <= text.count {
      let word = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      let product = (state ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
      state = product.high ^ product.low ^ word
      i += 8
    }
    var last: UInt64 = 0
    while i < text.count {
      last = last << 8 | UInt64(base[i])
      i += 1
    }
    let product = (state ^ last).multipliedFullWidth(by: 0x8EBC_6AF0_9C88_C6E3)
    return Int64(bitPattern: product.high ^ product.low)
  }
}

/// A frozen map's tables; valid as long as the map.
struct IdentifierLookup: @unchecked Sendable {
  let dense: UnsafeMutablePointer<UInt32>?
  let denseCount: UInt64
  let least: Int64
  let slots: UnsafeMutablePointer<IdentifierMap.Slot>
  let mask: Int
  let rows: UnsafeMutablePointer<UInt32>
  let texts: UnsafeMutablePointer<StringRef>

  /// - Returns: the node's row, or `IdentifierMap.missing`.
  @inline(__always) func row(_ id: Int64) -> UInt32 {
    if let dense {
      let index = UInt64(bitPattern: id &- least)
      return index < denseCount ? dense[Int(index)] : IdentifierMap.missing
    }
    let mixed = UInt64(bitPattern: id) &* 0x9E37_79B9_7F4A_7C15
    var place = Int(truncatingIfNeeded: mixed ^ mixed &>> 32) & mask
    while slots[place].ordinal != IdentifierMap.missing {
      if slots[place].key == id { return rows[Int(slots[place].ordinal)] }
      place = (place &+ 1) & mask
    }
    return IdentifierMap.missing
  }

  func row(_ text: StringRef) -> UInt32 {
    let hash = IdentifierMap.hash(text)
    let mixed = UInt64(bitPattern: hash) &* 0x9E37_79B9_7F4A_7C15
    var place = Int(truncatingIfNeeded: mixed ^ mixed &>> 32) & mask
    while slots[place].ordinal != IdentifierMap.missing {
      let ordinal = Int(slots[place].ordinal)
      if slots[place].key == hash && IdentifierMap.equal(texts[ordinal], text) {
        return rows[ordinal]
      }
      place = (place &+ 1) & mask
    }
    return IdentifierMap.missing
  }
}
