internal import GraphTypes

/// The keys of an index that a search can find: from one to another.
struct IndexKeyRange: ~Copyable {
  /// The first; it belongs to them.
  private(set) var lower: IndexKey
  /// The end; it belongs to them if `includesUpper`.
  private(set) var upper: IndexKey
  private(set) var includesUpper = false
  /// Keys that are `lower` do not belong to them.
  private(set) var excludesLower = false
  /// One key only: `lower`.
  private(set) var isSingle = false
  /// Values have to be compared for every key (otherwise only where a key is cut).
  private(set) var isCoarse = false

  init(index: UInt32) {
    lower = IndexKey(index: index)
    upper = IndexKey(index: index)
  }

  /// Takes over what a search asks for.
  /// - Returns: false when nothing can be found.
  mutating func set(
    _ search: IndexSearch, in index: IndexDefinition
  ) throws(StoreError) -> Bool {
    lower.removeAll()
    upper.removeAll()
    (includesUpper, excludesLower, isSingle, isCoarse) = (false, false, false, false)
    let keyCount = index.keys.count
    guard search.equal.count <= keyCount else {
      throw StoreError(
        .invalidArgument, "the index \(index.name) has \(keyCount) keys, not more")
    }
    for (place, value) in search.equal.enumerated() {
      // Null, NaN and lists with NaN equal nothing.
      guard Value.equals(value, value) == true else { return false }
      lower.append(value, isLast: place == keyCount - 1)
    }
    if search.equal.count == keyCount {
      isSingle = true
      return true
    }
    upper.copy(lower.contents)
    let isLast = search.equal.count == keyCount - 1
    switch search.bound {
    case .all:
      endUpper()
    case .prefix(let text):
      lower.append(prefix: text, isLast: isLast)
      upper.append(prefix: text, isLast: isLast)
      endUpper()
    case .range(nil, _, nil, _):
      endUpper()
    case .range(let low, let includesLow, let high, let includesHigh):
      guard let known = low ?? high, let tags = IndexKey.Tag.comparable(with: known),
        high == nil || high.flatMap(IndexKey.Tag.comparable(with:)) == tags
      else { return false }
      if case .list = known { isCoarse = true }
      if let low {
        lower.append(low, isLast: isLast)
        if !includesLow, !lower.isFull {
          if isLast { excludesLower = true } else { lower.put(0xFF) }
        }
      } else {
        lower.put(tags.lowerBound)
      }
      if let high {
        upper.append(high, isLast: isLast)
        if includesHigh {
          if isLast { includesUpper = true } else { upper.put(0xFF) }
        }
      } else {
        upper.put(tags.upperBound + 1)
      }
      includesUpper = includesUpper || upper.isFull
    }
    return true
  }

  /// Makes the end what is behind all keys that begin with it.
  private mutating func endUpper() {
    upper.put(0xFF)
    includesUpper = upper.isFull
  }

  /// Whether the values under a key, which is not below `lower`, may be others than the key says.
  @inline(__always)
  func mayHaveOthers(_ key: UnsafeRawBufferPointer) -> Bool {
    key.count == IndexKey.capacity || isCoarse
  }
  /// Whether values under such a key may not be what is asked for.
  func mustCompare(_ key: UnsafeRawBufferPointer) -> Bool {
    isCoarse || lower.order(key) == 0 || upper.order(key) == 0
  }
  /// Whether a key, which is not below `lower`, is beyond the end.
  @inline(__always)
  func isBehind(_ key: UnsafeRawBufferPointer) -> Bool {
    let order = upper.order(key)
    return includesUpper ? order < 0 : order <= 0
  }
  /// Whether a key is the lower bound that does not belong to what is asked for.
  @inline(__always)
  func excludes(_ key: UnsafeRawBufferPointer) -> Bool {
    excludesLower && lower.order(key) == 0
  }
}
