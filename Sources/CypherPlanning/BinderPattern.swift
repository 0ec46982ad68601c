internal import Cypher
internal import GraphTypes

/// The patterns of one MATCH, MERGE or subquery, on their way to a graph.
struct PatternBuilder {
  enum Purpose {
    case match
    /// A predicate or a function: it declares nothing.
    case predicate
  }
  var purpose: Purpose
  /// Variables below this number were bound before.
  var firstVariable: Int
  var graph = QueryGraph()
  /// Places in `graph.nodes`.
  var nodes: [VariableID: Int] = [:]
  /// Variables of this pattern's relationships.
  var relationships: Set<String> = []
  var nodeConditions: [(pattern: NodePattern, subject: VariableID)] = []
  var relationshipConditions: [RelationshipCondition] = []

  /// Properties and predicates that wait until all variables are known.
  struct RelationshipCondition {
    enum Place {
      case relationship(Int)
      case shortestPath(Int)
    }
    var pattern: RelationshipPattern
    var place: Place
    /// `((x)-[r]->(y) WHERE …)+`: what holds for each step.
    var repeated: RepeatedStep?
  }

  struct RepeatedStep {
    var left: NodePattern
    var right: NodePattern
    var predicate: Expression?
  }

  init(purpose: Purpose, firstVariable: Int) {
    self.purpose = purpose
    self.firstVariable = firstVariable
  }
}

extension StatementBinder {
  /// Binds patterns and their WHERE; variables that they declare are then in scope.
  func graph(
    _ patterns: [PathPattern], where predicate: Expression?, purpose: PatternBuilder.Purpose
  ) throws -> QueryGraph {
    var builder = PatternBuilder(purpose: purpose, firstVariable: variableNames.count)
    var starts: [(node: Int, range: SourceRange)] = []
    for pattern in patterns {
      starts.append((builder.graph.nodes.count, pattern.range))
      try path(pattern, &builder)
    }
    try conditions(&builder)
    if let predicate { builder.graph.predicates += try predicates(predicate, "WHERE") }
    if purpose == .match { warnOfCartesianProduct(builder.graph, starts) }
    return builder.graph
  }

  // MARK: - Paths

  private func path(_ pattern: PathPattern, _ builder: inout PatternBuilder) throws {
    switch pattern.selector {
    case .all: try plainPath(pattern, &builder)
    case .shortestPathFunction, .shortest(1), .any(1):
      try shortestPath(pattern, all: false, &builder)
    case .allShortestPathsFunction, .allShortest, .shortestGroups(1):
      try shortestPath(pattern, all: true, &builder)
    case .shortest, .shortestGroups, .any:
      throw notSupported(
        "more than one shortest path per pair of nodes", at: pattern.range,
        hint: "use ALL SHORTEST, or `gds.shortestPath.yens`")
    }
  }

  private func plainPath(_ pattern: PathPattern, _ builder: inout PatternBuilder) throws {
    let elements = try simpleElements(pattern)
    var variables: [VariableID] = []
    var index = 0
    while index < elements.count {
      guard case .node(let right) = elements[index].element else { break }
      if index == 0 {
        variables.append(try node(right, &builder))
      } else if case .relationship(let relationship) = elements[index - 1].element,
        let left = variables.last
      {
        // The far node is declared first: in `(r)-[r]-()` it is the relationship that conflicts.
        let declared = try relationshipVariable(relationship, &builder)
        let far = try node(right, &builder)
        let repeated = elements[index - 1].repeated
        try self.relationship(
          relationship, declared, from: left, to: far, repeated: repeated, &builder)
        if let repeated {
          try declareEnds(repeated, of: declared.variable, relationship.direction)
        }
        variables += [declared.variable, far]
      }
      index += 2
    }
    guard let name = pattern.variable else { return }
    let variable = try pathVariable(name)
    builder.graph.paths.append(NamedPath(variable: variable, elements: variables))
  }

  private func pathVariable(_ name: Identifier) throws -> VariableID {
    if scope.binding(name.name) != nil {
      throw alreadyBound(name.name, at: name.range, hint: "give the path another name")
    }
    let variable = newVariable(name.name)
    scope.declare(name.name, Binding(variable, .init(.path)))
    return variable
  }

