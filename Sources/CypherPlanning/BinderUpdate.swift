internal import Cypher
internal import GraphTypes

// SET, REMOVE, DELETE, FOREACH; CREATE and MERGE are in `BinderCreate`.

extension StatementBinder {
  func updating(_ clause: Clause) throws -> [BoundClause] {
    isUpdating = true
    switch clause {
    case .create(let clause): return [try create(clause)]
    case .merge(let clause): return [try merge(clause)]
    case .set(let clause): return [.set(try clause.items.flatMap { try setItem($0) })]
    case .remove(let clause): return [.set(try clause.items.flatMap { try removeItem($0) })]
    case .delete(let clause): return [try delete(clause)]
    case .forEach(let clause): return [try forEach(clause)]
    case .match, .unwind, .with, .return, .callProcedure, .callSubquery, .loadCSV, .finish:
      throw failure(
        "InvalidClauseComposition", "this clause does not update anything", at: clause.range,
        hint: "FOREACH takes CREATE, MERGE, SET, REMOVE, DELETE and FOREACH")
    }
  }

  // MARK: - SET and REMOVE

  func setItem(_ item: Cypher.SetItem) throws -> [SetItem] {
    switch item.kind {
    case .property(let target, let value):
      let bound = try expression(value).expression
      note(bound, as: "SET", at: value.range)
      return [try propertyItem(target, value: bound)]
    case .replace(let name, let value):
      return [try properties(name, value, merging: false)]
    case .merge(let name, let value):
      return [try properties(name, value, merging: true)]
    case .labels(let name, let labels):
      let subject = try self.subject(name, .node, "setting labels needs")
      let written = try writtenLabels(labels)
      knownNames.formUnion(written.names)
      return Self.labelItems(subject, written, adding: true)
    }
  }

  private func removeItem(_ item: RemoveItem) throws -> [SetItem] {
    switch item.kind {
    case .property(let target): return [try propertyItem(target, value: .literal(.null))]
    case .labels(let name, let labels):
      let subject = try self.subject(name, .node, "removing labels needs")
      return Self.labelItems(subject, try writtenLabels(labels), adding: false)
    }
  }

  /// Labels of a clause: those with a name, and expressions for others.
  struct WrittenLabels {
    var names: [String] = []
    var computed: [BoundExpression] = []
  }

  func writtenLabels(_ labels: [WrittenName]) throws -> WrittenLabels {
    var result = WrittenLabels()
    for label in labels {
      switch label {
      case .name(let name): result.names.append(name.name)
      case .computed(let names, let range):
        if let constant = names.constantNames {
          result.names += constant
        } else {
          result.computed.append(try computedNames(names, at: range))
        }
      }
    }
    return result
  }

  static func labelItems(
    _ subject: BoundExpression, _ labels: WrittenLabels, adding: Bool
  ) -> [SetItem] {
    var items: [SetItem] = []
    if !labels.names.isEmpty {
      items.append(
        adding ? .addLabels(subject, labels.names) : .removeLabels(subject, labels.names))
    }
    return items + labels.computed.map { .computedLabels(subject, names: $0, adding: adding) }
  }

  private func propertyItem(_ target: Expression, value: BoundExpression) throws -> SetItem {
    switch target.kind {
    case .property(let base, let key):
      let subject = try entity(base)
      knownNames.insert(key.name)
      return .property(subject, key: key.name, value: value)
    case .subscript(let base, let key):
      let subject = try entity(base)
      let index = try expression(key)
      try require(index, .string, "a property key must be", at: key.range)
      return .dynamicProperty(subject, key: index.expression, value: value)
    default:
      throw failure(
        "UnexpectedSyntax", "only properties and labels can be set", at: target.range,
        hint: "write `n.key = value`")
    }
  }

  private func entity(_ tree: Expression) throws -> BoundExpression {
    let subject = try expression(tree)
    try require(subject, .entity, "SET and REMOVE change", at: tree.range)
    return subject.expression
  }

  private func subject(
    _ name: Identifier, _ allowed: ValueKinds, _ use: String
  ) throws -> BoundExpression {
    let subject = try variable(name.name, name.range)
    try require(subject, allowed, use, at: name.range)
    return subject.expression
  }

  private func properties(
    _ name: Identifier, _ value: Expression, merging: Bool
  ) throws -> SetItem {
    let subject = try self.subject(name, .entity, "SET changes")
    let map = try expression(value)
    try require(map, [.map, .entity], "all properties are set from", at: value.range)
    noteKeys(value)
    return .properties(subject, value: map.expression, merging: merging)
  }

  /// A map that is written gives its keys to the database: no warnings about them.
  func noteKeys(_ tree: Expression) {
    guard case .map(let entries) = tree.kind else { return }
    for entry in entries { knownNames.insert(entry.key.name) }
  }

  // MARK: - DELETE and FOREACH

  private func delete(_ clause: DeleteClause) throws -> BoundClause {
    let targets = try clause.expressions.map { tree in
      let value = try expression(tree)
      try require(value, [.node, .relationship, .path], "DELETE needs", at: tree.range)
      note(value.expression, as: "DELETE", at: tree.range)
      return value.expression
    }
    return .delete(targets, detach: clause.isDetaching)
  }

  private func forEach(_ clause: ForEachClause) throws -> BoundClause {
    let list = try expression(clause.list)
    try require(list, .list, "FOREACH needs", at: clause.list.range)
    let name = clause.variable
    if scope.binding(name.name) != nil { throw alreadyBound(name.name, at: name.range) }
    let variable = newVariable(name.name)
    var inner = scope
    inner.declare(name.name, Binding(variable, list.type.element))
    return try with(scope: inner) {
      .forEach(
        variable, in: list.expression, try clause.clauses.flatMap { try updating($0) })
    }
  }
}
