import GraphTypes

// Clauses, each up to its last token.

extension Parser {
  /// The clause at hand, or nil when no clause starts here.
  ///
  /// - Parameter canStandAlone: whether a procedure call that ends the statement would be all of it.
  mutating func clause(canStandAlone: Bool) throws(SyntaxFailure) -> Clause? {
    switch token.keyword {
    case .match: return .match(try matchClause())
    case .optional: return try optionalClause()
    case .unwind: return .unwind(try unwindClause())
    case .with: return .with(try withClause())
    case .return: return .return(try returnClause())
    case .call: return try callClause(start: start, isOptional: false, canStandAlone: canStandAlone)
    case .load: return .loadCSV(try loadCSVClause())
    case .filter: return .with(try filterClause())
    case .letItem: return .with(try letClause())
    case .finish:
      let range = token.range
      advance()
      return .finish(range)
    default: return try updatingClause()
    }
  }

  private mutating func updatingClause() throws(SyntaxFailure) -> Clause? {
    switch token.keyword {
    case .create, .merge, .set, .remove, .delete, .detach, .nodetach, .foreach: break
    default: return nil
    }
    if let enclosingSubquery {
      throw SyntaxFailure(
        "InvalidClauseComposition",
        "\(enclosingSubquery.rawValue) { } only reads: \(text(token).uppercased()) cannot stand in it",
        range: token.range.bounds)
    }
    switch token.keyword {
    case .create: return .create(try createClause())
    case .merge: return .merge(try mergeClause())
    case .set: return .set(try setClause())
    case .remove: return .remove(try removeClause())
    case .foreach: return .forEach(try forEachClause())
    default: return .delete(try deleteClause())
    }
  }

  private mutating func optionalClause() throws(SyntaxFailure) -> Clause {
    let start = start
    advance()
    if at(.call) { return try callClause(start: start, isOptional: true, canStandAlone: false) }
    if !at(.match) { throw unexpected("MATCH or CALL", candidates: [.match, .call]) }
    var clause = try matchClause()
    clause.isOptional = true
    clause.range = range(from: start)
    return .match(clause)
  }

  // MARK: - Reading

  private mutating func matchClause() throws(SyntaxFailure) -> MatchClause {
    let start = start
    advance()
    let mode = try matchMode()
    let patterns = try patternList(.match)
    var hints: [PlannerHint] = []
    while at(.using) { hints.append(try plannerHint()) }
    let predicate = try whereClause()
    return MatchClause(
      isOptional: false, mode: mode, patterns: patterns, hints: hints, predicate: predicate,
      range: range(from: start))
  }

  /// `REPEATABLE ELEMENT[S | BINDINGS]` or `DIFFERENT RELATIONSHIP[S | BINDINGS]`, if it is there.
  private mutating func matchMode() throws(SyntaxFailure) -> MatchClause.Mode {
    if at(.repeatable), peek(1).keyword == .element || peek(1).keyword == .elements {
      advance()
      if accept(.element) { _ = accept(.bindings) } else { advance() }
      return .repeatableElements
    }
    if at(.different), peek(1).keyword == .relationship || peek(1).keyword == .relationships {
      advance()
      if accept(.relationship) { _ = accept(.bindings) } else { advance() }
    }
    return .differentRelationships
  }

  /// `FILTER [WHERE] predicate` of GQL: `WITH * WHERE predicate`.
  private mutating func filterClause() throws(SyntaxFailure) -> WithClause {
    let start = start
    advance()
    _ = accept(.where)
    let predicate = try predicate()
    return withAll([], predicate: predicate, from: start)
  }

  /// `LET variable = expression, …` of GQL: `WITH *, expression AS variable, …`.
  private mutating func letClause() throws(SyntaxFailure) -> WithClause {
    let start = start
    advance()
    var items: [ProjectionItem] = []
    repeat {
      let start = self.start
      let variable = try variable()
      try expect(.equal, "and the value of the variable")
      let value = try expression()
      items.append(
        ProjectionItem(expression: value, alias: variable, range: range(from: start)))
    } while accept(.comma)
    return withAll(items, predicate: nil, from: start)
  }

