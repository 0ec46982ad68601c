import GraphTypes

extension ExpressionKind {
  /// How tightly the outermost operator binds.
  var precedence: Precedence {
    switch self {
    case .or: .or
    case .xor: .xor
    case .and: .and
    case .not: .not
    case .comparison: .comparison
    case .string, .membership, .isNull, .isTyped, .isNormalized: .predicate
    case .arithmetic(_, let terms):
      switch terms.first?.operator {
      case .multiply, .divide, .modulo: .multiplication
      case .power: .power
      default: .addition
      }
    case .negate, .plus: .sign
    case .literal(.integer(let value)) where value < 0: .sign
    case .literal(.float(let value)) where value.sign == .minus: .sign
    case .property, .subscript, .slice, .hasLabels: .postfix
    default: .atom
    }
  }
}

extension Printer {
  mutating func expression(_ expression: Expression) { operand(expression, .or) }

  /// Writes an operand, in parentheses if its operator binds weaker than `minimum`.
  private mutating func operand(_ expression: Expression, _ minimum: Precedence) {
    if expression.kind.precedence < minimum {
      write("(")
      kind(expression.kind)
      write(")")
    } else {
      kind(expression.kind)
    }
  }

  private mutating func kind(_ kind: ExpressionKind) {
    switch kind {
    case .literal(let value): literal(value)
    case .parameter(let name): parameter(name)
    case .variable(let name): variable(name)
    case .list(let items): brackets(items)
    case .map(let entries): map(entries)
    case .property, .subscript, .slice, .hasLabels: postfix(kind)
    case .or(let operands): connected(operands, " OR ", .xor)
    case .xor(let operands): connected(operands, " XOR ", .and)
    case .and(let operands): connected(operands, " AND ", .not)
    case .not, .negate, .plus: prefix(kind)
    case .comparison(let first, let terms): comparison(first, terms)
    case .arithmetic(let first, let terms): arithmetic(first, terms, kind.precedence.next)
    case .string, .membership, .isNull, .isTyped, .isNormalized: predicate(kind)
    case .call(let call): self.call(call)
    case .countAll: write("count(*)")
    case .case(let expression): caseExpression(expression)
    case .listComprehension(let comprehension): listComprehension(comprehension)
    case .patternComprehension(let comprehension): patternComprehension(comprehension)
    case .quantifier(let quantifier): self.quantifier(quantifier)
    case .reduce(let reduce): self.reduce(reduce)
    case .mapProjection(let projection): mapProjection(projection)
    case .pattern(let pattern): pathPattern(pattern)
    case .subquery(let subquery): self.subquery(subquery)
    }
  }

  // MARK: - Operators

  private mutating func connected(
    _ operands: [Expression], _ separator: String, _ minimum: Precedence
  ) {
    list(operands, separator: separator) { $0.operand($1, minimum) }
  }

  private mutating func comparison(_ first: Expression, _ terms: [ComparisonTerm]) {
    operand(first, .predicate)
    for term in terms {
      write(" \(term.operator.rawValue) ")
      operand(term.operand, .predicate)
    }
  }

  private mutating func arithmetic(
    _ first: Expression, _ terms: [ArithmeticTerm], _ minimum: Precedence
  ) {
    operand(first, minimum)
    for term in terms {
      write(" \(term.operator.rawValue) ")
      operand(term.operand, minimum)
    }
  }

  private mutating func prefix(_ kind: ExpressionKind) {
    switch kind {
    case .not(let operand):
      write("NOT ")
      self.operand(operand, .not)
    case .negate(let operand): sign("-", operand)
    case .plus(let operand): sign("+", operand)
    default: break
    }
  }

  /// A sign. In front of another sign there is a space; a number keeps to its own sign, so that
  /// minus the literal 1, which the parser never makes, gets parentheses.
  private mutating func sign(_ sign: String, _ operand: Expression) {
    write(sign)
    switch operand.kind {
    case .literal(.integer), .literal(.float):
      write("(")
      self.operand(operand, .or)
      write(")")
    case .negate, .plus:
      write(" ")
      self.operand(operand, .sign)
    default: self.operand(operand, .sign)
    }
  }

  private mutating func predicate(_ kind: ExpressionKind) {
    switch kind {
    case .string(let predicate, let left, let right):
      operand(left, .predicate)
      write(" \(predicate.rawValue) ")
      operand(right, .addition)
    case .membership(let element, let list):
      operand(element, .predicate)
      write(" IN ")
      operand(list, .addition)
    case .isNull(let operand, let negated):
      self.operand(operand, .predicate)
      write(negated ? " IS NOT NULL" : " IS NULL")
    case .isTyped(let operand, let type, let negated):
      self.operand(operand, .predicate)
      write(negated ? " IS NOT :: " : " IS :: ")
      self.type(type)
    case .isNormalized(let operand, let form, let negated):
      self.operand(operand, .predicate)
      write(negated ? " IS NOT " : " IS ")
      write("\(form.rawValue) NORMALIZED")
    default: break
    }
  }

