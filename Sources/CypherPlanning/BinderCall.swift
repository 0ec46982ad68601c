internal import Cypher
internal import GraphTypes

// CALL of procedures and of subqueries.

extension StatementBinder {
  // MARK: - Procedures

  /// - Returns: the clauses, and the columns of a standalone call.
  func procedureCall(
    _ tree: Cypher.ProcedureCall
  ) throws -> ([BoundClause], [OutputColumn]) {
    let name = tree.name.text
    guard let signature = catalogue.procedure(named: name) else {
      throw failure(
        "ProcedureNotFound", "there is no procedure `\(name)`", at: tree.name.range,
        hint: ForeignNames.adviceForProcedure(name)
          ?? didYouMean(name, among: catalogue.procedureNames)
          ?? "SHOW PROCEDURES lists all procedures", kind: .procedureError)
    }
    if signature.mode == .write { isUpdating = true }
    let arguments = try self.arguments(tree, signature)
    let columns = try yields(tree, signature)
    let call = ProcedureCall(
      name: signature.name, arguments: arguments,
      yields: columns.map { ProcedureYield(column: $0.field, variable: $0.output.variable) },
      isVoid: signature.outputs.isEmpty, isUpdating: signature.mode == .write)
    var clauses: [BoundClause] = [.call(call, isOptional: tree.isOptional)]
    var outputs = columns.map(\.output)
    if let predicate = tree.yield?.predicate {
      clauses.append(try filter(predicate))
      for index in outputs.indices {
        if let variable = scope.binding(outputs[index].name)?.variable {
          outputs[index].variable = variable
        }
      }
    }
    return (clauses, outputs)
  }

  private func arguments(
    _ tree: Cypher.ProcedureCall, _ signature: ProcedureSignature
  ) throws -> [BoundExpression] {
    guard let trees = tree.arguments else {
      return try signature.inputs.map { input in
        if let value = input.defaultValue, parameterNames?.contains(input.name) != true {
          return .literal(value)
        }
        return try parameter(input.name, tree.range).expression
      }
    }
    let least = signature.inputs.count { $0.defaultValue == nil }
    guard (least...signature.inputs.count).contains(trees.count) else {
      let list = signature.inputs.map { "\($0.name) :: \($0.type)" }.joined(separator: ", ")
      throw failure(
        "InvalidNumberOfArguments",
        "`\(signature.name)` does not take \(trees.count) arguments", at: tree.name.range,
        hint: "its form is `\(signature.name)(\(list))`")
    }
    var bound: [BoundExpression] = []
    for (tree, input) in zip(trees, signature.inputs) {
      let value = try with(aggregation: .forbidden) { try expression(tree) }
      try require(
        value, Self.accepted(input.type), "`\(input.name)` of `\(signature.name)` needs",
        at: tree.range)
      bound.append(value.expression)
    }
    for input in signature.inputs.dropFirst(bound.count) {
      bound.append(.literal(input.defaultValue ?? .null))
    }
    return bound
  }

  /// Numbers convert; which ones is seen when the call runs.
  private static func accepted(_ type: String) -> ValueKinds {
    let kinds = StaticType(named: type).kinds
    return kinds.isDisjoint(with: .number) ? kinds : kinds.union(.number)
  }

  private func yields(
    _ tree: Cypher.ProcedureCall, _ signature: ProcedureSignature
  ) throws -> [(field: String, output: OutputColumn)] {
    var result: [(field: String, output: OutputColumn)] = []
    switch tree.yield?.columns {
    case .items(let items):
      for item in items {
        guard let field = signature.outputs.first(where: { $0.name == item.column.name }) else {
          throw failure(
            "UndefinedVariable", "`\(signature.name)` has no column `\(item.column.name)`",
            at: item.column.range,
            hint: didYouMean(item.column.name, among: signature.outputs.map(\.name))
              ?? "it yields \(signature.outputs.map(\.name).joined(separator: ", "))")
        }
        result.append((field.name, try output(item.variable, field)))
      }
    case nil where !tree.isStandalone: break
    case .all, nil:
      for field in signature.outputs {
        result.append((field.name, try output(Identifier(field.name, range: tree.range), field)))
      }
    }
    return result
  }

  private func output(
    _ name: Identifier, _ field: ProcedureSignature.Field
  ) throws -> OutputColumn {
    if scope.binding(name.name) != nil {
      throw alreadyBound(
        name.name, at: name.range, hint: "rename it: `YIELD \(field.name) AS …`")
    }
    let variable = newVariable(name.name)
    let type = StaticType(named: field.type)
    scope.declare(name.name, Binding(variable, type))
    return OutputColumn(
      name: name.name, variable: variable, type: type, isNamed: true, range: name.range)
  }

