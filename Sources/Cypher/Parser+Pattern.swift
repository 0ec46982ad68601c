import GraphTypes

// Path patterns in all their places.

/// Where a pattern stands, which decides what it may contain.
enum PatternPlace {
  /// MATCH and the pattern form of EXISTS and COUNT: everything.
  case match
  case create
  case merge
  /// A pattern predicate or comprehension: nodes and relationships.
  case expression

  var isWritten: Bool { self == .create || self == .merge }
  var allowsParenthesizedPaths: Bool { self == .match }
}

extension Parser {
  mutating func patternList(_ place: PatternPlace) throws(SyntaxFailure) -> [PathPattern] {
    var patterns: [PathPattern] = []
    repeat { patterns.append(try pathPattern(place)) } while accept(.comma)
    try checkLength(patterns, place)
    return patterns
  }

  /// `[variable =] [selector] elements`.
  mutating func pathPattern(_ place: PatternPlace) throws(SyntaxFailure) -> PathPattern {
    let start = start
    try countPatternPart(place)
    var variable: Identifier?
    if token.isName, peek(1).kind == .equal {
      variable = try self.variable()
      advance()
    }
    if at(.shortestpath) || at(.allshortestpaths), peek(1).kind == .leftParenthesis {
      if place.isWritten {
        throw SyntaxFailure(
          "UnexpectedSyntax", "a path that is written cannot be a shortest path",
          range: token.range.bounds)
      }
      var pattern = try shortestPathFunction()
      pattern.variable = variable
      pattern.range = range(from: start)
      return pattern
    }
    let selector = place == .match ? try pathSelector() : .all
    if !at(.leftParenthesis) {
      throw unexpected(
        "a node in parentheses",
        hint: token.isName ? "a node is written (\(text(token)))" : nil)
    }
    let elements = try pathElements(place)
    let pattern = PathPattern(
      variable: variable, selector: selector, elements: elements, range: range(from: start))
    if place.isWritten { try checkWritten(pattern, place) }
    try checkLength([pattern], place)
    return pattern
  }

  /// `shortestPath(pattern)` or `allShortestPaths(pattern)`, the word being at hand.
  mutating func shortestPathFunction() throws(SyntaxFailure) -> PathPattern {
    let start = start
    let selector: PathSelector =
      at(.shortestpath) ? .shortestPathFunction : .allShortestPathsFunction
    let name = text(token)
    advance()
    try expect(.leftParenthesis, "after \(name)")
    let patternStart = self.start
    if !at(.leftParenthesis) { throw unexpected("a pattern such as (a)-[*]-(b)") }
    let elements = try pathElements(.expression)
    if elements.count != 3 {
      throw SyntaxFailure(
        "UnexpectedSyntax", "\(name) takes two nodes and one relationship between them",
        range: range(from: patternStart).bounds, hint: "write \(name)((a)-[*]-(b))")
    }
    try expect(.rightParenthesis, "to close \(name)")
    return PathPattern(
      variable: nil, selector: selector, elements: elements, range: range(from: start))
  }

  /// `ALL [SHORTEST] [PATHS]`, `ANY [SHORTEST | k] [PATHS]`, `SHORTEST [k] [PATHS | GROUPS]`.
  private mutating func pathSelector() throws(SyntaxFailure) -> PathSelector {
    var selector = PathSelector.all
    if accept(.all) {
      if accept(.shortest) { selector = .allShortest }
    } else if accept(.any) {
      selector = accept(.shortest) ? .shortest(1) : .any(try pathCount() ?? 1)
    } else if accept(.shortest) {
      let countRange = token.range
      let count = try pathCount()
      let namesPaths = accept(.path) || accept(.paths)
      if accept(.group) || accept(.groups) { return .shortestGroups(count ?? 1) }
      guard let count else {
        throw SyntaxFailure(
          "UnexpectedSyntax", "expected how many paths after SHORTEST", range: countRange.bounds,
          hint: "write SHORTEST 1, or ANY SHORTEST")
      }
      if namesPaths { return .shortest(count) }
      selector = .shortest(count)
    } else {
      return .all
    }
    if !accept(.path) { _ = accept(.paths) }
    return selector
  }

