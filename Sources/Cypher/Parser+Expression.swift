import GraphTypes

// Operators. Precedence, weakest first, as openCypher has it: OR, XOR, AND, NOT, comparison,
// predicates (IN, STARTS WITH, IS NULL …), addition, multiplication, power, sign, postfix.

/// How tightly an operator binds. `power` associates to the left, and a sign binds tighter than it.
enum Precedence: Int, Comparable {
  case or = 1
  case xor, and, not, comparison, predicate, addition, multiplication, power, sign, postfix, atom

  static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .atom }
}

extension Parser {
  /// An expression that has a value. A pattern alone is none: it only tests.
  mutating func expression() throws(SyntaxFailure) -> Expression {
    let expression = try operators(.or)
    try checkValue(expression)
    return expression
  }

  /// An expression where a truth value is wanted, so that a pattern may stand there.
  mutating func predicate() throws(SyntaxFailure) -> Expression { try operators(.or) }

  /// An expression that a `|` ends; see `barEndsExpression`.
  mutating func expressionBeforeBar() throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = true
    defer { barEndsExpression = outer }
    return try expression()
  }

  /// `WHERE predicate` that a `|` ends, if it is there.
  mutating func whereBeforeBar() throws(SyntaxFailure) -> Expression? {
    let outer = barEndsExpression
    barEndsExpression = true
    defer { barEndsExpression = outer }
    return try whereClause()
  }

  private func checkValue(_ expression: Expression) throws(SyntaxFailure) {
    if case .pattern(let pattern) = expression.kind, pattern.selector == .all {
      throw SyntaxFailure(
        "UnexpectedSyntax", "a pattern is not a value, it only tests in WHERE",
        range: expression.range.bounds,
        hint: "use EXISTS { … }, COUNT { … } or a list [p = … | p]")
    }
  }

  // MARK: - Binary operators

  /// Operands joined by operators that bind at least as tightly as `minimum`. Every nested
  /// expression passes here, so that this is where depth counts.
  private mutating func operators(_ minimum: Precedence) throws(SyntaxFailure) -> Expression {
    let outer = try enter()
    defer { leave(outer) }
    var left = try operand(minimum)
    while let precedence = precedenceOfOperator(), precedence >= minimum {
      try extend(&left, precedence)
      try deepen()
    }
    return left
  }

  /// The precedence of the operator at hand; nil if none is.
  private func precedenceOfOperator() -> Precedence? {
    switch token.kind {
    case .plus, .minus, .barBar: .addition
    case .star, .slash, .percent: .multiplication
    case .caret: .power
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
    case .regularExpression, .colonColon: .predicate
    case .word:
      switch token.keyword {
      case .or: .or
      case .xor: .xor
      case .and: .and
      case .in, .is, .contains: .predicate
      // FOREACH and the like have no STARTS, but a name may be behind an expression by mistake.
      case .starts, .ends: peek(1).keyword == .with ? .predicate : nil
      default: nil
      }
    default: nil
    }
  }

  /// The comparison or predicate at hand with `left` as its first operand; nil if none is.
  mutating func operatorsBehind(
    _ left: Expression
  ) throws(SyntaxFailure) -> ExpressionKind? {
    switch precedenceOfOperator() {
    case .comparison: try comparison(left)
    case .predicate: try predicateOperator(left)
    default: nil
    }
  }

  /// Puts the operators of one precedence at hand, and their operands, on top of `left`.
  private mutating func extend(
    _ left: inout Expression, _ precedence: Precedence
  ) throws(SyntaxFailure) {
    let start = left.range.lowerBound
    let kind: ExpressionKind
    switch precedence {
    case .or: kind = .or(try connected(left, .or, .xor))
    case .xor: kind = .xor(try connected(left, .xor, .and))
    case .and: kind = .and(try connected(left, .and, .not))
    case .comparison: kind = try comparison(left)
    case .predicate: kind = try predicateOperator(left)
    default: kind = try arithmetic(left, precedence)
    }
    left = Expression(kind, range: range(from: start))
  }

  private mutating func connected(
    _ first: Expression, _ keyword: Keyword, _ precedence: Precedence
  ) throws(SyntaxFailure) -> [Expression] {
    var operands = [first]
    while accept(keyword) { operands.append(try operators(precedence)) }
    return operands
  }

  private mutating func comparison(_ first: Expression) throws(SyntaxFailure) -> ExpressionKind {
    try checkValue(first)
    var terms: [ComparisonTerm] = []
    while let comparison = comparisonOperator() {
      advance()
      let operand = try operators(.predicate)
      try checkValue(operand)
      terms.append(ComparisonTerm(operator: comparison, operand: operand))
    }
    return .comparison(first, terms)
  }

  private func comparisonOperator() -> ComparisonOperator? {
    switch token.kind {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }

  private mutating func arithmetic(
    _ first: Expression, _ precedence: Precedence
  ) throws(SyntaxFailure) -> ExpressionKind {
    try checkValue(first)
    var terms: [ArithmeticTerm] = []
    while let (arithmetic, itsPrecedence) = arithmeticOperator(), itsPrecedence == precedence {
      advance()
      let operand = try operators(precedence.next)
      try checkValue(operand)
      terms.append(ArithmeticTerm(operator: arithmetic, operand: operand))
    }
    return .arithmetic(first, terms)
  }

  private func arithmeticOperator() -> (ArithmeticOperator, Precedence)? {
    switch token.kind {
    case .plus: (.add, .addition)
    case .minus: (.subtract, .addition)
    case .barBar: (.concatenate, .addition)
    case .star: (.multiply, .multiplication)
    case .slash: (.divide, .multiplication)
    case .percent: (.modulo, .multiplication)
    case .caret: (.power, .power)
    default: nil
    }
  }

  // MARK: - Predicates

  private mutating func predicateOperator(
    _ left: Expression
  ) throws(SyntaxFailure) -> ExpressionKind {
    try checkValue(left)
    switch token.keyword {
    case .in:
      advance()
      return .membership(left, list: try predicateOperand())
    case .contains:
      advance()
      return .string(.contains, left, try predicateOperand())
    case .starts, .ends:
      let predicate: StringOperator = at(.starts) ? .startsWith : .endsWith
      advance()
      advance()
      return .string(predicate, left, try predicateOperand())
    case .is:
      return try isPredicate(left)
    default:
      if accept(.colonColon) { return .isTyped(left, try typeExpression(), negated: false) }
      advance()
      return .string(.matches, left, try predicateOperand())
    }
  }

  private mutating func predicateOperand() throws(SyntaxFailure) -> Expression {
    let operand = try operators(.addition)
    try checkValue(operand)
    return operand
  }

  /// What follows `IS`: `[NOT] NULL`, `[NOT] :: TYPE`, `[NOT] TYPED TYPE`, `[NOT] [NFC] NORMALIZED`,
  /// or labels.
  private mutating func isPredicate(_ left: Expression) throws(SyntaxFailure) -> ExpressionKind {
    advance()
    let negated = accept(.not)
    if accept(.null) { return .isNull(left, negated: negated) }
    if accept(.colonColon) || accept(.typed) {
      return .isTyped(left, try typeExpression(), negated: negated)
    }
    if accept(.normalized) { return .isNormalized(left, .nfc, negated: negated) }
    if let form = normalForm(), peek(1).keyword == .normalized {
      advance()
      advance()
      return .isNormalized(left, form, negated: negated)
    }
    if negated
      || !token.isName
        && ![.exclamation, .percent, .leftParenthesis, .dollar, .parameter].contains(token.kind)
    {
      throw unexpected(
        negated
          ? "NULL, :: and a type, or NORMALIZED"
          : "NULL, :: and a type, NORMALIZED, NOT or a label",
        candidates: [.null, .not, .typed, .normalized],
        hint: "values are compared with \(negated ? "<>" : "=")")
    }
    return .hasLabels(left, try labelExpression())
  }

  func normalForm() -> NormalForm? {
    switch token.keyword {
    case .nfc: .nfc
    case .nfd: .nfd
    case .nfkc: .nfkc
    case .nfkd: .nfkd
    default: nil
    }
  }

  // MARK: - Prefix operators

  private mutating func operand(_ minimum: Precedence) throws(SyntaxFailure) -> Expression {
    switch token.kind {
    case .minus, .plus: return try signed()
    case .word where at(.not):
      if minimum > .not {
        throw unexpected("an operand", hint: "put NOT and what it negates in parentheses")
      }
      return try negated()
    default: return try postfix(allowsLabels: true)
    }
  }

  private mutating func negated() throws(SyntaxFailure) -> Expression {
    let start = start
    advance()
    let operand = try operators(.not)
    try deepen()
    return Expression(.not(operand), range: range(from: start))
  }

  private mutating func signed() throws(SyntaxFailure) -> Expression {
    let start = start
    let isNegative = at(.minus)
    advance()
    if isNegative, at(.integerNumber) || at(.floatNumber), !postfixStarts(peek(1)) {
      let literal = try number(isNegative: true)
      return Expression(.literal(literal), range: range(from: start))
    }
    let operand = try operators(.sign)
    try checkValue(operand)
    try deepen()
    return Expression(isNegative ? .negate(operand) : .plus(operand), range: range(from: start))
  }

  // MARK: - Postfix operators

  private func postfixStarts(_ token: Token) -> Bool {
    switch token.kind {
    case .dot, .leftBracket, .colon: true
    default: false
    }
  }

  /// An atom and its `.key`, `[index]`, `[from..to]`, and `:Label`.
  private mutating func postfix(allowsLabels: Bool) throws(SyntaxFailure) -> Expression {
    var base = try atom()
    try deepen()
    while postfixStarts(token), allowsLabels || !at(.colon) {
      try checkValue(base)
      switch token.kind {
      case .dot: base = try property(of: base)
      case .leftBracket: base = try element(of: base)
      default: base = try labelTest(of: base)
      }
      try deepen()
    }
    return base
  }

  /// The target of SET and REMOVE: no labels behind it.
  mutating func propertyExpression() throws(SyntaxFailure) -> Expression {
    let outer = try enter()
    defer { leave(outer) }
    return try postfix(allowsLabels: false)
  }

  private mutating func property(of base: Expression) throws(SyntaxFailure) -> Expression {
    advance()
    let key = try name("a property key")
    return Expression(.property(base, key), range: range(from: base.range.lowerBound))
  }

  private mutating func labelTest(of base: Expression) throws(SyntaxFailure) -> Expression {
    advance()
    let labels = try labelExpression()
    return Expression(.hasLabels(base, labels), range: range(from: base.range.lowerBound))
  }

  private mutating func element(of base: Expression) throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    advance()
    let first = at(.dotDot) ? nil : try expression()
    var kind: ExpressionKind
    if accept(.dotDot) {
      let last = at(.rightBracket) ? nil : try expression()
      kind = .slice(base, from: first, to: last)
    } else if let first {
      kind = .subscript(base, first)
    } else {
      throw unexpected("an index")
    }
    try expect(.rightBracket, "to close the index")
    return Expression(kind, range: range(from: base.range.lowerBound))
  }
}
