import GraphTypes

extension Printer {
  mutating func statement(_ statement: Statement) {
    switch statement.mode {
    case .run: break
    case .explain: write("EXPLAIN ")
    case .profile: write("PROFILE ")
    }
    switch statement.body {
    case .query(let query): self.query(query)
    case .createIndex(let command): createIndex(command)
    case .dropIndex(let command): drop("INDEX", command)
    case .createConstraint(let command): createConstraint(command)
    case .dropConstraint(let command): drop("CONSTRAINT", command)
    case .show(let command): show(command)
    }
  }

  mutating func query(_ query: Query) {
    list(query.parts, separator: query.union == .all ? " UNION ALL " : " UNION ") {
      printer, part in
      printer.list(part.clauses, separator: " ") { $0.clause($1) }
    }
  }

  mutating func clause(_ clause: Clause) {
    switch clause {
    case .match(let clause): match(clause)
    case .unwind(let clause): unwind(clause)
    case .with(let clause):
      write("WITH ")
      projection(clause.projection)
      whereClause(clause.predicate)
    case .return(let clause):
      write("RETURN ")
      projection(clause.projection)
    case .create(let clause):
      write("CREATE ")
      list(clause.patterns) { $0.pathPattern($1) }
    case .merge(let clause): merge(clause)
    case .set(let clause): set(clause.items)
    case .remove(let clause): remove(clause)
    case .delete(let clause):
      write(clause.isDetaching ? "DETACH DELETE " : "DELETE ")
      list(clause.expressions) { $0.expression($1) }
    case .forEach(let clause): forEach(clause)
    case .callProcedure(let call): procedureCall(call)
    case .callSubquery(let call): subqueryCall(call)
    case .loadCSV(let clause): loadCSV(clause)
    case .finish: write("FINISH")
    }
  }

  mutating func whereClause(_ predicate: Expression?) {
    guard let predicate else { return }
    write(" WHERE ")
    expression(predicate)
  }

  // MARK: - Reading

  private mutating func match(_ clause: MatchClause) {
    write(clause.isOptional ? "OPTIONAL MATCH " : "MATCH ")
    if clause.mode == .repeatableElements { write("REPEATABLE ELEMENTS ") }
    list(clause.patterns) { $0.pathPattern($1) }
    for hint in clause.hints { self.hint(hint) }
    whereClause(clause.predicate)
  }

  private mutating func hint(_ hint: PlannerHint) {
    write(" USING ")
    switch hint.kind {
    case .index(let kind, let entity, let label, let keys):
      if let kind { write("\(kind.rawValue) ") }
      write("INDEX ")
      variable(entity)
      write(":")
      key(label)
      write("(")
      list(keys) { $0.key($1) }
      write(")")
    case .scan(let entity, let label):
      write("SCAN ")
      variable(entity)
      write(":")
      key(label)
    case .join(let variables):
      write("JOIN ON ")
      list(variables) { $0.variable($1) }
    }
  }

  private mutating func unwind(_ clause: UnwindClause) {
    write("UNWIND ")
    expression(clause.list)
    write(" AS ")
    variable(clause.variable)
  }

  private mutating func loadCSV(_ clause: LoadCSVClause) {
    write(clause.withHeaders ? "LOAD CSV WITH HEADERS FROM " : "LOAD CSV FROM ")
    expression(clause.url)
    write(" AS ")
    variable(clause.variable)
    if let terminator = clause.fieldTerminator {
      write(" FIELDTERMINATOR ")
      string(terminator)
    }
  }

  mutating func projection(_ projection: Projection) {
    if projection.isDistinct { write("DISTINCT ") }
    if projection.includesAll { write(projection.items.isEmpty ? "*" : "*, ") }
    list(projection.items) { printer, item in
      printer.expression(item.expression)
      if let alias = item.alias {
        printer.write(" AS ")
        printer.variable(alias)
      }
    }
    if !projection.orderBy.isEmpty {
      write(" ORDER BY ")
      list(projection.orderBy) { printer, item in
        printer.expression(item.expression)
        if item.isDescending { printer.write(" DESC") }
      }
    }
    if let skip = projection.skip {
      write(" SKIP ")
      expression(skip)
    }
    if let limit = projection.limit {
      write(" LIMIT ")
      expression(limit)
    }
  }