  private mutating func pathCount() throws(SyntaxFailure) -> Int? {
    if !at(.integerNumber) { return nil }
    let range = token.range
    let count = try naturalNumber()
    if count == 0 {
      throw SyntaxFailure(
        "UnexpectedSyntax", "at least one path must be asked for", range: range.bounds)
    }
    return count
  }

  private mutating func naturalNumber() throws(SyntaxFailure) -> Int {
    guard case .integer(let value) = try number(isNegative: false) else { return 0 }
    return Int(value)
  }

  // MARK: - Elements

  private mutating func pathElements(_ place: PatternPlace) throws(SyntaxFailure) -> [PathElement] {
    var elements = [try nodeOrPath(place)]
    while true {
      if place == .expression ? relationshipFollows(index) : startsRelationship() {
        try countPatternPart(place)
        elements.append(.relationship(try relationshipPattern(place)))
        if !at(.leftParenthesis) {
          throw unexpected("a node in parentheses behind the relationship")
        }
        elements.append(.node(try nodePattern(place)))
      } else if at(.leftParenthesis), place.allowsParenthesizedPaths {
        guard case .parenthesized = elements[elements.count - 1] else {
          if !startsParenthesizedPath() { throw missingRelationship() }
          elements.append(.parenthesized(try parenthesizedPath()))
          continue
        }
        elements.append(try nodeOrPath(place))
      } else {
        if place != .expression, at(.leftParenthesis) { throw missingRelationship() }
        return elements
      }
    }
  }

  private func missingRelationship() -> SyntaxFailure {
    unexpected(
      "a relationship or `,` between two nodes", hint: "write (a)-[:TYPE]->(b) or (a), (b)")
  }

  private mutating func nodeOrPath(_ place: PatternPlace) throws(SyntaxFailure) -> PathElement {
    if place.allowsParenthesizedPaths, startsParenthesizedPath() {
      return .parenthesized(try parenthesizedPath())
    }
    return .node(try nodePattern(place))
  }

  /// Whether the parenthesis at hand opens a path rather than a node.
  private func startsParenthesizedPath() -> Bool {
    peek(1).kind == .leftParenthesis
      || peek(1).isName && peek(2).kind == .equal && peek(3).kind == .leftParenthesis
  }

  private mutating func parenthesizedPath() throws(SyntaxFailure) -> ParenthesizedPath {
    let start = start
    let outer = try enter()
    defer { leave(outer) }
    advance()
    let pattern = try pathPattern(.match)
    let predicate = try whereClause()
    try expect(.rightParenthesis, "to close the path")
    try deepen()
    let quantifier = try pathQuantifier()
    return ParenthesizedPath(
      pattern: pattern, predicate: predicate, quantifier: quantifier, range: range(from: start))
  }

  private mutating func pathQuantifier() throws(SyntaxFailure) -> PathQuantifier? {
    let start = start
    var quantifier = PathQuantifier(minimum: 0, range: token.range)
    if accept(.plus) {
      quantifier.minimum = 1
    } else if accept(.leftBrace) {
      if at(.integerNumber) {
        quantifier.minimum = try naturalNumber()
        quantifier.maximum = quantifier.minimum
      } else if !at(.comma) {
        throw unexpected("a number of repetitions")
      }
      if accept(.comma) { quantifier.maximum = at(.integerNumber) ? try naturalNumber() : nil }
      try expect(.rightBrace, "to close the quantifier")
      if let maximum = quantifier.maximum, maximum < quantifier.minimum {
        throw SyntaxFailure(
          "UnexpectedSyntax",
          "the lower bound \(quantifier.minimum) exceeds the upper bound \(maximum)",
          range: start..<previousEnd, hint: "write {\(maximum),\(quantifier.minimum)}")
      }
    } else if !accept(.star) {
      return nil
    }
    quantifier.range = range(from: start)
    return quantifier
  }

