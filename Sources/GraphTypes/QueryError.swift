/// What went wrong with a query: a code to branch on, a place to point at, a hint to act on.
///
/// `kind` and `detail` use openCypher's names (TCK: "a SyntaxError should be raised at compile
/// time: UndefinedVariable"). Thrown by every module from the parser to the executor.
public struct QueryError: Error, Equatable, Sendable {
  public enum Phase: String, Sendable { case compile, runtime }
  /// openCypher's classes of error, and a few of our own for limits.
  public enum Kind: String, Sendable {
    case syntaxError = "SyntaxError"
    case semanticError = "SemanticError"
    case parameterMissing = "ParameterMissing"
    case constraintVerificationFailed = "ConstraintVerificationFailed"
    case constraintValidationFailed = "ConstraintValidationFailed"
    /// An index or constraint cannot be made or dropped; `detail` is the last part of Neo4j's code.
    case schemaError = "SchemaError"
    case entityNotFound = "EntityNotFound"
    case propertyNotFound = "PropertyNotFound"
    case labelNotFound = "LabelNotFound"
    case typeError = "TypeError"
    case argumentError = "ArgumentError"
    case arithmeticError = "ArithmeticError"
    case procedureError = "ProcedureError"
    case timeout = "Timeout"
    case cancelled = "Cancelled"
    case memoryLimit = "MemoryLimit"
    case storage = "StorageError"
    case databaseLocked = "DatabaseLocked"
    /// Others have committed what a transaction cannot come after; it may succeed when run again.
    case transactionConflict = "TransactionConflict"
  }
  public var kind: Kind
  public var phase: Phase
  /// openCypher's detail, such as `UndefinedVariable`, `InvalidArgumentType`, `DivisionByZero`.
  public var detail: String
  public var message: String
  /// UTF-8 byte offsets into the query text.
  public var range: Range<Int>?
  public var hint: String?

  public init(
    _ kind: Kind, _ detail: String, _ message: String, phase: Phase = .runtime,
    range: Range<Int>? = nil, hint: String? = nil
  ) {
    self.kind = kind
    self.phase = phase
    self.detail = detail
    self.message = message
    self.range = range
    self.hint = hint
  }
}
