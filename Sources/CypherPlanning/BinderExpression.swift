internal import Cypher
internal import GraphTypes

// Expressions. One method per form, so that the recursion's frames stay small.

extension StatementBinder {
  /// How many operators in a row, `a + b + c …`, those around the row too, make a tree of that depth
  /// at most.
  private static let maximumOperators = 1_000
  /// How many operands of one chain of comparisons get names; each is a level of the tree.
  private static let maximumNamedOperands = 100

  func expression(_ tree: Expression) throws -> TypedExpression {
    if !scope.substitutions.isEmpty, let binding = scope.substitution(for: tree) {
      use(binding.expression)
      return TypedExpression(binding.expression, binding.type)
    }
    switch tree.kind {
    case .literal(let literal): return self.literal(literal)
    case .parameter(let name): return try parameter(name, tree.range)
    case .variable(let name): return try variable(name, tree.range)
    case .list(let items): return try list(items)
    case .map(let entries): return try map(entries)
    case .property(let base, let key): return try property(base, key, tree.range)
    case .subscript(let base, let index): return try element(base, index, tree.range)
    case .slice(let base, let from, let to): return try slice(base, from, to, tree.range)
    case .hasLabels(let base, let labels): return try hasLabels(base, labels)
    case .or(let operands): return try connective("OR", operands) { .or($0) }
    case .and(let operands): return try connective("AND", operands) { .and($0) }
    case .xor(let operands): return try exclusiveOr(operands, tree.range)
    case .not(let operand): return try not(operand)
    case .comparison(let first, let terms): return try comparison(first, terms, tree.range)
    case .arithmetic(let first, let terms): return try arithmetic(first, terms, tree.range)
    case .negate(let operand): return try negation(operand)
    case .plus(let operand): return try unaryPlus(operand)
    case .string(let op, let a, let b): return try stringPredicate(op, a, b, tree.range)
    case .membership(let element, let list):
      return try membership(element, list, tree.range)
    case .isNull(let operand, let negated): return try nullTest(operand, negated)
    case .isTyped(let operand, let type, let negated): return try typeTest(operand, type, negated)
    case .isNormalized(let operand, let form, let negated):
      return try normalizationTest(operand, form, negated)
    case .call(let call): return try self.call(call, tree)
    case .countAll: return try countAll(tree)
    case .case(let expression): return try caseExpression(expression)
    case .listComprehension(let comprehension):
      return try listComprehension(comprehension, tree.range)
    case .patternComprehension(let comprehension): return try patternComprehension(comprehension)
    case .quantifier(let expression): return try quantifier(expression, tree.range)
    case .reduce(let expression): return try reduce(expression, tree.range)
    case .mapProjection(let projection): return try mapProjection(projection)
    case .pattern(let pattern): return try patternExpression(pattern)
    case .subquery(let subquery): return try subqueryExpression(subquery)
    }
  }

  /// A condition as a conjunction.
  func predicates(_ tree: Expression, _ clause: String) throws -> [BoundExpression] {
    guard case .and(let operands) = tree.kind else {
      let value = try expression(tree)
      try require(value, .boolean, "\(clause) needs", at: tree.range)
      note(value.expression, as: "WHERE", at: tree.range)
      return [value.expression]
    }
    return try operands.flatMap { try predicates($0, clause) }
  }

  // MARK: - Leaves

  private func literal(_ literal: Literal) -> TypedExpression {
    switch literal {
    case .null: .init(.literal(.null), .null)
    case .boolean(let value): .init(.literal(.boolean(value)), .init(.boolean))
    case .integer(let value): .init(.literal(.integer(value)), .init(.integer))
    case .float(let value): .init(.literal(.float(value)), .init(.float))
    case .string(let value): .init(.literal(.string(value)), .init(.string))
    }
  }

  func parameter(_ name: String, _ range: SourceRange) throws -> TypedExpression {
    if let parameterNames, !parameterNames.contains(name) {
      throw failure(
        "MissingParameter", "parameter `$\(name)` has no value", at: range,
        hint: didYouMean(name, among: parameterNames.sorted()) ?? "give it with the query",
        kind: .parameterMissing)
    }
    return .init(.parameter(name), .any)
  }

  /// Literals that are names as long as there is no variable of that name.
  private static let floatNames: [String: Double] = [
    "inf": .infinity, "infinity": .infinity, "nan": .nan,
  ]

