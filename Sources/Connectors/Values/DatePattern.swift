internal import GraphTypes

/// A date format given as pattern text, such as `dd.MM.yyyy HH:mm`, in the letters of Unicode's
/// LDML: `yyyy` or `yy` (2000 … 2069, 1970 … 1999), `MM` or `M`, `dd` or `d`, `HH` or `H` (0 … 23),
/// `hh` or `h` with `a` (AM/PM), `mm` or `m`, `ss` or `s`, `S…` (fraction of any length), `X` (`Z` or an offset
/// such as +03:00). `epoch-seconds` and `epoch-millis` are numbers since 1970-01-01T00:00Z.
///
/// Other characters stand for themselves; letters in apostrophes too. A doubled letter asks for two
/// digits only where another number follows at once (`yyyyMMdd`); elsewhere 1 or 2 are read.
package struct DatePattern: Sendable {
  enum Part: Sendable, Equatable {
    case year, shortYear, month, day, hour, halfDayHour, minute, second, fraction, halfDay, offset
    case literal(UInt8)
  }
  enum Form: Sendable, Equatable { case parts, epochSeconds, epochMilliseconds }

  package let text: String
  let form: Form
  /// With the number of digits, 0 for one or two.
  let parts: [(part: Part, digits: Int)]

  /// - Throws: `ImportError` that says which letter is wrong.
  package init(_ text: String) throws(ImportError) {
    self.text = text
    switch text {
    case "epoch", "epoch-seconds":
      (form, parts) = (.epochSeconds, [])
      return
    case "epoch-millis", "epoch-milliseconds":
      (form, parts) = (.epochMilliseconds, [])
      return
    default: form = .parts
    }
    parts = try Self.compile(text)
  }

  private static func compile(_ text: String) throws(ImportError) -> [(Part, Int)] {
    var runs: [(Part, Int)] = []
    let bytes = Array(text.utf8)
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      var end = i + 1
      if byte == 39 {
        while end < bytes.count && bytes[end] != 39 {
          runs.append((.literal(bytes[end]), 0))
          end += 1
        }
        i = end + 1
        continue
      }
      while end < bytes.count && bytes[end] == byte { end += 1 }
      let count = end - i
      switch byte {
      case UInt8(ascii: "y") where count == 2: runs.append((.shortYear, 2))
      case UInt8(ascii: "y") where count == 4: runs.append((.year, 4))
      case UInt8(ascii: "M") where count <= 2: runs.append((.month, count))
      case UInt8(ascii: "d") where count <= 2: runs.append((.day, count))
      case UInt8(ascii: "H") where count <= 2: runs.append((.hour, count))
      case UInt8(ascii: "h") where count <= 2: runs.append((.halfDayHour, count))
      case UInt8(ascii: "m") where count <= 2: runs.append((.minute, count))
      case UInt8(ascii: "s") where count <= 2: runs.append((.second, count))
      case UInt8(ascii: "S"): runs.append((.fraction, 0))
      case UInt8(ascii: "a") where count == 1: runs.append((.halfDay, 0))
      case UInt8(ascii: "X"): runs.append((.offset, 0))
      case UInt8(ascii: "T") where count == 1: runs.append((.literal(byte), 0))
      default:
        let isLetter = byte | 32 >= 97 && byte | 32 <= 122
        if isLetter {
          let letters = String(repeating: Character(UnicodeScalar(byte)), count: count)
          throw ImportError(
            "date format '\(text)': '\(letters)' is not known",
            hint: "for example dd.MM.yyyy HH:mm:ss, M/d/yy h:mm a, yyyyMMdd, epoch-seconds")
        }
        for _ in 0..<count { runs.append((.literal(byte), 0)) }
      }
      i = end
    }
    let known = runs.map(\.0)
    if known.contains(.minute) && !known.contains(.month) {
      throw ImportError(
        "date format '\(text)' has no month", hint: "MM is the month, mm the minutes")
    }
    if !known.contains(.year) && !known.contains(.shortYear) || !known.contains(.month) {
      throw ImportError("date format '\(text)' needs a year (yyyy) and a month (MM)")
    }
    // One or two digits are read unless the next part is a number too.
    for index in runs.indices where runs[index].1 == 2 && runs[index].0 != .shortYear {
      let next = index + 1 < runs.count ? runs[index + 1].0 : .literal(0)
      if case .literal = next { runs[index].1 = 0 }
      if next == .halfDay || next == .offset { runs[index].1 = 0 }
    }
    return runs.map { ($0.0, $0.1 == 1 ? 0 : $0.1) }
  }

  /// What a text says; seconds without offset are local ones.
  struct Reading {
    var days: Int64 = 0
    var secondOfDay: Int64 = 0
    var nanoseconds: Int32 = 0
    var offset: Int32?
    var localDateTime: LocalDateTime {
      LocalDateTime(seconds: days * 86400 + secondOfDay, nanoseconds: nanoseconds)
    }
  }

  /// - Returns: nil when the text does not have this form or is no date (30 February).
  func read(_ text: UnsafePointer<UInt8>, _ count: Int) -> Reading? {
    if form != .parts { return readEpoch(text, count) }
    var year: Int64 = 1970
    var month: Int64 = 1
    var day: Int64 = 1
    var hour: Int64 = 0
    var minute: Int64 = 0
    var second: Int64 = 0
    var result = Reading()
    var isHalfDay = false
    var isAfternoon = false
    var i = 0

    func number(_ digits: Int) -> Int64? {
      var value: Int64 = 0
      let limit = digits == 0 ? 2 : digits
      let start = i
      while i < count, i - start < limit {
        let digit = text[i] &- 48
        if digit > 9 { break }
        value = value * 10 + Int64(digit)
        i += 1
      }
      if i == start || digits > 0 && i - start < digits { return nil }
      return value
    }

    for (part, digits) in parts {
      switch part {
      case .literal(let byte):
        guard i < count, text[i] == byte else { return nil }
        i += 1
      case .year:
        guard let value = number(4) else { return nil }
        year = value
      case .shortYear:
        guard let value = number(2) else { return nil }
        year = value < 70 ? 2000 + value : 1900 + value
      case .month:
        guard let value = number(digits) else { return nil }
        month = value
      case .day:
        guard let value = number(digits) else { return nil }
        day = value
      case .hour:
        guard let value = number(digits), value < 24 else { return nil }
        hour = value
      case .halfDayHour:
        guard let value = number(digits), value < 24 else { return nil }
        hour = value
        isHalfDay = true
      case .minute:
        guard let value = number(digits), value < 60 else { return nil }
        minute = value
      case .second:
        guard let value = number(digits), value < 60 else { return nil }
        second = value
      case .fraction:
        var unit: Int32 = 100_000_000
        let start = i
        while i < count, text[i] &- 48 <= 9 {
          result.nanoseconds += Int32(text[i] &- 48) * unit
          unit /= 10
          i += 1
        }
        if i == start { return nil }
      case .halfDay:
        guard i + 1 < count, text[i + 1] | 32 == 109 else { return nil }
        if text[i] | 32 == 112 { isAfternoon = true } else if text[i] | 32 != 97 { return nil }
        isHalfDay = true
        i += 2
      case .offset:
        guard let offset = readOffset(text, count, &i) else { return nil }
        result.offset = offset
      }
    }
    guard i == count, month >= 1, month <= 12, day >= 1,
      day <= CivilCalendar.daysInMonth(year: year, month: month)
    else { return nil }
    if isHalfDay && parts.contains(where: { $0.part == .halfDay }) {
      guard hour >= 1, hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    result.days = CivilCalendar.day(year: year, month: month, day: day)
    result.secondOfDay = hour * 3600 + minute * 60 + second
    return result
  }

  private func readOffset(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ i: inout Int
  ) -> Int32? {
    guard i < count else { return nil }
    if text[i] == 90 {
      i += 1
      return 0
    }
    guard text[i] == 43 || text[i] == 45 else { return nil }
    let sign: Int32 = text[i] == 45 ? -1 : 1
    i += 1
    var digits: [Int32] = []
    while i < count, digits.count < 4, text[i] &- 48 <= 9 || text[i] == 58 {
      if text[i] != 58 { digits.append(Int32(text[i] &- 48)) }
      i += 1
    }
    guard digits.count == 2 || digits.count == 4 else { return nil }
    let minutes = digits.count == 4 ? digits[2] * 10 + digits[3] : 0
    let hours = digits[0] * 10 + digits[1]
    return hours <= 18 && minutes < 60 ? sign * (hours * 3600 + minutes * 60) : nil
  }

  private func readEpoch(_ text: UnsafePointer<UInt8>, _ count: Int) -> Reading? {
    guard let number = NumberText.integer(text, count) else { return nil }
    let unit: Int64 = form == .epochSeconds ? 1 : 1000
    let seconds = (number - (number < 0 ? unit - 1 : 0)) / unit
    let days = (seconds - (seconds < 0 ? 86399 : 0)) / 86400
    var result = Reading(days: days, secondOfDay: seconds - days * 86400)
    result.nanoseconds = Int32((number - seconds * unit) * (1_000_000_000 / unit))
    result.offset = 0
    return result
  }
}
