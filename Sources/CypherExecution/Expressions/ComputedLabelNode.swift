internal import CypherPlanning
internal import GraphColumns
internal import GraphTypes

/// `subject:$(names)`, `subject:$any(names)`.
final class ComputedLabelNode: ExpressionNode {
  private let subject: ExpressionNode
  private let names: ExpressionNode
  private let quantifier: NameQuantifier
  private let evaluation: Evaluation
  /// Of the names in the text.
  private let range: Range<Int>?
  /// The test for the names of the row before, which are mostly those of the next row too.
  private var last: (names: Value, test: LabelNode)?

  init(
    _ subject: ExpressionNode, _ names: ExpressionNode, _ quantifier: NameQuantifier,
    _ evaluation: Evaluation, range: Range<Int>?
  ) {
    self.subject = subject
    self.names = names
    self.quantifier = quantifier
    self.evaluation = evaluation
    self.range = range
    super.init(children: [subject, names])
  }

  override func evaluate(_ batch: Batch) throws -> Vector {
    if let names = try names.constantValue() { return try test(names).evaluate(batch) }
    let subjects = try subject.evaluate(batch)
    return try mapRows(subjects, try names.evaluate(batch), batch.count) { subject, names in
      if case .null = subject { return .null }
      return try test(names).test(subject)
    }
  }

  private func test(_ names: Value) throws -> LabelNode {
    if let last, last.names == names { return last.test }
    let labels = try placing(at: range) {
      quantifier == .single
        ? [try ComputedNames.relationshipType(names)] : try ComputedNames.strings(names)
    }
    let predicates = labels.map { LabelPredicate.label($0) }
    let test = LabelNode(
      subject, quantifier == .any ? .or(predicates) : .and(predicates), evaluation)
    last = (names, test)
    return test
  }
}

/// `$(expression)` of a clause that writes.
struct WrittenNames {
  private let expression: CompiledExpression
  private let range: Range<Int>?

  init(_ names: BoundExpression, layout: RowLayout, context: ExecutionContext) throws {
    expression = try CompiledExpression(names, layout: layout, context: context)
    range = context.places?.place(of: names, as: "$()")
  }

  func evaluate(_ batch: Batch) throws -> Vector { try expression.evaluate(batch) }

  /// Of what `evaluate` has given.
  func labels(_ names: Vector?, row: Int) throws -> [String] {
    try placing(at: range) { try ComputedNames.strings(names?.boxed(row) ?? .null) }
  }

  func relationshipType(_ names: Vector, row: Int) throws -> String {
    try placing(at: range) { try ComputedNames.relationshipType(names.boxed(row)) }
  }
}

/// The names that `$(expression)` gives.
private enum ComputedNames {
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
