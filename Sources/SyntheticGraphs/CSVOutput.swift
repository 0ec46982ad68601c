#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What went wrong while a data set was written.
package struct GenerationError: Error, CustomStringConvertible, Sendable {
  package var description: String
}

/// A buffered CSV file: fields are appended as bytes, rows end with a line feed.
final class CSVOutput {
  private let path: String
  private let descriptor: Int32
  private var buffer: UnsafeMutablePointer<UInt8>
  private var used = 0
  private var isFirstField = true
  private static let capacity = 1 << 20
  private(set) var rows = 0
  private(set) var bytes = 0

  /// Creates or empties the file and writes its heading.
  init(_ path: String, heading: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else {
      throw GenerationError(
        description: "cannot write \(path): \(String(cString: strerror(errno)))")
    }
    buffer = .allocate(capacity: Self.capacity)
    try raw(heading)
    try endRow()
    rows = 0
  }

  deinit {
    buffer.deallocate()
    close(descriptor)
  }

  private func flush() throws {
    var written = 0
    while written < used {
      let count = write(descriptor, buffer + written, used - written)
      if count < 0 {
        if errno == EINTR { continue }
        throw GenerationError(
          description: "cannot write \(path): \(String(cString: strerror(errno)))")
      }
      written += count
    }
    bytes += used
    used = 0
  }

  /// Writes out what is buffered; the file is complete after it.
  func finish() throws { try flush() }

  @inline(__always)
  private func room(_ count: Int) throws {
    if used + count > Self.capacity { try flush() }
  }

  @inline(__always)
  private func separate() throws {
    try room(64)
    if isFirstField {
      isFirstField = false
    } else {
      buffer[used] = 44
      used += 1
    }
  }

  private func raw(_ text: String) throws {
    var text = text
    try text.withUTF8 { bytes in
      try room(bytes.count)
      if let base = bytes.baseAddress { (buffer + used).update(from: base, count: bytes.count) }
      used += bytes.count
    }
  }

  func endRow() throws {
    try room(1)
    buffer[used] = 10
    used += 1
    isFirstField = true
    rows += 1
  }

  @inline(__always)
  private func digits(_ value: Int, width: Int = 1) {
    var value = value
    if value < 0 {
      buffer[used] = 45
      used += 1
      value = -value
    }
    var count = 1
    var limit = 10
    while count < 19 && value >= limit {
      count += 1
      limit = limit > Int.max / 10 ? Int.max : limit * 10
    }
    count = max(count, width)
    var position = used + count
    for _ in 0..<count {
      position -= 1
      buffer[position] = UInt8(48 + value % 10)
      value /= 10
    }
    used += count
  }

  func field(_ value: Int) throws {
    try separate()
    digits(value)
  }

  /// An amount in hundredths, written with two decimals.
  func field(hundredths value: Int) throws {
    try separate()
    digits(value / 100)
    buffer[used] = 46
    used += 1
    digits(value % 100, width: 2)
  }

  /// Seconds since 1970-01-01T00:00, written as `yyyy-MM-ddTHH:mm:ss`.
  func field(dateTime seconds: Int) throws {
    try separate()
    let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
    let time = seconds - days * 86400
    let (year, month, day) = civilDate(days)
    digits(year, width: 4)
    buffer[used] = 45
    used += 1
    digits(month, width: 2)
    buffer[used] = 45
    used += 1
    digits(day, width: 2)
    buffer[used] = 84
    used += 1
    digits(time / 3600, width: 2)
    buffer[used] = 58
    used += 1
    digits(time / 60 % 60, width: 2)
    buffer[used] = 58
    used += 1
    digits(time % 60, width: 2)
  }

  /// Text; quoted only when it has to be (RFC 4180).
  func field(_ text: String) throws {
    try separate()
    if text.utf8.contains(where: { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }) {
      try raw("\"" + text.replacing("\"") + "\"")
    } else {
      try raw(text)
    }
  }
}

extension String {
  /// Doubles every quote.
  fileprivate func replacing(_ quote: Character) -> String {
    var result = ""
    for character in self {
      result.append(character)
      if character == quote { result.append(character) }
    }
    return result
  }
}

/// Year, month and day of a day number (Howard Hinnant, "chrono-compatible low-level date
/// algorithms").
func civilDate(_ days: Int) -> (year: Int, month: Int, day: Int) {
  let z = days + 719_468
  let era = (z >= 0 ? z : z - 146_096) / 146_097
  let dayOfEra = z - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shifted = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shifted + 2) / 5 + 1
  let month = shifted < 10 ? shifted + 3 : shifted - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}
