import GraphTypes

extension Printer {
  mutating func createIndex(_ command: CreateIndex) {
    write("CREATE \(command.kind.rawValue) INDEX ")
    creation(command.name, command.ifNotExists)
    target(command.target)
    write(" ON ")
    switch command.kind {
    case .lookup:
      write(command.target.entity == .node ? "EACH labels(" : "EACH type(")
      variable(command.target.variable)
      write(")")
    case .fulltext:
      write("EACH ")
      keys(command.keys, of: command.target, "[", "]")
    case .range, .text, .point, .vector: keys(command.keys, of: command.target, "(", ")")
    }
    options(command.options)
  }

  mutating func createConstraint(_ command: CreateConstraint) {
    write("CREATE CONSTRAINT ")
    creation(command.name, command.ifNotExists)
    target(command.target)
    write(" REQUIRE ")
    keys(command.keys, of: command.target, "(", ")")
    write(" IS ")
    switch command.requirement {
    case .unique: write("UNIQUE")
    case .exists: write("NOT NULL")
    case .key: write(command.target.entity == .node ? "NODE KEY" : "RELATIONSHIP KEY")
    case .typed(let type):
      write(":: ")
      self.type(type)
    }
    options(command.options)
  }

  mutating func drop(_ kind: String, _ command: DropSchemaItem) {
    write("DROP \(kind) ")
    schemaName(command.name)
    if command.ifExists { write(" IF EXISTS") }
  }

  mutating func show(_ command: ShowCommand) {
    write("SHOW ")
    switch command.subject {
    case .functions(.all): write("FUNCTIONS")
    case .functions(.builtIn): write("BUILT IN FUNCTIONS")
    case .functions(.userDefined): write("USER DEFINED FUNCTIONS")
    case .procedures: write("PROCEDURES")
    case .indexes(let kind): write(kind.map { "\($0.rawValue) INDEXES" } ?? "INDEXES")
    case .constraints(let filter, let entity):
      if let entity { write("\(entity.word) ") }
      write("\(filter.rawValue)CONSTRAINTS")
    }
    if let yield = command.yield {
      write(" YIELD ")
      projection(yield)
    }
    whereClause(command.predicate)
    if let returning = command.returning {
      write(" RETURN ")
      projection(returning)
    }
  }

  private mutating func creation(_ name: SchemaName?, _ ifNotExists: Bool) {
    if let name {
      schemaName(name)
      write(" ")
    }
    if ifNotExists { write("IF NOT EXISTS ") }
    write("FOR ")
  }

  private mutating func schemaName(_ name: SchemaName) {
    switch name {
    // As a variable, so that an index named `for` or `if` gets backticks.
    case .name(let name): schemaWord(name)
    case .parameter(let name): parameter(name.name)
    }
  }

  private mutating func schemaWord(_ name: Identifier) {
    switch KeywordTable.shared.keyword(Array(name.name.utf8)[...]) {
    case .for, .if, .on: write("`\(name.name)`")
    default: key(name)
    }
  }

  private mutating func target(_ target: SchemaTarget) {
    write(target.entity == .node ? "(" : "()-[")
    variable(target.variable)
    if !target.labels.isEmpty {
      write(":")
      list(target.labels, separator: "|") { $0.key($1) }
    }
    write(target.entity == .node ? ")" : "]-()")
  }

  private mutating func keys(
    _ keys: [Identifier], of target: SchemaTarget, _ open: String, _ close: String
  ) {
    write(open)
    list(keys) { printer, key in
      printer.variable(target.variable)
      printer.write(".")
      printer.key(key)
    }
    write(close)
  }

  private mutating func options(_ options: Expression?) {
    guard let options else { return }
    write(" OPTIONS ")
    expression(options)
  }
}