  // MARK: - Nodes

  mutating func nodePattern(_ place: PatternPlace) throws(SyntaxFailure) -> NodePattern {
    let start = start
    advance()
    var node = NodePattern(range: token.range)
    if entityVariableIsHere() { node.variable = try variable() }
    node.labels = try entityLabels()
    node.properties = try entityProperties(place)
    node.predicate = try whereClause()
    try expect(.rightParenthesis, "to close the node")
    node.range = range(from: start)
    return node
  }

  /// Whether the word at hand names the node or relationship: `WHERE` and `IS` may start something
  /// else.
  private func entityVariableIsHere() -> Bool {
    guard token.isName else { return false }
    guard at(.where) || at(.is) else { return true }
    switch peek(1).kind {
    case .rightParenthesis, .rightBracket, .colon, .leftBrace, .star, .parameter, .quotedParameter:
      return true
    default: return peek(1).keyword == .where || peek(1).keyword == .is
    }
  }

  private mutating func entityLabels() throws(SyntaxFailure) -> LabelExpression? {
    accept(.colon) || accept(.is) ? try labelExpression() : nil
  }

  private mutating func entityProperties(
    _ place: PatternPlace
  ) throws(SyntaxFailure) -> Expression? {
    switch token.kind {
    case .leftBrace: return try mapLiteral()
    case .parameter, .quotedParameter:
      if place != .create {
        throw SyntaxFailure(
          "InvalidParameterUse", "a parameter can give all properties only in CREATE",
          range: token.range.bounds, hint: "name the properties: {key: \(text(token)).key}")
      }
      let range = token.range
      return Expression(.parameter(parameterName().name), range: range)
    default: return nil
    }
  }

  // MARK: - Relationships

  private func isDash(_ token: Token) -> Bool { token.kind == .minus || token.kind == .unicodeDash }
  private func isLeftArrow(_ token: Token) -> Bool {
    token.kind == .less || token.kind == .unicodeLeftArrow
  }
  private func isRightArrow(_ token: Token) -> Bool {
    token.kind == .greater || token.kind == .unicodeRightArrow
  }

  /// Whether a relationship must start here, the text being a pattern.
  private func startsRelationship() -> Bool { isDash(token) || isLeftArrow(token) }

  private mutating func relationshipPattern(
    _ place: PatternPlace
  ) throws(SyntaxFailure) -> RelationshipPattern {
    let start = start
    let pointsLeft = isLeftArrow(token)
    if pointsLeft { advance() }
    try dash()
    var relationship = RelationshipPattern(direction: .both, range: token.range)
    if at(.leftBracket) { try relationshipDetails(&relationship, place) }
    try dash()
    let pointsRight = isRightArrow(token)
    if pointsRight { advance() }
    relationship.direction =
      pointsLeft == pointsRight ? .both : pointsLeft ? .incoming : .outgoing
    if place.allowsParenthesizedPaths { relationship.quantifier = try pathQuantifier() }
    relationship.range = range(from: start)
    return relationship
  }

  private mutating func dash() throws(SyntaxFailure) {
    if !isDash(token) {
      throw unexpected(
        "`-` of a relationship", hint: "relationships are written -->, <--, -- or -[:TYPE]->")
    }
    advance()
  }

  private mutating func relationshipDetails(
    _ relationship: inout RelationshipPattern, _ place: PatternPlace
  ) throws(SyntaxFailure) {
    advance()
    if entityVariableIsHere() { relationship.variable = try variable() }
    relationship.types = try entityLabels()
    if at(.star) { relationship.length = try pathLength() }
    if at(.dotDot) || at(.integerNumber) {
      throw SyntaxFailure(
        "InvalidRelationshipPattern", "the length of a path is written with `*`",
        range: token.range.bounds, hint: "write *1..3, *2 or *")
    }
    relationship.properties = try entityProperties(place)
    relationship.predicate = try whereClause()
    try expect(.rightBracket, "to close the relationship")
  }

