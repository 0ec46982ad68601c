import GraphTypes

// Commands: CREATE and DROP of indexes and constraints, and SHOW.

extension Parser {
  /// The command at hand if CREATE is followed by the words of one; nil if it is a clause.
  mutating func createCommand() throws(SyntaxFailure) -> Statement.Body? {
    let next = peek(1)
    // A path variable may have any name: CREATE index = ()-[:R]->().
    if peek(2).kind == .equal { return nil }
    switch next.keyword {
    case .index, .range, .text, .point, .fulltext, .lookup:
      return .createIndex(try createIndex())
    case .constraint: return .createConstraint(try createConstraint())
    case _
    where next.isName && nameText(next).lowercased() == "vector"
      && peek(2).keyword == .index:
      throw SyntaxFailure(
        "UnexpectedSyntax", "there are no vector indexes", range: next.range.bounds,
        hint: "CREATE [RANGE | TEXT | POINT | FULLTEXT] INDEX makes the kinds that there are")
    default: return nil
    }
  }

  mutating func dropCommand() throws(SyntaxFailure) -> Statement.Body {
    let start = start
    advance()
    if accept(.index) { return .dropIndex(try dropItem(start)) }
    if accept(.constraint) { return .dropConstraint(try dropItem(start)) }
    throw unexpected("INDEX or CONSTRAINT", candidates: [.index, .constraint])
  }

  private mutating func dropItem(_ start: Int) throws(SyntaxFailure) -> DropSchemaItem {
    let name = try schemaName()
    var ifExists = false
    if accept(.if) {
      try expect(.exists, "after IF")
      ifExists = true
    }
    return DropSchemaItem(name: name, ifExists: ifExists, range: range(from: start))
  }

  private mutating func schemaName() throws(SyntaxFailure) -> SchemaName {
    if at(.parameter) || at(.quotedParameter) { return .parameter(parameterName()) }
    return .name(try name("the name of an index or constraint"))
  }

  /// `[name] [IF NOT EXISTS]` before FOR.
  private mutating func optionalSchemaName() throws(SyntaxFailure) -> (SchemaName?, Bool) {
    var schemaName: SchemaName?
    let isName =
      !(at(.for) && peek(1).kind == .leftParenthesis) && !(at(.if) && peek(1).keyword == .not)
      && !(at(.on) && (peek(1).kind == .colon || peek(1).kind == .leftParenthesis))
    if isName { schemaName = try self.schemaName() }
    var ifNotExists = false
    if accept(.if) {
      try expect(.not, "after IF")
      try expect(.exists, "after IF NOT")
      ifNotExists = true
    }
    return (schemaName, ifNotExists)
  }

  // MARK: - Indexes

  /// Takes the word of a kind of index if it is at hand.
  mutating func acceptIndexKind() -> IndexKind? {
    let kind: IndexKind? =
      switch token.keyword {
      case .range: .range
      case .text: .text
      case .point: .point
      case .fulltext: .fulltext
      case .lookup: .lookup
      default: nil
      }
    if kind != nil { advance() }
    return kind
  }

  private mutating func createIndex() throws(SyntaxFailure) -> CreateIndex {
    let start = start
    advance()
    let kind = acceptIndexKind() ?? .range
    try expect(.index, "after \(kind.rawValue)")
    let (name, ifNotExists) = try optionalSchemaName()
    if at(.on) {
      throw unexpected("FOR", hint: "write CREATE INDEX FOR (n:Label) ON (n.key)")
    }
    try expect(.for, "and what the index is for")
    let target = try schemaTarget(kind)
    try expect(.on, "and the keys of the index")
    let keys: [Identifier]
    switch kind {
    case .lookup:
      try lookupKeys(target)
      keys = []
    case .fulltext:
      try expect(.each, "after ON in a full-text index")
      keys = try schemaKeys(target, .leftBracket, .rightBracket)
    case .range, .text, .point, .vector:
      keys = try schemaKeys(target, .leftParenthesis, .rightParenthesis)
    }
    return CreateIndex(
      kind: kind, name: name, ifNotExists: ifNotExists, target: target, keys: keys,
      options: try schemaOptions(), range: range(from: start))
  }

  /// `(n:Label)`, or `()-[r:TYPE]-()` with or without an arrow.
  private mutating func schemaTarget(_ kind: IndexKind?) throws(SyntaxFailure) -> SchemaTarget {
    let start = start
    try expect(.leftParenthesis, "before the variable: (n:Label) or ()-[r:TYPE]-()")
    if accept(.rightParenthesis) { return try relationshipTarget(start, kind) }
    let variable = try variable()
    let labels = try schemaLabels(kind)
    try expect(.rightParenthesis, "to close the node")
    return SchemaTarget(
      entity: .node, variable: variable, labels: labels, range: range(from: start))
  }

