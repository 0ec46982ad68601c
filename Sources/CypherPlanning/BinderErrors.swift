internal import Cypher
internal import GraphTypes

// How binding fails: openCypher's names, where, and what to do about it.

extension StatementBinder {
  func failure(
    _ detail: String, _ message: String, at range: SourceRange, hint: String? = nil,
    kind: QueryError.Kind = .syntaxError
  ) -> QueryError {
    QueryError(kind, detail, message, phase: .compile, range: range.bounds, hint: hint)
  }

  func didYouMean(_ name: String, among candidates: some Sequence<String>) -> String? {
    let candidates = Array(candidates)
    if let other = NameSuggestion.lookAlike(of: name, among: candidates) {
      return NameSuggestion.adviceForLookAlike(other)
    }
    return NameSuggestion.nearest(to: name, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// A name that cannot be used here.
  func undefined(_ name: String, at range: SourceRange) -> QueryError {
    switch scope.hidden[name] {
    case .ungrouped:
      return failure(
        "AmbiguousAggregationExpression",
        "`\(name)` is used beside an aggregation but is not a grouping key", at: range,
        hint: "return it (or the property that is used) as a column of its own, "
          + "or compute the sum in a WITH before")
    case .notConstant:
      return failure(
        "NonConstantExpression", "SKIP and LIMIT cannot depend on the variable `\(name)`",
        at: range, hint: "use a number or a parameter")
    case .dropped:
      return failure(
        "UndefinedVariable", "variable `\(name)` is not in scope here", at: range,
        hint: "only what WITH or RETURN passes on can be used behind it; add `\(name)` there")
    case .notImported:
      return failure(
        "UndefinedVariable", "variable `\(name)` is not known in the subquery", at: range,
        hint: "import it: `CALL (\(name)) { … }`")
    case nil:
      return failure(
        "UndefinedVariable", "variable `\(name)` is not defined", at: range,
        hint: didYouMean(name, among: scope.names.keys.sorted()))
    }
  }

  func alreadyBound(_ name: String, at range: SourceRange, hint: String? = nil) -> QueryError {
    failure(
      "VariableAlreadyBound", "variable `\(name)` already exists", at: range,
      hint: hint ?? "choose another name")
  }

  func typeConflict(
    _ name: String, _ type: StaticType, wanted: ValueKinds, at range: SourceRange
  ) -> QueryError {
    failure(
      "VariableTypeConflict",
      "variable `\(name)` is \(type.kinds.phrase), but is used as \(wanted.phrase)", at: range,
      hint: "choose another name for one of them")
  }

  /// Checks an operand or argument.
  /// - Parameter use: how the message starts: "`NOT` needs".
  func require(
    _ value: TypedExpression, _ allowed: ValueKinds, _ use: @autoclosure () -> String,
    at range: SourceRange, kind: QueryError.Kind = .syntaxError,
    hint: @autoclosure () -> String? = nil
  ) throws {
    guard value.type.excludes(allowed) else { return }
    throw failure(
      "InvalidArgumentType", "\(use()) \(allowed.phrase), not \(value.type.kinds.phrase)",
      at: range, hint: hint(), kind: kind)
  }

  func notSupported(_ what: String, at range: SourceRange, hint: String? = nil) -> QueryError {
    failure("UnexpectedSyntax", "\(what) is not supported", at: range, hint: hint)
  }
}
