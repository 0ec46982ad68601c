/// The 64-bit hash that all of the engine's hash tables share: typed vectors hash their bare
/// numbers and bytes to what a `Value` of the same content hashes to, and numbers that are equal
/// (1 and 1.0) hash alike.
///
/// Multiply-and-fold mixing after Wang Yi's wyhash (final version 4, public domain). Not seeded:
/// equal on every run and machine of one byte order, and no defence against chosen keys.
public enum ValueHash {
  @usableFromInline static var key0: UInt64 { 0xa076_1d64_78bd_642f }
  @usableFromInline static var key1: UInt64 { 0xe703_7ed1_a0b4_28db }
  @usableFromInline static var key2: UInt64 { 0x8ebc_6af0_9c88_c6e3 }
  @usableFromInline static var key3: UInt64 { 0x5899_65cc_7537_4cc3 }

  public static var null: UInt64 { 0x2d35_8dcc_aa6c_78a5 }

  @inlinable static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  /// `tag` keeps types apart; numbers have tag 0.
  @inlinable public static func word(_ value: UInt64, tag: UInt64 = 0) -> UInt64 {
    fold(value ^ key0, key1 ^ tag) ^ value
  }

  @inlinable public static func boolean(_ value: Bool) -> UInt64 { word(value ? 1 : 0, tag: 1) }
  @inlinable public static func integer(_ value: Int64) -> UInt64 {
    word(UInt64(bitPattern: value))
  }

  /// Equal to the hash of the integer with the same value, if there is one.
  @inlinable public static func float(_ value: Double) -> UInt64 {
    if let integer = Int64(exactly: value) { return self.integer(integer) }
    return word(value.isNaN ? Double.nan.bitPattern : value.bitPattern)
  }

  /// Order matters.
  @inlinable public static func combine(_ hash: UInt64, _ next: UInt64) -> UInt64 {
    fold(hash ^ key2, next ^ key3) &+ next
  }

  /// Text by its UTF-8 bytes.
  public static func bytes(_ bytes: UnsafeRawBufferPointer, tag: UInt64 = 2) -> UInt64 {
    let count = bytes.count
    var seed = tag ^ key0
    var a: UInt64 = 0
    var b: UInt64 = 0
    func word(_ at: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
    func half(_ at: Int) -> UInt64 {
      UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
    }
    if count > 16 {
      var position = 0
      var remaining = count
      if remaining > 48 {
        var seed1 = seed
        var seed2 = seed
        repeat {
          seed = fold(word(position) ^ key1, word(position + 8) ^ seed)
          seed1 = fold(word(position + 16) ^ key2, word(position + 24) ^ seed1)
          seed2 = fold(word(position + 32) ^ key3, word(position + 40) ^ seed2)
          position += 48
          remaining -= 48
        } while remaining > 48
        seed ^= seed1 ^ seed2
      }
      while remaining > 16 {
        seed = fold(word(position) ^ key1, word(position + 8) ^ seed)
        position += 16
        remaining -= 16
      }
      // The last 16 bytes overlap with those read before.
      a = word(count - 16)
      b = word(count - 8)
    } else if count >= 4 {
      let middle = (count >> 3) * 4
      a = half(0) << 32 | half(middle)
      b = half(count - 4) << 32 | half(count - 4 - middle)
    } else if count > 0 {
      a = UInt64(bytes[0]) << 16 | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1])
    }
    let product = (a ^ key1).multipliedFullWidth(by: b ^ seed)
    return fold(product.low ^ key0 ^ UInt64(truncatingIfNeeded: count), product.high ^ key1)
  }

  public static func string(_ text: String) -> UInt64 {
    text.withBytes { bytes(UnsafeRawBufferPointer($0)) }
  }
}

extension Value {
  /// See `ValueHash`. Equivalent values have equal hashes.
  public var hash64: UInt64 {
    switch self {
    case .null: return ValueHash.null
    case .boolean(let value): return ValueHash.boolean(value)
    case .integer(let value): return ValueHash.integer(value)
    case .float(let value): return ValueHash.float(value)
    case .string(let value): return ValueHash.string(value)
    case .bytes(let value):
      return value.withUnsafeBytes { ValueHash.bytes($0, tag: 3) }
    case .list(let values):
      var hash = ValueHash.word(UInt64(values.count), tag: 4)
      for value in values { hash = ValueHash.combine(hash, value.hash64) }
      return hash
    case .map(let map):
      // A sum, because equal maps may list their entries in different orders.
      var sum: UInt64 = 0
      for (key, value) in map {
        sum &+= ValueHash.combine(ValueHash.string(key), value.hash64)
      }
      return ValueHash.combine(ValueHash.word(UInt64(map.count), tag: 5), sum)
    case .node(let node): return ValueHash.word(node.id.rawValue, tag: 6)
    case .relationship(let relationship):
      return ValueHash.word(relationship.id.rawValue, tag: 7)
    case .path(let path):
      var hash = ValueHash.word(UInt64(path.nodes.count), tag: 8)
      for node in path.nodes { hash = ValueHash.combine(hash, node.id.rawValue) }
      for next in path.relationships { hash = ValueHash.combine(hash, next.id.rawValue) }
      return hash
    case .date(let value): return ValueHash.word(UInt64(bitPattern: value.days), tag: 9)
    case .localTime(let value):
      return ValueHash.word(UInt64(bitPattern: value.nanoseconds), tag: 10)
    case .time(let value):
      let hash = ValueHash.word(UInt64(bitPattern: value.nanoseconds), tag: 11)
      return ValueHash.combine(hash, UInt64(bitPattern: Int64(value.offset)))
    case .localDateTime(let value):
      let hash = ValueHash.word(UInt64(bitPattern: value.seconds), tag: 12)
      return ValueHash.combine(hash, UInt64(bitPattern: Int64(value.nanoseconds)))
    case .dateTime(let value):
      // The zone's name is left out: few values differ in nothing else.
      var hash = ValueHash.word(UInt64(bitPattern: value.seconds), tag: 13)
      hash = ValueHash.combine(hash, UInt64(bitPattern: Int64(value.nanoseconds)))
      return ValueHash.combine(hash, UInt64(bitPattern: Int64(value.offset)))
    case .duration(let value):
      var hash = ValueHash.word(UInt64(bitPattern: value.months), tag: 14)
      hash = ValueHash.combine(hash, UInt64(bitPattern: value.days))
      hash = ValueHash.combine(hash, UInt64(bitPattern: value.seconds))
      return ValueHash.combine(hash, UInt64(bitPattern: Int64(value.nanoseconds)))
    case .point(let value):
      var hash = ValueHash.word(UInt64(bitPattern: Int64(value.srid)), tag: 15)
      hash = ValueHash.combine(hash, ValueHash.float(value.x))
      hash = ValueHash.combine(hash, ValueHash.float(value.y))
      return ValueHash.combine(hash, ValueHash.float(value.z ?? 0))
    }
  }
}
