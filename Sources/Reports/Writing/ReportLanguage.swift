import Tropa

/// In which language a report is, and how it writes numbers and dates.
public enum ReportLanguage: String, CaseIterable, Sendable {
  case en, ru

  func callAsFunction(_ phrase: Phrase) -> String { self == .ru ? phrase.ru : phrase.en }

  private var decimalSeparator: String { self == .ru ? "," : "." }
  private var groupSeparator: String { self == .ru ? "\u{A0}" : "," }

  // MARK: Numbers

  func number(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += groupSeparator }
      text.append(digit)
    }
    return text
  }

  /// - Parameter digits: after the separator.
  func number(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value.magnitude < 9e15 else { return "—" }
    let scale = [1, 10, 100, 1000, 10_000, 100_000][min(digits, 5)]
    let scaled = (value.magnitude * Double(scale)).rounded()
    guard scaled < 9e18 else { return number(Int(value)) }
    let whole = Int(scaled)
    let sign = value < 0 && whole > 0 ? "−" : ""
    let rest = String(whole % scale)
    let zeros = String(repeating: "0", count: digits - (digits == 0 ? 0 : rest.count))
    return sign + number(whole / scale)
      + (digits == 0 ? "" : decimalSeparator + zeros + rest)
  }

  /// A share as per cent.
  func percent(_ share: Double, digits: Int = 1) -> String {
    number(share * 100, digits: digits) + (self == .ru ? "\u{A0}%" : "%")
  }

  /// With its sign, also when above 0.
  func signed(_ value: Int) -> String { (value > 0 ? "+" : "") + number(value) }

  /// Money in full, with pence only for small amounts.
  func money(_ value: Double) -> String {
    number(value, digits: value.magnitude < 100 ? 2 : 0)
  }

  /// Money with three or four digits and a unit: 12.3 M.
  func compact(_ value: Double) -> String {
    let units: [(Double, Phrase)] = [(1e9, .billion), (1e6, .million), (1e3, .thousand)]
    for (size, name) in units where value.magnitude >= size * 0.9995 {
      return number(
        value / size,
        digits: value.magnitude < size * 99.95 && value != (value / size).rounded() * size ? 1 : 0)
        + "\u{A0}" + self(name)
    }
    return number(value, digits: value.magnitude < 10 && value != value.rounded() ? 1 : 0)
  }

  // MARK: Dates

  func date(_ date: LocalDate) -> String {
    self == .ru
      ? "\(Self.twoDigits(date.day)).\(Self.twoDigits(date.month)).\(date.year)"
      : "\(date.day) \(Self.months[Int(date.month) - 1]) \(date.year)"
  }

  /// A month of a year.
  func month(_ date: LocalDate) -> String {
    self == .ru
      ? "\(Self.twoDigits(date.month)).\(date.year)"
      : "\(Self.months[Int(date.month) - 1]) \(date.year)"
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
