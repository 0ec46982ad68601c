internal import Cypher
internal import GraphTypes

// WITH and RETURN.

/// A column that a query returns.
struct OutputColumn {
  var name: String
  var variable: VariableID
  var type: StaticType
  /// Whether other clauses can use its name: it is an alias or a variable.
  var isNamed: Bool
  var range: SourceRange
}

extension StatementBinder {
  /// An item of a projection; `*` has been expanded.
  private struct Item {
    var name: String
    var tree: Expression
    var isNamed: Bool
    var isAggregate: Bool
    var range: SourceRange
  }

  /// Binds WITH or RETURN. Afterwards only the projected names are in scope, and the names from
  /// around a subquery.
  func projection(
    _ tree: Cypher.Projection, where predicate: Expression?, clause: String
  ) throws -> (BoundProjection, [OutputColumn]) {
    let input = scope
    let items = try self.items(tree, clause)
    let isAggregating = items.contains(where: \.isAggregate)
    var result = BoundProjection(items: [], isDistinct: tree.isDistinct)
    var columns: [OutputColumn] = []
    var collector: AggregateCollector?

    if isAggregating {
      let collected = AggregateCollector(input: input)
      let groups = try aggregatingItems(items, collected, &result, &columns)
      result.aggregation = .init(groups: groups, aggregates: [])
      collector = collected
    } else {
      for item in items {
        let value = try with(aggregation: .forbidden) { try expression(item.tree) }
        add(item, value, &result, &columns)
      }
    }

    let keepsInput = !isAggregating && !tree.isDistinct
    let projected = projectedScope(columns, input)
    if !tree.orderBy.isEmpty {
      collector?.input = sortScope(items, columns, input, keepsInput: false, isArgument: true)
      collector?.isAfterProjection = true
      collector?.isClosed = tree.isDistinct
      let inner = sortScope(items, columns, input, keepsInput: keepsInput, isArgument: false)
      let mode = collector.map { AggregationMode.collected($0) } ?? .forbidden
      result.sortKeys = try tree.orderBy.map { key in
        try with(scope: sortScope(inner, of: items, key.expression)) {
          try with(aggregation: mode) {
            SortKey(try expression(key.expression).expression, isDescending: key.isDescending)
          }
        }
      }
    }
    if let collector { result.aggregation?.aggregates = collector.aggregates }
    if let predicate {
      var inner = projected
      if keepsInput {
        inner = input
        for (name, binding) in projected.names where !binding.isOuter {
          inner.declare(name, binding)
        }
      }
      result.predicates = try with(scope: inner) {
        try with(aggregation: .forbidden) { try predicates(predicate, "WHERE") }
      }
    }
    result.skip = try tree.skip.map { try rowCount($0, "SKIP") }
    result.limit = try tree.limit.map { try rowCount($0, "LIMIT") }
    scope = projected
    return (result, columns)
  }

  // MARK: - Items

  private func items(_ tree: Cypher.Projection, _ clause: String) throws -> [Item] {
    var items: [Item] = []
    if tree.includesAll {
      var names = scope.names.filter { !$0.value.isOuter }.keys.sorted()
      if clause == "YIELD" {
        // The columns of SHOW have an order of their own.
        names.sort { place(of: $0) < place(of: $1) }
      }
      if names.isEmpty, tree.items.isEmpty, clause == "RETURN" {
        throw failure(
          "NoVariablesInScope", "`RETURN *` needs at least one variable", at: tree.range,
          hint: "name a node or relationship of the pattern")
      }
      items = names.map {
        Item(
          name: $0, tree: Expression(.variable($0), range: tree.range), isNamed: true,
          isAggregate: false, range: tree.range)
      }
    }
    for item in tree.items {
      let variable = item.expression.variableName
      let text = source.text(item.expression.range)
      let isParenthesized = clause == "RETURN" && text.hasPrefix("(")
      items.append(
        Item(
          name: item.alias?.name ?? (isParenthesized ? nil : variable) ?? text,
          tree: item.expression, isNamed: item.alias != nil || variable != nil,
          isAggregate: containsAggregate(item.expression), range: item.range))
    }
    var names: Set<String> = []
    for item in items where !names.insert(item.name).inserted {
      throw failure(
        "ColumnNameConflict", "two columns are named `\(item.name)`", at: item.range,
        hint: "give one of them another name with AS")
    }
    return items
  }

  private func place(of name: String) -> Int { scope.names[name]?.variable?.rawValue ?? 0 }

  private func add(
    _ item: Item, _ value: TypedExpression, _ result: inout BoundProjection,
    _ columns: inout [OutputColumn]
  ) {
    let target = newVariable(item.name)
    result.items.append(Projection(target, value.expression))
    columns.append(
      OutputColumn(
        name: item.name, variable: target, type: value.type, isNamed: item.isNamed,
        range: item.range))
  }

