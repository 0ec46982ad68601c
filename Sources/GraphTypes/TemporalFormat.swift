// Writing of temporal values as ISO 8601, the text of Cypher's toString().
//
// Years have four digits, with a sign when they need more or are negative. Seconds are left out
// when they and the fraction are zero; a fraction has no trailing zeros.

extension LocalDate: CustomStringConvertible {
  public var description: String {
    TemporalFormat.text { $0.write(self) }
  }
}

extension LocalTime: CustomStringConvertible {
  public var description: String {
    TemporalFormat.text { $0.write(self) }
  }
}

extension OffsetTime: CustomStringConvertible {
  public var description: String {
    TemporalFormat.text {
      $0.write(local)
      $0.write(offset: offset)
    }
  }
}

extension LocalDateTime: CustomStringConvertible {
  public var description: String {
    TemporalFormat.text { $0.write(self) }
  }
}

extension ZonedDateTime: CustomStringConvertible {
  public var description: String {
    let text = TemporalFormat.text {
      $0.write(local)
      $0.write(offset: offset)
    }
    return zone.map { "\(text)[\($0)]" } ?? text
  }
}

enum TemporalFormat {
  /// `Z`, `+01:00`, or `+00:53:28` for an offset with seconds.
  static func text(offset: Int32) -> String {
    text { $0.write(offset: offset) }
  }

  /// The longest text is that of a zoned date and time without its region: 50 bytes suffice.
  fileprivate static func text(_ body: (inout Writer) -> Void) -> String {
    String(unsafeUninitializedCapacity: 64) { buffer in
      var writer = Writer(buffer: buffer)
      body(&writer)
      return writer.count
    }
  }

  fileprivate struct Writer {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    mutating func write(_ character: Unicode.Scalar) {
      buffer[count] = UInt8(ascii: character)
      count += 1
    }

    /// `value` with at least `digits` digits.
    mutating func write(_ value: Int64, digits: Int) {
      var length = digits
      var limit: UInt64 = 1
      for _ in 0..<digits { limit *= 10 }
      while value.magnitude >= limit {
        length += 1
        limit *= 10
      }
      var rest = value.magnitude
      for position in stride(from: count + length - 1, through: count, by: -1) {
        buffer[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      count += length
    }

    mutating func write(_ date: LocalDate) {
      let civil = date.civil
      if civil.year < 0 { write("-") } else if civil.year > 9999 { write("+") }
      write(civil.year, digits: 4)
      write("-")
      write(civil.month, digits: 2)
      write("-")
      write(civil.day, digits: 2)
    }

    mutating func write(_ time: LocalTime) {
      write(time.hour, digits: 2)
      write(":")
      write(time.minute, digits: 2)
      if time.nanoseconds % 60_000_000_000 == 0 { return }
      write(":")
      write(time.second, digits: 2)
      var fraction = time.nanosecond
      if fraction == 0 { return }
      var digits = 9
      while fraction % 10 == 0 {
        fraction /= 10
        digits -= 1
      }
      write(".")
      write(fraction, digits: digits)
    }

    mutating func write(_ local: LocalDateTime) {
      write(local.date)
      write("T")
      write(local.time)
    }

    mutating func write(offset: Int32) {
      if offset == 0 { return write("Z") }
      write(offset < 0 ? "-" : "+")
      let seconds = Int64(offset.magnitude)
      write(seconds / 3600, digits: 2)
      write(":")
      write(seconds / 60 % 60, digits: 2)
      if seconds % 60 != 0 {
        write(":")
        write(seconds % 60, digits: 2)
      }
    }
  }
}