  private mutating func relationshipTarget(
    _ start: Int, _ kind: IndexKind?
  ) throws(SyntaxFailure) -> SchemaTarget {
    _ = accept(.less)
    try expect(.minus, "before the relationship: ()-[r:TYPE]-()")
    try expect(.leftBracket, "before the relationship: ()-[r:TYPE]-()")
    let variable = try variable()
    let types = try schemaLabels(kind)
    try expect(.rightBracket, "to close the relationship")
    try expect(.minus, "behind the relationship: ()-[r:TYPE]-()")
    _ = accept(.greater)
    try expect(.leftParenthesis, "behind the relationship: ()-[r:TYPE]-()")
    try expect(.rightParenthesis, "behind the relationship: ()-[r:TYPE]-()")
    return SchemaTarget(
      entity: .relationship, variable: variable, labels: types, range: range(from: start))
  }

  private mutating func schemaLabels(_ kind: IndexKind?) throws(SyntaxFailure) -> [Identifier] {
    if kind == .lookup { return [] }
    try expect(.colon, "and a label or type")
    var labels = [try name("a label or type")]
    if kind == .fulltext {
      while accept(.bar) { labels.append(try name("a label or type")) }
    }
    return labels
  }

  /// `EACH labels(n)`, `EACH type(r)`.
  private mutating func lookupKeys(_ target: SchemaTarget) throws(SyntaxFailure) {
    let function = target.entity == .node ? "labels" : "type"
    let expected = "EACH \(function)(\(target.variable.name))"
    try expect(.each, "after ON in a lookup index")
    guard token.isName, nameText(token).lowercased() == function else { throw unexpected(expected) }
    advance()
    try expect(.leftParenthesis, "of \(expected)")
    _ = try schemaVariable(target)
    try expect(.rightParenthesis, "of \(expected)")
  }

  /// Takes the variable of the target, and no other.
  private mutating func schemaVariable(_ target: SchemaTarget) throws(SyntaxFailure) -> Identifier {
    guard token.isName, nameText(token) == target.variable.name else {
      throw unexpected("`\(target.variable.name)`, the variable behind FOR")
    }
    return try variable()
  }

  private mutating func schemaKeys(
    _ target: SchemaTarget, _ open: TokenKind, _ close: TokenKind
  ) throws(SyntaxFailure) -> [Identifier] {
    try expect(open, "before the keys")
    var keys: [Identifier] = []
    repeat { keys.append(try schemaKey(target)) } while accept(.comma)
    try expect(close, "or `,` after a key")
    return keys
  }

  /// `n.key`.
  private mutating func schemaKey(_ target: SchemaTarget) throws(SyntaxFailure) -> Identifier {
    let variable = try schemaVariable(target)
    try expect(.dot, "and a key after `\(variable.name)`")
    return try name("a property key")
  }

  private mutating func schemaOptions() throws(SyntaxFailure) -> Expression? {
    guard accept(.options) else { return nil }
    switch token.kind {
    case .leftBrace: return try mapLiteral()
    case .parameter, .quotedParameter:
      let name = parameterName()
      return Expression(.parameter(name.name), range: name.range)
    default: throw unexpected("a map of options")
    }
  }

  // MARK: - Constraints

  private mutating func createConstraint() throws(SyntaxFailure) -> CreateConstraint {
    let start = start
    advance()
    advance()
    let (name, ifNotExists) = try optionalSchemaName()
    if at(.on) {
      throw unexpected(
        "FOR", hint: "write CREATE CONSTRAINT FOR (n:Label) REQUIRE n.key IS UNIQUE")
    }
    try expect(.for, "and what the constraint is for")
    let target = try schemaTarget(nil)
    if at(.assert) { throw unexpected("REQUIRE", hint: "REQUIRE is the new word for ASSERT") }
    try expect(.require, "and what must hold")
    let keys =
      at(.leftParenthesis)
      ? try schemaKeys(target, .leftParenthesis, .rightParenthesis) : [try schemaKey(target)]
    let requirement = try requirement(target, keys)
    return CreateConstraint(
      name: name, ifNotExists: ifNotExists, target: target, keys: keys, requirement: requirement,
      options: try schemaOptions(), range: range(from: start))
  }

  private mutating func requirement(
    _ target: SchemaTarget, _ keys: [Identifier]
  ) throws(SyntaxFailure) -> CreateConstraint.Requirement {
    let start = start
    if !at(.colonColon) { try expect(.is, "and the requirement") }
    var requirement: CreateConstraint.Requirement
    if accept(.not) {
      try expect(.null, "after IS NOT")
      requirement = .exists
    } else if accept(.colonColon) || accept(.typed) {
      requirement = .typed(try typeExpression())
    } else {
      if let entity = acceptEntity(), entity != target.entity {
        throw SyntaxFailure(
          "UnexpectedSyntax", "the constraint is for a \(target.entity)",
          range: range(from: start).bounds)
      }
      if accept(.unique) {
        requirement = .unique
      } else if accept(.key) {
        requirement = .key
      } else {
        throw unexpected(
          "UNIQUE, NOT NULL, KEY, or :: and a type", candidates: [.unique, .not, .key, .node])
      }
    }
    switch requirement {
    case .exists where keys.count > 1, .typed where keys.count > 1:
      throw SyntaxFailure(
        "UnexpectedSyntax", "this requirement takes one key", range: range(from: start).bounds,
        hint: "create a constraint for each key")
    default: return requirement
    }
  }

