internal import Cypher
internal import GraphTypes

// SHOW, and the commands for indexes and constraints.

extension ShowCommand {
  /// The columns of SHOW, in the order of the operator's outputs.
  package var columns: [String] {
    switch self {
    case .functions: ["name", "category", "description", "signature", "aggregating"]
    case .procedures: ["name", "description", "mode", "signature"]
    case .indexes, .constraints: ["name", "type", "entityType", "labelsOrTypes", "properties"]
    }
  }
}

extension StatementBinder {
  func show(_ tree: Cypher.ShowCommand) throws -> (BoundQuery, [OutputColumn]) {
    let (command, condition) = Self.subject(tree.subject)
    var variables: [VariableID] = []
    for name in command.columns {
      let variable = newVariable(name)
      variables.append(variable)
      let type: StaticType = name == "aggregating" ? .init(.boolean) : .any
      scope.declare(name, Binding(variable, type))
    }
    var clauses: [BoundClause] = [.show(command, outputs: variables)]
    if let condition, let first = scope.binding(condition.column)?.expression {
      // Which kind is wanted comes first: it is part of the command.
      var result = BoundProjection(
        items: variables.map { Projection($0, .variable($0)) })
      result.predicates = [
        condition.values.isEmpty
          ? .literal(.boolean(false))
          : .isIn(first, list: .literal(.list(condition.values.map { .string($0) })))
      ]
      // Fresh names, as behind any projection.
      for (index, name) in command.columns.enumerated() {
        let target = newVariable(name)
        result.items[index].target = target
        scope.declare(name, Binding(target, scope.binding(name)?.type ?? .any))
      }
      clauses.append(.projection(result))
    }
    var columns: [OutputColumn]
    if let yield = tree.yield {
      let (projection, outputs) = try self.projection(
        yield, where: tree.predicate, clause: "YIELD")
      clauses.append(.projection(projection))
      columns = outputs
      if let returning = tree.returning {
        let (projection, outputs) = try self.projection(returning, where: nil, clause: "RETURN")
        clauses.append(.projection(projection))
        columns = outputs
      }
    } else {
      if let predicate = tree.predicate { clauses.append(try filter(predicate)) }
      columns = command.columns.compactMap { name in
        guard let binding = scope.binding(name), let variable = binding.variable else { return nil }
        return OutputColumn(
          name: name, variable: variable, type: binding.type, isNamed: true, range: tree.range)
      }
    }
    let outputs = columns.map(\.variable)
    let part = BoundSingleQuery(clauses: clauses, outputs: outputs)
    return (BoundQuery(parts: [part], isUnionDistinct: false, outputs: outputs), columns)
  }

  private static func subject(
    _ subject: Cypher.ShowCommand.Subject
  ) -> (ShowCommand, condition: (column: String, values: [String])?) {
    switch subject {
    case .functions(.userDefined): (.functions, ("name", []))
    case .functions: (.functions, nil)
    case .procedures: (.procedures, nil)
    case .indexes(nil): (.indexes, nil)
    case .indexes(let kind?): (.indexes, ("type", [kind.rawValue]))
    case .constraints(.all): (.constraints, nil)
    case .constraints(.unique): (.constraints, ("type", ["UNIQUE"]))
    case .constraints(.exists): (.constraints, ("type", ["NOT NULL"]))
    case .constraints(.key): (.constraints, ("type", ["KEY"]))
    case .constraints(.typed): (.constraints, ("type", ["TYPED"]))
    }
  }

  // MARK: - Commands

  func schemaName(_ name: SchemaName, _ range: SourceRange) throws -> String {
    switch name {
    case .name(let name): return name.name
    case .parameter(let parameter):
      throw failure(
        "InvalidParameterUse", "the name of an index or constraint cannot be a parameter",
        at: parameter.range, hint: "write the name itself")
    }
  }

  func createIndex(_ tree: CreateIndex) throws -> SchemaCommand {
    .createIndex(
      name: try tree.name.map { try schemaName($0, tree.range) }, kind: tree.kind.rawValue,
      onRelationships: tree.target.entity == .relationship,
      labels: tree.target.labels.map(\.name), keys: tree.keys.map(\.name),
      ifNotExists: tree.ifNotExists)
  }

  /// Kinds are `UNIQUE`, `NOT NULL`, `KEY` and `IS :: TYPE`.
  func createConstraint(_ tree: CreateConstraint) throws -> SchemaCommand {
    let kind =
      switch tree.requirement {
      case .unique: "UNIQUE"
      case .exists: "NOT NULL"
      case .key: "KEY"
      case .typed(let type): "IS :: \(type)"
      }
    guard let label = tree.target.labels.first else {
      throw failure(
        "UnexpectedSyntax", "a constraint needs a label or type", at: tree.target.range,
        hint: "write `FOR (n:Label)`")
    }
    return .createConstraint(
      name: try tree.name.map { try schemaName($0, tree.range) }, kind: kind,
      onRelationships: tree.target.entity == .relationship, label: label.name,
      keys: tree.keys.map(\.name), ifNotExists: tree.ifNotExists)
  }
}