  private func withAll(
    _ items: [ProjectionItem], predicate: Expression?, from start: Int
  ) -> WithClause {
    let range = range(from: start)
    return WithClause(
      projection: Projection(
        isDistinct: false, includesAll: true, items: items, orderBy: [], skip: nil, limit: nil,
        range: range),
      predicate: predicate, range: range)
  }

  /// `WHERE predicate`, if it is there.
  mutating func whereClause() throws(SyntaxFailure) -> Expression? {
    accept(.where) ? try predicate() : nil
  }

  private mutating func plannerHint() throws(SyntaxFailure) -> PlannerHint {
    let start = start
    advance()
    let kind: PlannerHint.Kind
    if accept(.scan) {
      let entity = try variable()
      try expect(.colon, "before the label")
      kind = .scan(entity: entity, label: try name("a label"))
    } else if accept(.join) {
      try expect(.on, "after USING JOIN")
      var variables = [try variable()]
      while accept(.comma) { variables.append(try variable()) }
      kind = .join(variables)
    } else {
      let indexKind = acceptIndexKind()
      if !accept(.index) {
        throw unexpected("INDEX, SCAN or JOIN", candidates: [.index, .scan, .join])
      }
      if at(.seek), peek(1).isName { advance() }
      let entity = try variable()
      try expect(.colon, "before the label")
      let label = try name("a label")
      try expect(.leftParenthesis, "before the property keys")
      var keys = [try name("a property key")]
      while accept(.comma) { keys.append(try name("a property key")) }
      try expect(.rightParenthesis, "behind the property keys")
      kind = .index(indexKind, entity: entity, label: label, keys: keys)
    }
    return PlannerHint(kind: kind, range: range(from: start))
  }

  private mutating func unwindClause() throws(SyntaxFailure) -> UnwindClause {
    let start = start
    advance()
    let list = try expression()
    try expect(.as, "and a variable for the elements")
    return UnwindClause(list: list, variable: try variable(), range: range(from: start))
  }

  private mutating func loadCSVClause() throws(SyntaxFailure) -> LoadCSVClause {
    let start = start
    advance()
    try expect(.csv, "after LOAD")
    var withHeaders = false
    if accept(.with) {
      try expect(.headers, "after LOAD CSV WITH")
      withHeaders = true
    }
    try expect(.from, "before the address of the file")
    let url = try expression()
    try expect(.as, "and a variable for the lines")
    let variable = try variable()
    var fieldTerminator: String?
    if accept(.fieldterminator) {
      if !at(.quotedString) { throw unexpected("the field terminator as a string") }
      fieldTerminator = try stringValue()
    }
    return LoadCSVClause(
      withHeaders: withHeaders, url: url, variable: variable, fieldTerminator: fieldTerminator,
      range: range(from: start))
  }

  mutating func variable() throws(SyntaxFailure) -> Identifier { try name("a variable") }

  // MARK: - Calls

  private mutating func callClause(
    start: Int, isOptional: Bool, canStandAlone: Bool
  ) throws(SyntaxFailure) -> Clause {
    advance()
    if at(.leftBrace) || at(.leftParenthesis) {
      return .callSubquery(try subqueryCall(start: start, isOptional: isOptional))
    }
    return .callProcedure(
      try procedureCall(start: start, isOptional: isOptional, canStandAlone: canStandAlone))
  }

  private mutating func procedureCall(
    start: Int, isOptional: Bool, canStandAlone: Bool
  ) throws(SyntaxFailure) -> ProcedureCall {
    let name = try qualifiedName("the name of a procedure or `{`")
    let arguments = at(.leftParenthesis) ? try callArguments() : nil
    let yield = at(.yield) ? try procedureYield() : nil
    let isStandalone = canStandAlone && (at(.endOfInput) || at(.semicolon))
    if !isStandalone {
      if case .all = yield?.columns {
        throw SyntaxFailure(
          "UnexpectedSyntax", "YIELD * only ends a query that is nothing but the call",
          range: (yield?.range ?? name.range).bounds, hint: "name the outputs: YIELD a, b")
      }
      if arguments == nil {
        throw SyntaxFailure(
          "InvalidArgumentPassingMode",
          "a call inside a query gives its arguments in parentheses", range: name.range.bounds,
          hint: "write \(name.text)(…)")
      }
    }
    return ProcedureCall(
      isOptional: isOptional, name: name, arguments: arguments, yield: yield,
      isStandalone: isStandalone, range: range(from: start))
  }