  func variable(_ name: String, _ range: SourceRange) throws -> TypedExpression {
    guard let binding = scope.binding(name) else {
      if let number = Self.floatNames[name.lowercased()] {
        return .init(.literal(.float(number)), .init(.float))
      }
      throw undefined(name, at: range)
    }
    use(binding.expression)
    return .init(binding.expression, binding.type)
  }

  private func list(_ items: [Expression]) throws -> TypedExpression {
    var elements: ValueKinds = []
    let bound = try items.map { item in
      let value = try expression(item)
      elements.formUnion(value.type.kinds)
      return value.expression
    }
    return .init(.list(bound), .list(elements))
  }

  private func map(_ entries: [Cypher.MapEntry]) throws -> TypedExpression {
    .init(.map(try mapEntries(entries)), .init(.map))
  }

  /// A repeated key counts where it stands last.
  func mapEntries(_ entries: [Cypher.MapEntry]) throws -> [MapEntry] {
    var bound: [MapEntry] = []
    var places: [String: Int] = [:]
    for entry in entries {
      let value = MapEntry(key: entry.key.name, value: try expression(entry.value).expression)
      if let place = places[value.key] {
        bound[place] = value
      } else {
        places[value.key] = bound.count
        bound.append(value)
      }
    }
    return bound
  }

  // MARK: - Access

  private func property(
    _ base: Expression, _ key: Identifier, _ range: SourceRange
  ) throws -> TypedExpression {
    let subject = try expression(base)
    try require(
      subject, .keyed, "`.\(key.name)` needs", at: base.range, kind: .typeError,
      hint: subject.type.kinds == .list
        ? "read it of each element: [x IN \(source.text(base.range)) | x.\(key.name)]" : nil)
    if subject.type.kinds == .node || subject.type.kinds == .relationship {
      warnOfUnknownKey(key)
    }
    return .init(placed(.property(subject.expression, key: key.name), at: range), .any)
  }

  private func element(
    _ base: Expression, _ index: Expression, _ range: SourceRange
  ) throws -> TypedExpression {
    let base = try expression(base)
    let index = try expression(index)
    let type = base.type.kinds == .list ? base.type.element : .any
    return .init(placed(.index(base.expression, index.expression), at: range), type)
  }

  private func slice(
    _ base: Expression, _ from: Expression?, _ to: Expression?, _ range: SourceRange
  ) throws -> TypedExpression {
    let base = try expression(base)
    let from = try from.map { try expression($0).expression }
    let to = try to.map { try expression($0).expression }
    let type = StaticType.list(base.type.kinds == .list ? base.type.elements : .any)
    return .init(placed(.slice(base.expression, from: from, to: to), at: range), type)
  }

  private func hasLabels(
    _ base: Expression, _ labels: LabelExpression
  ) throws -> TypedExpression {
    let subject = try expression(base)
    try require(subject, .entity, "a label predicate needs", at: base.range)
    warnOfUnknownLabels(labels.folded, onRelationship: subject.type.kinds == .relationship)
    return .init(try labelCondition(subject.expression, labels), .init(.boolean))
  }

  /// What a label expression says of a node or relationship.
  func labelCondition(
    _ subject: BoundExpression, _ labels: LabelExpression
  ) throws -> BoundExpression {
    let labels = labels.folded
    if let predicate = labelPredicate(labels) { return .hasLabels(subject, predicate) }
    switch labels.kind {
    case .computed(let names, let any):
      return .hasComputedLabels(
        subject, names: try computedNames(names, at: labels.range), any ? .any : .all)
    case .not(let part): return .not(try labelCondition(subject, part))
    case .and(let parts): return .and(try parts.map { try labelCondition(subject, $0) })
    case .or(let parts): return .or(try parts.map { try labelCondition(subject, $0) })
    case .name(let name): return .hasLabels(subject, .label(name))
    case .wildcard: return .hasLabels(subject, .wildcard)
    }
  }

  /// The string or list of strings in `$(…)`.
  /// - Parameter range: of all of it, for errors when the statement runs.
  func computedNames(_ tree: Expression, at range: SourceRange) throws -> BoundExpression {
    let names = try expression(tree)
    try require(names, [.string, .list], "a computed label or type needs", at: tree.range)
    note(names.expression, as: "$()", at: range)
    return names.expression
  }

