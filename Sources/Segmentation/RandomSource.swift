/// Random numbers that are the same for the same seed on every machine: SplitMix64 (Steele, Lea,
/// Flood: "Fast splittable pseudorandom number generators", 2014). Not for secrets.
package struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Evenly in `0 ..< 1`, 53 bits.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Evenly in `0 ..< bound`; `bound` at least 1. (Lemire's multiplication; the bias is below
  /// bound / 2^64.)
  package mutating func index(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal number (Box, Muller 1958; the second of the pair is dropped).
  package mutating func normal() -> Double {
    let radius = (-2 * naturalLogarithm(1 - unit())).squareRoot()
    return radius * cosine(2 * .pi * unit())
  }

  /// Ascending numbers below `count`, `size` of them or all, each with the same chance (Knuth's
  /// algorithm S).
  package mutating func sample(_ size: Int, of count: Int) -> [Int] {
    if count <= size { return Array(0..<count) }
    var result: [Int] = []
    result.reserveCapacity(size)
    for number in 0..<count where result.count < size {
      if index(below: count - number) < size - result.count { result.append(number) }
    }
    return result
  }

  /// Another stream for another purpose or thread.
  package mutating func split() -> RandomSource { RandomSource(seed: next()) }
}
