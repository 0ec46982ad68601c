import GraphTypes

// Expressions that are complete in themselves: literals, names, and what stands in brackets.

extension Parser {
  mutating func atom() throws(SyntaxFailure) -> Expression {
    switch token.kind {
    case .word, .quotedName: return try word()
    case .integerNumber, .floatNumber: return try numberAtom()
    case .quotedString: return try stringAtom()
    case .parameter, .quotedParameter: return parameterAtom()
    case .leftParenthesis:
      return patternStarts(at: index) ? try patternAtom() : try parenthesized()
    case .leftBracket: return try bracketed()
    case .leftBrace: return try mapLiteral()
    case .malformedNumber: throw malformedNumber(token)
    default: throw unexpected("an expression")
    }
  }

  private mutating func numberAtom() throws(SyntaxFailure) -> Expression {
    let range = token.range
    return Expression(.literal(try number(isNegative: false)), range: range)
  }

  private mutating func stringAtom() throws(SyntaxFailure) -> Expression {
    let range = token.range
    return Expression(.literal(.string(try stringValue())), range: range)
  }

  private mutating func parameterAtom() -> Expression {
    let name = parameterName()
    return Expression(.parameter(name.name), range: name.range)
  }

  private mutating func patternAtom() throws(SyntaxFailure) -> Expression {
    let pattern = try pathPattern(.expression)
    return Expression(.pattern(pattern), range: pattern.range)
  }

