import GraphTypes

// CASE in its forms: searched (`CASE WHEN condition`), simple (`CASE x WHEN value`), and simple with
// several values or with the rest of a comparison: `CASE x WHEN 1, 2 … WHEN > 10 … WHEN IS NULL`.

extension Parser {
  mutating func caseExpression() throws(SyntaxFailure) -> Expression {
    let start = start
    advance()
    let written = at(.when) ? nil : try expression()
    // One that changes from one evaluation to the next gets a name, under which it stays the same.
    let name = written.flatMap { isRandom($0) ? Identifier("case", range: $0.range) : nil }
    let subject = name.map { Expression(.variable($0.name), range: $0.range) } ?? written
    var branches: [CaseBranchForm] = []
    repeat {
      try expect(.when, "of CASE")
      let condition: CaseBranchForm.Condition =
        if let subject { try caseConditions(subject) } else { .test(try predicate()) }
      try expect(.then, "and the value in this case")
      branches.append(CaseBranchForm(condition: condition, result: try expression()))
    } while at(.when)
    let otherwise = accept(.else) ? try expression() : nil
    if !accept(.end) {
      throw unexpected(
        otherwise == nil ? "WHEN, ELSE or END" : "END", candidates: [.when, .else, .end])
    }
    let result = caseExpression(subject, branches, otherwise, range: range(from: start))
    guard let name, let written else { return result }
    let list = Expression(.list([written]), range: written.range)
    let comprehension = ListComprehension(
      variable: name, list: list, predicate: nil, projection: result)
    let first = Expression(.literal(.integer(0)), range: result.range)
    return Expression(
      .subscript(Expression(.listComprehension(comprehension), range: result.range), first),
      range: result.range)
  }

  private func isRandom(_ subject: Expression) -> Bool {
    tokens.contains { token in
      guard subject.range.bounds.contains(token.range.lowerBound) else { return false }
      let word = text(token).lowercased()
      return word == "rand" || word == "randomuuid"
    }
  }

  /// A branch as it is written.
  private struct CaseBranchForm {
    enum Condition {
      /// A value that equals the subject.
      case value(Expression)
      /// A whole condition, in which the subject stands.
      case test(Expression)
    }
    var condition: Condition
    var result: Expression
  }

  /// One value is left to be compared; anything else becomes a condition on the subject.
  private mutating func caseConditions(
    _ subject: Expression
  ) throws(SyntaxFailure) -> CaseBranchForm.Condition {
    let start = start
    let first = try caseCondition(subject)
    if !at(.comma) { return first }
    var tests = [test(first, subject)]
    while accept(.comma) { tests.append(test(try caseCondition(subject), subject)) }
    return .test(Expression(.or(tests), range: range(from: start)))
  }

  private mutating func caseCondition(
    _ subject: Expression
  ) throws(SyntaxFailure) -> CaseBranchForm.Condition {
    let start = start
    guard let kind = try operatorsBehind(subject) else { return .value(try expression()) }
    return .test(Expression(kind, range: range(from: start)))
  }

  private func test(_ condition: CaseBranchForm.Condition, _ subject: Expression) -> Expression {
    switch condition {
    case .test(let test): test
    case .value(let value):
      Expression(
        .comparison(subject, [ComparisonTerm(operator: .equal, operand: value)]),
        range: value.range)
    }
  }

  /// The simple form where it does, else the searched one, in which every condition repeats the
  /// subject.
  private func caseExpression(
    _ subject: Expression?, _ branches: [CaseBranchForm], _ otherwise: Expression?,
    range: SourceRange
  ) -> Expression {
    let isSimple = branches.allSatisfy { if case .value = $0.condition { true } else { false } }
    let result = CaseExpression(
      subject: isSimple ? subject : nil,
      branches: branches.map { branch in
        switch (branch.condition, subject) {
        case (.value(let value), let subject?) where !isSimple:
          .init(condition: test(.value(value), subject), result: branch.result)
        case (.value(let condition), _), (.test(let condition), _):
          .init(condition: condition, result: branch.result)
        }
      },
      otherwise: otherwise)
    return Expression(.case(result), range: range)
  }
}
