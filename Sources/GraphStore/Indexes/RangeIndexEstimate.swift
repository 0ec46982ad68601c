internal import GraphTypes

extension RangeIndexSearch {
  /// Keys that are counted before their number is estimated.
  private static let countedKeys = 64

  /// About how many entries a search finds.
  ///
  /// One key is counted. Of a range the first keys are; if it has more, its share of the keys between
  /// the first and the last of the index is taken, as if they were spread evenly.
  func estimatedCount(_ search: IndexSearch) throws(StoreError) -> Double {
    guard let range = try IndexKeyRange(search, in: index) else { return 0 }
    let cursor = try IndexCursor(reader, onRelationships: index.onRelationships)
    let total = reader.statistics(of: index).entries
    if range.isSingle {
      let stored = try cursor.find(range.lower.stored) ? try cursor.count() : 0
      return Double(stored + changes(range))
    }
    var counted = changes(range)
    var keys = 0
    var isStored = try cursor.seek(range.lower.stored)
    while isStored, let key = range.lower.suffix(of: cursor.currentKey), !range.isBehind(key) {
      guard keys < Self.countedKeys else {
        let share = try share(range, cursor)
        return max(Double(counted), min(total, share * total))
      }
      if !range.excludes(key) { counted += try cursor.count() }
      keys += 1
      isStored = try cursor.next()
    }
    return Double(max(0, counted))
  }

  /// What the first changes of a transaction in a range add to the number of entries.
  private func changes(_ range: borrowing IndexKeyRange) -> Int {
    guard let overlay, !overlay.isEmpty else { return 0 }
    var place = overlay.position(range.lower)
    var change = 0
    for _ in 0..<Self.countedKeys {
      guard let entry = overlay.entry(place)?.pointee,
        range.isSingle
          ? range.lower.order(entry.bytes) == 0 : !range.isBehind(entry.bytes)
      else { break }
      change += entry.isAdded ? 1 : -1
      overlay.advance(&place)
    }
    return change
  }

  /// The share of the index between the bounds of a range, by the distances of keys.
  private func share(
    _ range: borrowing IndexKeyRange, _ cursor: IndexCursor
  ) throws(StoreError) -> Double {
    // The first and the last key; the last is before all that an index above could have.
    guard try cursor.seek(range.lower.storedPrefix),
      let first = range.lower.suffix(of: cursor.currentKey).map(Array.init)
    else { return 0 }
    var end = IndexKey(index: index.id)
    end.put(0xFF)
    let isFollowed = try withExtendedLifetime(end) { (end) throws(StoreError) in
      try cursor.seek(end.stored)
    }
    guard isFollowed ? try cursor.previous() : try cursor.last(),
      let last = range.lower.suffix(of: cursor.currentKey).map(Array.init)
    else {
      return 0
    }
    let scale = IndexKeyScale(first: first, last: last)
    let lower = scale.place(of: range.lower.contents)
    let upper = scale.place(of: range.upper.contents)
    return max(0, upper - lower)
  }
}

/// Where keys lie between the first and the last of an index, from 0 to 1.
struct IndexKeyScale {
  private let first: Double
  private let last: Double
  /// Bytes that both begin with.
  private let common: [UInt8]
  private let isNumeric: Bool

  init(first: [UInt8], last: [UInt8]) {
    let common = Array(zip(first, last).prefix { $0 == $1 }.map(\.0))
    self.common = common
    if let low = Self.number(first), let high = Self.number(last), low.isFinite, high.isFinite {
      isNumeric = true
      self.first = low
      self.last = high
    } else {
      isNumeric = false
      self.first = Self.fraction(first.dropFirst(common.count))
      self.last = Self.fraction(last.dropFirst(common.count))
    }
  }

  func place(of key: UnsafeRawBufferPointer) -> Double {
    let key = Array(key)
    let value: Double
    if isNumeric {
      guard let first = key.first else { return 0 }
      if let number = Self.number(key) {
        value = number
      } else {
        // A bound by type only.
        return first <= IndexKey.Tag.belowIntegers ? 0 : 1
      }
    } else if key.count >= common.count, key.starts(with: common) {
      value = Self.fraction(key.dropFirst(common.count))
    } else {
      return key.lexicographicallyPrecedes(common) ? 0 : 1
    }
    guard last > first else { return value > first ? 1 : 0 }
    return min(1, max(0, (value - first) / (last - first)))
  }

  /// The first bytes as a fraction.
  private static func fraction(_ bytes: ArraySlice<UInt8>) -> Double {
    var fraction = 0.0
    var weight = 1.0 / 256
    for byte in bytes.prefix(7) {
      fraction += Double(byte) * weight
      weight /= 256
    }
    return fraction
  }

  /// About what number a key begins with; nil if it is none.
  private static func number(_ key: [UInt8]) -> Double? {
    guard let tag = key.first else { return nil }
    let bytes = key.dropFirst()
    func magnitude(_ count: UInt8, inverted: Bool) -> Double {
      bytes.prefix(Int(count)).reduce(0) { $0 * 256 + Double(inverted ? ~$1 : $1) }
    }
    switch tag {
    case IndexKey.Tag.belowIntegers: return -.greatestFiniteMagnitude
    case IndexKey.Tag.aboveIntegers: return .greatestFiniteMagnitude
    case (IndexKey.Tag.negative - 8)...IndexKey.Tag.negative:
      return -1 - magnitude(IndexKey.Tag.negative - tag, inverted: true)
    case IndexKey.Tag.positive...(IndexKey.Tag.positive + 8):
      return magnitude(tag - IndexKey.Tag.positive, inverted: false)
    default: return nil
    }
  }
}
