/// Random numbers that a seed decides (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014). Small enough to make one for each node.
struct SplitMix: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// For the `index`th of several things under one seed.
  init(_ seed: UInt64, _ index: Int) {
    var mixer = SplitMix(seed &+ UInt64(bitPattern: Int64(index)) &* 0xD134_2543_DE82_EF95)
    state = mixer.next()
  }

  @inline(__always)
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In `0 ..< 1`.
  @inline(__always)
  mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// In `0 ..< bound`, which is above 0; the bias is below 2^-32 for bounds of 32 bits.
  @inline(__always)
  mutating func next(below bound: Int) -> Int {
    Int(truncatingIfNeeded: UInt64(bound).multipliedFullWidth(by: next()).high)
  }
}
