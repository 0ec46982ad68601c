internal import GraphTypes

extension RangeIndexSearch {
  /// Keys that are counted before their number is estimated.
  private static let countedKeys = 64

  /// About how many entries a search finds. This ends the search at hand.
  ///
  /// One key is counted. Of a range the first keys are; if it has more, the rest is estimated by
  /// samples of how dense its parts are: see `KeyDensity`.
  func estimatedCount(_ search: IndexSearch) throws(StoreError) -> Double {
    guard try range.set(search, in: index) else { return 0 }
    let total = reader.statistics(of: index).entries
    if range.isSingle {
      let stored = try cursor.find(range.lower.stored) ? try cursor.count() : 0
      return max(0, Double(stored) + changes())
    }
    var counted = 0
    var keys = 0
    var first: [UInt8] = []
    var isStored = try cursor.seek(range.lower.stored)
    while isStored, let key = range.lower.suffix(of: cursor.currentKey), !range.isBehind(key) {
      guard keys < Self.countedKeys else {
        guard let last = try lastKey() else { break }
        var density = KeyDensity(index: index.id, cursor, first: first, last: last)
        let estimate = try density.entries() + changes()
        return max(Double(counted), min(total, estimate))
      }
      if keys == 0 { first = Array(key) }
      if !range.excludes(key) { counted += try cursor.count() }
      keys += 1
      isStored = try cursor.next()
    }
    return max(0, min(total, Double(counted) + changes()))
  }

  /// The last key of the range in the tree.
  private func lastKey() throws(StoreError) -> [UInt8]? {
    guard try seekLast() else { return nil }
    return range.lower.suffix(of: cursor.currentKey).map(Array.init)
  }

  /// What the changes of a transaction add to the number of entries in the range. Many are not looked
  /// at: they come and go there as in the whole index.
  private func changes() -> Double {
    guard let overlay, !overlay.isEmpty else { return 0 }
    var place = overlay.position(range.lower)
    let end =
      range.isSingle
      ? overlay.position(range.lower, row: .max)
      : overlay.position(range.upper, row: range.includesUpper ? .max : 0)
    let distance = overlay.distance(from: place, to: end)
    if distance > Self.countedKeys {
      let (added, removed) = (Double(overlay.addedCount), Double(overlay.removedCount))
      return Double(distance) * (added - removed) / (added + removed)
    }
    var change = 0.0
    for _ in 0..<max(0, distance) {
      guard let entry = overlay.entry(place) else { break }
      change += entry.pointee.isAdded ? 1 : -1
      overlay.advance(&place)
    }
    return change
  }
}

/// How many entries of a tree lie between two keys, by samples.
///
/// Keys are taken for numbers: the bytes behind those that both ends have in common, as a fraction.
/// In each part of the range the first keys tell how dense the part is. The part that is thought to
/// have the most entries is halved, until halves together have what their whole was thought to have:
/// so outliers, gaps and clusters are told from each other in some dozens of searches, wherever they
/// are.
private struct KeyDensity: ~Copyable {
  private static let sampledKeys = 12
  private static let searchMaximum = 48
  /// Halves that differ less from their whole are not halved.
  private static let tolerance = 0.2

  private struct Part {
    var low: UInt64
    var high: UInt64
    var entries: Double
    /// Counted, or as dense as its other half.
    var isSettled: Bool
  }

  private let cursor: IndexCursor
  private var key: IndexKey
  private let common: [UInt8]
  private let first: UInt64
  private let last: UInt64

  init(index: UInt32, _ cursor: IndexCursor, first: [UInt8], last: [UInt8]) {
    self.cursor = cursor
    key = IndexKey(index: index)
    let common = Array(zip(first, last).prefix { $0 == $1 }.map(\.0))
    self.common = common
    self.first = Self.number(first.dropFirst(common.count))
    self.last = Self.number(last.dropFirst(common.count))
  }

  private static func number(_ bytes: some Collection<UInt8>) -> UInt64 {
    var number: UInt64 = 0
    for (place, byte) in bytes.prefix(8).enumerated() {
      number |= UInt64(byte) << UInt64(56 - 8 * place)
    }
    return number
  }

  mutating func entries() throws(StoreError) -> Double {
    // The last key belongs to the range.
    var parts = [try part(first, last == .max ? last : last + 1)]
    var searches = 1
    while searches < Self.searchMaximum {
      let candidates = parts.indices.filter { !parts[$0].isSettled }
      guard let place = candidates.max(by: { parts[$0].entries < parts[$1].entries }) else {
        break
      }
      let whole = parts[place]
      let middle = whole.low + (whole.high - whole.low) / 2
      var (left, right) = (try part(whole.low, middle), try part(middle, whole.high))
      searches += 2
      let sum = left.entries + right.entries
      if abs(sum - whole.entries) <= Self.tolerance * whole.entries {
        left.isSettled = true
        right.isSettled = true
      }
      parts[place] = left
      parts.append(right)
    }
    return parts.reduce(0) { $0 + $1.entries }
  }

  /// Takes a sample of the keys from one number up to another.
  private mutating func part(_ low: UInt64, _ high: UInt64) throws(StoreError) -> Part {
    key.removeAll()
    for byte in common { key.put(byte) }
    for place in 0..<8 { key.put(UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * place))) }
    var entries = 0
    var position = low
    var isFound = try cursor.seek(key.stored)
    for _ in 0..<Self.sampledKeys {
      guard isFound, let found = key.suffix(of: cursor.currentKey), found.starts(with: common),
        case let number = Self.number(found.dropFirst(common.count)), number < high
      else {
        return Part(low: low, high: high, entries: Double(entries), isSettled: true)
      }
      position = number
      entries += try cursor.count()
      isFound = try cursor.next()
    }
    // The sample ends between its last key and the next.
    let covered = Double(max(1, position - low)) * (1 + 1 / Double(Self.sampledKeys))
    let width = Double(high - low)
    return Part(
      low: low, high: high, entries: max(Double(entries), Double(entries) * width / covered),
      isSettled: high - low <= 2)
  }
}
