/// From fingerprints to numbers: open addressing with linear probing, at most half full.
struct FingerprintTable: Sendable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private(set) var count = 0

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    keys = [UInt64](repeating: 0, count: size)
    values = [UInt32](repeating: 0, count: size)
  }

  /// The fingerprints at their positions.
  init(_ fingerprints: [UInt64]) {
    self.init(capacity: fingerprints.count)
    for (index, fingerprint) in fingerprints.enumerated() {
      let place = place(of: fingerprint)
      keys[place] = fingerprint
      values[place] = UInt32(index)
    }
    count = fingerprints.count
  }

  /// Where a fingerprint is or would be.
  private func place(of fingerprint: UInt64) -> Int {
    keys.withUnsafeBufferPointer { Self.place(of: fingerprint, in: $0) }
  }

  @inline(__always)
  private static func place(of fingerprint: UInt64, in keys: UnsafeBufferPointer<UInt64>) -> Int {
    let mask = keys.count &- 1
    var place = Int(truncatingIfNeeded: fingerprint) & mask
    while keys[place] != fingerprint, keys[place] != 0 { place = (place &+ 1) & mask }
    return place
  }

  /// Lends the table for many look-ups.
  @inline(__always)
  func withReader<R>(_ body: (Reader) -> R) -> R {
    keys.withUnsafeBufferPointer { keys in
      values.withUnsafeBufferPointer { body(Reader(keys: keys, values: $0)) }
    }
  }

  struct Reader {
    fileprivate let keys: UnsafeBufferPointer<UInt64>
    fileprivate let values: UnsafeBufferPointer<UInt32>

    /// The fingerprint's number, -1 if it is not there.
    @inline(__always)
    func number(of fingerprint: UInt64) -> Int {
      let place = FingerprintTable.place(of: fingerprint, in: keys)
      return keys[place] == 0 ? -1 : Int(values[place])
    }
  }

  // MARK: Counting

  /// Adds one to a fingerprint's number, which is 0 before.
  mutating func increment(_ fingerprint: UInt64) {
    if (count + 1) * 2 > keys.count { grow(atLeast: 0) }
    let place = place(of: fingerprint)
    if keys[place] == 0 {
      keys[place] = fingerprint
      count += 1
    }
    values[place] &+= 1
  }

  /// Forgets all with a number below `minimum`.
  mutating func drop(below minimum: UInt32) { grow(atLeast: minimum) }

  private mutating func grow(atLeast minimum: UInt32) {
    let kept = values.indices.filter { keys[$0] != 0 && values[$0] >= minimum }
    var next = FingerprintTable(capacity: max(kept.count * 2, 16))
    for index in kept {
      let place = next.place(of: keys[index])
      next.keys[place] = keys[index]
      next.values[place] = values[index]
    }
    next.count = kept.count
    self = next
  }

  /// All fingerprints with their numbers, in no order.
  var entries: [(fingerprint: UInt64, number: UInt32)] {
    keys.indices.filter { keys[$0] != 0 }.map { (keys[$0], values[$0]) }
  }
}
