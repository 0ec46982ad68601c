#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A stream of random numbers named by a seed and a path of integers, so that each client has its
/// own stream and may be generated alone, in any order, with the same result.
///
/// xoshiro256** (Blackman, Vigna 2018), seeded by SplitMix64.
struct RandomStream: RandomNumberGenerator {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  init(seed: UInt64, _ path: UInt64...) {
    var state = seed
    for step in path { state = RandomStream.mix(state ^ RandomStream.mix(step &+ 0x9E37_79B9)) }
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      return RandomStream.mix(state)
    }
    s0 = next()
    s1 = next()
    s2 = next()
    s3 = next()
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = (product << 7 | product >> 57) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = s3 << 45 | s3 >> 19
    return result
  }

  /// Uniform in `0 ..< 1`.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in `0 ..< bound` (Lemire's multiplication, without the rare correction step).
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  mutating func exponential(mean: Double) -> Double { -mean * log1p(-unit()) }

  /// Standard normal (Marsaglia's polar method; the second value is thrown away).
  mutating func normal() -> Double {
    while true {
      let u = 2 * unit() - 1
      let v = 2 * unit() - 1
      let s = u * u + v * v
      if s > 0 && s < 1 { return u * sqrt(-2 * log(s) / s) }
    }
  }

  /// Gamma with the shape and a scale of 1 (Marsaglia, Tsang 2000).
  mutating func gamma(shape: Double) -> Double {
    if shape < 1 { return gamma(shape: shape + 1) * pow(unit(), 1 / shape) }
    let d = shape - 1 / 3
    let c = 1 / sqrt(9 * d)
    while true {
      let x = normal()
      let t = 1 + c * x
      if t <= 0 { continue }
      let v = t * t * t
      if log(unit()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let x = gamma(shape: a)
    return x / (x + gamma(shape: b))
  }

  /// Poisson: Knuth's product for small means, a rounded normal for large ones.
  mutating func poisson(mean: Double) -> Int {
    if mean > 60 { return max(0, Int((mean + sqrt(mean) * normal()).rounded())) }
    let limit = exp(-mean)
    var product = unit()
    var count = 0
    while product > limit {
      product *= unit()
      count += 1
    }
    return count
  }

  /// 1, 2, 3 … with the given mean.
  mutating func geometric(mean: Double) -> Int {
    if mean <= 1 { return 1 }
    return 1 + Int(log1p(-unit()) / log1p(-1 / mean))
  }

  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}

/// Zipf's law over ranks `0 ..< count`: P(rank) ∝ 1 / (rank + 1)^exponent, in constant time and
/// without a table (rejection-inversion, Hörmann and Derflinger 1996).
struct Zipf {
  private let count: Double
  private let exponent: Double
  private let highest: Double
  private let first: Double
  private let shift: Double

  init(count: Int, exponent: Double) {
    self.count = Double(max(count, 1))
    self.exponent = exponent
    highest = Zipf.integral(self.count + 0.5, exponent)
    first = Zipf.integral(1.5, exponent) - 1
    shift = 2 - Zipf.inverse(Zipf.integral(2.5, exponent) - pow(2, -exponent), exponent)
  }

  private static func integral(_ x: Double, _ s: Double) -> Double {
    s == 1 ? log(x) : (pow(x, 1 - s) - 1) / (1 - s)
  }
  private static func inverse(_ y: Double, _ s: Double) -> Double {
    s == 1 ? exp(y) : pow(max(1 + y * (1 - s), 0), 1 / (1 - s))
  }

  func rank(_ random: inout RandomStream) -> Int {
    while true {
      let u = highest + random.unit() * (first - highest)
      let x = Zipf.inverse(u, exponent)
      let k = min(max(x.rounded(), 1), count)
      if k - x <= shift || u >= Zipf.integral(k + 0.5, exponent) - pow(k, -exponent) {
        return Int(k) - 1
      }
    }
  }
}

/// A bijection of `0 ..< count` that looks random: rank to identifier and back without a table, so
/// that popular products and clients of one community do not stand side by side.
struct Scatter {
  private let count: Int
  private let factor: Int
  private let inverse: Int
  private let offset: Int

  init(count: Int, seed: UInt64) {
    self.count = max(count, 1)
    var random = RandomStream(seed: seed, 0x5CA7)
    var factor = Int(Double(self.count) * 0.6180339887) + random.below(max(self.count / 7, 1))
    while Scatter.gcd(factor, self.count) != 1 { factor += 1 }
    self.factor = factor % max(self.count, 1)
    offset = random.below(self.count)
    inverse = Scatter.modularInverse(of: self.factor, modulo: self.count)
  }

  func forward(_ index: Int) -> Int {
    Int(
      (UInt64(index).multipliedModulo(UInt64(factor), UInt64(count)) + UInt64(offset))
        % UInt64(count))
  }
  func backward(_ value: Int) -> Int {
    let shifted = (value - offset + count) % count
    return Int(UInt64(shifted).multipliedModulo(UInt64(inverse), UInt64(count)))
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }

  private static func modularInverse(of a: Int, modulo n: Int) -> Int {
    if n == 1 { return 0 }
    var (r, next) = (n, a % n)
    var (t, following) = (0, 1)
    while next != 0 {
      let q = r / next
      (t, following) = (following, t - q * following)
      (r, next) = (next, r - q * next)
    }
    return (t % n + n) % n
  }
}

extension UInt64 {
  fileprivate func multipliedModulo(_ other: UInt64, _ modulus: UInt64) -> UInt64 {
    modulus.dividingFullWidth(multipliedFullWidth(by: other)).remainder
  }
}
