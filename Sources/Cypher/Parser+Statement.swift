import GraphTypes

// Statements, queries, and the order of their clauses.

extension Parser {
  mutating func statements() throws(SyntaxFailure) -> [Statement] {
    var statements: [Statement] = []
    while let statement = try nextStatement() { statements.append(statement) }
    return statements
  }

  mutating func onlyStatement() throws(SyntaxFailure) -> Statement {
    guard let statement = try nextStatement() else { throw unexpected("a query") }
    while accept(.semicolon) {}
    if !at(.endOfInput) { throw unexpected("the end of the query: only one fits here") }
    return statement
  }

  /// The next statement and the semicolon behind it, or nil at the end of the text.
  mutating func nextStatement() throws(SyntaxFailure) -> Statement? {
    while accept(.semicolon) {}
    if at(.endOfInput) { return nil }
    startCounting()
    let start = start
    try queryOptions()
    var mode = Statement.Mode.run
    if accept(.explain) {
      mode = .explain
    } else if accept(.profile) {
      mode = .profile
    }
    let body = try statementBody()
    let range = range(from: start)
    if !at(.endOfInput), !accept(.semicolon) { throw unexpected("`;` or the end of the query") }
    return Statement(mode: mode, body: body, range: range)
  }

  /// `CYPHER [version] [key = value …]` before a statement: Neo4j's choice of language version,
  /// planner and runtime. There is one of each here, so that only the form is checked.
  private mutating func queryOptions() throws(SyntaxFailure) {
    guard at(.cypher),
      peek(1).kind == .integerNumber || peek(1).kind == .floatNumber
        || peek(2).kind == .equal || peek(1).keyword?.canStartStatement ?? false
    else { return }
    advance()
    if at(.integerNumber) || at(.floatNumber) { _ = try number(isNegative: false) }
    while token.isName, peek(1).kind == .equal {
      advance()
      advance()
      if at(.integerNumber) {
        _ = try number(isNegative: false)
      } else {
        _ = try name("the value of the option")
      }
    }
  }

  private mutating func statementBody() throws(SyntaxFailure) -> Statement.Body {
    switch token.keyword {
    case .show: return .show(try show())
    case .drop: return try dropCommand()
    case .create:
      if let body = try createCommand() { return body }
    default: break
    }
    return .query(try query(.statement))
  }

  // MARK: - Queries

  /// Where a query stands, which decides how it may end.
  enum QueryPlace: Equatable {
    case statement
    /// Inside `CALL { … }`.
    case subqueryCall
    /// Inside `EXISTS { … }` and its kin.
    case expression(SubqueryExpression.Kind)
  }

  mutating func query(_ place: QueryPlace) throws(SyntaxFailure) -> Query {
    let start = start
    var parts = [try singleQuery(place, isFirst: true)]
    var union: UnionKind?
    while at(.union) {
      let separator = token.range
      advance()
      var kind = UnionKind.distinct
      if accept(.all) { kind = .all } else { _ = accept(.distinct) }
      if let union, union != kind {
        throw SyntaxFailure(
          "InvalidClauseComposition", "UNION and UNION ALL cannot be mixed in one query",
          range: separator.union(range(from: separator.lowerBound)).bounds,
          hint: "put one of them into a subquery: CALL { … }")
      }
      union = kind
      parts.append(try singleQuery(place, isFirst: false))
    }
    return Query(parts: parts, union: union, range: range(from: start))
  }

  private mutating func singleQuery(
    _ place: QueryPlace, isFirst: Bool
  ) throws(SyntaxFailure) -> SingleQuery {
    let start = start
    try countClause()
    var clauses: [Clause] = []
    var order = ClauseOrder()
    while true {
      let canStandAlone = place == .statement && isFirst && clauses.isEmpty
      guard let clause = try clause(canStandAlone: canStandAlone) else { break }
      try countClause()
      try order.check(clause)
      clauses.append(clause)
    }
    guard let last = clauses.last else {
      throw unexpected(
        "a clause such as MATCH, CREATE or RETURN",
        candidates: Keyword.clauseStarts
          + (place == .statement ? [.explain, .profile, .show, .drop] : []))
    }
    try checkEnd(last, place)
    return SingleQuery(clauses: clauses, range: range(from: start))
  }

