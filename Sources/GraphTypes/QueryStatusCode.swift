extension QueryError {
  /// The status code that drivers of Neo4j know: `Neo.ClientError.Statement.SyntaxError`.
  public var statusCode: String {
    switch kind {
    case .syntaxError: "Neo.ClientError.Statement.SyntaxError"
    case .semanticError: "Neo.ClientError.Statement.SemanticError"
    case .parameterMissing: "Neo.ClientError.Statement.ParameterMissing"
    case .constraintVerificationFailed, .constraintValidationFailed:
      "Neo.ClientError.Schema.ConstraintValidationFailed"
    case .schemaError:
      "Neo.\(detail.hasSuffix("Failed") ? "DatabaseError" : "ClientError").Schema.\(detail)"
    case .entityNotFound: "Neo.ClientError.Statement.EntityNotFound"
    case .propertyNotFound: "Neo.ClientError.Statement.PropertyNotFound"
    case .labelNotFound: "Neo.ClientError.Statement.LabelNotFound"
    case .typeError: "Neo.ClientError.Statement.TypeError"
    case .argumentError: "Neo.ClientError.Statement.ArgumentError"
    case .arithmeticError: "Neo.ClientError.Statement.ArithmeticError"
    case .procedureError: "Neo.ClientError.Procedure.ProcedureCallFailed"
    case .timeout: "Neo.ClientError.Transaction.TransactionTimedOut"
    case .cancelled: "Neo.ClientError.Transaction.Terminated"
    case .memoryLimit: "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
    case .storage: storageCode
    case .databaseLocked: "Neo.TransientError.Transaction.LockAcquisitionTimeout"
    case .transactionConflict: "Neo.TransientError.Transaction.Outdated"
    }
  }

  /// By the store's word for it (`StoreError.Code`).
  private var storageCode: String {
    switch detail {
    case "damaged", "notADatabase": "Neo.DatabaseError.General.StorageDamageDetected"
    case "diskFull", "mapFull": "Neo.DatabaseError.General.UnknownError"
    case "readOnly", "ReadOnlyTransaction": "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase"
    default: "Neo.DatabaseError.General.UnknownError"
    }
  }
}