  /// Nil where a name is computed.
  func labelPredicate(_ labels: LabelExpression) -> LabelPredicate? {
    func all(_ parts: [LabelExpression]) -> [LabelPredicate]? {
      let predicates = parts.compactMap(labelPredicate)
      return predicates.count == parts.count ? predicates : nil
    }
    return switch labels.kind {
    case .name(let name): .label(name)
    case .wildcard: .wildcard
    case .computed: nil
    case .not(let part): labelPredicate(part).map { .not($0) }
    case .and(let parts): all(parts).map { .and($0) }
    case .or(let parts): all(parts).map { .or($0) }
    }
  }

  // MARK: - Truth

  private func truthValue(_ tree: Expression, _ name: String) throws -> BoundExpression {
    let value = try expression(tree)
    try require(value, .boolean, "\(name) needs", at: tree.range)
    note(value.expression, as: name, at: tree.range)
    return value.expression
  }

  private func connective(
    _ name: String, _ operands: [Expression], _ make: ([BoundExpression]) -> BoundExpression
  ) throws -> TypedExpression {
    .init(make(try operands.map { try truthValue($0, name) }), .init(.boolean))
  }

  private func exclusiveOr(
    _ operands: [Expression], _ range: SourceRange
  ) throws -> TypedExpression {
    let bound = try inRow(of: operands.count, range) {
      try operands.map { try truthValue($0, "XOR") }
    }
    return .init(bound.dropFirst().reduce(bound[0]) { .xor($0, $1) }, .init(.boolean))
  }

  private func not(_ operand: Expression) throws -> TypedExpression {
    .init(.not(try truthValue(operand, "NOT")), .init(.boolean))
  }

  private func comparison(
    _ first: Expression, _ terms: [ComparisonTerm], _ range: SourceRange
  ) throws -> TypedExpression {
    let first = try expression(first).expression
    let operands = try terms.map { try expression($0.operand).expression }
    // An operand in the middle stands in two pairs. Unless it is small it gets a name, so that it is
    // there once, and evaluated once: chains in chains would double at every level.
    let named = operands.dropLast().map { isSmall($0) ? nil : newVariable() } + [nil]
    if named.count(where: { $0 != nil }) > Self.maximumNamedOperands {
      throw failure(
        "NestingTooDeep",
        "more than \(Self.maximumNamedOperands) long operands are compared in a row", at: range,
        hint: "name them by WITH")
    }
    // From the end, the last pair first.
    var pairs: [BoundExpression] = []
    for (index, term) in terms.enumerated().reversed() {
      func operand(_ index: Int) -> BoundExpression {
        if index < 0 { return first }
        return named[index].map { .variable($0) } ?? operands[index]
      }
      pairs.append(
        .comparison(
          Self.comparisonOperator(term.operator), operand(index - 1), operand(index)))
      if let name = named[index] {
        pairs = [
          .quantifier(.all, name, in: .list([operands[index]]), where: .and(pairs.reversed()))
        ]
      }
    }
    return .init(pairs.count == 1 ? pairs[0] : .and(pairs.reversed()), .init(.boolean))
  }

  /// Whether an expression may as well be evaluated twice.
  private func isSmall(_ expression: BoundExpression) -> Bool {
    var left = 16
    func fits(_ expression: BoundExpression) -> Bool {
      left -= 1
      if left == 0 { return false }
      switch expression {
      case .subquery: return false
      case .function(let name, _) where catalogue.function(named: name)?.isDeterministic == false:
        return false
      default: return expression.children.allSatisfy(fits)
      }
    }
    return fits(expression)
  }

