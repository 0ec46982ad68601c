internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `subject:$(names)`, `subject:$any(names)`.
final class ComputedLabelNode: ExpressionNode {
  private let subject: ExpressionNode
  private let names: ExpressionNode
  private let any: Bool
  private let evaluation: Evaluation
  /// The test for the names of the row before, which are mostly those of the next row too.
  private var last: (names: Value, test: LabelNode)?

  init(_ subject: ExpressionNode, _ names: ExpressionNode, any: Bool, _ evaluation: Evaluation) {
    self.subject = subject
    self.names = names
    self.any = any
    self.evaluation = evaluation
    super.init(children: [subject, names])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    if let names = try names.constantValue() { return try test(names).evaluate(batch) }
    let subjects = try subject.evaluate(batch)
    return try mapRows(subjects, try names.evaluate(batch), batch.count) { subject, names in
      try test(names).test(subject)
    }
  }

  private func test(_ names: Value) throws -> LabelNode {
    if let last, last.names == names { return last.test }
    let labels = try ComputedNames.strings(names).map { LabelPredicate.label($0) }
    let test = LabelNode(subject, any ? .or(labels) : .and(labels), evaluation)
    last = (names, test)
    return test
  }
}

/// The names that `$(expression)` gives.
enum ComputedNames {
  /// - Parameter value: a string or a list of strings.
  static func strings(_ value: Value) throws -> [String] {
    let values = if case .list(let values) = value { values } else { [value] }
    return try values.map { value in
      guard case .string(let name) = value else {
        throw ExpressionError.type(
          "a computed label or type must be a string or a list of strings, not "
            + value.typeNameWithArticle)
      }
      guard !name.isEmpty else { throw ExpressionError.argument("a label or type cannot be empty") }
      return name
    }
  }

  static func relationshipType(_ value: Value) throws -> String {
    let names = try strings(value)
    guard names.count == 1 else {
      throw ExpressionError.argument(
        "a new relationship needs exactly one type, and $(…) gives \(names.count)")
    }
    return names[0]
  }
}
