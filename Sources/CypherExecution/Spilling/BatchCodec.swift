internal import GraphColumns
internal import GraphTypes

/// Rows as bytes for temporary files: column by column, so that reading gives vectors again.
///
/// Layout, in the machine's byte order: row count (u32), column count (u32), then for each column a
/// type (the raw value of `VectorType`), flags (bit 0 constant: one element for all rows; bit 1 has
/// nulls), if it has nulls one bit for each element (set: not null) in words of 64, and the elements:
/// - whole numbers, dates, identities: the smallest (u64), the width of the differences from it in
///   bytes (0, 1, 2, 4 or 8), the differences; relationships as three, date-times as two such runs
/// - booleans and floats: as in memory
/// - strings: their sizes as whole numbers, then all their bytes
/// - any: values by `BatchCodec.append(_:to:)`
enum BatchCodec {
  /// Rows that one encoded batch may have: damaged bytes must not ask for endless memory.
  static let maximumRows = 1 << 20

  private enum Flag {
    static let constant: UInt8 = 1
    static let nulls: UInt8 = 2
  }

  // MARK: Writing

  /// - Precondition: the batch has at most `maximumRows` rows.
  static func append(_ batch: Batch, to bytes: inout ByteBuffer) {
    precondition(batch.count <= maximumRows)
    bytes.append(UInt32(batch.count))
    bytes.append(UInt32(batch.columns.count))
    for column in batch.columns { append(column, batch.count, to: &bytes) }
  }

  private static func append(_ vector: Vector, _ rowCount: Int, to bytes: inout ByteBuffer) {
    let count = vector.isConstant ? min(1, rowCount) : rowCount
    var flags = vector.isConstant ? Flag.constant : 0
    bytes.append(vector.type.rawValue)
    var valid: UnsafePointer<UInt64>?
    if vector.type != .any, let validity = vector.validity {
      flags |= Flag.nulls
      valid = UnsafePointer(validity)
    }
    bytes.append(flags)
    if let valid { bytes.append(valid, count: (count + 63) / 64) }
    // What is at the place of a null is undefined: a number of no meaning is written instead.
    switch vector.type {
    case .boolean:
      let elements = vector.booleans
      for row in 0..<count { bytes.append(isSet(valid, row) && elements[row] ? UInt8(1) : 0) }
    case .float:
      if valid == nil {
        bytes.append(vector.floats, count: count)
      } else {
        let elements = vector.floats
        for row in 0..<count { bytes.append(isSet(valid, row) ? elements[row].bitPattern : 0) }
      }
    case .integer, .date, .node:
      let elements = vector.elements(Int64.self)
      appendNumbers(count, valid, to: &bytes) { elements[$0] }
    case .localDateTime:
      let elements = vector.localDateTimes
      appendNumbers(count, valid, to: &bytes) { elements[$0].seconds }
      appendNumbers(count, valid, to: &bytes) { Int64(elements[$0].nanoseconds) }
    case .relationship:
      let elements = vector.relationships
      appendNumbers(count, valid, to: &bytes) {
        Int64(bitPattern: elements[$0].id.rawValue)
      }
      appendNumbers(count, valid, to: &bytes) {
        Int64(bitPattern: elements[$0].start.rawValue)
      }
      appendNumbers(count, valid, to: &bytes) { Int64(bitPattern: elements[$0].end.rawValue) }
    case .string:
      let elements = vector.strings
      appendNumbers(count, valid, to: &bytes) { Int64(elements[$0].count) }
      for row in 0..<count where isSet(valid, row) {
        let text = elements[row]
        if let base = text.base { bytes.append(base, count: text.count) }
      }
    case .any:
      for row in 0..<count { append(vector.values[row], to: &bytes) }
    }
  }

  @inline(__always)
  private static func isSet(_ valid: UnsafePointer<UInt64>?, _ row: Int) -> Bool {
    guard let valid else { return true }
    return valid[row >> 6] >> UInt64(row & 63) & 1 != 0
  }

  @inline(__always)
  private static func appendNumbers(
    _ count: Int, _ valid: UnsafePointer<UInt64>?, to bytes: inout ByteBuffer,
    _ element: (Int) -> Int64
  ) {
    var (low, high) = (Int64.max, Int64.min)
    for row in 0..<count where isSet(valid, row) {
      let number = element(row)
      low = min(low, number)
      high = max(high, number)
    }
    if low > high { (low, high) = (0, 0) }
    let base = UInt64(bitPattern: low)
    let width = width(of: UInt64(bitPattern: high) &- base)
    bytes.append(base)
    bytes.append(UInt8(width))
    let start = bytes.reserve(count * width)
    func difference(_ row: Int) -> UInt64 {
      isSet(valid, row) ? UInt64(bitPattern: element(row)) &- base : 0
    }
    switch width {
    case 0: break
    case 1: for row in 0..<count { start[row] = UInt8(truncatingIfNeeded: difference(row)) }
    case 2: store(start, count) { UInt16(truncatingIfNeeded: difference($0)) }
    case 4: store(start, count) { UInt32(truncatingIfNeeded: difference($0)) }
    default: store(start, count, difference)
    }
  }

  private static func width(of difference: UInt64) -> Int {
    switch difference {
    case 0: 0
    case ...0xFF: 1
    case ...0xFFFF: 2
    case ...0xFFFF_FFFF: 4
    default: 8
    }
  }