  // MARK: - Calls

  private mutating func procedureCall(_ call: ProcedureCall) {
    write(call.isOptional ? "OPTIONAL CALL " : "CALL ")
    list(call.name.parts, separator: ".") { $0.key($1) }
    if let arguments = call.arguments {
      write("(")
      list(arguments) { $0.expression($1) }
      write(")")
    }
    guard let yield = call.yield else { return }
    write(" YIELD ")
    switch yield.columns {
    case .all: write("*")
    case .items(let items):
      list(items) { printer, item in
        printer.variable(item.column)
        if let alias = item.alias {
          printer.write(" AS ")
          printer.variable(alias)
        }
      }
    }
    whereClause(yield.predicate)
  }

  private mutating func subqueryCall(_ call: SubqueryCall) {
    write(call.isOptional ? "OPTIONAL CALL " : "CALL ")
    switch call.imports {
    case .leadingWith: break
    case .all: write("(*) ")
    case .variables(let variables):
      write("(")
      list(variables) { $0.variable($1) }
      write(") ")
    }
    write("{ ")
    query(call.query)
    write(" }")
    if let transactions = call.transactions { self.transactions(transactions) }
  }

  private mutating func transactions(_ transactions: SubqueryTransactions) {
    write(" IN ")
    if let concurrency = transactions.concurrency {
      expression(concurrency)
      write(" ")
    }
    write(transactions.isConcurrent ? "CONCURRENT TRANSACTIONS" : "TRANSACTIONS")
    if let rows = transactions.rowsPerBatch {
      write(" OF ")
      expression(rows)
      write(" ROWS")
    }
    switch transactions.onError {
    case .fail: write(" ON ERROR FAIL")
    case .continue: write(" ON ERROR CONTINUE")
    case .break: write(" ON ERROR BREAK")
    case nil: break
    }
    if let status = transactions.statusVariable {
      write(" REPORT STATUS AS ")
      variable(status)
    }
  }

  // MARK: - Writing

  private mutating func merge(_ clause: MergeClause) {
    write("MERGE ")
    pathPattern(clause.pattern)
    for action in clause.actions {
      write(action.event == .create ? " ON CREATE " : " ON MATCH ")
      set(action.items)
    }
  }

  private mutating func set(_ items: [SetItem]) {
    write("SET ")
    list(items) { printer, item in
      switch item.kind {
      case .property(let target, let value):
        printer.expression(target)
        printer.write(" = ")
        printer.expression(value)
      case .replace(let variable, let value):
        printer.variable(variable)
        printer.write(" = ")
        printer.expression(value)
      case .merge(let variable, let value):
        printer.variable(variable)
        printer.write(" += ")
        printer.expression(value)
      case .labels(let variable, let labels): printer.labelled(variable, labels)
      }
    }
  }

  private mutating func labelled(_ variable: Identifier, _ labels: [WrittenName]) {
    self.variable(variable)
    for label in labels {
      write(":")
      switch label {
      case .name(let name): key(name)
      case .computed(let names, _):
        write("$(")
        expression(names)
        write(")")
      }
    }
  }

  private mutating func remove(_ clause: RemoveClause) {
    write("REMOVE ")
    list(clause.items) { printer, item in
      switch item.kind {
      case .property(let target): printer.expression(target)
      case .labels(let variable, let labels): printer.labelled(variable, labels)
      }
    }
  }

  private mutating func forEach(_ clause: ForEachClause) {
    write("FOREACH (")
    variable(clause.variable)
    write(" IN ")
    expression(clause.list)
    write(" | ")
    list(clause.clauses, separator: " ") { $0.clause($1) }
    write(")")
  }
}
