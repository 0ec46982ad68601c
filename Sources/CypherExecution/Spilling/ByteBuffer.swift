/// Bytes that are put together to be written to a file.
struct ByteBuffer: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    base = .allocate(capacity: self.capacity)
  }
  deinit { base.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  mutating func removeAll() { count = 0 }

  /// Room for `more` bytes at the end, to be written by the caller before anything else is appended.
  @inline(__always)
  mutating func reserve(_ more: Int) -> UnsafeMutablePointer<UInt8> {
    if count + more > capacity { grow(to: count + more) }
    defer { count += more }
    return base + count
  }

  private mutating func grow(to needed: Int) {
    capacity = max(needed, capacity * 2)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }

  @inline(__always)
  mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ number: T) {
    UnsafeMutableRawPointer(reserve(MemoryLayout<T>.size)).storeBytes(of: number, as: T.self)
  }

  @inline(__always)
  mutating func append<T: BitwiseCopyable>(_ elements: UnsafePointer<T>, count: Int) {
    let size = count * MemoryLayout<T>.stride
    UnsafeMutableRawPointer(reserve(size)).copyMemory(from: elements, byteCount: size)
  }

  /// A count in groups of seven bits, the lowest first: small ones take one byte.
  mutating func append(count: Int) {
    var rest = UInt64(count)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}

/// Reads bytes from the front; never beyond their end.
struct ByteCursor {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  var count: Int { rest.count }

  mutating func number<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self) -> T? {
    run(MemoryLayout<T>.size)?.loadUnaligned(as: T.self)
  }

  /// The next `count` bytes.
  mutating func run(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, count <= rest.count else { return nil }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count)) }
    return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
  }

  /// What `ByteBuffer.append(count:)` wrote.
  mutating func size() -> Int? {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard let byte = number(UInt8.self) else { return nil }
      result |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return Int(result) }
    }
    return nil
  }
}