  mutating func qualifiedName(_ expected: String) throws(SyntaxFailure) -> QualifiedName {
    let start = start
    var parts = [try name(expected)]
    while accept(.dot) { parts.append(try name("a name")) }
    return QualifiedName(parts: parts, range: range(from: start))
  }

  private mutating func callArguments() throws(SyntaxFailure) -> [Expression] {
    advance()
    var arguments: [Expression] = []
    if !at(.rightParenthesis) {
      repeat { arguments.append(try expression()) } while accept(.comma)
    }
    try expect(.rightParenthesis, "or `,` after an argument")
    return arguments
  }

  private mutating func procedureYield() throws(SyntaxFailure) -> ProcedureYield {
    let start = start
    advance()
    var columns = ProcedureYield.Columns.all
    if !accept(.star) {
      var items: [YieldItem] = []
      repeat { items.append(try yieldItem()) } while accept(.comma)
      columns = .items(items)
    }
    return ProcedureYield(
      columns: columns, predicate: try whereClause(), range: range(from: start))
  }

  private mutating func yieldItem() throws(SyntaxFailure) -> YieldItem {
    let start = start
    let column = try name("the name of an output")
    let alias = accept(.as) ? try variable() : nil
    return YieldItem(column: column, alias: alias, range: range(from: start))
  }

  private mutating func subqueryCall(
    start: Int, isOptional: Bool
  ) throws(SyntaxFailure) -> SubqueryCall {
    let outer = try enter()
    defer { leave(outer) }
    let imports = at(.leftParenthesis) ? try subqueryImports() : .leadingWith
    try expect(.leftBrace, "before the subquery")
    let query = try query(.subqueryCall)
    try expect(.rightBrace, "to close the subquery")
    try deepen()
    let transactions = at(.in) ? try subqueryTransactions() : nil
    return SubqueryCall(
      isOptional: isOptional, imports: imports, query: query, transactions: transactions,
      range: range(from: start))
  }

  private mutating func subqueryImports() throws(SyntaxFailure) -> SubqueryCall.Imports {
    advance()
    var imports = SubqueryCall.Imports.all
    if !accept(.star) {
      var variables: [Identifier] = []
      if !at(.rightParenthesis) {
        repeat { variables.append(try variable()) } while accept(.comma)
      }
      imports = .variables(variables)
    }
    try expect(.rightParenthesis, "behind the variables of the subquery")
    return imports
  }

  private mutating func subqueryTransactions() throws(SyntaxFailure) -> SubqueryTransactions {
    let start = start
    advance()
    var transactions = SubqueryTransactions(isConcurrent: false, range: range(from: start))
    if !at(.transactions) {
      transactions.isConcurrent = true
      if !at(.concurrent) { transactions.concurrency = try expression() }
      try expect(.concurrent, "or TRANSACTIONS")
    }
    try expect(.transactions, "after CALL { … } IN")
    while true {
      if accept(.of) {
        transactions.rowsPerBatch = try expression()
        if !accept(.row) { try expect(.rows, "after the number of rows") }
      } else if accept(.on) {
        try expect(.error, "after ON")
        transactions.onError = try errorPolicy()
      } else if accept(.report) {
        try expect(.status, "after REPORT")
        try expect(.as, "and a variable")
        transactions.statusVariable = try variable()
      } else {
        break
      }
    }
    transactions.range = range(from: start)
    return transactions
  }

  private mutating func errorPolicy() throws(SyntaxFailure) -> SubqueryTransactions.ErrorPolicy {
    if accept(.continue) { return .continue }
    if accept(.break) { return .break }
    if accept(.fail) { return .fail }
    throw unexpected("CONTINUE, BREAK or FAIL", candidates: [.continue, .break, .fail])
  }

  // MARK: - Writing

  private mutating func createClause() throws(SyntaxFailure) -> CreateClause {
    let start = start
    advance()
    let patterns = try patternList(.create)
    return CreateClause(patterns: patterns, range: range(from: start))
  }

