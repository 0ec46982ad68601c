internal import Cypher
internal import GraphTypes

// CREATE and MERGE: patterns that are written.

/// Patterns of CREATE or MERGE, on their way to the things to create (and, for MERGE, to find).
private struct WrittenPattern {
  var isMerge: Bool
  var elements: [CreateElement] = []
  var graph = QueryGraph()
  var nodes: Set<VariableID> = []
  /// Of MERGE, by place in the pattern: bound before the pattern declares anything, since it is
  /// looked for before anything of it exists.
  var descriptions: [Description] = []

  struct Description {
    var labels = StatementBinder.WrittenLabels()
    var type: WrittenType?
    var properties: BoundExpression?
  }
}

extension StatementBinder {
  func create(_ clause: CreateClause) throws -> BoundClause {
    var written = WrittenPattern(isMerge: false)
    for pattern in clause.patterns { try path(pattern, &written) }
    return .create(written.elements)
  }

  func merge(_ clause: MergeClause) throws -> BoundClause {
    var written = WrittenPattern(isMerge: true)
    written.descriptions = try clause.pattern.elements.map { element in
      switch element {
      case .node(let node): try description(node)
      case .relationship(let relationship): try description(relationship)
      case .parenthesized: .init()
      }
    }
    try path(clause.pattern, &written)
    var onCreate: [SetItem] = []
    var onMatch: [SetItem] = []
    for action in clause.actions {
      let items = try action.items.flatMap { try setItem($0) }
      switch action.event {
      case .create: onCreate += items
      case .match: onMatch += items
      }
    }
    return .merge(
      BoundMerge(
        graph: written.graph, elements: written.elements, onCreate: onCreate, onMatch: onMatch))
  }

  private func path(_ pattern: PathPattern, _ written: inout WrittenPattern) throws {
    var variables: [VariableID] = []
    var index = 0
    while index < pattern.elements.count {
      guard case .node(let right) = pattern.elements[index] else { break }
      if index == 0 {
        variables.append(
          try node(right, at: index, isAlone: pattern.elements.count == 1, &written))
      } else if case .relationship(let relationship) = pattern.elements[index - 1],
        let left = variables.last
      {
        try check(relationship)
        let far = try node(right, at: index, isAlone: false, &written)
        variables += [
          try self.relationship(
            relationship, at: index - 1, from: left, to: far, &written), far,
        ]
      }
      index += 2
    }
    guard let name = pattern.variable else { return }
    if scope.binding(name.name) != nil { throw alreadyBound(name.name, at: name.range) }
    // The path is put together from its parts where it is used.
    scope.declare(name.name, Binding(.path(variables), .init(.path)))
  }

  // MARK: - Nodes

  private func description(_ node: NodePattern) throws -> WrittenPattern.Description {
    .init(
      labels: try writtenLabels(node.labels?.conjunctionOfWrittenNames ?? []),
      properties: try properties(node.properties))
  }

  private func node(
    _ pattern: NodePattern, at place: Int, isAlone: Bool, _ written: inout WrittenPattern
  ) throws -> VariableID {
    if let name = pattern.variable, let binding = scope.binding(name.name) {
      return try boundNode(
        name, binding, says: pattern.labels != nil || pattern.properties != nil || isAlone,
        &written)
    }
    let description =
      written.isMerge ? written.descriptions[place] : try self.description(pattern)
    let labels = description.labels
    knownNames.formUnion(labels.names)
    let variable = newVariable(pattern.variable?.name)
    if let name = pattern.variable {
      if let hidden = scope.hidden[name.name], !hidden.allowsNew {
        throw undefined(name.name, at: name.range)
      }
      scope.declare(name.name, Binding(variable, .init(.node)))
    }
    written.nodes.insert(variable)
    written.elements.append(
      .node(
        variable, labels: labels.names, computed: labels.computed,
        properties: description.properties))
    if written.isMerge {
      written.graph.nodes.append(
        PatternNode(variable: variable, labels: labels.names, isBound: false))
      written.graph.predicates += labels.computed.map {
        .hasComputedLabels(.variable(variable), names: $0, .all)
      }
      written.graph.predicates += Self.equalities(.variable(variable), description.properties)
    }
    return variable
  }

