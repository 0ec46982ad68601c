// Errors that operations on values raise, with openCypher's names.

extension QueryError {
  /// An operand or argument of a type that does not fit.
  static func invalidType(_ message: String, hint: String? = nil) -> QueryError {
    QueryError(.typeError, "InvalidArgumentType", message, hint: hint)
  }

  static let divisionByZero = QueryError(
    .arithmeticError, "DivisionByZero", "division by zero",
    hint: "test the divisor first, or divide floating-point numbers to get Infinity or NaN")

  static func integerOverflow(_ expression: String) -> QueryError {
    QueryError(
      .arithmeticError, "IntegerOverflow",
      "\(expression) is beyond the range of integers, ±9223372036854775807",
      hint: "toFloat() on an operand computes with floating-point numbers")
  }
}