  @inline(__always)
  private static func store<T: BitwiseCopyable>(
    _ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ element: (Int) -> T
  ) {
    let raw = UnsafeMutableRawPointer(start)
    for row in 0..<count {
      raw.storeBytes(
        of: element(row), toByteOffset: row * MemoryLayout<T>.size, as: T.self)
    }
  }

  // MARK: Reading

  /// The batch at the front of `bytes`.
  ///
  /// - Parameter owner: keeps `bytes` alive; strings of the batch refer to them.
  /// - Returns: nil where the bytes are none.
  static func batch(_ bytes: inout ByteCursor, owner: AnyObject) -> Batch? {
    guard let rows = bytes.number(UInt32.self), let columns = bytes.number(UInt32.self),
      rows <= maximumRows, columns <= bytes.count
    else { return nil }
    var batch = Batch(columns: [], count: Int(rows))
    batch.columns.reserveCapacity(Int(columns))
    for _ in 0..<columns {
      guard let vector = vector(&bytes, Int(rows), owner) else { return nil }
      batch.columns.append(vector)
    }
    return batch
  }

  private static func vector(
    _ bytes: inout ByteCursor, _ rowCount: Int, _ owner: AnyObject
  ) -> Vector? {
    guard let type = bytes.number(UInt8.self).flatMap({ VectorType(rawValue: $0) }),
      let flags = bytes.number(UInt8.self)
    else { return nil }
    let isConstant = flags & Flag.constant != 0
    let count = isConstant ? min(1, rowCount) : rowCount
    // Nothing takes less than a bit: the vector is not made where the bytes cannot be there.
    if type != .any, type.isWideInBytes, bytes.count < count { return nil }
    let vector = Vector(type: type, capacity: count, isConstant: isConstant)
    vector.count = rowCount
    if flags & Flag.nulls != 0 {
      let words = (count + 63) / 64
      guard type != .any, let bits = bytes.run(words * 8) else { return nil }
      let target = vector.makeValidity()
      UnsafeMutableRawPointer(target).copyMemory(
        from: bits.baseAddress.unsafelyUnwrapped, byteCount: words * 8)
    }
    return read(&bytes, into: vector, count, owner) ? vector : nil
  }

  private static func read(
    _ bytes: inout ByteCursor, into vector: Vector, _ count: Int, _ owner: AnyObject
  ) -> Bool {
    switch vector.type {
    case .boolean:
      guard let run = bytes.run(count) else { return false }
      for row in 0..<count { vector.booleans[row] = run[row] != 0 }
      return true
    case .float:
      guard let run = bytes.run(count * 8) else { return false }
      UnsafeMutableRawBufferPointer(start: vector.floats, count: count * 8).copyMemory(from: run)
      return true
    case .integer, .date, .node:
      let elements = vector.elements(Int64.self)
      return readNumbers(&bytes, count) { elements[$0] = $1 }
    case .localDateTime:
      let elements = vector.localDateTimes
      return readNumbers(&bytes, count) { elements[$0].seconds = $1 }
        && readNumbers(&bytes, count) { elements[$0].nanoseconds = Int32(truncatingIfNeeded: $1) }
    case .relationship:
      let elements = vector.relationships
      return readNumbers(&bytes, count) {
        elements[$0].id = RelationshipID(rawValue: UInt64(bitPattern: $1))
      } && readNumbers(&bytes, count) { elements[$0].start = NodeID(UInt64(bitPattern: $1)) }
        && readNumbers(&bytes, count) { elements[$0].end = NodeID(UInt64(bitPattern: $1)) }
    case .string:
      let elements = vector.strings
      guard readNumbers(&bytes, count, { elements[$0] = StringRef(base: nil, count: Int($1)) })
      else { return false }
      vector.owners = [owner]
      for row in 0..<count where !vector.isNull(row) {
        guard let run = bytes.run(elements[row].count) else { return false }
        elements[row].base = run.baseAddress?.assumingMemoryBound(to: UInt8.self)
      }
      return true
    case .any:
      for row in 0..<count {
        guard let value = value(&bytes, depth: 0) else { return false }
        vector.values[row] = value
      }
      return true
    }
  }

  @inline(__always)
  private static func readNumbers(
    _ bytes: inout ByteCursor, _ count: Int, _ store: (Int, Int64) -> Void
  ) -> Bool {
    guard let base = bytes.number(UInt64.self), let width = bytes.number(UInt8.self),
      [0, 1, 2, 4, 8].contains(width), let run = bytes.run(count * Int(width))
    else { return false }
    func put(_ row: Int, _ difference: UInt64) {
      store(row, Int64(bitPattern: base &+ difference))
    }
    switch width {
    case 0: for row in 0..<count { put(row, 0) }
    case 1: for row in 0..<count { put(row, UInt64(run[row])) }
    case 2:
      for row in 0..<count {
        put(row, UInt64(run.loadUnaligned(fromByteOffset: row * 2, as: UInt16.self)))
      }
    case 4:
      for row in 0..<count {
        put(row, UInt64(run.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self)))
      }
    default:
      for row in 0..<count { put(row, run.loadUnaligned(fromByteOffset: row * 8, as: UInt64.self)) }
    }
    return true
  }
}

extension VectorType {
  /// Each element takes at least a byte, whatever its value.
  fileprivate var isWideInBytes: Bool { self == .boolean || self == .float }
}