  private static func comparisonOperator(_ op: Cypher.ComparisonOperator) -> ComparisonOperator {
    switch op {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }

  private func stringPredicate(
    _ op: Cypher.StringOperator, _ a: Expression, _ b: Expression, _ range: SourceRange
  ) throws -> TypedExpression {
    let a = try expression(a).expression
    let b = try expression(b).expression
    let name: StringOperator =
      switch op {
      case .startsWith: .startsWith
      case .endsWith: .endsWith
      case .contains: .contains
      case .matches: .matches
      }
    return .init(placed(.stringPredicate(name, a, b), at: range), .init(.boolean))
  }

  private func membership(
    _ element: Expression, _ list: Expression, _ range: SourceRange
  ) throws -> TypedExpression {
    let element = try expression(element).expression
    let list = try expression(list).expression
    return .init(placed(.isIn(element, list: list), at: range), .init(.boolean))
  }

  private func nullTest(_ operand: Expression, _ negated: Bool) throws -> TypedExpression {
    let value = try expression(operand).expression
    return .init(negated ? .isNotNull(value) : .isNull(value), .init(.boolean))
  }

  private func typeTest(
    _ operand: Expression, _ type: TypeExpression, _ negated: Bool
  ) throws -> TypedExpression {
    let value = try expression(operand).expression
    return .init(
      .isTyped(value, typeName: type.description, negated: negated), .init(.boolean))
  }

  private func normalizationTest(
    _ operand: Expression, _ form: NormalForm, _ negated: Bool
  ) throws -> TypedExpression {
    let value = try expression(operand).expression
    let test = BoundExpression.function(
      "isNormalized", [value, .literal(.string(form.rawValue))])
    return .init(negated ? .not(test) : test, .init(.boolean))
  }

  // MARK: - Numbers

  private func arithmetic(
    _ first: Expression, _ terms: [ArithmeticTerm], _ range: SourceRange
  ) throws -> TypedExpression {
    try inRow(of: terms.count, range) { try arithmetic(first, terms) }
  }

  private func arithmetic(
    _ first: Expression, _ terms: [ArithmeticTerm]
  ) throws -> TypedExpression {
    var left = try expression(first)
    var leftRange = first.range
    for term in terms {
      let right = try expression(term.operand)
      let op = Self.arithmeticOperator(term.operator)
      if op != .add && op != .concatenate {
        let allowed: ValueKinds =
          op == .modulo || op == .power ? .number : [.number, .duration, .temporal]
        try require(left, allowed, "`\(op.rawValue)` needs", at: leftRange)
        try require(right, allowed, "`\(op.rawValue)` needs", at: term.operand.range)
      }
      leftRange = leftRange.union(term.operand.range)
      left = .init(
        placed(.arithmetic(op, left.expression, right.expression), at: leftRange),
        Self.resultType(op, left.type, right.type))
    }
    return left
  }

  private static func arithmeticOperator(_ op: Cypher.ArithmeticOperator) -> ArithmeticOperator {
    switch op {
    case .add: .add
    case .subtract: .subtract
    case .concatenate: .concatenate
    case .multiply: .multiply
    case .divide: .divide
    case .modulo: .modulo
    case .power: .power
    }
  }

  private static func resultType(
    _ op: ArithmeticOperator, _ a: StaticType, _ b: StaticType
  ) -> StaticType {
    let both = a.kinds.union(b.kinds)
    if a.kinds.isEmpty || b.kinds.isEmpty { return .null }
    if ValueKinds.number.isSuperset(of: both) {
      if op == .power { return .init(.float) }
      return StaticType(both == .integer ? .integer : both.contains(.integer) ? .number : .float)
    }
    if op == .add, both == .string { return .init(.string) }
    if op == .add, a.kinds == .list || b.kinds == .list {
      let elements = { (type: StaticType) in type.kinds == .list ? type.elements : type.kinds }
      return .list(elements(a).union(elements(b)))
    }
    return .any
  }

  private func negation(_ operand: Expression) throws -> TypedExpression {
    let value = try expression(operand)
    try require(value, [.number, .duration], "`-` needs", at: operand.range)
    return .init(placed(.negate(value.expression), at: operand.range), value.type)
  }

  private func unaryPlus(_ operand: Expression) throws -> TypedExpression {
    let value = try expression(operand)
    try require(value, [.number, .duration], "`+` needs", at: operand.range)
    return value
  }

  /// Binds the operands of operators in a row.
  private func inRow<T>(of count: Int, _ range: SourceRange, _ body: () throws -> T) throws -> T {
    operatorCount += count
    defer { operatorCount -= count }
    if operatorCount <= Self.maximumOperators { return try body() }
    throw failure(
      "NestingTooDeep", "more than \(Self.maximumOperators) operators in a row", at: range,
      hint: "put the operands into a list and use `reduce`, or split the expression with WITH")
  }
}
