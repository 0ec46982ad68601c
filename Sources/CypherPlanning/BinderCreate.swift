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
  var properties: [BoundExpression?] = []
}

extension StatementBinder {
  func create(_ clause: CreateClause) throws -> BoundClause {
    var written = WrittenPattern(isMerge: false)
    for pattern in clause.patterns { try path(pattern, &written) }
    return .create(written.elements)
  }

  func merge(_ clause: MergeClause) throws -> BoundClause {
    var written = WrittenPattern(isMerge: true)
    written.properties = try clause.pattern.elements.map { element in
      switch element {
      case .node(let node): try properties(node.properties)
      case .relationship(let relationship): try properties(relationship.properties)
      case .parenthesized: nil
      }
    }
    try path(clause.pattern, &written)
    var onCreate: [SetItem] = []
    var onMatch: [SetItem] = []
    for action in clause.actions {
      let items = try action.items.map { try setItem($0) }
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
        let (name, type) = try checked(relationship)
        let far = try node(right, at: index, isAlone: false, &written)
        variables += [
          try self.relationship(
            relationship, at: index - 1, name, type, from: left, to: far, &written), far,
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

  private func node(
    _ pattern: NodePattern, at place: Int, isAlone: Bool, _ written: inout WrittenPattern
  ) throws -> VariableID {
    let labels = pattern.labels?.conjunctionOfNames?.map(\.name) ?? []
    if let name = pattern.variable, let binding = scope.binding(name.name) {
      return try boundNode(
        name, binding, says: pattern.labels != nil || pattern.properties != nil || isAlone,
        &written)
    }
    let properties =
      written.isMerge ? written.properties[place] : try self.properties(pattern.properties)
    knownNames.formUnion(labels)
    let variable = newVariable(pattern.variable?.name)
    if let name = pattern.variable {
      if let hidden = scope.hidden[name.name], !hidden.allowsNew {
        throw undefined(name.name, at: name.range)
      }
      scope.declare(name.name, Binding(variable, .init(.node)))
    }
    written.nodes.insert(variable)
    written.elements.append(.node(variable, labels: labels, properties: properties))
    if written.isMerge {
      written.graph.nodes.append(
        PatternNode(variable: variable, labels: labels, isBound: false))
      written.graph.predicates += Self.equalities(.variable(variable), properties)
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

  private func checked(_ pattern: RelationshipPattern) throws -> (Identifier?, String) {
    if let name = pattern.variable, scope.binding(name.name) != nil {
      throw alreadyBound(
        name.name, at: name.range, hint: "a relationship is always new; use another name")
    }
    guard let types = pattern.types?.disjunctionOfNames, types.count == 1 else {
      throw failure(
        "NoSingleRelationshipType", "a new relationship needs exactly one type",
        at: pattern.range, hint: "write `-[:TYPE]->`")
    }
    return (pattern.variable, types[0].name)
  }

  private func relationship(
    _ pattern: RelationshipPattern, at place: Int, _ name: Identifier?, _ type: String,
    from: VariableID, to: VariableID, _ written: inout WrittenPattern
  ) throws -> VariableID {
    let properties =
      written.isMerge ? written.properties[place] : try self.properties(pattern.properties)
    knownNames.insert(type)
    let variable = newVariable(name?.name)
    if let name {
      if scope.binding(name.name) != nil { throw alreadyBound(name.name, at: name.range) }
      scope.declare(name.name, Binding(variable, .init(.relationship)))
    }
    let isReversed = pattern.direction == .incoming
    written.elements.append(
      .relationship(
        variable, type: type, from: isReversed ? to : from, to: isReversed ? from : to,
        properties: properties))
    if written.isMerge {
      written.graph.relationships.append(
        PatternRelationship(
          variable: variable, from: from, to: to, types: [type], direction: pattern.direction))
      written.graph.predicates += Self.equalities(.variable(variable), properties)
    }
    return variable
  }

  // MARK: - Properties

  private func properties(_ tree: Expression?) throws -> BoundExpression? {
    guard let tree else { return nil }
    noteKeys(tree)
    return try expression(tree).expression
  }

  private static func equalities(
    _ subject: BoundExpression, _ properties: BoundExpression?
  ) -> [BoundExpression] {
    guard case .map(let entries)? = properties else { return [] }
    return entries.map { .comparison(.equal, .property(subject, key: $0.key), $0.value) }
  }
}