  /// Items beside aggregations are grouping keys; in items with an aggregation, only those can stand
  /// beside it.
  /// - Returns: the grouping keys.
  private func aggregatingItems(
    _ items: [Item], _ collector: AggregateCollector, _ result: inout BoundProjection,
    _ columns: inout [OutputColumn]
  ) throws -> [Projection] {
    var groups: [Projection] = []
    var keys: [Int: Binding] = [:]
    var grouped = Scope()
    for name in scope.names.keys { grouped.hidden[name] = .ungrouped }
    for (name, reason) in scope.hidden { grouped.hidden[name] = reason }
    for (index, item) in items.enumerated() where !item.isAggregate {
      let value = try with(aggregation: .forbidden) { try expression(item.tree) }
      let group = newVariable(item.tree.variableName)
      groups.append(Projection(group, value.expression))
      let binding = Binding(group, value.type)
      keys[index] = binding
      if let name = item.tree.variableName {
        grouped.declare(name, binding)
      } else if Self.isSimpleKey(item.tree) {
        grouped.substitutions.append(
          .init(tree: item.tree, binding: binding, names: item.tree.mentionedNames))
      }
    }
    for (index, item) in items.enumerated() {
      if let key = keys[index] {
        add(item, .init(key.expression, key.type), &result, &columns)
      } else {
        let value = try with(scope: grouped) {
          try with(aggregation: .collected(collector)) { try expression(item.tree) }
        }
        add(item, value, &result, &columns)
      }
    }
    return groups
  }

  /// Whether openCypher lets a grouping key stand inside a larger expression beside an aggregation:
  /// a sum does not, since `a + b + count(*)` has no part `a + b` to the eye.
  private static func isSimpleKey(_ tree: Expression) -> Bool {
    switch tree.kind {
    case .arithmetic, .and, .or, .xor, .not, .comparison, .literal: false
    default: true
    }
  }

  // MARK: - Scopes

  private func projectedScope(_ columns: [OutputColumn], _ input: Scope) -> Scope {
    var result = Scope()
    result.hidden = input.hidden
    for (name, binding) in input.names {
      if binding.isOuter { result.names[name] = binding } else { result.hidden[name] = .dropped }
    }
    for column in columns where column.isNamed {
      result.declare(column.name, Binding(column.variable, column.type))
    }
    return result
  }

  /// What ORDER BY sees: the columns, also by the expressions that they were made from.
  private func sortScope(
    _ items: [Item], _ columns: [OutputColumn], _ input: Scope, keepsInput: Bool,
    isArgument: Bool
  ) -> Scope {
    var result: Scope
    if keepsInput {
      result = input
    } else {
      result = Scope()
      result.hidden = input.hidden
      for name in input.names.keys { result.hidden[name] = .dropped }
    }
    for (item, column) in zip(items, columns) {
      let binding = Binding(column.variable, column.type)
      if let name = item.tree.variableName {
        if !keepsInput { result.declare(name, binding) }
      } else if !isArgument, !item.tree.isConstant {
        result.substitutions.append(
          .init(tree: item.tree, binding: binding, names: item.tree.mentionedNames))
      }
    }
    for column in columns where column.isNamed {
      result.declare(column.name, Binding(column.variable, column.type))
    }
    return result
  }

  /// Beside an aggregation in ORDER BY, a part of a grouping key has no single value.
  private func sortScope(_ scope: Scope, of items: [Item], _ key: Expression) -> Scope {
    var scope = scope
    guard containsAggregate(key) else { return scope }
    for item in items where !item.isAggregate {
      for name in item.tree.mentionedNames ?? [] where scope.hidden[name] == .dropped {
        scope.hidden[name] = .ungrouped
      }
    }
    return scope
  }

  /// SKIP and LIMIT: a number that is the same for all rows.
  private func rowCount(_ tree: Expression, _ clause: String) throws -> BoundExpression {
    var constant = Scope()
    for name in scope.names.keys { constant.hidden[name] = .notConstant }
    for name in scope.hidden.keys { constant.hidden[name] = .notConstant }
    let value = try with(scope: constant) {
      try with(aggregation: .forbidden) { try expression(tree) }
    }
    if case .literal(.integer(let number)) = value.expression, number < 0 {
      throw negative(clause, tree)
    }
    if case .negate(.literal(.integer(let number))) = value.expression, number > 0 {
      throw negative(clause, tree)
    }
    try require(value, .integer, "\(clause) needs", at: tree.range)
    return value.expression
  }

  private func negative(_ clause: String, _ tree: Expression) -> QueryError {
    failure(
      "NegativeIntegerArgument", "\(clause) cannot be negative", at: tree.range,
      hint: "use a number from 0")
  }
}