  private func shortestPath(
    _ pattern: PathPattern, all: Bool, _ builder: inout PatternBuilder
  ) throws {
    let elements = try simpleElements(pattern)
    guard elements.count == 3, case .node(let left) = elements[0].element,
      case .relationship(let relationship) = elements[1].element,
      case .node(let right) = elements[2].element
    else {
      throw notSupported(
        "a shortest path with more or less than one relationship pattern", at: pattern.range,
        hint: "write `(a)-[:TYPE*]-(b)` in it, and match what is around in another pattern")
    }
    let from = try node(left, &builder)
    var declared = try relationshipVariable(relationship, &builder)
    let to = try node(right, &builder)
    if declared.length == nil {
      // One step: the walk is a list of one relationship, which the name then stands for.
      declared.length = .init(minimum: 1, maximum: 1)
      let walk = newVariable()
      if let name = relationship.variable {
        scope.names[name.name] = Binding(
          .index(.variable(walk), .literal(.integer(0))), .init(.relationship))
      }
      declared.variable = walk
    }
    let isFunction = [.shortestPathFunction, .allShortestPathsFunction].contains(pattern.selector)
    if isFunction, let minimum = declared.length?.minimum, minimum > 1 {
      throw failure(
        "UnexpectedSyntax", "a shortest path begins with 0 or 1 relationships, not \(minimum)",
        at: relationship.range, hint: "write `ANY SHORTEST (a)-[:TYPE]->{\(minimum),}(b)`")
    }
    let bound = patternRelationship(relationship, declared, from: from, to: to, &builder)
    let path = try pattern.variable.map { try pathVariable($0) }
    builder.graph.shortestPaths.append(
      ShortestPathPattern(
        relationship: bound.relationship, path: path, all: all, isFunction: isFunction))
    builder.relationshipConditions.append(
      .init(
        pattern: relationship, place: .shortestPath(builder.graph.shortestPaths.count - 1),
        repeated: elements[1].repeated))
    if let label = bound.condition {
      addStep(
        label, to: &builder.graph.shortestPaths[builder.graph.shortestPaths.count - 1].relationship)
    }
  }

  // MARK: - Nodes

  /// Declares or reuses the variable of a node.
  private func node(
    _ pattern: NodePattern, _ builder: inout PatternBuilder
  ) throws -> VariableID {
    let variable: VariableID
    var isBound = false
    if let name = pattern.variable {
      if let binding = scope.binding(name.name) {
        guard !binding.type.excludes(.node), let known = binding.variable else {
          throw typeConflict(name.name, binding.type, wanted: .node, at: name.range)
        }
        variable = known
        isBound = known.rawValue < builder.firstVariable
        use(known)
        scope.names[name.name]?.type = .init(.node)
      } else {
        if let hidden = scope.hidden[name.name], !hidden.allowsNew {
          throw undefined(name.name, at: name.range)
        }
        if builder.purpose == .predicate { throw undeclared(name) }
        variable = newVariable(name.name)
        scope.declare(name.name, Binding(variable, .init(.node)))
      }
    } else {
      variable = newVariable()
    }
    let place: Int
    if let known = builder.nodes[variable] {
      place = known
    } else {
      place = builder.graph.nodes.count
      builder.nodes[variable] = place
      builder.graph.nodes.append(PatternNode(variable: variable, labels: [], isBound: isBound))
    }
    let labels = pattern.labels?.folded
    if let labels {
      warnOfUnknownLabels(labels, onRelationship: false)
      if let names = labels.conjunctionOfNames {
        for name in names where !builder.graph.nodes[place].labels.contains(name.name) {
          builder.graph.nodes[place].labels.append(name.name)
        }
      } else if let predicate = labelPredicate(labels) {
        builder.graph.predicates.append(.hasLabels(.variable(variable), predicate))
      }
    }
    if pattern.properties != nil || pattern.predicate != nil
      || labels?.hasComputedNames == true
    {
      builder.nodeConditions.append((pattern, variable))
    }
    return variable
  }

  private func undeclared(_ name: Identifier) -> QueryError {
    failure(
      "UndefinedVariable",
      "variable `\(name.name)` is not defined; a pattern in an expression declares none",
      at: name.range,
      hint: didYouMean(name.name, among: scope.names.keys.sorted())
        ?? "leave the name out, or use EXISTS { … }")
  }

