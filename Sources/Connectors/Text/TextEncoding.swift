/// The encodings that import reads. All of them come out as UTF-8.
package enum TextEncoding: String, Sendable, CaseIterable {
  /// UTF-16 with a byte order mark, otherwise UTF-8.
  case automatic = "auto"
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case windows1251 = "windows-1251"

  /// Reads the usual spellings: `UTF8`, `cp1251`, `win-1251`.
  package init?(_ name: String) {
    let plain = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    switch plain {
    case "auto", "automatic": self = .automatic
    case "utf8", "utf8bom", "utf8sig": self = .utf8
    case "utf16", "utf16le", "utf16be", "unicode": self = .utf16
    case "windows1251", "cp1251", "win1251", "1251": self = .windows1251
    default: return nil
    }
  }
}

/// UTF-8 as the standard wants it: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Validation {
  /// - Returns: the offset of the first byte that is not part of valid text, nil if there is none.
  /// - Complexity: O(*n*); eight bytes a step while the text is ASCII.
  static func firstInvalid(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    let raw = UnsafeRawPointer(bytes)
    var i = 0
    while i < count {
      if i + 8 <= count,
        raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        i += 8
        continue
      }
      let first = bytes[i]
      if first < 0x80 {
        i += 1
        continue
      }
      // The two-byte forms, which Cyrillic text consists of, first.
      if first >= 0xC2 && first <= 0xDF {
        guard i + 1 < count, bytes[i + 1] & 0xC0 == 0x80 else { return i }
        i += 2
      } else if first & 0xF0 == 0xE0 {
        guard i + 2 < count, bytes[i + 1] & 0xC0 == 0x80, bytes[i + 2] & 0xC0 == 0x80 else {
          return i
        }
        if first == 0xE0 && bytes[i + 1] < 0xA0 || first == 0xED && bytes[i + 1] >= 0xA0 {
          return i
        }
        i += 3
      } else if first >= 0xF0 && first <= 0xF4 {
        guard i + 3 < count, bytes[i + 1] & 0xC0 == 0x80, bytes[i + 2] & 0xC0 == 0x80,
          bytes[i + 3] & 0xC0 == 0x80
        else { return i }
        if first == 0xF0 && bytes[i + 1] < 0x90 || first == 0xF4 && bytes[i + 1] >= 0x90 {
          return i
        }
        i += 4
      } else {
        return i
      }
    }
    return nil
  }
}

/// windows-1251, the encoding of older Russian systems (Unicode Consortium, CP1251.TXT).
package enum Windows1251 {
  /// The scalars of bytes 0x80 … 0xBF; 0xC0 … 0xFF are U+0410 … U+044F. 0x98 is not assigned.
  static let upper: [UInt16] = [
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021,
    0x20AC, 0x2030, 0x0409, 0x2039, 0x040A, 0x040C, 0x040B, 0x040F,
    0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0xFFFD, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F,
    0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7,
    0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,
    0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7,
    0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,
  ]

  /// The scalar of a byte.
  package static func scalar(_ byte: UInt8) -> UInt16 {
    if byte < 0x80 { return UInt16(byte) }
    return byte < 0xC0 ? upper[Int(byte) - 0x80] : 0x0410 + UInt16(byte - 0xC0)
  }

  /// Writes `count` bytes as UTF-8.
  ///
  /// - Parameter output: room for `3 * count` bytes.
  /// - Returns: the number of bytes written.
  static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, into output: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var used = 0
    return upper.withUnsafeBufferPointer { upper in
      for i in 0..<count {
        let byte = bytes[i]
        if byte < 0x80 {
          output[used] = byte
          used += 1
          continue
        }
        let scalar = byte < 0xC0 ? upper[Int(byte) - 0x80] : 0x0410 + UInt16(byte - 0xC0)
        used += writeUTF8(UInt32(scalar), at: output + used)
      }
      return used
    }
  }
}

/// - Returns: the number of bytes (1 … 4).
func writeUTF8(_ scalar: UInt32, at output: UnsafeMutablePointer<UInt8>) -> Int {
  if scalar < 0x80 {
    output[0] = UInt8(scalar)
    return 1
  }
  if scalar < 0x800 {
    output[0] = UInt8(0xC0 | scalar >> 6)
    output[1] = UInt8(0x80 | scalar & 0x3F)
    return 2
  }
  if scalar < 0x10000 {
    output[0] = UInt8(0xE0 | scalar >> 12)
    output[1] = UInt8(0x80 | scalar >> 6 & 0x3F)
    output[2] = UInt8(0x80 | scalar & 0x3F)
    return 3
  }
  output[0] = UInt8(0xF0 | scalar >> 18)
  output[1] = UInt8(0x80 | scalar >> 12 & 0x3F)
  output[2] = UInt8(0x80 | scalar >> 6 & 0x3F)
  output[3] = UInt8(0x80 | scalar & 0x3F)
  return 4
}

/// UTF-16 to UTF-8, piece by piece. Lone surrogates become U+FFFD.
struct UTF16Decoder {
  var isBigEndian: Bool
  private var oddByte: UInt8?
  private var highSurrogate: UInt32?

  init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

  mutating func decode(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    var scratch: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
    func put(_ scalar: UInt32) {
      withUnsafeMutableBytes(of: &scratch) { scratch in
        let start = scratch.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
        let count = writeUTF8(scalar, at: start)
        output.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
      }
    }
    for byte in bytes {
      guard let first = oddByte else {
        oddByte = byte
        continue
      }
      oddByte = nil
      let unit = isBigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
      if let high = highSurrogate {
        highSurrogate = nil
        if unit & 0xFC00 == 0xDC00 {
          put(0x10000 + (high & 0x3FF) << 10 + unit & 0x3FF)
          continue
        }
        put(0xFFFD)
      }
      if unit & 0xFC00 == 0xD800 {
        highSurrogate = unit
      } else {
        put(unit & 0xFC00 == 0xDC00 ? 0xFFFD : unit)
      }
    }
  }
}
