/// A decoder of TZif files, the compiled form of the IANA time zone database (RFC 8536).
///
/// Version 2 and later hold 64-bit transitions and a rule for the future; of a version 1 file the
/// 32-bit block is read. Leap seconds are ignored: like POSIX and java.time, we count days of
/// 86,400 seconds.
struct ZoneFile {
  var initialOffset: Int32
  var transitions: [ZoneTransition]
  var future: PosixZoneRule?

  /// Nil when the bytes are not a well-formed TZif file.
  init?(_ bytes: [UInt8]) {
    guard let first = Header(bytes, at: 0) else { return nil }
    var header = first
    if first.version >= 2 {
      // The second block repeats the first with 64-bit times.
      guard let second = Header(bytes, at: Header.size + first.bodySize(timeSize: 4)) else {
        return nil
      }
      header = second
    }
    let timeSize = first.version >= 2 ? 8 : 4
    let timesAt = header.start + Header.size
    let kindsAt = timesAt + header.timeCount * timeSize
    let typesAt = kindsAt + header.timeCount
    let end = timesAt + header.bodySize(timeSize: timeSize)
    guard header.typeCount > 0, end <= bytes.count else { return nil }

    // A type is its offset (4 bytes), a daylight flag and the place of its abbreviation.
    var typeOffsets: [Int32] = []
    for type in 0..<header.typeCount {
      let offset = Int32(truncatingIfNeeded: Self.integer(bytes, at: typesAt + type * 6, size: 4))
      guard abs(Int64(offset)) < 26 * 3600 else { return nil }
      typeOffsets.append(offset)
    }
    initialOffset = typeOffsets[0]

    transitions = []
    transitions.reserveCapacity(header.timeCount)
    for index in 0..<header.timeCount {
      let type = Int(bytes[kindsAt + index])
      let instant = Self.integer(bytes, at: timesAt + index * timeSize, size: timeSize)
      guard type < typeOffsets.count, instant > transitions.last?.instant ?? .min else {
        return nil
      }
      transitions.append(ZoneTransition(instant: instant, offset: typeOffsets[type]))
    }

    future = nil
    if first.version >= 2, end < bytes.count, bytes[end] == UInt8(ascii: "\n") {
      let footer = bytes[(end + 1)...].prefix { $0 != UInt8(ascii: "\n") }
      if !footer.isEmpty { future = PosixZoneRule(footer) }
    }
  }

  private struct Header {
    static let size = 44
    var start: Int
    /// 1, 2, 3 or 4.
    var version: Int
    var utcFlagCount, standardFlagCount, leapCount, timeCount, typeCount, nameSize: Int

    init?(_ bytes: [UInt8], at start: Int) {
      guard start + Self.size <= bytes.count,
        bytes[start..<start + 4].elementsEqual("TZif".utf8)
      else { return nil }
      self.start = start
      version = Int(bytes[start + 4] == 0 ? 1 : bytes[start + 4] &- UInt8(ascii: "0"))
      var counts: [Int] = []
      for field in 0..<6 {
        let count = ZoneFile.integer(bytes, at: start + 20 + field * 4, size: 4)
        guard count >= 0, count <= bytes.count else { return nil }
        counts.append(Int(count))
      }
      utcFlagCount = counts[0]
      standardFlagCount = counts[1]
      leapCount = counts[2]
      timeCount = counts[3]
      typeCount = counts[4]
      nameSize = counts[5]
    }

    func bodySize(timeSize: Int) -> Int {
      timeCount * (timeSize + 1) + typeCount * 6 + nameSize + leapCount * (timeSize + 4)
        + standardFlagCount + utcFlagCount
    }
  }

  /// A signed big-endian integer of 4 or 8 bytes.
  private static func integer(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
    var value: UInt64 = 0
    for byte in bytes[start..<start + size] { value = value << 8 | UInt64(byte) }
    return size == 4
      ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }
}
