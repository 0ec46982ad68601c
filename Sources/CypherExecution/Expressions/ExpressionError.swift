internal import GraphTypes

/// Errors of expressions, with openCypher's names.
enum ExpressionError {
  /// An operand of a type that does not fit.
  static func type(_ message: String, hint: String? = nil) -> QueryError {
    QueryError(.typeError, "InvalidArgumentType", message, hint: hint)
  }

  /// A function's argument of a type that it does not take, for the functions of which openCypher
  /// says so.
  static func argumentType(_ function: String, takes: String, _ value: Value) -> QueryError {
    QueryError(
      .typeError, "InvalidArgumentValue",
      "\(function)() takes \(takes), not \(value.typeNameWithArticle)")
  }

  static func argument(_ message: String, hint: String? = nil) -> QueryError {
    QueryError(.argumentError, "InvalidArgumentValue", message, hint: hint)
  }

  static func outOfRange(_ message: String, hint: String? = nil) -> QueryError {
    QueryError(.argumentError, "NumberOutOfRange", message, hint: hint)
  }

  static func notBoolean(_ value: Value, _ place: String, _ range: Range<Int>?) -> QueryError {
    var error = type("\(place) needs a boolean, not \(value.typeNameWithArticle)")
    error.range = range
    return error
  }

  /// A date or time, duration or point without the part that is asked for.
  static func noPart(_ name: String, of value: Value) -> QueryError {
    let parts = value.componentNames
    return argument(
      "\(value.typeNameWithArticle) has no part `\(name)`",
      hint: NameSuggestion.nearest(to: name, among: parts).map { "did you mean `\($0)`?" }
        ?? "it has " + parts.joined(separator: ", "))
  }

  static func deleted(_ what: String) -> QueryError {
    QueryError(
      .entityNotFound, "DeletedEntityAccess",
      "the \(what) was deleted earlier in this statement",
      hint: "read what is needed in a WITH before the DELETE")
  }

  static func missingParameter(_ name: String, _ given: [String: Value]) -> QueryError {
    let nearest = NameSuggestion.nearest(to: name, among: given.keys.sorted())
    return QueryError(
      .parameterMissing, "MissingParameter", "the parameter $\(name) was not given a value",
      hint: nearest.map { "$\($0) was given: is that the one?" })
  }

  static func integerOverflow(_ what: String) -> QueryError {
    QueryError(
      .arithmeticError, "IntegerOverflow",
      "\(what) is beyond the range of integers, ±9223372036854775807",
      hint: "toFloat() on an operand computes with floating-point numbers")
  }
}
