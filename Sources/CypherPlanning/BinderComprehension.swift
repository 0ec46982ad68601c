internal import Cypher
internal import GraphTypes

// Expressions with variables of their own, CASE and map projections.

extension StatementBinder {
  func caseExpression(_ tree: CaseExpression) throws -> TypedExpression {
    let subject = try tree.subject.map { try expression($0).expression }
    var type = StaticType.null
    var branches: [CaseBranch] = []
    for branch in tree.branches {
      let when = try expression(branch.condition)
      if subject == nil {
        try require(when, .boolean, "WHEN needs", at: branch.condition.range)
      }
      let then = try expression(branch.result)
      type = type.union(then.type)
      branches.append(CaseBranch(when: when.expression, then: then.expression))
    }
    let otherwise = try tree.otherwise.map { tree in
      let value = try expression(tree)
      type = type.union(value.type)
      return value.expression
    }
    return .init(.caseWhen(subject: subject, branches: branches, otherwise: otherwise), type)
  }

  /// Runs `body` with a variable that only it sees. Aggregation is not possible there.
  private func local<T>(
    _ name: Identifier, _ type: StaticType, _ body: (VariableID) throws -> T
  ) rethrows -> T {
    let variable = newVariable(name.name)
    var inner = scope
    inner.declareLocal(name.name, Binding(variable, type))
    return try with(scope: inner) {
      try with(aggregation: .forbidden) { try body(variable) }
    }
  }

  func listComprehension(
    _ tree: ListComprehension, _ range: SourceRange
  ) throws -> TypedExpression {
    let list = try expression(tree.list)
    return try local(tree.variable, list.type.element) { variable in
      let predicate = try tree.predicate.map { try condition($0) }
      let projection = try tree.projection.map { try expression($0) }
      return .init(
        placed(
          .listComprehension(
            variable, in: list.expression, where: predicate, yield: projection?.expression),
          at: range),
        .list(projection?.type.kinds ?? list.type.element.kinds))
    }
  }

  func quantifier(
    _ tree: QuantifierExpression, _ range: SourceRange
  ) throws -> TypedExpression {
    let list = try expression(tree.list)
    let quantifier: Quantifier =
      switch tree.kind {
      case .all: .all
      case .any: .any
      case .none: .none
      case .single: .single
      }
    return try local(tree.variable, list.type.element) { variable in
      let predicate = try condition(tree.predicate)
      return .init(
        placed(
          .quantifier(quantifier, variable, in: list.expression, where: predicate), at: range),
        .init(.boolean))
    }
  }

  func reduce(_ tree: ReduceExpression, _ range: SourceRange) throws -> TypedExpression {
    let initial = try expression(tree.initial)
    let list = try expression(tree.list)
    // The accumulator takes the body's type after the first element.
    return try local(tree.accumulator, .any) { accumulator in
      try local(tree.variable, list.type.element) { variable in
        let body = try expression(tree.body)
        return .init(
          placed(
            .reduce(
              accumulator: accumulator, from: initial.expression, variable, in: list.expression,
              yield: body.expression),
            at: range),
          initial.type.union(body.type))
      }
    }
  }

  private func condition(_ tree: Expression) throws -> BoundExpression {
    let value = try expression(tree)
    try require(value, .boolean, "WHERE needs", at: tree.range)
    return value.expression
  }

  func mapProjection(_ tree: MapProjection) throws -> TypedExpression {
    let subject = try variable(tree.subject.name, tree.subject.range)
    try require(
      subject, [.entity, .map], "a map projection needs", at: tree.subject.range)
    var entries: [MapEntry] = []
    var allProperties = false
    for item in tree.items {
      switch item {
      case .property(let key):
        if !subject.type.kinds.contains(.map) { warnOfUnknownKey(key) }
        entries.append(
          MapEntry(key: key.name, value: .property(subject.expression, key: key.name)))
      case .allProperties: allProperties = true
      case .entry(let entry): entries += try mapEntries([entry])
      case .variable(let name):
        entries.append(
          MapEntry(key: name.name, value: try variable(name.name, name.range).expression))
      }
    }
    return .init(
      .mapProjection(subject.expression, entries: entries, allProperties: allProperties),
      .init(.map))
  }
}
