internal import Cypher
internal import GraphTypes

extension NaiveInterpreter {
  func isTrue(_ predicate: Expression, _ row: Row) throws -> Bool {
    try truth(evaluate(predicate, row)) == true
  }

  func truth(_ value: Value) throws -> Bool? {
    switch value {
    case .null: nil
    case .boolean(let value): value
    default: throw NaiveError.type("a truth value")
    }
  }

  private func boolean(_ truth: Bool?) -> Value { truth.map { .boolean($0) } ?? .null }

  func evaluate(_ expression: Expression, _ row: Row) throws -> Value {
    try evaluate(expression, Scope(row: row))
  }

  func evaluate(_ expression: Expression, _ scope: Scope) throws -> Value {
    try spend()
    if let value = scope.aggregates[expression] { return value }
    switch expression.kind {
    case .literal(let literal): return Value(literal)
    case .parameter(let name): return parameters[name] ?? .null
    case .variable(let name):
      guard let value = scope.row[name] else { throw NaiveError.unsupported("variable \(name)") }
      return value
    case .list(let items): return .list(try items.map { try evaluate($0, scope) })
    case .map(let entries): return .map(try map(entries, scope))
    case .property(let base, let key):
      return try property(try evaluate(base, scope), .string(key.name))
    case .subscript(let base, let index):
      return try property(try evaluate(base, scope), try evaluate(index, scope))
    case .slice(let base, let from, let to): return try slice(base, from, to, scope)
    case .hasLabels(let base, let labels):
      let value = try evaluate(base, scope)
      return value.isNullValue ? .null : .boolean(try holds(labels, of: value))
    case .or(let operands):
      let truths = try operands.map { try truth(evaluate($0, scope)) }
      if truths.contains(where: { $0 == .some(true) }) { return .boolean(true) }
      return truths.contains(where: { $0 == nil }) ? .null : .boolean(false)
    case .and(let operands):
      return boolean(Value.all(try operands.map { try truth(evaluate($0, scope)) }))
    case .xor(let operands):
      let truths = try operands.map { try truth(evaluate($0, scope)) }
      if truths.contains(where: { $0 == nil }) { return .null }
      return .boolean(truths.count { $0 == true } % 2 == 1)
    case .not(let operand): return boolean(try truth(evaluate(operand, scope)).map { !$0 })
    case .comparison(let first, let terms):
      var left = try evaluate(first, scope)
      var truths: [Bool?] = []
      for term in terms {
        let right = try evaluate(term.operand, scope)
        truths.append(compare(term.operator, left, right))
        left = right
      }
      return boolean(Value.all(truths))
    case .arithmetic(let first, let terms):
      if terms.first?.operator == .power {
        // From left to right too.
        return try terms.reduce(try evaluate(first, scope)) {
          try Value.naiveArithmetic("^", $0, try evaluate($1.operand, scope))
        }
      }
      return try terms.reduce(try evaluate(first, scope)) {
        try Value.naiveArithmetic($1.operator.rawValue, $0, try evaluate($1.operand, scope))
      }
    case .negate(let operand): return try negated(try evaluate(operand, scope))
    case .plus(let operand): return try evaluate(operand, scope)
    case .string(let symbol, let left, let right):
      guard case .string(let text) = try evaluate(left, scope),
        case .string(let part) = try evaluate(right, scope)
      else { return .null }
      let (all, some) = (Array(text.unicodeScalars), Array(part.unicodeScalars))
      switch symbol {
      case .startsWith: return .boolean(all.starts(with: some))
      case .endsWith: return .boolean(all.reversed().starts(with: some.reversed()))
      case .contains:
        return .boolean(
          (0...all.count).contains { all[$0...].starts(with: some) })
      case .matches: throw NaiveError.unsupported("=~")
      }
    case .membership(let element, let list):
      let value = try evaluate(element, scope)
      switch try evaluate(list, scope) {
      case .null: return .null
      case .list(let items):
        let truths = items.map { Value.naiveEquals(value, $0) }
        if truths.contains(where: { $0 == .some(true) }) { return .boolean(true) }
        return truths.contains(where: { $0 == nil }) ? .null : .boolean(false)
      default: throw NaiveError.type("IN")
      }
    case .isNull(let operand, let negated):
      return .boolean(try evaluate(operand, scope).isNullValue != negated)
    case .call(let call): return try function(call, scope)
    case .case(let expression): return try conditional(expression, scope)
    case .listComprehension(let comprehension):
      guard let items = try list(comprehension.list, scope) else { return .null }
      var result: [Value] = []
      for item in items {
        let inner = scope.binding(comprehension.variable.name, item)
        if let predicate = comprehension.predicate,
          try truth(evaluate(predicate, inner)) != true
        {
          continue
        }
        result.append(try comprehension.projection.map { try evaluate($0, inner) } ?? item)
      }
      return .list(result)
    case .patternComprehension(let comprehension):
      var result: [Value] = []
      for row in try solutions([comprehension.pattern], scope.row) {
        if let predicate = comprehension.predicate, try !isTrue(predicate, row) { continue }
        result.append(try evaluate(comprehension.projection, row))
      }
      return .list(result)
    case .quantifier(let quantifier):
      guard let items = try list(quantifier.list, scope) else { return .null }
      let truths = try items.map {
        try truth(evaluate(quantifier.predicate, scope.binding(quantifier.variable.name, $0)))
      }
      let (trues, nulls) = (truths.count { $0 == true }, truths.count { $0 == nil })
      switch quantifier.kind {
      case .all: return boolean(Value.all(truths))
      case .any: return trues > 0 ? .boolean(true) : nulls > 0 ? .null : .boolean(false)
      case .none: return trues > 0 ? .boolean(false) : nulls > 0 ? .null : .boolean(true)
      case .single:
        return trues > 1 ? .boolean(false) : nulls > 0 ? .null : .boolean(trues == 1)
      }
    case .reduce(let reduce):
      guard let items = try list(reduce.list, scope) else { return .null }
      var value = try evaluate(reduce.initial, scope)
      for item in items {
        value = try evaluate(
          reduce.body,
          scope.binding(reduce.accumulator.name, value).binding(reduce.variable.name, item))
      }
      return value
    case .mapProjection(let projection): return try mapProjection(projection, scope)
    case .pattern(let pattern):
      guard case .all = pattern.selector else { throw NaiveError.unsupported("shortest path") }
      return .boolean(try !solutions([pattern], scope.row).isEmpty)
    case .subquery(let subquery): return try self.subquery(subquery, scope.row)
    case .countAll, .isTyped, .isNormalized: throw NaiveError.unsupported("expression")
    }
  }

