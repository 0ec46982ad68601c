/// 64-bit hashes that stand for words, stems and n-grams in vocabularies and model files. Part of
/// the model format: other numbers need another version of it.
///
/// Two of 10⁶ features share a fingerprint with a probability of 3 · 10⁻⁸.
enum Fingerprint {
  /// What a feature is, so that equal characters of different kinds differ.
  enum Seed {
    static let token: UInt64 = 0x51_7C_C1_B7_27_22_0A_95
    static let stem: UInt64 = 0x2545_F491_4F6C_DD1D
    static let sign: UInt64 = 0x9FB2_1C65_1E98_DF25
    static let character: UInt64 = 0xD6E8_FEB8_6659_FD93
    static let pair: UInt64 = 0xA076_1D64_78BD_642F
    static let negated: UInt64 = 0xE703_7ED1_A0B4_28DB
  }

  /// Takes up one more unit.
  @inline(__always)
  static func next(_ hash: UInt64, _ unit: UInt64) -> UInt64 {
    ((hash << 23 | hash >> 41) ^ unit) &* 0x9E37_79B9_7F4A_7C15
  }

  /// Spreads over all bits; never 0, which marks free places in tables.
  @inline(__always)
  static func finish(_ hash: UInt64) -> UInt64 {
    var mixed = hash ^ (hash >> 29)
    mixed = mixed &* 0xBF58_476D_1CE4_E5B9
    mixed ^= mixed >> 32
    return mixed == 0 ? 1 : mixed
  }

  @inline(__always)
  static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
    finish(next(next(Seed.pair, first), second))
  }

  static func negated(_ term: UInt64) -> UInt64 { finish(next(Seed.negated, term)) }

  @inline(__always)
  static func of(_ characters: UnsafePointer<UInt32>, _ range: Range<Int>) -> UInt64 {
    var hash = Seed.token
    for index in range { hash = next(hash, UInt64(characters[index])) }
    return finish(hash)
  }

  static func stem(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = Seed.stem
    for byte in bytes { hash = next(hash, UInt64(byte)) }
    return finish(hash)
  }

  static func sign(_ kind: ReviewToken.Kind, _ value: UInt64) -> UInt64 {
    finish(next(next(Seed.sign, UInt64(kind.rawValue)), value))
  }
}

/// A number by which one sees whether a text is still the one that was read; never `Int64.min`.
package enum TextHash {
  package static func of(_ text: String) -> Int64 {
    var text = text
    let hash = text.withUTF8 { bytes in
      var hash = Fingerprint.Seed.token
      for byte in bytes { hash = Fingerprint.next(hash, UInt64(byte)) }
      return Int64(bitPattern: Fingerprint.finish(hash))
    }
    return hash == .min ? 0 : hash
  }
}