  /// The clause at hand is over; what follows must be something that may follow the query.
  private func checkEnd(_ last: Clause, _ place: QueryPlace) throws(SyntaxFailure) {
    let isAtEnd =
      at(.endOfInput) || at(.semicolon) || at(.union) || place != .statement && at(.rightBrace)
    if !isAtEnd { throw unexpectedAfter(last) }
    if place == .expression(.exists) || place == .expression(.count) { return }
    if let name = last.nameIfUnableToEnd {
      throw SyntaxFailure(
        "InvalidClauseComposition", "a query cannot end with \(name)", range: last.range.bounds,
        hint: "add a RETURN clause")
    }
    if place == .expression(.collect), !last.isReturn {
      throw SyntaxFailure(
        "InvalidClauseComposition", "the query in COLLECT { } ends with RETURN",
        range: last.range.bounds, hint: "add a RETURN clause with one column")
    }
  }

  /// The failure when neither a clause nor the end of the query follows a clause.
  func unexpectedAfter(_ clause: Clause) -> SyntaxFailure {
    let (expected, words): (String, [Keyword]) =
      switch clause {
      case .match(let match) where match.predicate != nil:
        ("an operator or the next clause", [.and, .or, .xor])
      case .match: ("`,`, WHERE or the next clause", [.where, .using, .and, .or])
      case .with(let with) where with.predicate != nil:
        ("an operator or the next clause", [.and, .or, .xor])
      case .with:
        ("`,`, AS, WHERE, ORDER BY or the next clause", [.as, .where, .order, .skip, .limit])
      case .return:
        (
          "`,`, AS, ORDER BY, SKIP, LIMIT or the end of the query",
          [.as, .order, .skip, .limit, .union]
        )
      case .unwind: ("the next clause", [.as])
      case .callProcedure: ("YIELD, WHERE or the next clause", [.yield, .where])
      case .merge: ("ON CREATE, ON MATCH or the next clause", [.on])
      case .create, .set, .remove, .delete: ("`,` or the next clause", [])
      default: ("the next clause", [])
      }
    return unexpected(
      expected,
      candidates: words + Keyword.clauseStarts + [.in, .starts, .ends, .contains, .union],
      hint: advice(behind: clause))
  }
}

/// The order that openCypher wants of clauses: RETURN is last, and between an updating clause and a
/// reading one stands WITH, which says what the rest of the query sees.
private struct ClauseOrder {
  private var previous: Clause?
  /// The last updating clause since the last WITH.
  private var update: String?

  mutating func check(_ clause: Clause) throws(SyntaxFailure) {
    if case .finish = previous {
      throw SyntaxFailure(
        "InvalidClauseComposition", "FINISH is the last clause of a query",
        range: clause.range.bounds)
    }
    if case .return = previous {
      throw SyntaxFailure(
        "InvalidClauseComposition", "RETURN is the last clause of a query",
        range: clause.range.bounds, hint: "use WITH to go on after a projection")
    }
    switch clause {
    case .with, .return: update = nil
    case .match, .unwind, .loadCSV, .callProcedure, .callSubquery:
      if let update {
        throw SyntaxFailure(
          "InvalidClauseComposition", "WITH is required between \(update) and \(clause.name)",
          range: clause.range.bounds, hint: "write WITH * before \(clause.name)")
      }
    case .create, .merge, .set, .remove, .delete, .forEach: update = clause.name
    case .finish: break
    }
    previous = clause
  }
}

extension Clause {
  /// The clause's first word.
  package var name: String {
    switch self {
    case .match(let clause): clause.isOptional ? "OPTIONAL MATCH" : "MATCH"
    case .unwind: "UNWIND"
    case .with: "WITH"
    case .return: "RETURN"
    case .create: "CREATE"
    case .merge: "MERGE"
    case .set: "SET"
    case .remove: "REMOVE"
    case .delete: "DELETE"
    case .forEach: "FOREACH"
    case .callProcedure, .callSubquery: "CALL"
    case .loadCSV: "LOAD CSV"
    case .finish: "FINISH"
    }
  }

  /// Whether the clause writes by its nature. A call may write too; only the procedure or the
  /// subquery can tell.
  package var isUpdating: Bool {
    switch self {
    case .create, .merge, .set, .remove, .delete, .forEach: true
    default: false
    }
  }

  fileprivate var isReturn: Bool { if case .return = self { true } else { false } }

  /// The clause's name if nothing would come of the query that ended with it.
  fileprivate var nameIfUnableToEnd: String? {
    switch self {
    case .match, .unwind, .with, .loadCSV: return name
    case .callProcedure(let call):
      return call.isStandalone || call.yield == nil ? nil : "CALL and YIELD"
    case .callSubquery(let call):
      let returns = call.query.parts[0].clauses.last.map(\.isReturn) ?? false
      return returns ? "a CALL whose subquery returns columns" : nil
    default: return nil
    }
  }
}
