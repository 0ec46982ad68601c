internal import GraphTypes

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The values of an indexed entity as bytes: compared byte by byte, a prefix first, they have the
/// order of `Value.order`, and are the same exactly for equivalent values (1 and 1.0).
///
/// Each value is a tag, then:
/// - integers: as many bytes as the magnitude needs, counted by the tag;
/// - floats: the integer below, and if there is a fraction FF and the float itself, so that they lie
///   between the integers; beyond all integers the float alone;
/// - texts and byte arrays: their bytes. Where another value follows, 00 becomes 00 FF and 00 00
///   ends them;
/// - times: numbers that count their own bytes; lists: their elements, then 00.
///
/// No tag is 00 or FF. So what follows a value is above the value alone and below its FF, and a
/// value with `FF` behind it ends all keys that begin with it. Keys are cut at `capacity`: the
/// values of full ones have to be compared.
struct IndexKey: ~Copyable {
  /// LMDB's 511 less the number of an index.
  static let capacity = 506
  private static let numberSize = 5
  /// Behind the capacity, so that whole words can be written.
  private static let slack = 16

  private let memory: UnsafeMutablePointer<UInt8>
  /// Of the number of the index, right before `bytes`.
  private let prefixCount: Int
  private(set) var count = 0

  init(index: UInt32) {
    memory = .allocate(capacity: Self.numberSize + Self.capacity + Self.slack)
    memory.initialize(repeating: 0, count: Self.numberSize + Self.capacity + Self.slack)
    // Order-preserving: leading ones count the bytes that follow the first.
    let size =
      index < 1 << 7 ? 1 : index < 1 << 14 ? 2 : index < 1 << 21 ? 3 : index < 1 << 28 ? 4 : 5
    prefixCount = size
    let start = memory + Self.numberSize - size
    for place in 0..<size {
      let shift = 8 * UInt64(size - 1 - place)
      start[place] = UInt8(truncatingIfNeeded: UInt64(index) >> shift)
    }
    start[0] |= size == 1 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (9 - size))
  }
  deinit { memory.deallocate() }

  var bytes: UnsafeMutablePointer<UInt8> { memory + Self.numberSize }
  /// The key in the tree.
  var stored: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes - prefixCount, count: prefixCount + count)
  }
  /// The number of the index, with which its keys in the tree begin.
  var storedPrefix: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes - prefixCount, count: prefixCount)
  }
  /// There may be more than is here.
  var isFull: Bool { count == Self.capacity }
  /// The first eight bytes as a number that orders alike.
  var head: UInt64 {
    let word = UInt64(
      bigEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    return count >= 8 ? word : count == 0 ? 0 : word & (~0 << UInt64(64 - 8 * count))
  }

  mutating func removeAll() { count = 0 }
  /// Takes over what another key of the index holds.
  mutating func copy(_ other: UnsafeRawBufferPointer) {
    count = min(other.count, Self.capacity)
    if let source = other.baseAddress {
      UnsafeMutableRawPointer(bytes).copyMemory(from: source, byteCount: count)
    }
  }
  var contents: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }

  /// Of a key in the tree what is behind the number of the index; nil for that of another index.
  @inline(__always)
  func suffix(of stored: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard stored.count > prefixCount, stored.count - prefixCount <= Self.capacity else {
      return nil
    }
    let start = bytes - prefixCount
    for place in 0..<prefixCount where stored[place] != start[place] { return nil }
    return UnsafeRawBufferPointer(rebasing: stored.dropFirst(prefixCount))
  }

  /// Negative, zero or positive as this comes before, is the same as or follows another.
  @inline(__always)
  func order(_ other: UnsafeRawBufferPointer) -> Int { Self.order(contents, other) }

  @inline(__always)
  static func order(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
    let common = min(a.count, b.count)
    if common > 0, let start = a.baseAddress, let otherStart = b.baseAddress {
      let order = memcmp(start, otherStart, common)
      if order != 0 { return Int(order) }
    }
    return a.count - b.count
  }

  // MARK: Parts

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    bytes[count] = byte
    count = min(count + 1, Self.capacity)
  }

  /// The lower `size` bytes, the highest first.
  @inline(__always)
  private mutating func put(_ word: UInt64, size: Int) {
    if size == 0 { return }
    let aligned = word << UInt64(64 - 8 * size)
    UnsafeMutableRawPointer(bytes + count).storeBytes(of: aligned.bigEndian, as: UInt64.self)
    count = min(count + size, Self.capacity)
  }

  private mutating func put(_ text: UnsafeBufferPointer<UInt8>, isLast: Bool) {
    if isLast {
      let size = min(text.count, Self.capacity - count)
      if let source = text.baseAddress { (bytes + count).update(from: source, count: size) }
      count += size
      return
    }
    putEscaped(text)
    put(0)
    put(0)
  }

  private mutating func putEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    for byte in text {
      put(byte)
      if byte == 0 { put(0xFF) }
      if isFull { return }
    }
  }

  @inline(__always)
  private static func size(of magnitude: UInt64) -> Int {
    (64 - magnitude.leadingZeroBitCount + 7) >> 3
  }

  /// A number with its own count of bytes.
  private mutating func put(ordered number: Int64) {
    let magnitude = UInt64(bitPattern: number < 0 ? ~number : number)
    let size = Self.size(of: magnitude)
    put(UInt8(truncatingIfNeeded: number < 0 ? 0x7F - size : 0x80 + size))
    put(UInt64(bitPattern: number), size: size)
  }

  /// Bits that order as numbers do, NaN last.
  private static func orderedBits(_ number: Double) -> UInt64 {
    if number.isNaN { return ~0 }
    let bits = number == 0 ? 0 : number.bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  // MARK: Values

  @inline(__always)
  mutating func append(_ number: Int64) {
    let magnitude = UInt64(bitPattern: number < 0 ? ~number : number)
    let size = Self.size(of: magnitude)
    let tag = number < 0 ? Tag.negative &- UInt8(size) : Tag.positive &+ UInt8(size)
    put(tag)
    put(UInt64(bitPattern: number), size: size)
  }

  mutating func append(_ number: Double) {
    if number.isNaN { return put(Tag.nan) }
    if number >= 0x1p63 || number < -0x1p63 {
      put(number < 0 ? Tag.belowIntegers : Tag.aboveIntegers)
      put(Self.orderedBits(number), size: 8)
      return
    }
    let floor = number.rounded(.down)
    append(Int64(floor))
    if floor != number {
      put(0xFF)
      put(Self.orderedBits(number), size: 8)
    }
  }

  mutating func append(_ flag: Bool) { put(flag ? Tag.true : Tag.false) }

  mutating func append(text: UnsafeBufferPointer<UInt8>, isLast: Bool) {
    put(Tag.string)
    put(text, isLast: isLast)
  }

  /// A text without its end.
  mutating func append(prefix: String, isLast: Bool) {
    put(Tag.string)
    var prefix = prefix
    prefix.withUTF8 { text in if isLast { put(text, isLast: true) } else { putEscaped(text) } }
  }

  mutating func append(_ date: LocalDate) {
    put(Tag.date)
    put(ordered: date.days)
  }

  mutating func append(_ moment: LocalDateTime) {
    put(Tag.localDateTime)
    put(ordered: moment.seconds)
    put(ordered: Int64(moment.nanoseconds))
  }

  /// - Parameters:
  ///   - value: not null, and such as a property can have.
  ///   - isLast: no other value follows.
  mutating func append(_ value: Value, isLast: Bool) {
    switch value {
    case .boolean(let flag): append(flag)
    case .integer(let number): append(number)
    case .float(let number): append(number)
    case .string(var text): text.withUTF8 { append(text: $0, isLast: isLast) }
    case .bytes(let content):
      put(Tag.bytes)
      content.withUnsafeBufferPointer { put($0, isLast: isLast) }
    case .list(let elements):
      put(Tag.list)
      for element in elements where !isFull { append(element, isLast: false) }
      put(0)
    case .date(let date): append(date)
    case .localDateTime(let moment): append(moment)
    case .localTime(let time):
      put(Tag.localTime)
      put(ordered: time.nanoseconds)
    case .time(let time):
      put(Tag.time)
      put(ordered: time.utcNanoseconds)
      put(ordered: Int64(time.offset))
    case .dateTime(let moment):
      put(Tag.dateTime)
      put(ordered: moment.seconds)
      put(ordered: Int64(moment.nanoseconds))
      put(ordered: Int64(moment.offset))
      var zone = moment.zone ?? ""
      zone.withUTF8 { put($0, isLast: isLast) }
    case .duration(let duration): append(duration)
    case .point(let point): append(point)
    case .null, .map, .node, .relationship, .path: put(Tag.null)
    }
  }

  private mutating func append(_ duration: CalendarDuration) {
    put(Tag.duration)
    let length = duration.averageSeconds
    put(ordered: Int64(truncatingIfNeeded: length >> 64))
    put(UInt64(truncatingIfNeeded: length), size: 8)
    put(ordered: Int64(duration.nanoseconds))
    put(ordered: duration.months)
    put(ordered: duration.days)
  }

  private mutating func append(_ point: Point) {
    put(Tag.point)
    put(ordered: Int64(point.srid))
    put(Self.orderedBits(point.x), size: 8)
    put(Self.orderedBits(point.y), size: 8)
    put(point.z == nil ? 0 : 1)
    if let z = point.z { put(Self.orderedBits(z), size: 8) }
  }

  // MARK: Tags

  /// In the order of types.
  enum Tag {
    static let list: UInt8 = 0x10
    static let point: UInt8 = 0x11
    static let dateTime: UInt8 = 0x12
    static let localDateTime: UInt8 = 0x13
    static let date: UInt8 = 0x14
    static let time: UInt8 = 0x15
    static let localTime: UInt8 = 0x16
    static let duration: UInt8 = 0x17
    static let bytes: UInt8 = 0x18
    static let string: UInt8 = 0x19
    static let `false`: UInt8 = 0x1A
    static let `true`: UInt8 = 0x1B
    static let belowIntegers: UInt8 = 0x20
    /// Less the count of bytes.
    static let negative: UInt8 = 0x29
    /// Plus the count of bytes.
    static let positive: UInt8 = 0x2A
    static let aboveIntegers: UInt8 = 0x33
    static let nan: UInt8 = 0x34
    /// Never stored.
    static let null: UInt8 = 0x3F

    /// The tags of the values that compare with a value; nil when none do.
    static func comparable(with value: Value) -> ClosedRange<UInt8>? {
      switch value {
      case .integer: belowIntegers...aboveIntegers
      case .float(let number): number.isNaN ? nil : belowIntegers...aboveIntegers
      case .string: string...string
      case .boolean: `false`...`true`
      case .date: date...date
      case .localTime: localTime...localTime
      case .time: time...time
      case .localDateTime: localDateTime...localDateTime
      case .dateTime: dateTime...dateTime
      case .list: list...list
      case .null, .bytes, .map, .node, .relationship, .path, .duration, .point: nil
      }
    }
  }
}