  private func map(_ entries: [MapEntry], _ scope: Scope) throws -> [String: Value] {
    var map: [String: Value] = [:]
    for entry in entries { map[entry.key.name] = try evaluate(entry.value, scope) }
    return map
  }

  /// nil for null.
  private func list(_ expression: Expression, _ scope: Scope) throws -> [Value]? {
    switch try evaluate(expression, scope) {
    case .null: nil
    case .list(let items): items
    default: throw NaiveError.type("a list")
    }
  }

  private func compare(_ symbol: ComparisonOperator, _ a: Value, _ b: Value) -> Bool? {
    switch symbol {
    case .equal: return Value.naiveEquals(a, b)
    case .notEqual: return Value.naiveEquals(a, b).map { !$0 }
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    }
    let order = Value.naiveCompare(a, b)
    switch (order, symbol) {
    case (.null, _): return nil
    case (.never, _): return false
    case (.less, .less), (.less, .lessOrEqual), (.greater, .greater), (.greater, .greaterOrEqual),
      (.equal, .lessOrEqual), (.equal, .greaterOrEqual):
      return true
    default: return false
    }
  }

  private func negated(_ value: Value) throws -> Value {
    switch value {
    case .null: return .null
    case .integer(.min): throw NaiveError.arithmetic("overflow")
    case .integer(let value): return .integer(-value)
    case .float(let value): return .float(-value)
    default: throw NaiveError.type("-")
    }
  }

