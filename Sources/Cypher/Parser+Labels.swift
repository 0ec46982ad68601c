import GraphTypes

// Label and type expressions: `|` binds weaker than `&` and `:`, and these weaker than `!`.

extension Parser {
  /// The expression behind `:` or `IS`.
  mutating func labelExpression() throws(SyntaxFailure) -> LabelExpression {
    let start = start
    let first = try labelConjunction()
    guard joinsLabels() else { return first }
    var alternatives = [first]
    while joinsLabels() {
      advance()
      // `[:A|:B]` is the old way to write `[:A|B]`.
      _ = accept(.colon)
      alternatives.append(try labelConjunction())
    }
    return LabelExpression(kind: .or(alternatives), range: range(from: start))
  }

  /// Whether the token at hand is a `|` between labels.
  ///
  /// In `[x IN xs WHERE x:A | x.name]` the bar ends the predicate. Of several bars in the same
  /// brackets, as in `[x IN xs WHERE x:A|B | x.name]`, the last one does.
  private func joinsLabels() -> Bool {
    guard at(.bar) else { return false }
    guard barEndsExpression else { return true }
    return firstInBracket(from: index + 1) { $0.kind == .bar } != nil
  }

  private mutating func labelConjunction() throws(SyntaxFailure) -> LabelExpression {
    let start = start
    let first = try labelNegation()
    guard at(.ampersand) || at(.colon) else { return first }
    var parts = [first]
    while accept(.ampersand) || accept(.colon) { parts.append(try labelNegation()) }
    return LabelExpression(kind: .and(parts), range: range(from: start))
  }

  private mutating func labelNegation() throws(SyntaxFailure) -> LabelExpression {
    let start = start
    let range = token.range
    switch token.kind {
    case .exclamation:
      let outer = try enter()
      defer { leave(outer) }
      advance()
      let operand = try labelNegation()
      try deepen()
      return LabelExpression(kind: .not(operand), range: self.range(from: start))
    case .percent:
      advance()
      return LabelExpression(kind: .wildcard, range: range)
    case .leftParenthesis:
      let inner = try inParentheses("label expression") { parser throws(SyntaxFailure) in
        try parser.labelExpression()
      }
      return LabelExpression(kind: inner.kind, range: self.range(from: start))
    default:
      if let computed = try computedLabels() { return computed }
      let name = try name("a label or type")
      return LabelExpression(kind: .name(name.name), range: name.range)
    }
  }

  /// `$(expression)`, `$all(expression)` or `$any(expression)`, if one of them is at hand.
  private mutating func computedLabels() throws(SyntaxFailure) -> LabelExpression? {
    let start = start
    var any = false
    if at(.parameter), peek(1).kind == .leftParenthesis {
      switch source.text(token.range).lowercased() {
      case "$all": break
      case "$any": any = true
      default: return nil
      }
    } else if !at(.dollar) {
      return nil
    }
    advance()
    let names = try inParentheses("computed label or type") { parser throws(SyntaxFailure) in
      try parser.expression()
    }
    return LabelExpression(kind: .computed(names, any: any), range: range(from: start))
  }

  /// The parenthesis at hand, what `body` reads, and the closing one; a bar ends nothing in it.
  private mutating func inParentheses<T>(
    _ what: String, _ body: (inout Parser) throws(SyntaxFailure) -> T
  ) throws(SyntaxFailure) -> T {
    let outer = try enter()
    let outerBar = barEndsExpression
    barEndsExpression = false
    defer {
      leave(outer)
      barEndsExpression = outerBar
    }
    advance()
    let inner = try body(&self)
    try expect(.rightParenthesis, "to close the \(what)")
    try deepen()
    return inner
  }

  /// Labels that a clause writes: `:A:B`, `:A&B`, `IS A`, `:$(expression)`.
  mutating func writtenLabels() throws(SyntaxFailure) -> [WrittenName] {
    advance()
    var labels = [try writtenLabel()]
    while accept(.colon) || accept(.ampersand) { labels.append(try writtenLabel()) }
    return labels
  }

  private mutating func writtenLabel() throws(SyntaxFailure) -> WrittenName {
    guard let computed = try computedLabels() else { return .name(try name("a label")) }
    guard let name = computed.writtenName else {
      throw SyntaxFailure(
        "UnexpectedSyntax", "$any(…) does not say which label to write",
        range: computed.range.bounds, hint: "write $(…): all labels of a list")
    }
    return name
  }
}