  private mutating func mergeClause() throws(SyntaxFailure) -> MergeClause {
    let start = start
    advance()
    let pattern = try pathPattern(.merge)
    var actions: [MergeAction] = []
    while at(.on) {
      let start = self.start
      advance()
      let event: MergeAction.Event
      if accept(.create) {
        event = .create
      } else if accept(.match) {
        event = .match
      } else {
        throw unexpected("CREATE or MATCH", candidates: [.create, .match])
      }
      if !at(.set) { throw unexpected("SET", candidates: [.set]) }
      let items = try setClause().items
      actions.append(MergeAction(event: event, items: items, range: range(from: start)))
    }
    return MergeClause(pattern: pattern, actions: actions, range: range(from: start))
  }

  private mutating func setClause() throws(SyntaxFailure) -> SetClause {
    let start = start
    advance()
    var items: [SetItem] = []
    repeat { items.append(try setItem()) } while accept(.comma)
    return SetClause(items: items, range: range(from: start))
  }

  private mutating func setItem() throws(SyntaxFailure) -> SetItem {
    let start = start
    let next = peek(1)
    let kind: SetItem.Kind
    if token.isName, next.kind == .colon || next.keyword == .is {
      let variable = try variable()
      kind = .labels(variable: variable, labels: try writtenLabels())
    } else if token.isName, next.kind == .equal || next.kind == .plusEqual {
      let variable = try variable()
      let merges = at(.plusEqual)
      advance()
      let value = try expression()
      kind =
        merges
        ? .merge(variable: variable, value: value) : .replace(variable: variable, value: value)
    } else {
      let target = try propertyTarget()
      try expect(.equal, "and the new value of the property")
      kind = .property(target: target, value: try expression())
    }
    return SetItem(kind: kind, range: range(from: start))
  }

  /// `n.key`, `n[key]` or longer, of which the last step names the property to change.
  private mutating func propertyTarget() throws(SyntaxFailure) -> Expression {
    let target = try propertyExpression()
    switch target.kind {
    case .property, .subscript: return target
    default:
      throw SyntaxFailure(
        "UnexpectedSyntax",
        "expected a property such as `n.key`, found `\(source.text(target.range))`",
        range: target.range.bounds)
    }
  }

  private mutating func removeClause() throws(SyntaxFailure) -> RemoveClause {
    let start = start
    advance()
    var items: [RemoveItem] = []
    repeat {
      let start = self.start
      let next = peek(1)
      if token.isName, next.kind == .colon || next.keyword == .is {
        let variable = try variable()
        let labels = try writtenLabels()
        items.append(
          RemoveItem(
            kind: .labels(variable: variable, labels: labels), range: range(from: start)))
      } else {
        let target = try propertyTarget()
        items.append(RemoveItem(kind: .property(target), range: range(from: start)))
      }
    } while accept(.comma)
    return RemoveClause(items: items, range: range(from: start))
  }

  private mutating func deleteClause() throws(SyntaxFailure) -> DeleteClause {
    let start = start
    let isDetaching = accept(.detach)
    if !isDetaching { _ = accept(.nodetach) }
    try expect(.delete, "after DETACH")
    var expressions: [Expression] = []
    repeat {
      let expression = try expression()
      if case .hasLabels = expression.kind {
        throw SyntaxFailure(
          "InvalidDelete", "labels and types cannot be deleted, only nodes and relationships",
          range: expression.range.bounds, hint: "a label is taken away with REMOVE n:Label")
      }
      expressions.append(expression)
    } while accept(.comma)
    return DeleteClause(
      isDetaching: isDetaching, expressions: expressions, range: range(from: start))
  }

  private mutating func forEachClause() throws(SyntaxFailure) -> ForEachClause {
    let start = start
    let outer = try enter()
    defer { leave(outer) }
    advance()
    try expect(.leftParenthesis, "after FOREACH")
    let variable = try variable()
    try expect(.in, "and a list")
    let list = try expressionBeforeBar()
    try expect(.bar, "before the clauses of FOREACH")
    var clauses: [Clause] = []
    while let clause = try updatingClause() {
      try countClause()
      clauses.append(clause)
    }
    guard let last = clauses.last else {
      throw unexpected(
        "CREATE, MERGE, SET, REMOVE, DELETE or FOREACH",
        candidates: [.create, .merge, .set, .remove, .delete, .detach, .foreach])
    }
    if !at(.rightParenthesis) { throw unexpectedAfter(last) }
    advance()
    try deepen()
    return ForEachClause(
      variable: variable, list: list, clauses: clauses, range: range(from: start))
  }
}
