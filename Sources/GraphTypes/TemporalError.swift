/// The errors of the temporal functions; all are openCypher's ArgumentError at run time.
enum TemporalError {
  static func invalid(_ message: String, hint: String? = nil) -> QueryError {
    QueryError(.argumentError, "InvalidArgumentValue", message, hint: hint)
  }

  /// The result of arithmetic or conversion lies outside the years ±999,999,999.
  static func outOfRange(_ what: String) -> QueryError {
    QueryError(
      .arithmeticError, "NumberOutOfRange",
      "the \(what) is out of range: years go from -999999999 to 999999999")
  }

  static func durationOverflow() -> QueryError {
    QueryError(
      .arithmeticError, "NumberOutOfRange",
      "the duration is out of range: months, days and seconds are 64-bit integers")
  }

  static func check(_ value: Int64, _ name: String, in range: ClosedRange<Int64>)
    throws(QueryError)
  {
    if !range.contains(value) {
      throw invalid(
        "\(name) must be between \(range.lowerBound) and \(range.upperBound), got \(value)")
    }
  }
}