  /// The tree of what is inside, with the range of the parentheses.
  private mutating func parenthesized() throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    let start = start
    advance()
    var expression = try predicate()
    if at(.comma) {
      throw unexpected(
        "`)` to close the parenthesis", hint: "a list is written in brackets: [1, 2]")
    }
    try expect(.rightParenthesis, "to close the parenthesis")
    expression.range = range(from: start)
    return expression
  }

  // MARK: - Words

  /// What a word in the place of an expression starts.
  private mutating func word() throws(SyntaxFailure) -> Expression {
    let range = token.range
    switch token.keyword {
    case .null:
      advance()
      return Expression(.literal(.null), range: range)
    case .true, .false:
      let value = at(.true)
      advance()
      return Expression(.literal(.boolean(value)), range: range)
    case .exists where peek(1).kind == .leftBrace: return try subquery(.exists)
    case .count where peek(1).kind == .leftBrace: return try subquery(.count)
    case .collect where peek(1).kind == .leftBrace: return try subquery(.collect)
    case .count where isCountAll: return try countAll()
    case .all where startsQuantifier: return try quantifier(.all)
    case .any where startsQuantifier: return try quantifier(.any)
    case .noneOf where startsQuantifier: return try quantifier(.none)
    case .single where startsQuantifier: return try quantifier(.single)
    case .reduce where startsReduce: return try reduce()
    case .shortestpath where peek(1).kind == .leftParenthesis,
      .allshortestpaths where peek(1).kind == .leftParenthesis:
      let pattern = try shortestPathFunction()
      return Expression(.pattern(pattern), range: pattern.range)
    case .case where !wordIsName: return try caseExpression()
    default: return try name()
    }
  }

  /// Whether the word at hand, in the place of an expression, can only be a name. A reserved word
  /// is one if what follows it can follow an expression: `RETURN match.x`, but not `WHERE RETURN n`.
  private var wordIsName: Bool {
    guard let keyword = token.keyword, keyword.isReserved else { return true }
    let next = peek(1)
    switch next.kind {
    case .endOfInput, .semicolon, .comma, .dot, .dotDot, .colon, .bar, .rightParenthesis,
      .rightBracket, .rightBrace, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
      .regularExpression, .slash, .percent, .caret, .barBar:
      return true
    case .word: return keyword != .case && next.keyword?.canFollowExpression ?? false
    default: return false
    }
  }

  /// A variable, a map projection of it, or a function call.
  private mutating func name() throws(SyntaxFailure) -> Expression {
    if !wordIsName { throw unexpected("an expression") }
    if callStarts() { return try call() }
    let variable = try name("an expression")
    if at(.leftBrace) { return try mapProjection(of: variable) }
    return Expression(.variable(variable.name), range: variable.range)
  }

  /// Whether the name at hand, or the dotted names, are followed by `(`.
  private func callStarts() -> Bool {
    var next = index + 1
    while next + 1 < tokens.count, tokens[next].kind == .dot, tokens[next + 1].isName { next += 2 }
    return tokens[next].kind == .leftParenthesis
  }

  private mutating func call() throws(SyntaxFailure) -> Expression {
    var name = try qualifiedName("the name of a function")
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    try expect(.leftParenthesis, "before the arguments")
    let isDistinct = accept(.distinct)
    let plainName = name.parts.count == 1 ? name.text.lowercased() : ""
    var arguments: [Expression] = []
    if plainName == "trim" {
      arguments = try trimArguments(&name)
    } else if !at(.rightParenthesis) {
      repeat {
        if plainName == "normalize", let form = normalForm(), peek(1).kind == .rightParenthesis {
          arguments.append(Expression(.literal(.string(form.rawValue)), range: token.range))
          advance()
        } else {
          arguments.append(plainName == "exists" ? try predicate() : try expression())
        }
      } while accept(.comma)
    }
    try closeCall(name)
    return Expression(
      .call(FunctionCall(name: name, isDistinct: isDistinct, arguments: arguments)),
      range: range(from: name.range.lowerBound))
  }

  /// `trim([LEADING | TRAILING | BOTH] [characters] FROM text)`, which becomes a call of `ltrim`,
  /// `rtrim` or `btrim`, or plain arguments.
  private mutating func trimArguments(
    _ name: inout QualifiedName
  ) throws(SyntaxFailure) -> [Expression] {
    if at(.rightParenthesis) { return [] }
    var side: String?
    let next = peek(1).kind
    if [.word, .quotedName, .quotedString, .parameter, .leftParenthesis].contains(next) {
      switch token.keyword {
      case .leading: side = "ltrim"
      case .trailing: side = "rtrim"
      case .both: side = "btrim"
      default: break
      }
    }
    if side != nil { advance() }
    var arguments: [Expression] = []
    if side == nil || !at(.from) { arguments.append(try expression()) }
    if side != nil || at(.from) {
      try expect(.from, "and the text to trim")
      arguments.insert(try expression(), at: 0)
      name.parts[0].name = side ?? "btrim"
    } else {
      while accept(.comma) { arguments.append(try expression()) }
    }
    return arguments
  }

  private mutating func closeCall(_ name: QualifiedName) throws(SyntaxFailure) {
    if accept(.rightParenthesis) { return }
    // Before version 4, Neo4j had extract() and filter() with the syntax of a comprehension.
    let hint: String? =
      switch name.text.lowercased() {
      case "extract" where at(.bar): "write [x IN list | expression]"
      case "filter" where at(.where): "write [x IN list WHERE predicate]"
      default: nil
      }
    throw unexpected("`,` or `)` after an argument of \(name.text)", hint: hint)
  }

  private var isCountAll: Bool {
    peek(1).kind == .leftParenthesis && peek(2).kind == .star && peek(3).kind == .rightParenthesis
  }

  private mutating func countAll() throws(SyntaxFailure) -> Expression {
    let start = start
    for _ in 0..<4 { advance() }
    return Expression(.countAll, range: range(from: start))
  }

  private var startsQuantifier: Bool {
    peek(1).kind == .leftParenthesis && peek(2).isName && peek(3).keyword == .in
  }

  private mutating func quantifier(
    _ kind: QuantifierExpression.Kind
  ) throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    let start = start
    advance()
    advance()
    let variable = try variable()
    advance()
    let list = try expression()
    try expect(.where, "and a condition on `\(variable.name)`")
    let predicate = try predicate()
    try expect(.rightParenthesis, "to close \(kind.rawValue)")
    return Expression(
      .quantifier(
        QuantifierExpression(kind: kind, variable: variable, list: list, predicate: predicate)),
      range: range(from: start))
  }

  private var startsReduce: Bool {
    peek(1).kind == .leftParenthesis && peek(2).isName && peek(3).kind == .equal
  }

  private mutating func reduce() throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    let start = start
    advance()
    advance()
    let accumulator = try variable()
    advance()
    let initial = try expression()
    try expect(.comma, "and what to go through: x IN list")
    let variable = try variable()
    try expect(.in, "and a list")
    let list = try expressionBeforeBar()
    try expect(.bar, "and the next value of `\(accumulator.name)`")
    let body = try expression()
    try expect(.rightParenthesis, "to close reduce")
    return Expression(
      .reduce(
        ReduceExpression(
          accumulator: accumulator, initial: initial, variable: variable, list: list, body: body)),
      range: range(from: start))
  }

  // MARK: - Braces

  /// `{key: value, …}`.
  mutating func mapLiteral() throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    let start = start
    advance()
    var entries: [MapEntry] = []
    if !at(.rightBrace) {
      repeat { entries.append(try mapEntry()) } while accept(.comma)
    }
    try expect(.rightBrace, "or `,` after a value of the map")
    return Expression(.map(entries), range: range(from: start))
  }

  private mutating func mapEntry() throws(SyntaxFailure) -> MapEntry {
    if at(.quotedString) {
      throw unexpected("a key", hint: "keys are names, not strings: {key: value}")
    }
    if at(.leftParenthesis) {
      throw unexpected(
        "a key", hint: "a pattern is counted by COUNT { … } and tested by EXISTS { … }")
    }
    // A map is data, so that its keys may be empty: {``: 1}.
    let key: Identifier
    if at(.emptyName) {
      key = Identifier("", range: token.range)
      advance()
    } else {
      key = try name("a key")
    }
    if !at(.colon) {
      throw unexpected(
        "`:` after the key",
        hint: at(.rightBrace) ? "a parameter is written $\(key.name)" : nil)
    }
    advance()
    return MapEntry(key: key, value: try expression())
  }

  /// `{.key, .*, key: value, variable}` behind the variable.
  private mutating func mapProjection(of subject: Identifier) throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    advance()
    var items: [MapProjection.Item] = []
    if !at(.rightBrace) {
      repeat { items.append(try mapProjectionItem()) } while accept(.comma)
    }
    try expect(.rightBrace, "or `,` in the map projection")
    return Expression(
      .mapProjection(MapProjection(subject: subject, items: items)),
      range: range(from: subject.range.lowerBound))
  }

  private mutating func mapProjectionItem() throws(SyntaxFailure) -> MapProjection.Item {
    let start = start
    if accept(.dot) {
      if accept(.star) { return .allProperties(range(from: start)) }
      return .property(try name("a property key or `*`"))
    }
    let name = try name("`.key`, `.*`, `key: value` or a variable")
    if !accept(.colon) { return .variable(name) }
    return .entry(MapEntry(key: name, value: try expression()))
  }

  private mutating func subquery(
    _ kind: SubqueryExpression.Kind
  ) throws(SyntaxFailure) -> Expression {
    let outerBar = barEndsExpression
    let outerSubquery = enclosingSubquery
    barEndsExpression = false
    enclosingSubquery = kind
    defer {
      barEndsExpression = outerBar
      enclosingSubquery = outerSubquery
    }
    let start = start
    let outer = try enter()
    defer { leave(outer) }
    advance()
    advance()
    let body: SubqueryExpression.Body
    if kind != .collect, patternBodyStarts() {
      let patterns = try patternList(.match)
      body = .patterns(patterns, predicate: try whereClause())
    } else {
      body = .query(try query(.expression(kind)))
    }
    try expect(.rightBrace, "to close \(kind.rawValue)")
    try deepen()
    return Expression(
      .subquery(SubqueryExpression(kind: kind, body: body)), range: range(from: start))
  }

  /// Whether the body of a subquery is patterns without MATCH.
  private func patternBodyStarts() -> Bool {
    if at(.leftParenthesis) || token.isName && peek(1).kind == .equal { return true }
    switch token.keyword {
    case .shortest, .all, .any, .shortestpath, .allshortestpaths: return true
    default: return false
    }
  }

  // MARK: - Brackets

  /// A list, a list comprehension, or a pattern comprehension.
  private mutating func bracketed() throws(SyntaxFailure) -> Expression {
    let outer = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outer }
    let start = start
    advance()
    if token.isName, peek(1).keyword == .in, holdsComprehension() {
      return try listComprehension(start)
    }
    if patternStarts(at: index)
      || token.isName && peek(1).kind == .equal && patternStarts(at: index + 2)
    {
      return try patternComprehension(start)
    }
    return try list(start)
  }

  private mutating func list(_ start: Int) throws(SyntaxFailure) -> Expression {
    var items: [Expression] = []
    if !at(.rightBracket) {
      repeat { items.append(try expression()) } while accept(.comma)
    }
    try expect(.rightBracket, "or `,` after an element of the list")
    return Expression(.list(items), range: range(from: start))
  }

  /// Whether the bracket that starts with `x IN` is a comprehension: `[x IN xs]` is one, but
  /// `[x IN xs, true]` is a list of truth values.
  private func holdsComprehension() -> Bool {
    let first = firstInBracket(from: index + 2) {
      $0.kind == .comma || $0.kind == .bar || $0.keyword == .where
    }
    return first?.kind != .comma
  }

  private mutating func listComprehension(_ start: Int) throws(SyntaxFailure) -> Expression {
    let variable = try variable()
    advance()
    let list = try expressionBeforeBar()
    let predicate = try whereBeforeBar()
    let projection = accept(.bar) ? try expression() : nil
    try expect(.rightBracket, "to close the list comprehension")
    return Expression(
      .listComprehension(
        ListComprehension(
          variable: variable, list: list, predicate: predicate, projection: projection)),
      range: range(from: start))
  }

  private mutating func patternComprehension(_ start: Int) throws(SyntaxFailure) -> Expression {
    let pattern = try pathPattern(.expression)
    let predicate = try whereBeforeBar()
    try expect(.bar, "and what to collect from each match")
    let projection = try expression()
    try expect(.rightBracket, "to close the pattern comprehension")
    return Expression(
      .patternComprehension(
        PatternComprehension(pattern: pattern, predicate: predicate, projection: projection)),
      range: range(from: start))
  }
}