  func properties(of value: Value) throws -> [String: Value] {
    switch value {
    case .map(let entries): return entries
    case .node(let node):
      guard let record = graph.nodes[node.id.rawValue] else { throw NaiveError.deleted }
      return record.properties
    case .relationship(let relationship):
      guard let record = graph.relationships[relationship.id.rawValue] else {
        throw NaiveError.deleted
      }
      return record.properties
    default: throw NaiveError.type("properties")
    }
  }

  private func property(_ base: Value, _ key: Value) throws -> Value {
    if base.isNullValue || key.isNullValue { return .null }
    if case .list(let items) = base {
      guard case .integer(let index) = key else { throw NaiveError.type("an index") }
      let place = index < 0 ? Int(index) + items.count : Int(index)
      return items.indices.contains(place) ? items[place] : .null
    }
    guard case .string(let key) = key else { throw NaiveError.type("a key") }
    return try properties(of: base)[key] ?? .null
  }

  private func slice(
    _ base: Expression, _ from: Expression?, _ to: Expression?, _ scope: Scope
  ) throws -> Value {
    let bounds = try [from, to].map { try $0.map { try evaluate($0, scope) } }
    guard let items = try list(base, scope) else { return .null }
    if bounds.contains(where: { $0?.isNullValue == true }) { return .null }
    func place(_ value: Value?, or fallback: Int) throws -> Int {
      guard let value else { return fallback }
      guard case .integer(let index) = value else { throw NaiveError.type("a bound") }
      let place = index < 0 ? Int(index) + items.count : Int(index)
      return min(max(place, 0), items.count)
    }
    let (low, high) = (try place(bounds[0], or: 0), try place(bounds[1], or: items.count))
    return .list(low < high ? Array(items[low..<high]) : [])
  }

  private func conditional(_ expression: CaseExpression, _ scope: Scope) throws -> Value {
    let subject = try expression.subject.map { try evaluate($0, scope) }
    for branch in expression.branches {
      let condition = try evaluate(branch.condition, scope)
      let isChosen =
        if let subject { Value.naiveEquals(subject, condition) } else { try truth(condition) }
      if isChosen == true { return try evaluate(branch.result, scope) }
    }
    return try expression.otherwise.map { try evaluate($0, scope) } ?? .null
  }

  private func mapProjection(_ projection: MapProjection, _ scope: Scope) throws -> Value {
    guard let subject = scope.row[projection.subject.name] else {
      throw NaiveError.unsupported("subject")
    }
    if subject.isNullValue { return .null }
    var result: [String: Value] = [:]
    for item in projection.items {
      switch item {
      case .property(let key): result[key.name] = try property(subject, .string(key.name))
      case .allProperties: result.merge(try properties(of: subject)) { $1 }
      case .entry(let entry): result[entry.key.name] = try evaluate(entry.value, scope)
      case .variable(let name): result[name.name] = scope.row[name.name] ?? .null
      }
    }
    return .map(result)
  }

  private func subquery(_ subquery: SubqueryExpression, _ row: Row) throws -> Value {
    switch (subquery.body, subquery.kind) {
    case (.patterns(let patterns, let predicate), let kind):
      var rows = try solutions(patterns, row)
      if let predicate { rows = try rows.filter { try isTrue(predicate, $0) } }
      return kind == .exists ? .boolean(!rows.isEmpty) : .integer(Int64(rows.count))
    case (.query(let query), .collect):
      return .list(try run(query, from: row)?.rows.map { $0[0] } ?? [])
    case (.query(let query), .exists): return .boolean(try rowCount(query, from: row) > 0)
    case (.query(let query), .count): return .integer(Int64(try rowCount(query, from: row)))
    }
  }
}

extension Scope {
  fileprivate func binding(_ name: String, _ value: Value) -> Scope {
    var scope = self
    scope.row[name] = value
    return scope
  }
}

extension Value {
  fileprivate init(_ literal: Literal) {
    switch literal {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    }
  }
}
