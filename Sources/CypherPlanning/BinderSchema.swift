internal import Cypher
internal import GraphTypes

// SHOW, and the commands for indexes and constraints.

extension ShowCommand {
  /// The columns of SHOW, in the order of the operator's outputs.
  package var columns: [String] {
    switch self {
    case .functions:
      defaultColumns + [
        "signature", "isBuiltIn", "argumentDescription", "returnDescription", "aggregating",
        "rolesExecution", "rolesBoostedExecution", "isDeprecated", "deprecatedBy",
      ]
    case .procedures:
      defaultColumns + [
        "signature", "argumentDescription", "returnDescription", "admin", "rolesExecution",
        "rolesBoostedExecution", "isDeprecated", "deprecatedBy", "option",
      ]
    case .indexes:
      defaultColumns + ["trackedSince", "options", "failureMessage", "createStatement"]
    case .constraints: defaultColumns + ["options", "createStatement"]
    }
  }

  /// The columns that come without YIELD: the first ones, as in Neo4j 5.
  var defaultColumns: [String] {
    switch self {
    case .functions: ["name", "category", "description"]
    case .procedures: ["name", "description", "mode", "worksOnSystem"]
    case .indexes:
      [
        "id", "name", "state", "populationPercent", "type", "entityType", "labelsOrTypes",
        "properties", "indexProvider", "owningConstraint", "lastRead", "readCount",
      ]
    case .constraints:
      [
        "id", "name", "type", "entityType", "labelsOrTypes", "properties", "ownedIndex",
        "propertyType",
      ]
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
      let type: StaticType =
        ["aggregating", "isBuiltIn", "isDeprecated", "worksOnSystem", "admin"].contains(name)
        ? .init(.boolean) : .any
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
          : .isIn(first, list: .literal(.list(condition.values)))
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
      columns = command.defaultColumns.compactMap { name in
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
  ) -> (ShowCommand, condition: (column: String, values: [Value])?) {
    switch subject {
    case .functions(.all): (.functions, nil)
    case .functions(let origin):
      (.functions, ("isBuiltIn", [.boolean(origin == .builtIn)]))
    case .procedures: (.procedures, nil)
    case .indexes(nil): (.indexes, nil)
    case .indexes(let kind?): (.indexes, ("type", [.string(kind.rawValue)]))
    case .constraints(let filter, let entity):
      (.constraints, Self.types(filter, entity).map { ("type", $0.map { .string($0) }) })
    }
  }

  /// What the column `type` shows of them; nil: anything.
  private static func types(
    _ filter: Cypher.ShowCommand.ConstraintFilter, _ entity: SchemaTarget.Entity?
  ) -> [String]? {
    let (node, relationship) =
      switch filter {
      case .all: ("", "")
      case .unique: ("UNIQUENESS", "RELATIONSHIP_UNIQUENESS")
      case .exists: ("NODE_PROPERTY_EXISTENCE", "RELATIONSHIP_PROPERTY_EXISTENCE")
      case .key: ("NODE_KEY", "RELATIONSHIP_KEY")
      case .typed: ("NODE_PROPERTY_TYPE", "RELATIONSHIP_PROPERTY_TYPE")
      }
    if filter == .all { return nil }
    switch entity {
    case .node: return [node]
    case .relationship: return [relationship]
    case nil: return [node, relationship]
    }
  }

  // MARK: - Commands

  func createIndex(_ tree: CreateIndex) throws -> SchemaCommand {
    let kind: SchemaCommand.IndexKind
    switch tree.kind {
    case .range: kind = .range
    case .text: kind = .text
    case .point: kind = .point
    case .fulltext: kind = .fulltext
    case .lookup: kind = .lookup
    case .vector: throw notSupported("VECTOR INDEX", at: tree.range)
    }
    let options = try tree.options.map { try expression($0).expression }
    return SchemaCommand(
      action: .createIndex(kind, try pattern(tree.target, tree.keys), options: options),
      name: try tree.name.map(schemaName), isConditional: tree.ifNotExists,
      range: tree.range.bounds)
  }

  func createConstraint(_ tree: CreateConstraint) throws -> SchemaCommand {
    let requirement: SchemaCommand.ConstraintRequirement =
      switch tree.requirement {
      case .unique: .unique
      case .exists: .exists
      case .key: .key
      case .typed(let type): .typed("\(type)")
      }
    return SchemaCommand(
      action: .createConstraint(requirement, try pattern(tree.target, tree.keys)),
      name: try tree.name.map(schemaName), isConditional: tree.ifNotExists,
      range: tree.range.bounds)
  }

  func drop(_ tree: DropSchemaItem, _ action: SchemaCommand.Action) throws -> SchemaCommand {
    SchemaCommand(
      action: action, name: try schemaName(tree.name), isConditional: tree.ifExists,
      range: tree.range.bounds)
  }

  private func schemaName(_ name: SchemaName) throws -> BoundExpression {
    switch name {
    case .name(let name): .literal(.string(name.name))
    case .parameter(let name):
      try expression(Expression(.parameter(name.name), range: name.range)).expression
    }
  }

  private func pattern(_ target: SchemaTarget, _ keys: [Identifier]) throws -> SchemaPattern {
    var seen: Set<String> = []
    for key in keys where !seen.insert(key.name).inserted {
      throw failure(
        "RepeatedPropertyKey", "the key `\(key.name)` is there twice", at: key.range,
        hint: "name each key once")
    }
    return SchemaPattern(
      onRelationships: target.entity == .relationship, labels: target.labels.map(\.name),
      keys: keys.map(\.name))
  }
}
