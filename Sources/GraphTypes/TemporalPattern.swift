/// A pattern by which a date, time or duration is written: `format(value, pattern)`.
///
/// The letters are those of Java's `DateTimeFormatter`, as in Neo4j; localised names of months and
/// days are English or Russian. Text in quotes stands for itself, `''` for a quote.
///
/// See <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/time/format/DateTimeFormatter.html>.
package struct TemporalPattern: Sendable {
  package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case russian = "ru"
  }
  enum Part: Sendable, Equatable {
    case text(String)
    /// A letter, written so many times.
    case field(Unicode.Scalar, count: Int)
  }

  let parts: [Part]
  let language: Language

  /// - Throws: ArgumentError for an open quote and for letters without a meaning.
  package init(_ pattern: String, language: Language = .english) throws(QueryError) {
    self.language = language
    var parts: [Part] = []
    var text = ""
    let scalars = Array(pattern.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar == "'" {
        index = try Self.quoted(scalars, from: index, into: &text)
      } else if ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) {
        var end = index
        while end < scalars.count && scalars[end] == scalar { end += 1 }
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        parts.append(.field(scalar, count: end - index))
        index = end
      } else {
        text.unicodeScalars.append(scalar)
        index += 1
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
    self.parts = parts
  }

  private static func quoted(
    _ scalars: [Unicode.Scalar], from start: Int, into text: inout String
  ) throws(QueryError) -> Int {
    var index = start + 1
    if index < scalars.count && scalars[index] == "'" {
      text += "'"
      return index + 1
    }
    while index < scalars.count {
      if scalars[index] != "'" {
        text.unicodeScalars.append(scalars[index])
        index += 1
      } else if index + 1 < scalars.count && scalars[index + 1] == "'" {
        text += "'"
        index += 2
      } else {
        return index + 1
      }
    }
    throw Self.error("the quote at character \(start + 1) of the pattern is not closed")
  }

  static func error(_ message: String, hint: String? = nil) -> QueryError {
    QueryError(.argumentError, "InvalidArgumentValue", message, hint: hint)
  }

  /// - Throws: ArgumentError for a letter that this type of value has nothing for; TypeError for a
  ///   value that is no date, time or duration.
  package func text(of value: Value) throws(QueryError) -> String {
    if case .duration(let duration) = value { return try text(of: duration) }
    let fields: TemporalPatternFields
    switch value {
    case .date(let date): fields = .init(date: date)
    case .localTime(let time): fields = .init(time: time)
    case .time(let time): fields = .init(time: time.local, offset: time.offset)
    case .localDateTime(let local): fields = .init(date: local.date, time: local.time)
    case .dateTime(let zoned):
      fields = .init(
        date: zoned.local.date, time: zoned.local.time, offset: zoned.offset, zone: zoned.zone)
    default:
      throw QueryError(
        .typeError, "InvalidArgumentValue",
        "format() takes a date, a time or a duration, not \(value.typeNameWithArticle)")
    }
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .field(let letter, let count):
        guard let text = try fields.text(letter, count, language) else {
          throw Self.error(
            "\(value.typeNameWithArticle) has nothing for `\(letter)` in a pattern",
            hint: "put text into quotes: 'on' dd.MM.yyyy")
        }
        result += text
      }
    }
    return result
  }

  /// Months, days and seconds do not turn into each other; the greatest letter of each takes all.
  private func text(of duration: CalendarDuration) throws(QueryError) -> String {
    var letters: Set<Unicode.Scalar> = []
    for case .field(let letter, _) in parts { letters.insert(letter) }
    var values: [Unicode.Scalar: Int64] = [:]
    /// - Parameter units: from the greatest to the least.
    func divide(_ total: Int64, _ units: [(letters: String, size: Int64)]) {
      var rest = total
      for unit in units where !letters.isDisjoint(with: unit.letters.unicodeScalars) {
        for letter in unit.letters.unicodeScalars { values[letter] = rest / unit.size }
        rest %= unit.size
      }
    }
    divide(duration.months, [("yuY", 12), ("qQ", 3), ("ML", 1)])
    divide(duration.days, [("wW", 7), ("dD", 1)])
    // A negative duration has the fraction of the second before.
    let isBefore = duration.seconds < 0 && duration.nanoseconds > 0
    let nanoseconds = Int64(isBefore ? 1_000_000_000 - duration.nanoseconds : duration.nanoseconds)
    divide(duration.seconds + (isBefore ? 1 : 0), [("hHkK", 3600), ("m", 60), ("s", 1)])
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .field("S", let count):
        result += Self.padded(nanoseconds, 9).prefix(count)
      case .field("n", let count): result += Self.padded(nanoseconds, count)
      case .field(let letter, let count):
        guard let value = values[letter] else {
          throw Self.error(
            "a duration has nothing for `\(letter)` in a pattern",
            hint: "it has y, q, M, w, d, H, m, s, S and n; put text into quotes")
        }
        result += Self.padded(value, count)
      }
    }
    return result
  }

  static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
  }
}
