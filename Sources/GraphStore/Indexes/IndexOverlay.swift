internal import GraphColumns
internal import GraphTypes

/// Entries that a transaction has added to an index or removed from it, in order.
///
/// A list of blocks of up to 128 entries, found by their first: a search costs two binary searches,
/// a change moves what is behind it in one block.
final class IndexOverlay {
  private struct Block {
    /// Of the first entry.
    var head: UInt64
    var count: Int
    let entries: UnsafeMutablePointer<IndexEntry>
  }
  private static let blockCapacity = 128

  private var blocks: [Block] = []
  private var arena = StringArena()
  private(set) var addedCount = 0
  private(set) var removedCount = 0
  /// Grows with each change.
  private(set) var version = 0

  var isEmpty: Bool { blocks.isEmpty }

  deinit { for block in blocks { block.entries.deallocate() } }

  func removeAll() {
    for block in blocks { block.entries.deallocate() }
    blocks = []
    version += 1
    arena = StringArena()
    addedCount = 0
    removedCount = 0
  }

  // MARK: Reading

  /// A place between entries. Valid until the next change.
  struct Position {
    fileprivate var block: Int
    fileprivate var index: Int
    static let start = Position(block: 0, index: 0)
  }

  /// Before the first entry whose key is not below, and its row neither.
  func position(_ key: borrowing IndexKey, row: UInt32 = 0) -> Position {
    position(head: key.head, key.bytes, key.count, row: row)
  }

  private func position(
    head: UInt64, _ key: UnsafePointer<UInt8>, _ count: Int, row: UInt32
  ) -> Position {
    @inline(__always) func isBelow(_ entry: borrowing IndexEntry) -> Bool {
      let order = entry.order(head: head, key, count)
      return order != 0 ? order < 0 : entry.entity.row < row
    }
    return blocks.withUnsafeBufferPointer { blocks in
      // The last block whose first entry is below.
      var low = 0
      var high = blocks.count
      while low < high {
        let middle = (low + high) >> 1
        let first = blocks[middle].head
        if first != head ? first < head : isBelow(blocks[middle].entries[0]) {
          low = middle + 1
        } else {
          high = middle
        }
      }
      guard low > 0 else { return Position(block: 0, index: 0) }
      let block = blocks[low - 1]
      var first = 1
      var end = block.count
      while first < end {
        let middle = (first + end) >> 1
        if isBelow(block.entries[middle]) { first = middle + 1 } else { end = middle }
      }
      return first < block.count
        ? Position(block: low - 1, index: first) : Position(block: low, index: 0)
    }
  }

  /// The entry behind a place; nil at the end.
  @inline(__always)
  func entry(_ position: Position) -> UnsafePointer<IndexEntry>? {
    guard position.block < blocks.count else { return nil }
    return UnsafePointer(blocks[position.block].entries + position.index)
  }

  /// The entry before a place; nil at the start.
  func entry(before position: Position) -> UnsafePointer<IndexEntry>? {
    if position.index > 0 {
      return UnsafePointer(blocks[position.block].entries + position.index - 1)
    }
    guard position.block > 0 else { return nil }
    let block = blocks[position.block - 1]
    return UnsafePointer(block.entries + block.count - 1)
  }

  /// How many entries there are from one place to another.
  /// - Complexity: O(blocks between them).
  func distance(from start: Position, to end: Position) -> Int {
    guard start.block <= end.block else { return 0 }
    return blocks[start.block..<end.block].reduce(end.index - start.index) { $0 + $1.count }
  }

  @inline(__always)
  func advance(_ position: inout Position) {
    position.index += 1
    if position.index == blocks[position.block].count {
      position.block += 1
      position.index = 0
    }
  }

  // MARK: Changes

  /// Notes that an entry comes or goes. What has come and goes again leaves nothing behind.
  func note(_ key: borrowing IndexKey, _ entity: IndexEntity, isAdded: Bool) {
    let place = position(key, row: entity.row)
    if let found = entry(place), found.pointee.entity.row == entity.row,
      found.pointee.order(head: key.head, key.bytes, key.count) == 0
    {
      if found.pointee.isAdded != isAdded {
        count(found.pointee, -1)
        remove(place)
      }
      return
    }
    let entry = IndexEntry(key, entity, isAdded: isAdded, arena)
    count(entry, 1)
    insert(entry, place)
  }

  private func count(_ entry: IndexEntry, _ change: Int) {
    version += 1
    if entry.isAdded { addedCount += change } else { removedCount += change }
  }

  private func insert(_ entry: IndexEntry, _ place: Position) {
    var place = place
    if place.index == 0, place.block > 0 {
      // Behind the last entry of the block before, while there is room.
      place = Position(block: place.block - 1, index: blocks[place.block - 1].count)
    }
    if blocks.isEmpty { blocks.append(Self.block()) }
    if blocks[place.block].count == Self.blockCapacity { place = split(place) }
    let block = blocks[place.block]
    let target = block.entries + place.index
    if place.index < block.count {
      (target + 1).update(from: target, count: block.count - place.index)
    }
    target.initialize(to: entry)
    blocks[place.block].count += 1
    if place.index == 0 { blocks[place.block].head = entry.head }
  }

  private static func block() -> Block {
    Block(head: 0, count: 0, entries: .allocate(capacity: blockCapacity))
  }

  /// Makes room in a full block, in halves, or behind it when entries come in order.
  private func split(_ place: Position) -> Position {
    let full = blocks[place.block]
    var new = Self.block()
    let kept =
      place.index == full.count && place.block == blocks.count - 1
      ? full.count : Self.blockCapacity / 2
    new.count = full.count - kept
    new.entries.update(from: full.entries + kept, count: new.count)
    if new.count > 0 { new.head = new.entries[0].head }
    blocks[place.block].count = kept
    blocks.insert(new, at: place.block + 1)
    return place.index < kept || (place.index == kept && new.count > 0)
      ? place : Position(block: place.block + 1, index: place.index - kept)
  }

  private func remove(_ place: Position) {
    let block = blocks[place.block]
    let target = block.entries + place.index
    target.update(from: target + 1, count: block.count - place.index - 1)
    blocks[place.block].count -= 1
    if block.count == 1 {
      block.entries.deallocate()
      blocks.remove(at: place.block)
    } else if place.index == 0 {
      blocks[place.block].head = block.entries[0].head
    }
  }

  /// Fills an empty overlay.
  /// - Parameters:
  ///   - entries: in order.
  ///   - keys: where their keys are.
  func fill(_ entries: UnsafeBufferPointer<IndexEntry>, keys: StringArena) {
    arena = keys
    version += 1
    addedCount = entries.count
    blocks.reserveCapacity(entries.count / Self.blockCapacity + 1)
    for start in stride(from: 0, to: entries.count, by: Self.blockCapacity) {
      var block = Self.block()
      block.count = min(Self.blockCapacity, entries.count - start)
      block.head = entries[start].head
      if let base = entries.baseAddress {
        block.entries.initialize(from: base + start, count: block.count)
      }
      blocks.append(block)
    }
  }
}