  // MARK: - Relationships

  private struct Declared {
    var variable: VariableID
    var isBound: Bool
    var length: PatternRelationship.Length?
  }

  private func relationshipVariable(
    _ pattern: RelationshipPattern, _ builder: inout PatternBuilder
  ) throws -> Declared {
    let length: PatternRelationship.Length? =
      if let quantifier = pattern.quantifier {
        .init(minimum: quantifier.minimum, maximum: quantifier.maximum)
      } else if let length = pattern.length {
        .init(minimum: length.minimum ?? 1, maximum: length.maximum)
      } else { nil }
    let type = length == nil ? StaticType(.relationship) : .list(.relationship)
    guard let name = pattern.variable else {
      return Declared(variable: newVariable(), isBound: false, length: length)
    }
    guard let binding = scope.binding(name.name) else {
      if let hidden = scope.hidden[name.name], !hidden.allowsNew {
        throw undefined(name.name, at: name.range)
      }
      if builder.purpose == .predicate { throw undeclared(name) }
      let variable = newVariable(name.name)
      scope.declare(name.name, Binding(variable, type))
      builder.relationships.insert(name.name)
      return Declared(variable: variable, isBound: false, length: length)
    }
    if builder.relationships.contains(name.name) {
      throw failure(
        "RelationshipUniquenessViolation",
        "relationship `\(name.name)` stands twice in one pattern, where all relationships differ",
        at: name.range, hint: "use another name, or split the pattern into two MATCH clauses")
    }
    let excluded =
      length == nil
      ? binding.type.excludes(.relationship)
      : binding.type.excludes(.list)
        || binding.type.kinds == .list && !binding.type.elements.isEmpty
          && binding.type.elements.isDisjoint(with: .relationship)
    guard !excluded, let variable = binding.variable else {
      throw typeConflict(name.name, binding.type, wanted: type.kinds, at: name.range)
    }
    use(variable)
    builder.relationships.insert(name.name)
    scope.names[name.name]?.type = type
    return Declared(variable: variable, isBound: true, length: length)
  }

  private func relationship(
    _ pattern: RelationshipPattern, _ declared: Declared, from: VariableID, to: VariableID,
    repeated: PatternBuilder.RepeatedStep?, _ builder: inout PatternBuilder
  ) throws {
    var bound = patternRelationship(pattern, declared, from: from, to: to, &builder)
    if let label = bound.condition { addStep(label, to: &bound.relationship) }
    builder.graph.relationships.append(bound.relationship)
    builder.relationshipConditions.append(
      .init(
        pattern: pattern, place: .relationship(builder.graph.relationships.count - 1),
        repeated: repeated))
  }

  /// - Returns: also what must hold for each relationship of a walk because of a type expression
  ///   beyond alternatives; that of a single relationship goes to the graph's predicates.
  private func patternRelationship(
    _ pattern: RelationshipPattern, _ declared: Declared, from: VariableID, to: VariableID,
    _ builder: inout PatternBuilder
  ) -> (relationship: PatternRelationship, condition: LabelPredicate?) {
    var types: [String] = []
    var condition: LabelPredicate?
    if let labels = pattern.types?.folded {
      warnOfUnknownLabels(labels, onRelationship: true)
      if source.text(labels.range).contains("|:") {
        warnOfDeprecated("`|:` between types", at: labels.range, hint: "write `|` alone")
      }
      if let names = labels.disjunctionOfNames {
        for name in names where !types.contains(name.name) { types.append(name.name) }
      } else if labels.kind != .wildcard {
        condition = labelPredicate(labels)
      }
    }
    let relationship = PatternRelationship(
      variable: declared.variable, from: from, to: to, types: types,
      direction: pattern.direction, length: declared.length, isBound: declared.isBound)
    if declared.length == nil, let predicate = condition {
      builder.graph.predicates.append(.hasLabels(.variable(declared.variable), predicate))
      condition = nil
    }
    return (relationship, condition)
  }

  private func addStep(_ labels: LabelPredicate, to relationship: inout PatternRelationship) {
    let step = newVariable()
    relationship.step = step
    relationship.stepPredicate = .hasLabels(.variable(step), labels)
  }
}