  // MARK: - Subqueries

  func subqueryCall(_ tree: SubqueryCall) throws -> BoundClause {
    if let transactions = tree.transactions {
      throw notSupported(
        "CALL { … } IN TRANSACTIONS", at: transactions.range,
        hint: "leave it out: one transaction can be of any size")
    }
    let (query, columns, imports) =
      switch tree.imports {
      case .leadingWith: try importingWith(tree.query)
      case .all: try importing(scope.names, tree.query)
      case .variables(let names): try importing(names, tree.query)
      }
    for column in columns {
      if scope.binding(column.name) != nil {
        throw alreadyBound(
          column.name, at: column.range, hint: "return it under another name with AS")
      }
      guard column.isNamed else {
        throw failure(
          "NoExpressionAlias", "a column of a subquery needs a name", at: column.range,
          hint: "add `AS name`")
      }
      scope.declare(column.name, Binding(column.variable, column.type))
    }
    return .subquery(query, imports: imports, isOptional: tree.isOptional)
  }

  private typealias BoundCall = (BoundQuery, [OutputColumn], imports: [VariableID])

  /// `CALL (a, b) { … }`: all clauses see the imported variables.
  private func importing(_ names: [Identifier], _ tree: Query) throws -> BoundCall {
    var inner: [String: Binding] = [:]
    for name in names {
      guard let binding = scope.binding(name.name) else {
        throw undefined(name.name, at: name.range)
      }
      inner[name.name] = binding
    }
    return try importing(inner, tree)
  }

  private func importing(_ names: [String: Binding], _ tree: Query) throws -> BoundCall {
    var inner = Scope()
    for name in scope.names.keys where names[name] == nil { inner.hidden[name] = .notImported }
    inner.names = names
    return try with(scope: inner) {
      let ((query, columns), imports) = try subquery { try self.query(tree) }
      return (query, columns, imports)
    }
  }

  /// `CALL { WITH a, b … }`: the WITH names what is imported; later ones can drop it.
  private func importingWith(_ tree: Query) throws -> BoundCall {
    let outer = scope
    let ((query, columns), imports) = try subquery { () throws -> (BoundQuery, [OutputColumn]) in
      // Each part of a UNION has its own WITH.
      return try self.query(tree) { part in
        var inner = Scope()
        for name in outer.names.keys { inner.hidden[name] = .notImported }
        var part = part
        if let imports = Self.importingWith(part) {
          try self.importNames(imports, from: outer, into: &inner)
          self.warnOfDeprecated(
            "a WITH that passes variables into CALL { … }", at: imports.range,
            hint: "name them in parentheses: CALL (\(Self.names(of: imports))) { … }")
          if imports.predicate == nil { part.clauses.removeFirst() }
        }
        self.scope = inner
        return part
      }
    }
    return (query, columns, imports)
  }

  private static func names(of imports: WithClause) -> String {
    let names = imports.projection.items.compactMap(\.expression.variableName)
    return (imports.projection.includesAll ? ["*"] : names).joined(separator: ", ")
  }

  /// The leading WITH of plain variables.
  private static func importingWith(_ part: SingleQuery) -> WithClause? {
    guard case .with(let clause)? = part.clauses.first, part.clauses.count > 1 else { return nil }
    let projection = clause.projection
    let isPlain = projection.items.allSatisfy { item in
      guard let name = item.expression.variableName else { return false }
      return item.alias == nil || item.alias?.name == name
    }
    guard isPlain, !projection.isDistinct, projection.orderBy.isEmpty, projection.skip == nil,
      projection.limit == nil
    else { return nil }
    return clause
  }

  private func importNames(
    _ clause: WithClause, from outer: Scope, into inner: inout Scope
  ) throws {
    if clause.projection.includesAll {
      inner.names = outer.names.mapValues {
        var binding = $0
        binding.isOuter = false
        return binding
      }
      inner.hidden = [:]
    }
    for item in clause.projection.items {
      guard let name = item.expression.variableName else { continue }
      guard var binding = outer.binding(name) else {
        throw with(scope: outer) { undefined(name, at: item.expression.range) }
      }
      use(binding.expression)
      binding.isOuter = false
      inner.declare(name, binding)
    }
  }
}