  private mutating func postfix(_ kind: ExpressionKind) {
    switch kind {
    case .property(let base, let key):
      operand(base, .postfix)
      write(".")
      self.key(key)
    case .subscript(let base, let index):
      operand(base, .postfix)
      write("[")
      expression(index)
      write("]")
    case .slice(let base, let from, let to):
      operand(base, .postfix)
      write("[")
      if let from { expression(from) }
      write("..")
      if let to { expression(to) }
      write("]")
    case .hasLabels(let base, let labels):
      // A label test of a label test would read as one test of both.
      if case .hasLabels = base.kind { operand(base, .atom) } else { operand(base, .postfix) }
      write(":")
      self.labels(labels, inExpression: true)
    default: break
    }
  }

  // MARK: - Atoms

  private mutating func brackets(_ items: [Expression]) {
    write("[")
    // `[x IN list]` would be a comprehension.
    if case .membership(let element, _)? = items.first?.kind, items.count == 1,
      case .variable = element.kind
    {
      operand(items[0], .atom)
    } else {
      list(items) { $0.expression($1) }
    }
    write("]")
  }

  mutating func map(_ entries: [MapEntry]) {
    write("{")
    list(entries) { $0.entry($1) }
    write("}")
  }

  private mutating func entry(_ entry: MapEntry) {
    key(entry.key)
    write(": ")
    expression(entry.value)
  }

  private mutating func call(_ call: FunctionCall) {
    qualifiedName(call.name)
    write(call.isDistinct ? "(DISTINCT " : "(")
    list(call.arguments) { $0.expression($1) }
    write(")")
  }

  private mutating func caseExpression(_ expression: CaseExpression) {
    write("CASE")
    if let subject = expression.subject {
      write(" ")
      self.expression(subject)
    }
    for branch in expression.branches {
      write(" WHEN ")
      self.expression(branch.condition)
      write(" THEN ")
      self.expression(branch.result)
    }
    if let otherwise = expression.otherwise {
      write(" ELSE ")
      self.expression(otherwise)
    }
    write(" END")
  }

  private mutating func listComprehension(_ comprehension: ListComprehension) {
    write("[")
    iteration(comprehension.variable, comprehension.list)
    whereClause(comprehension.predicate)
    if let projection = comprehension.projection {
      write(" | ")
      expression(projection)
    }
    write("]")
  }

  private mutating func iteration(_ variable: Identifier, _ list: Expression) {
    self.variable(variable)
    write(" IN ")
    expression(list)
  }

  private mutating func patternComprehension(_ comprehension: PatternComprehension) {
    write("[")
    pathPattern(comprehension.pattern)
    whereClause(comprehension.predicate)
    write(" | ")
    expression(comprehension.projection)
    write("]")
  }

  private mutating func quantifier(_ quantifier: QuantifierExpression) {
    write("\(quantifier.kind.rawValue)(")
    iteration(quantifier.variable, quantifier.list)
    whereClause(quantifier.predicate)
    write(")")
  }

  private mutating func reduce(_ reduce: ReduceExpression) {
    write("reduce(")
    variable(reduce.accumulator)
    write(" = ")
    expression(reduce.initial)
    write(", ")
    iteration(reduce.variable, reduce.list)
    write(" | ")
    expression(reduce.body)
    write(")")
  }

  private mutating func mapProjection(_ projection: MapProjection) {
    variable(projection.subject)
    write(" {")
    list(projection.items) { printer, item in
      switch item {
      case .property(let key):
        printer.write(".")
        printer.key(key)
      case .allProperties: printer.write(".*")
      case .entry(let entry): printer.entry(entry)
      case .variable(let variable): printer.variable(variable)
      }
    }
    write("}")
  }

  private mutating func subquery(_ subquery: SubqueryExpression) {
    write("\(subquery.kind.rawValue) { ")
    switch subquery.body {
    case .patterns(let patterns, let predicate):
      list(patterns) { $0.pathPattern($1) }
      whereClause(predicate)
    case .query(let query): self.query(query)
    }
    write(" }")
  }

  // MARK: - Types

  mutating func type(_ type: TypeExpression) {
    switch type.kind {
    case .list(let element):
      write("LIST<")
      self.type(element)
      write(">")
    case .union(let types):
      // The bare form `A | B` would not be clear in front of the bar of a comprehension.
      write("ANY<")
      list(types, separator: " | ") { $0.type($1) }
      write(">")
    default: write(Self.name(type.kind))
    }
    if type.excludesNull { write(" NOT NULL") }
  }

  private static func name(_ kind: TypeExpression.Kind) -> String {
    switch kind {
    case .nothing: "NOTHING"
    case .null: "NULL"
    case .boolean: "BOOLEAN"
    case .string: "STRING"
    case .integer: "INTEGER"
    case .float: "FLOAT"
    case .date: "DATE"
    case .localTime: "LOCAL TIME"
    case .zonedTime: "ZONED TIME"
    case .localDateTime: "LOCAL DATETIME"
    case .zonedDateTime: "ZONED DATETIME"
    case .duration: "DURATION"
    case .point: "POINT"
    case .node: "NODE"
    case .relationship: "RELATIONSHIP"
    case .map: "MAP"
    case .path: "PATH"
    case .propertyValue: "PROPERTY VALUE"
    case .any: "ANY"
    case .list, .union: ""
    }
  }
}
