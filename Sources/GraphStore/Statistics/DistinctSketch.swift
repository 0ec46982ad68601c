internal import GraphColumns
internal import GraphTypes

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Estimates how many different values have been put in: HyperLogLog (P. Flajolet, É. Fusy, O.
/// Gandouet, F. Meunier, AofA 2007) with 1,024 registers, a standard error of 3.3 %, and linear
/// counting for small numbers. Putting a value in twice changes nothing.
struct DistinctSketch: Equatable {
  private static let indexBits = 10
  static let registerCount = 1 << indexBits
  /// Bits of a register when stored.
  private static let width = 6
  static let byteCount = BitPacking.size(rowCount: registerCount, width: width)

  private(set) var registers = [UInt8](repeating: 0, count: registerCount)

  init() {}

  /// Reads `byteCount` bytes.
  init(_ bytes: UnsafeRawPointer) {
    for index in 0..<Self.registerCount {
      registers[index] = UInt8(bytes.packed(index, width: Self.width, mask: 63))
    }
  }

  var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      let raw = UnsafeMutableRawPointer(base)
      raw.initializeMemory(as: UInt8.self, repeating: 0, count: Self.byteCount)
      BitPacking.store(rowCount: Self.registerCount, width: Self.width, to: raw) {
        UInt64(registers[$0])
      }
      count = Self.byteCount
    }
  }

  var estimate: Double {
    let count = Double(Self.registerCount)
    var counts = [Int](repeating: 0, count: 64)
    for register in registers { counts[Int(register & 63)] += 1 }
    let zeros = counts[0]
    var (sum, power) = (0.0, 1.0)
    for number in counts {
      sum += Double(number) * power
      power /= 2
    }
    let raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
    if raw <= 2.5 * count, zeros > 0 { return count * log(count / Double(zeros)) }
    return raw
  }

  mutating func merge(_ other: DistinctSketch) {
    for index in registers.indices {
      registers[index] = max(registers[index], other.registers[index])
    }
  }

  /// - Parameter word: equal for equal values, else arbitrary.
  @inline(__always)
  private static func insert(_ word: UInt64, _ registers: UnsafeMutablePointer<UInt8>) {
    let hash = mix(word)
    let index = Int(truncatingIfNeeded: hash >> UInt64(64 - indexBits))
    // A one behind the last bit ends the run of zeros.
    let rank = UInt8(truncatingIfNeeded: (hash << 10 | 1 << 9).leadingZeroBitCount + 1)
    if rank > registers[index] { registers[index] = rank }
  }

  /// The finalizer of SplitMix64.
  @inline(__always)
  private static func mix(_ word: UInt64) -> UInt64 {
    var hash = word &+ 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
    return hash ^ hash >> 31
  }

  /// Numbers that are equal as integer and float have one word.
  @inline(__always)
  private static func word(_ number: Double) -> UInt64 {
    Int64(exactly: number).map { UInt64(bitPattern: $0) } ?? number.bitPattern
  }

  private static func word(_ value: Value) -> UInt64? {
    switch value {
    case .null: return nil
    case .integer(let number): return UInt64(bitPattern: number)
    case .float(let number): return word(number)
    case .boolean(let flag): return flag ? 1 : 0
    case .date(let date): return UInt64(bitPattern: date.days)
    case .localDateTime(let moment): return word(moment)
    case .string(var text):
      return text.withUTF8 {
        TextDictionary.hash(StringRef(base: $0.baseAddress, count: $0.count))
      }
    default:
      var bytes: [UInt8] = []
      ValueCodec.appendChecked(value, to: &bytes)
      return bytes.withUnsafeBufferPointer {
        TextDictionary.hash(StringRef(base: $0.baseAddress, count: $0.count))
      }
    }
  }

  @inline(__always)
  private static func word(_ moment: LocalDateTime) -> UInt64 {
    UInt64(bitPattern: moment.seconds) ^ UInt64(UInt32(bitPattern: moment.nanoseconds)) << 34
  }

  /// Puts the values of some rows of a vector in.
  /// - Returns: how many are not null.
  mutating func insert(_ vector: Vector, rows: Range<Int>) -> Int {
    let isNotNull = { (row: Int) in !vector.isNull(row) }
    if vector.isConstant {
      guard let row = rows.first, isNotNull(row) else { return 0 }
      let word = Self.word(vector.boxed(row))
      registers.withUnsafeMutableBufferPointer { registers in
        if let word, let base = registers.baseAddress { Self.insert(word, base) }
      }
      return rows.count
    }
    return registers.withUnsafeMutableBufferPointer { registers in
      guard let base = registers.baseAddress else { return 0 }
      var count = 0
      @inline(__always) func insert<T>(_: T.Type, _ word: (T) -> UInt64) {
        let elements = vector.elements(T.self)
        if vector.hasNoNulls {
          for row in rows { Self.insert(word(elements[row]), base) }
          count = rows.count
        } else {
          for row in rows where isNotNull(row) {
            Self.insert(word(elements[row]), base)
            count += 1
          }
        }
      }
      switch vector.type {
      case .boolean: insert(Bool.self) { $0 ? 1 : 0 }
      case .integer, .date: insert(Int64.self) { UInt64(bitPattern: $0) }
      case .float: insert(Double.self) { Self.word($0) }
      case .localDateTime: insert(LocalDateTime.self) { Self.word($0) }
      case .string: insert(StringRef.self) { TextDictionary.hash($0) }
      case .any:
        for row in rows {
          guard let word = Self.word(vector.values[row]) else { continue }
          Self.insert(word, base)
          count += 1
        }
      case .node, .relationship: break
      }
      return count
    }
  }
}