  private func boundNode(
    _ name: Identifier, _ binding: Binding, says: Bool, _ written: inout WrittenPattern
  ) throws -> VariableID {
    guard !binding.type.excludes(.node), let variable = binding.variable else {
      throw typeConflict(name.name, binding.type, wanted: .node, at: name.range)
    }
    if says {
      throw alreadyBound(
        name.name, at: name.range,
        hint: "use another name for the new node, or only `(\(name.name))` to attach to the old one"
      )
    }
    use(variable)
    scope.names[name.name]?.type = .init(.node)
    if written.isMerge, written.nodes.insert(variable).inserted {
      written.graph.nodes.append(PatternNode(variable: variable, labels: [], isBound: true))
    }
    return variable
  }

  // MARK: - Relationships

  private func check(_ pattern: RelationshipPattern) throws {
    if let name = pattern.variable, scope.binding(name.name) != nil {
      throw alreadyBound(
        name.name, at: name.range, hint: "a relationship is always new; use another name")
    }
    if pattern.types?.writtenName == nil { throw noSingleType(pattern) }
  }

  private func noSingleType(_ pattern: RelationshipPattern) -> QueryError {
    failure(
      "NoSingleRelationshipType", "a new relationship needs exactly one type",
      at: pattern.range, hint: "write `-[:TYPE]->`")
  }

  private func description(
    _ relationship: RelationshipPattern
  ) throws -> WrittenPattern.Description {
    let type: WrittenType? =
      switch relationship.types?.writtenName {
      case .name(let name)?: .name(name.name)
      case .computed(let names, let range)?:
        if let constant = names.constantNames, constant.count == 1 {
          .name(constant[0])
        } else {
          .computed(try computedNames(names, at: range))
        }
      case nil: nil
      }
    return .init(type: type, properties: try properties(relationship.properties))
  }

  private func relationship(
    _ pattern: RelationshipPattern, at place: Int, from: VariableID, to: VariableID,
    _ written: inout WrittenPattern
  ) throws -> VariableID {
    let description =
      written.isMerge ? written.descriptions[place] : try self.description(pattern)
    guard let type = description.type else { throw noSingleType(pattern) }
    let variable = newVariable(pattern.variable?.name)
    if let name = pattern.variable {
      if scope.binding(name.name) != nil { throw alreadyBound(name.name, at: name.range) }
      scope.declare(name.name, Binding(variable, .init(.relationship)))
    }
    let isReversed = pattern.direction == .incoming
    written.elements.append(
      .relationship(
        variable, type: type, from: isReversed ? to : from, to: isReversed ? from : to,
        properties: description.properties))
    if case .name(let name) = type { knownNames.insert(name) }
    if written.isMerge {
      var relationship = PatternRelationship(
        variable: variable, from: from, to: to, types: [], direction: pattern.direction)
      switch type {
      case .name(let name): relationship.types = [name]
      case .computed(let names):
        written.graph.predicates.append(
          .hasComputedLabels(.variable(variable), names: names, .single))
      }
      written.graph.relationships.append(relationship)
      written.graph.predicates += Self.equalities(.variable(variable), description.properties)
    }
    return variable
  }

  // MARK: - Properties

  private func properties(_ tree: Expression?) throws -> BoundExpression? {
    guard let tree else { return nil }
    noteKeys(tree)
    let bound = try expression(tree).expression
    if case .map(let trees) = tree.kind, case .map(let entries) = bound {
      for entry in entries {
        guard let tree = trees.last(where: { $0.key.name == entry.key })?.value else { continue }
        note(entry.value, as: "{\(entry.key)}", at: tree.range)
      }
    }
    return bound
  }

  private static func equalities(
    _ subject: BoundExpression, _ properties: BoundExpression?
  ) -> [BoundExpression] {
    guard case .map(let entries)? = properties else { return [] }
    return entries.map { .comparison(.equal, .property(subject, key: $0.key), $0.value) }
  }
}