  private mutating func pathLength() throws(SyntaxFailure) -> PathLength {
    let start = start
    advance()
    var length = PathLength(range: token.range)
    if at(.integerNumber) {
      length.minimum = try naturalNumber()
      length.maximum = length.minimum
    }
    if accept(.dotDot) { length.maximum = at(.integerNumber) ? try naturalNumber() : nil }
    length.range = range(from: start)
    return length
  }

  // MARK: - Looking ahead

  /// Whether the parenthesis at `index` opens a node and a relationship follows it, so that an
  /// expression continues as a pattern. Where the tokens would make sense as arithmetic too,
  /// `(a)--(b)`, it is a pattern.
  func patternStarts(at index: Int) -> Bool {
    guard tokens[index].kind == .leftParenthesis, index + 1 < tokens.count else { return false }
    var next = index + 1
    if tokens[next].isName { next += 1 }
    switch tokens[min(next, tokens.count - 1)].kind {
    case .rightParenthesis: return relationshipFollows(next + 1)
    case .colon, .leftBrace, .parameter, .quotedParameter, .word:
      guard let end = closingBracket(of: index) else { return false }
      return relationshipFollows(end + 1)
    default: return false
    }
  }

  /// Whether a relationship and the parenthesis of a node stand at `index`.
  private func relationshipFollows(_ index: Int) -> Bool {
    func token(_ index: Int) -> Token { tokens[min(index, tokens.count - 1)] }
    var next = index
    if isLeftArrow(token(next)) { next += 1 }
    guard isDash(token(next)) else { return false }
    next += 1
    if token(next).kind == .leftBracket {
      guard let end = closingBracket(of: next), bracketHoldsRelationship(next) else { return false }
      next = end + 1
    }
    guard isDash(token(next)) else { return false }
    next += 1
    if isRightArrow(token(next)) { next += 1 }
    return token(next).kind == .leftParenthesis
  }

  /// Whether what is in a bracket starts like a relationship and not like a list.
  private func bracketHoldsRelationship(_ bracket: Int) -> Bool {
    var next = bracket + 1
    if next < tokens.count, tokens[next].isName { next += 1 }
    switch tokens[min(next, tokens.count - 1)].kind {
    case .rightBracket, .colon, .star, .leftBrace, .parameter, .quotedParameter, .dotDot,
      .integerNumber:
      return true
    case .word: return tokens[next].keyword == .where || tokens[next].keyword == .is
    default: return false
    }
  }

  /// The index of the bracket that closes the one at `index`; nil if there is none.
  /// - Complexity: O(distance).
  private func closingBracket(of index: Int) -> Int? {
    var open = 0
    for next in index..<tokens.count {
      switch tokens[next].kind {
      case .leftParenthesis, .leftBracket, .leftBrace: open += 1
      case .rightParenthesis, .rightBracket, .rightBrace:
        open -= 1
        if open == 0 { return next }
      case .semicolon: return nil
      default: break
      }
    }
    return nil
  }

  /// The first token from `index` to the end of the innermost bracket, not counting what is inside
  /// further brackets, that satisfies a condition.
  /// - Complexity: O(distance).
  func firstInBracket(from index: Int, where matches: (Token) -> Bool) -> Token? {
    var open = 0
    for token in tokens[index...] {
      switch token.kind {
      case .leftParenthesis, .leftBracket, .leftBrace: open += 1
      case .rightParenthesis, .rightBracket, .rightBrace:
        open -= 1
        if open < 0 { return nil }
      case .semicolon: return nil
      default: if open == 0, matches(token) { return token }
      }
    }
    return nil
  }
}