  // MARK: - SHOW

  mutating func show() throws(SyntaxFailure) -> ShowCommand {
    let start = start
    advance()
    let subject = try showSubject()
    try executable(subject)
    var command = ShowCommand(subject: subject, range: range(from: start))
    if at(.yield) {
      command.yield = try commandYield()
      command.predicate = try whereClause()
      if at(.return) { command.returning = try commandReturn() }
    } else {
      command.predicate = try whereClause()
    }
    command.range = range(from: start)
    if !at(.endOfInput), !at(.semicolon) {
      throw unexpected(
        "YIELD, WHERE or the end of the command", candidates: [.yield, .where, .return],
        hint: at(.return) ? "choose the columns first: YIELD name RETURN name" : nil)
    }
    return command
  }

  private mutating func showSubject() throws(SyntaxFailure) -> ShowCommand.Subject {
    if accept(.procedure) || accept(.procedures) { return .procedures }
    if accept(.function) || accept(.functions) { return .functions(.all) }
    if accept(.built) {
      try expect(.in, "after BUILT")
      return .functions(try functions(.builtIn))
    }
    if accept(.user) {
      try expect(.defined, "after USER")
      return .functions(try functions(.userDefined))
    }
    if let kind = acceptIndexKind() ?? acceptVector() {
      if !accept(.index) { try expect(.indexes, "after \(kind.rawValue)") }
      return .indexes(kind)
    }
    if accept(.all) {
      if accept(.function) || accept(.functions) { return .functions(.all) }
      if accept(.constraint) || accept(.constraints) { return .constraints(.all, nil) }
      if !accept(.index) { try expect(.indexes, "FUNCTIONS or CONSTRAINTS after ALL") }
      return .indexes(nil)
    }
    if accept(.index) || accept(.indexes) { return .indexes(nil) }
    if accept(.constraint) || accept(.constraints) { return .constraints(.all, nil) }
    let entity = acceptEntity()
    if let filter = try constraintFilter() {
      if !accept(.constraint) { try expect(.constraints, "after the kind of constraints") }
      return .constraints(filter, entity)
    }
    if entity != nil {
      throw unexpected(
        "UNIQUENESS, KEY, EXISTENCE or PROPERTY TYPE and CONSTRAINTS",
        candidates: [.uniqueness, .key, .existence, .property])
    }
    throw unexpected(
      "FUNCTIONS, PROCEDURES, INDEXES or CONSTRAINTS",
      candidates: [.functions, .procedures, .indexes, .constraints])
  }

  /// VECTOR is no word of its own.
  private mutating func acceptVector() -> IndexKind? {
    guard token.isName, nameText(token).lowercased() == "vector",
      peek(1).keyword == .index || peek(1).keyword == .indexes
    else { return nil }
    advance()
    return .vector
  }

  private mutating func acceptEntity() -> SchemaTarget.Entity? {
    if accept(.node) { return .node }
    return accept(.relationship) || accept(.rel) ? .relationship : nil
  }

  /// `EXECUTABLE [BY CURRENT USER]`: without users everyone may call everything.
  private mutating func executable(
    _ subject: ShowCommand.Subject
  ) throws(SyntaxFailure) {
    switch subject {
    case .functions, .procedures: break
    default: return
    }
    guard accept(.executable), accept(.by) else { return }
    try expect(.current, "after BY, for there are no users by name")
    try expect(.user, "after CURRENT")
  }

  private mutating func functions(
    _ origin: ShowCommand.FunctionOrigin
  ) throws(SyntaxFailure) -> ShowCommand.FunctionOrigin {
    if !accept(.function) { try expect(.functions, "to show") }
    return origin
  }

  /// `[PROPERTY] UNIQUE[NESS] | KEY | [PROPERTY] EXIST[ENCE] | PROPERTY TYPE`; nil for none of them.
  private mutating func constraintFilter() throws(SyntaxFailure) -> ShowCommand.ConstraintFilter? {
    let isOfProperty = accept(.property)
    if accept(.unique) || accept(.uniqueness) { return .unique }
    if accept(.exist) || accept(.existence) { return .exists }
    if isOfProperty {
      try expect(.type, "UNIQUENESS or EXISTENCE after PROPERTY")
      return .typed
    }
    return accept(.key) ? .key : nil
  }
}
