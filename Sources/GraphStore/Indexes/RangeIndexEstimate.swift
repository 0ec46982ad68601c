internal import GraphTypes

extension RangeIndexSearch {
  /// Keys that are counted before their number is estimated.
  private static let countedKeys = 64

  /// About how many entries a search finds. This ends the search at hand.
  ///
  /// One key is counted. Of a range the first keys are; if it has more, pages of the tree tell which
  /// share of the index it is: see `TreeRanks`.
  func estimatedCount(_ search: IndexSearch) throws(StoreError) -> Double {
    guard try range.set(search, in: index) else { return 0 }
    let total = reader.statistics(of: index).entries
    if range.isSingle {
      let stored = try cursor.find(range.lower.stored) ? try cursor.count() : 0
      return max(0, Double(stored) + changes())
    }
    var counted = 0
    var keys = 0
    var isStored = try cursor.seek(range.lower.stored)
    while isStored, let key = range.lower.suffix(of: cursor.currentKey), !range.isBehind(key) {
      guard keys < Self.countedKeys else {
        let stored = try storedShare() * total
        return max(Double(counted), min(total, stored + changes()))
      }
      if !range.excludes(key) { counted += try cursor.count() }
      keys += 1
      isStored = try cursor.next()
    }
    return max(0, min(total, Double(counted) + changes()))
  }

  /// The share of the stored keys of the index that lie in the range.
  private func storedShare() throws(StoreError) -> Double {
    let ranks = try TreeRanks(
      index.onRelationships ? .relationshipIndexes : .indexes, of: reader.hold.environment,
      transaction: reader.core.id)
    var end = IndexKey(index: index.id)
    end.put(0xFF)
    guard let ranks, let lower = ranks.rank(range.lower.stored),
      let upper = ranks.rank(range.upper.stored), let first = ranks.rank(range.lower.storedPrefix),
      let last = ranks.rank(end.stored), last > first
    else { return Self.unknownShare }
    return min(1, max(0, (upper - lower) / (last - first)))
  }
  /// Where the pages cannot be read.
  private static let unknownShare = 0.3

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
