import GraphTypes

// Names of types, as in `x IS :: LIST<INTEGER NOT NULL>`.

extension Parser {
  /// `TYPE [NOT NULL] [| TYPE …]`.
  mutating func typeExpression() throws(SyntaxFailure) -> TypeExpression {
    let outer = try enter()
    defer { leave(outer) }
    let start = start
    let first = try typeWithNullability()
    var alternatives = [first]
    while at(.bar),
      !barEndsExpression || firstInBracket(from: index + 1, where: { $0.kind == .bar }) != nil
    {
      advance()
      alternatives.append(try typeWithNullability())
    }
    try deepen()
    return alternatives.count == 1
      ? first
      : TypeExpression(kind: .union(alternatives), excludesNull: false, range: range(from: start))
  }

  private mutating func typeWithNullability() throws(SyntaxFailure) -> TypeExpression {
    let start = start
    var type = TypeExpression(kind: try typeName(), excludesNull: false, range: token.range)
    type.excludesNull = try acceptNotNull()
    type.range = range(from: start)
    // `INTEGER LIST` is another way to write `LIST<INTEGER>`.
    while accept(.list) || accept(.array) {
      try deepen()
      type = TypeExpression(
        kind: .list(type), excludesNull: try acceptNotNull(), range: range(from: start))
      type.range = range(from: start)
    }
    return type
  }

  private mutating func acceptNotNull() throws(SyntaxFailure) -> Bool {
    guard at(.not), peek(1).keyword == .null else { return accept(.exclamation) }
    advance()
    advance()
    return true
  }

  private mutating func typeName() throws(SyntaxFailure) -> TypeExpression.Kind {
    let word = token
    if !token.isName { throw unexpectedType(word) }
    advance()
    switch word.keyword {
    case .nothing: return .nothing
    case .null: return .null
    case .boolean, .bool: return .boolean
    case .string, .varchar: return .string
    case .integer, .int: return .integer
    case .signed:
      if !accept(.integer) { try expect(.int, "after SIGNED") }
      return .integer
    case .float: return .float
    case .date: return .date
    case .time: return try timeZone(isZoned: true) ? .zonedTime : .localTime
    case .timestamp: return try timeZone(isZoned: true) ? .zonedDateTime : .localDateTime
    case .local: return try timeOrDateTime() == .time ? .localTime : .localDateTime
    case .zoned: return try timeOrDateTime() == .time ? .zonedTime : .zonedDateTime
    case .duration: return .duration
    case .point: return .point
    case .node, .vertex: return .node
    case .relationship, .edge: return .relationship
    case .map: return .map
    case .path: return .path
    case .property:
      try expect(.value, "after PROPERTY")
      return .propertyValue
    case .list, .array: return .list(try typeParameter())
    case .any: return try anyType()
    default: throw unexpectedType(word)
    }
  }

  private func unexpectedType(_ word: Token) -> SyntaxFailure {
    let names: [Keyword] = [
      .boolean, .string, .integer, .float, .date, .time, .duration, .point, .node, .relationship,
      .map, .path, .list, .any,
    ]
    let spelling = source.text(word.range)
    return SyntaxFailure(
      "UnexpectedSyntax", "expected a type, found `\(spelling)`", range: word.range.bounds,
      hint: nearest(spelling, among: names.map(\.spelling)).map { "did you mean \($0)?" }
        ?? "types are \(names.map(\.spelling).joined(separator: ", "))")
  }

  /// `[WITH | WITHOUT] TIME ZONE`, or `TIMEZONE`, behind TIME and TIMESTAMP.
  private mutating func timeZone(isZoned: Bool) throws(SyntaxFailure) -> Bool {
    guard at(.with) || at(.without), peek(1).keyword == .time || peek(1).keyword == .timezone
    else { return isZoned }
    let zoned = at(.with)
    advance()
    if accept(.time) { try expect(.zone, "after TIME") } else { advance() }
    return zoned
  }

  private mutating func timeOrDateTime() throws(SyntaxFailure) -> Keyword {
    if accept(.time) { return .time }
    try expect(.datetime, "or TIME")
    return .datetime
  }

  private mutating func typeParameter() throws(SyntaxFailure) -> TypeExpression {
    let outerBar = barEndsExpression
    barEndsExpression = false
    defer { barEndsExpression = outerBar }
    try expectLess()
    let element = try typeExpression()
    if !accept(.greater) { throw unexpected("`>` behind the type of the elements") }
    return element
  }

  private mutating func expectLess() throws(SyntaxFailure) {
    if !accept(.less) { throw unexpected("`<` and the type of the elements") }
  }

  /// `ANY`, `ANY VALUE`, `ANY NODE` and the like, or `ANY<A | B>`.
  private mutating func anyType() throws(SyntaxFailure) -> TypeExpression.Kind {
    if at(.less) {
      let union = try typeParameter()
      return union.excludesNull ? .union([union]) : union.kind
    }
    if accept(.value) { return .any }
    if accept(.node) || accept(.vertex) { return .node }
    if accept(.relationship) || accept(.edge) { return .relationship }
    if accept(.map) { return .map }
    if accept(.property) {
      try expect(.value, "after PROPERTY")
      return .propertyValue
    }
    return .any
  }
}
